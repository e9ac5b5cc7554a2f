"""A service graph as it is drawn: what is written on each box, how wide it is, which boxes stand in a frame,
and which colour an owner has. The drawings (SVG, the page, Graphviz) differ in nothing of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from archlint.comparison.graphs import GraphChange, GraphDiff, edge_key
from archlint.finding.words import number_of
from archlint.model.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.services.protocols import EdgeKind
from archlint.reports.characters import visible
from archlint.reports.graph.changes import SIGNS, signed, sums
from archlint.reports.graph.frames import laid_out
from archlint.reports.graph.layers import Pair
from archlint.reports.graph.layout import BOX_HEIGHT, Layout
from archlint.reports.graph.text import cut, text_width

NODE_WORDS = {
    NodeKind.SERVICE: "service",
    NodeKind.GATEWAY: "gateway",
    NodeKind.DATASTORE: "datastore",
    NodeKind.BROKER: "message broker",
    NodeKind.TOPIC: "topic or queue",
    NodeKind.EXTERNAL: "external system",
    NodeKind.OWNER: "owner",
}
"""What the kinds of nodes are called, in the order of legends."""
EDGE_WORDS = {
    EdgeKind.SYNC: "call",
    EdgeKind.ASYNC: "message",
    EdgeKind.DATA: "data",
    EdgeKind.DECLARED: "declared only",
}
"""What the kinds of edges are called."""
_WIDEST, _NARROWEST = 230, 56
_SLANTED = 14
"""What the outline of some shapes takes from the room of the text at each side."""
_WIDEST_SIGN = max(SIGNS.values(), key=text_width)
"""All signs have its room, so that a change and its reverse are one picture."""
_EDGES_OF_TEXT = 12
_MOST_FRAMES = 40
HUES = (212, 145, 28, 275, 340, 180, 48, 0, 240, 100, 310, 195)


class Grouping(StrEnum):
    """What boxes are put in frames by."""

    NONE = "none"
    NAMESPACE = "namespace"
    OWNER = "owner"


class DrawnEdge(NamedTuple):
    """An edge with the numbers of its ends, and by how much it is drawn lower than others of these ends."""

    edge: Edge
    pair: Pair
    shift: int
    change: GraphChange | None = None
    """What a change does to it."""


class GraphPicture:
    """What is drawn of a graph, or of both sides of a change to it."""

    def __init__(self, shown: ServiceGraph | GraphDiff) -> None:
        self.diff = shown if isinstance(shown, GraphDiff) else None
        self.graph = shown.graph if isinstance(shown, GraphDiff) else shown
        self.nodes: Sequence[GraphNode] = self.graph.boxes
        self._number = {node.id: at for at, node in enumerate(self.nodes)}
        self.edges = [*self._drawn(shown.told)]
        self.labels = _labels(self.nodes)
        self.owners = sorted({node.owner for node in self.nodes if node.owner})
        self.namespaces = sorted({node.namespace for node in self.nodes if node.namespace})
        self.sizes = [
            (
                _width(label if self.change_of(node) is None else f"{_WIDEST_SIGN} {label}", node.kind),
                BOX_HEIGHT,
            )
            for label, node in zip(self.labels, self.nodes, strict=True)
        ]

    def change_of(self, node: GraphNode) -> GraphChange | None:
        """What the change does to a node, if it is one that is shown."""
        return self.diff.nodes.get(node.id) if self.diff else None

    @property
    def changes(self) -> list[GraphChange]:
        """What happens to anything that is drawn."""
        met = {drawn.change for drawn in self.edges} | {*map(self.change_of, self.nodes)}
        return [change for change in GraphChange if change in met]

    def written(self, at: int, grouping: Grouping) -> str:
        """What stands in a box: the name alone where the frame says the namespace, after the sign of what a
        change does to it."""
        node = self.nodes[at]
        is_framed = grouping is Grouping.NAMESPACE and node.namespace is not None
        room = self.sizes[at][0] - 2 * edge_of_text(node.kind) + 4
        return cut(signed(node.name if is_framed else self.labels[at], self.change_of(node)), room)

    def _drawn(self, edges: Iterable[Edge]) -> Iterable[DrawnEdge]:
        between: dict[frozenset[int], list[tuple[Edge, Pair]]] = {}
        for edge in edges:
            pair = self._number[edge.source], self._number[edge.target]
            between.setdefault(frozenset(pair), []).append((edge, pair))
        for several in between.values():
            for at, (edge, pair) in enumerate(several):
                change = self.diff.edges.get(edge_key(edge)) if self.diff else None
                yield DrawnEdge(edge, pair, (2 * at - len(several) + 1) * 4, change)

    @cached_property
    def usual_grouping(self) -> Grouping:
        """The grouping that a picture begins with: namespaces where there are some, and not too many."""
        return Grouping.NAMESPACE if 1 < len(self.namespaces) <= _MOST_FRAMES else Grouping.NONE

    @property
    def groupings(self) -> list[Grouping]:
        """Those that show something."""
        found = [Grouping.NONE]
        found += [Grouping.NAMESPACE] if self.namespaces else []
        return found + ([Grouping.OWNER] if self.owners else [])

    def layout(self, grouping: Grouping) -> Layout:
        """Where everything stands."""
        groups = None if grouping is Grouping.NONE else [group_of(node, grouping) for node in self.nodes]
        return laid_out(self.sizes, sorted({edge.pair for edge in self.edges}), groups)

    @property
    def summary(self) -> str:
        """What stands in the picture, in figures."""
        parts = [number_of(len(self.nodes), "node"), number_of(len(self.edges), "edge")]
        parts += [number_of(len(self.owners), "owner")] if self.owners else []
        return ", ".join(parts)

    @property
    def title(self) -> str:
        """What the picture shows."""
        return "Service graph" if self.diff is None else "Change of the service graph"

    @property
    def note(self) -> str:
        """What stands below the title: the change, or what there is."""
        return self.summary if self.diff is None else sums(self.diff)

    def node_kinds(self) -> list[NodeKind]:
        """The kinds of the nodes that there are, in the order of legends."""
        found = {node.kind for node in self.nodes}
        return sorted(found, key=[*NODE_WORDS].index)

    def edge_kinds(self) -> list[EdgeKind]:
        """The kinds of the edges that there are, in the order of legends."""
        found = {drawn.edge.kind for drawn in self.edges}
        return sorted(found, key=[*EDGE_WORDS].index)

    def colour_of(self, node: GraphNode) -> int | None:
        """The number of the colour of its owner; where a change is shown, colours are what it does."""
        return self.owners.index(node.owner) if node.owner and self.diff is None else None


def hue(colour: int) -> int:
    """The hue of a colour by its number, in degrees: the first ones are easy to tell apart."""
    return HUES[colour] if colour < len(HUES) else colour * 137 % 360


def group_of(node: GraphNode, grouping: Grouping) -> str | None:
    """The frame that a node stands in."""
    return node.namespace if grouping is Grouping.NAMESPACE else node.owner


def _labels(nodes: Sequence[GraphNode]) -> list[str]:
    """The names, with the namespace where a name occurs twice."""
    shared = Counter(node.name for node in nodes)
    return [
        visible(f"{node.namespace}/{node.name}" if node.namespace and shared[node.name] > 1 else node.name)
        for node in nodes
    ]


def _width(label: str, kind: NodeKind) -> int:
    return max(_NARROWEST, min(_WIDEST, text_width(label) + 2 * edge_of_text(kind)))


def edge_of_text(kind: NodeKind) -> int:
    """What lies between the text of a box and its side."""
    return _EDGES_OF_TEXT if kind in (NodeKind.SERVICE, NodeKind.DATASTORE) else _SLANTED + 4
