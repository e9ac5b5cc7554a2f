"""Ways in that nothing limits."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.resilience.unlimited import UnlimitedEntry
from archlint.model.world import World

_MOST_SHOWN = 3


@join(UnlimitedEntry)
def exposed_route_unlimited(entry: UnlimitedEntry, world: World, options: Options) -> Iterator[Observation]:
    """A route from outside without a rate limit."""
    yield observe(
        entry.base.get("metadata", "name").value_place(),
        identity=(),
        kind=entry.kind,
        name=entry.name,
        services=listed(quoted(entry.services), _MOST_SHOWN),
        remedy=entry.remedy,
    )
