"""Owners that are told in several places."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.ownership.disagreements import OwnerDisagreement
from archlint.model.world import World


@join(OwnerDisagreement)
def owners_disagree(item: OwnerDisagreement, world: World, options: Options) -> Iterator[Observation]:
    """A component for which two places name different owners."""
    yield observe(
        item.entity.node.get("spec", "owner").value_place(),
        related=[(item.place, f"owned by '{item.other}' here")],
        identity=("label" if item.is_label else "codeowners",),
        component=item.entity.name,
        owner=item.owner,
        other=item.other,
        where="a label" if item.is_label else "CODEOWNERS",
    )
