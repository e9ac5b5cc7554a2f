"""Environments that are to be alike."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.delivery.drift import DriftedWorkload
from archlint.model.world import World


@join(DriftedWorkload)
def production_weaker(item: DriftedWorkload, world: World, options: Options) -> Iterator[Observation]:
    """A workload that production guards less than the environment before it."""
    for lacking in item.lacking():
        yield observe(
            lacking.place,
            lacking.what,
            related=[(lacking.there, f"in {item.other}")],
            identity=(lacking.what, lacking.said if lacking.what in ("probe", "object") else ""),
            workload=f"{item.workload.kind} '{item.workload.object.name}'",
            environment=item.environment,
            before=item.other,
            said=lacking.said,
            other=lacking.other,
        )
