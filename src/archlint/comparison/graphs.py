"""What a change does to the system: two graphs as one, with what is added, removed and changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from archlint.finding.records import dataclass
from archlint.model.graph import Edge, GraphNode, ServiceGraph
from archlint.model.services.protocols import EdgeKind

EdgeKey = tuple[str, str, str, str]
"""Both ends, kind, protocol."""


class GraphChange(StrEnum):
    """What happens to a node or an edge."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class GraphDiff:
    """The nodes and edges of both sides."""

    graph: ServiceGraph
    """Those of the revision, and of the base what is gone."""
    nodes: Mapping[str, GraphChange]
    edges: Mapping[EdgeKey, GraphChange]
    former_nodes: Mapping[str, GraphNode]
    """What changed nodes were."""
    former_edges: Mapping[EdgeKey, Edge]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different."""
        return not self.nodes and not self.edges

    @property
    def told(self) -> Sequence[Edge]:
        """What a picture of both sides shows: of declared edges those that change, and those beside which no
        call or data of the same ends is left."""
        shown = {
            (edge.source, edge.target)
            for edge in self.graph.edges
            if edge.kind is not EdgeKind.DECLARED
            and self.edges.get(edge_key(edge)) is not GraphChange.REMOVED
        }
        return [
            edge
            for edge in self.graph.edges
            if edge.kind is not EdgeKind.DECLARED
            or (edge.source, edge.target) not in shown
            or edge_key(edge) in self.edges
        ]


def edge_key(edge: Edge) -> EdgeKey:
    """What an edge is told by."""
    return (edge.source, edge.target, edge.kind.value, edge.protocol)


def graph_changes(base: ServiceGraph, revision: ServiceGraph) -> GraphDiff:
    """What is different; where lines have moved, or files were renamed, nothing is."""
    nodes: dict[str, GraphChange] = {}
    former_nodes: dict[str, GraphNode] = {}
    for identity, node in revision.nodes.items():
        before = base.nodes.get(identity)
        if before is None:
            nodes[identity] = GraphChange.ADDED
        elif _of_node(before) != _of_node(node):
            nodes[identity], former_nodes[identity] = GraphChange.CHANGED, before
    gone_nodes = [node for identity, node in base.nodes.items() if identity not in revision.nodes]
    nodes.update((node.id, GraphChange.REMOVED) for node in gone_nodes)
    edges: dict[EdgeKey, GraphChange] = {}
    former_edges: dict[EdgeKey, Edge] = {}
    gone_edges: list[Edge] = []
    for before_edge, edge in _pairs(base.edges, revision.edges):
        if edge is None and before_edge is not None:
            gone_edges.append(before_edge)
            edges[edge_key(before_edge)] = GraphChange.REMOVED
        elif edge is not None and before_edge is None:
            edges[edge_key(edge)] = GraphChange.ADDED
        elif edge is not None and before_edge is not None and _of_edge(before_edge) != _of_edge(edge):
            edges[edge_key(edge)] = GraphChange.CHANGED
            former_edges[edge_key(edge)] = before_edge
    both = ServiceGraph([*revision.nodes.values(), *gone_nodes], [*revision.edges, *gone_edges])
    return GraphDiff(both, nodes, edges, former_nodes, former_edges)


def _of_node(node: GraphNode) -> tuple[object, ...]:
    return (node.owner, node.contracts, node.hosts)


def _of_edge(edge: Edge) -> tuple[object, ...]:
    return (edge.kind, edge.protocol, edge.confidence, frozenset(item.text for item in edge.evidence))


def _pairs(base: Sequence[Edge], revision: Sequence[Edge]) -> Iterator[tuple[Edge | None, Edge | None]]:
    """Edges of both sides: those with the same key, then what is left between the same ends, in order."""
    before = {edge_key(edge): edge for edge in base}
    after = {edge_key(edge): edge for edge in revision}
    left: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for key, edge in before.items():
        if key not in after:
            left[key[:2]].append(edge)
    for key, edge in after.items():
        same = before.get(key)
        rest = left.get(key[:2])
        yield (same if same is not None else rest.pop(0) if rest else None), edge
    for edges in left.values():
        for edge in edges:
            yield edge, None
