"""Databases that several services use."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.services.databases import SharedDatabase
from archlint.model.world import World


@join(SharedDatabase)
def shared_database(shared: SharedDatabase, world: World, options: Options) -> Iterator[Observation]:
    """Two or more services that are given the same database."""
    first, second, *rest = shared.uses
    others = [first, *rest]
    place = second.node.value_place()
    places = {use.node.value_place(): use.service.name for use in others}  # many share one ConfigMap
    yield observe(
        place,
        related=[(other, f"'{name}' uses it too") for other, name in places.items() if other != place],
        service=second.service.name,
        database=shared.database,
        host=shared.host,
        others=", ".join(f"'{use.service.name}'" for use in others),
    )
