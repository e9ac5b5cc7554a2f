"""Cycles of calls between services."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.graph.cycles import CallCycle
from archlint.model.world import World


@join(CallCycle)
def call_cycle(cycle: CallCycle, world: World, options: Options) -> Iterator[Observation]:
    """Services that call each other in a circle."""
    back = cycle.evidence[-1]
    more = len(cycle.members) - len(cycle.path)
    yield observe(
        back.place,
        related=[
            (item.place, f"'{name}' calls")
            for name, item in zip(cycle.path, cycle.evidence[:-1], strict=False)
        ],
        caller=cycle.path[-1],
        callee=cycle.path[0],
        path=" -> ".join((*cycle.path, cycle.path[0])),
        more=(f" ({more} more in cycles with them)" if more else "") + _teams(cycle),
    )


def _teams(cycle: CallCycle) -> str:
    """Whom the services of a cycle belong to, where that is more than one."""
    return f", of {listed(quoted(cycle.owners))}" if len(cycle.owners) > 1 else ""
