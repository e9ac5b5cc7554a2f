"""Datastores of other owners."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.graph.foreign_stores import ForeignStore
from archlint.model.world import World


@join(ForeignStore)
def datastore_of_another_owner(item: ForeignStore, world: World, options: Options) -> Iterator[Observation]:
    """A service that uses the data of another owner's service."""
    said = (
        (item.owner.place, f"belongs to '{item.owner.name}'"),
        (item.own.place, f"'{item.caller.name}' belongs to '{item.own.name}'"),
        (item.user, "used by its owner here"),
    )
    where = f"'{item.store.name}'"
    yield observe(
        item.evidence.place,
        related=[(place, text) for place, text in said if place is not None],
        identity=(item.caller.id, item.store.id, item.database),
        service=item.caller.name,
        own=item.own.name,
        what=f"database '{item.database}' on {where}" if item.database else where,
        owner=item.owner.name,
    )
