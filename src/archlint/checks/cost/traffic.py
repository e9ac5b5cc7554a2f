"""Traffic that has to be paid for and need not be."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.costs.zones import ZoneCrossing
from archlint.model.world import World

_MOST = 4


@join(ZoneCrossing)
def calls_cross_zones(crossing: ZoneCrossing, world: World, options: Options) -> Iterator[Observation]:
    """A Service that leads calls to pods of other zones, with pods in all of them."""
    yield observe(
        crossing.service.base.get("spec", "trafficDistribution").place(),
        related=[(edge.proof.place, f"'{name}' calls it") for name, edge in crossing.calls.items()][:_MOST],
        identity=("trafficDistribution",),
        service=crossing.service.base.name,
        callers=listed(quoted(sorted(crossing.calls)), _MOST),
    )
