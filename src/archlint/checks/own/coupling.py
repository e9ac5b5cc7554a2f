"""Teams that cannot work one without the other."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.graph.team_coupling import TeamCoupling
from archlint.model.world import World

_MOST_RELATED = 10


@join(TeamCoupling)
def teams_tightly_coupled(coupling: TeamCoupling, world: World, options: Options) -> Iterator[Observation]:
    """An owner most of whose calls cross to others."""
    across, total = len(coupling.across), len(coupling.across) + len(coupling.inside)
    if across < options["fewest"] or across <= options["share"] * total:
        return
    yield observe(
        coupling.place,
        related=[
            (edge.evidence[0].place, f"{_name(edge.source)} calls {_name(edge.target)}")
            for edge in coupling.across[:_MOST_RELATED]
        ],
        identity=(coupling.owner,),
        owner=coupling.owner,
        across=across,
        total=total,
        others=listed(quoted(coupling.others), 4),
    )


def _name(node: str) -> str:
    return f"'{node.rpartition(':')[2].rpartition('/')[2]}'"
