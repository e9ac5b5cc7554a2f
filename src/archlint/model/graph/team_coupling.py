"""How much the services of one owner work with those of others, beside how much with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.graph.build import owner_of, service_graph
from archlint.model.graph.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.team_verdicts import node_place
from archlint.model.ownership.teams import team
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class TeamCoupling:
    """The sure calls of an owner's services, in and out."""

    owner: str
    nodes: tuple[GraphNode, ...]
    """The owner's services that have calls, that with the most across first."""
    inside: tuple[Edge, ...]
    across: tuple[Edge, ...]
    others: tuple[str, ...]
    """The owners at the other ends."""
    place: Place

    @classmethod
    def all(cls, world: World) -> Iterable[TeamCoupling]:
        """Every owner whose services have calls to or from services of another owner."""
        graph: ServiceGraph = world.fact(service_graph)
        names: dict[str, str] = {}
        for node in graph.nodes.values():
            owner = owner_of(node, world) if node.kind is NodeKind.SERVICE else None
            if owner is not None:
                names[node.id] = owner.name
        edges: dict[str, dict[tuple[str, str], Edge]] = defaultdict(dict)
        for edge in graph.edges:
            ends = [names.get(edge.source), names.get(edge.target)]
            if edge.is_sure_call and all(ends):
                between = (graph.nodes[edge.source].name, graph.nodes[edge.target].name)
                for key in {team(name) for name in ends if name}:
                    edges[key].setdefault(between, edge)
        for key, found in sorted(edges.items()):
            yield from _coupling(key, list(found.values()), names, graph)

    @property
    def source(self) -> Source:
        """The file of the service with the most calls across."""
        return self.place.source

    @property
    def object(self) -> ObjectRef:
        """The owner."""
        return ObjectRef("owner", self.owner)


def _coupling(
    key: str, edges: list[Edge], names: dict[str, str], graph: ServiceGraph
) -> Iterable[TeamCoupling]:
    ends = {edge: [team(names[edge.source]), team(names[edge.target])] for edge in edges}
    across = tuple(edge for edge in edges if len(set(ends[edge])) > 1)
    own = [end for edge in across for end in (edge.source, edge.target) if team(names[end]) == key]
    ranked = sorted(set(own), key=lambda node: (-own.count(node), node))
    nodes = tuple(graph.nodes[node] for node in ranked)
    place = next(filter(None, map(node_place, nodes)), None)
    if across and place is not None:
        inside = tuple(edge for edge in edges if len(set(ends[edge])) == 1)
        others = {names[end] for edge in across for end in (edge.source, edge.target)}
        foreign = tuple(sorted(name for name in others if team(name) != key))
        yield TeamCoupling(names[ranked[0]], nodes, inside, across, foreign, place)
