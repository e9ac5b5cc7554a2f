"""Where diagrams and the graph contradict each other.

The diagrams of one file are one picture of the system: what one of them shows, another may leave out. A
diagram of one course of events (a sequence) is asked only whether what it shows is so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from archlint.finding import Confidence, Place
from archlint.finding.records import dataclass
from archlint.model.diagrams.elements import FLOWS, Box, BoxKind, Diagram
from archlint.model.diagrams.names import STORES, NodeNames, is_actor, shown_name
from archlint.model.graph import Edge, Evidence, NodeKind, ServiceGraph
from archlint.model.services.protocols import EdgeKind
from archlint.model.system.evidence import strongest


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of a diagram must be known for it to be a picture of the system."""

    fewest: int
    """Boxes that mean a node of the graph; all of them where there are fewer."""
    share: float
    """What part of all boxes that is."""
    only_joined: bool = False
    """Whether arrows are missing only between boxes that have some: others are listed, and not joined."""


WHEN_NAMED = Bar(2, 0.0)
"""For diagrams that somebody says are such pictures."""
WHEN_FOUND = Bar(3, 0.6, only_joined=True)
"""For those that happen to be there."""


_MOST_PAIRS = 1_000_000
"""Pairs of nodes that the arrows of a diagram may connect."""


class DriftKind(StrEnum):
    """What a difference is."""

    ARROW_WITHOUT_EDGE = "arrow-without-edge"
    EDGE_NOT_DRAWN = "edge-not-drawn"
    BOX_WITHOUT_NODE = "box-without-node"
    SERVICE_NOT_DRAWN = "service-not-drawn"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a diagram and the graph."""

    kind: DriftKind
    place: Place
    """In the diagram."""
    source: str
    """The name of the box or service; of an arrow where it begins."""
    target: str = ""
    evidence: tuple[Evidence, ...] = ()
    """What shows the edge that the diagram lacks; for an arrow, the edge the other way round."""
    is_source_known: bool = True
    """Whether the graph has any edge from where the arrow begins, so that its configuration was read."""

    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        """Path, line, column, kind, names."""
        span = self.place.span()
        return (self.place.source.path, span.line, span.column, self.kind, self.source, self.target)


@dataclass(frozen=True)
class Comparison:
    """What holding some diagrams against a graph came to."""

    compared: tuple[Diagram, ...]
    others: tuple[Diagram, ...]
    """Diagrams that show too little of the graph to be pictures of it."""
    differences: tuple[Difference, ...]


def compare(
    diagrams: Sequence[Diagram], graph: ServiceGraph, names: NodeNames | None = None, bar: Bar = WHEN_NAMED
) -> Comparison:
    """Hold the diagrams of one file against a graph."""
    known = names or NodeNames(graph)
    read = [Meaning(diagram, known) for diagram in diagrams]
    compared = [meaning for meaning in read if meaning.is_above(bar)]
    edges = _Edges(graph)
    found = list(_of_arrows(compared, graph, edges))
    found += (item for meaning in compared for item in _unknown_boxes(meaning))
    pictures = [meaning for meaning in compared if meaning.diagram.notation not in FLOWS]
    if pictures:
        found += _not_drawn(pictures, _drawn(compared), graph, bar)
        found += _missing_services(pictures, compared, graph)
    unique = {item.sort_key(): item for item in found}
    return Comparison(
        tuple(meaning.diagram for meaning in compared),
        tuple(meaning.diagram for meaning in read if not meaning.is_above(bar)),
        tuple(unique[key] for key in sorted(unique)),
    )


class Meaning:
    """Which nodes the boxes of a diagram mean."""

    def __init__(self, diagram: Diagram, names: NodeNames) -> None:
        self.diagram = diagram
        self.own: dict[str, frozenset[str]] = {key: names.meant(box) for key, box in diagram.boxes.items()}
        """The nodes that boxes mean by their own names."""
        self._members = diagram.members()
        self._within: dict[str, frozenset[str]] = {}

    def is_above(self, bar: Bar) -> bool:
        """Whether it shows enough of the graph."""
        asked = [key for key, box in self.diagram.boxes.items() if self._says_something(box)]
        known = sum(bool(self.own[key]) for key in asked)
        is_enough = known >= min(bar.fewest, len(asked)) and known >= bar.share * len(asked)
        return is_enough and (known > 0 or not asked)

    def _says_something(self, box: Box) -> bool:
        return box.kind is not BoxKind.GROUP and not is_actor(box)

    def nodes_of(self, key: str) -> frozenset[str]:
        """The nodes that an arrow's end stands for: of the box, of what it is a part of, of all in it."""
        if self.own.get(key):
            return self.own[key]
        around = next((self.own[outer] for outer in self.diagram.around(key) if self._is_whole(outer)), None)
        return around or self.within(key)

    def _is_whole(self, key: str) -> bool:
        return bool(self.own[key]) and self.diagram.boxes[key].kind is not BoxKind.GROUP

    def within(self, key: str) -> frozenset[str]:
        """The nodes that the boxes in a frame mean."""
        if key not in self._within:
            found: set[str] = set()
            waiting = list(self._members.get(key, ()))
            seen = {key}
            while waiting:
                inner = waiting.pop()
                if inner not in seen:
                    seen.add(inner)
                    found |= self.own.get(inner, frozenset())
                    waiting += self._members.get(inner, ())
            self._within[key] = frozenset(found)
        return self._within[key]

    def unknown(self) -> Iterator[Box]:
        """Boxes that claim to be a part of the system and mean no node."""
        for key, box in self.diagram.boxes.items():
            is_claim = box.kind not in (BoxKind.GROUP, BoxKind.OUTSIDE) and not is_actor(box)
            if is_claim and not self.nodes_of(key) and not self._members.get(key):
                yield box


class _Edges:
    """The edges of a graph by their ends; calls by way of a broker or topic too."""

    def __init__(self, graph: ServiceGraph) -> None:
        self._graph = graph
        self.by_ends: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        self._called: dict[str, set[str]] = defaultdict(set)
        self._around: dict[str, set[str]] = defaultdict(set)
        for edge in graph.edges:
            self.by_ends[edge.source, edge.target].append(edge)
            self._called[edge.source].add(edge.target)
            for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
                if graph.nodes[other].kind in (NodeKind.BROKER, NodeKind.TOPIC):
                    self._around[one].add(other)
        self.callers = {edge.source for edge in graph.edges if edge.kind is not EdgeKind.DECLARED}

    def between(self, sources: Iterable[str], targets: Iterable[str], path: str) -> list[Edge]:
        """The edges from any of some nodes to any of others that something besides a file shows."""
        ends = frozenset(targets)
        found = [
            edge
            for one in sorted(sources)
            for other in sorted(self._called.get(one, frozenset()) & ends)
            for edge in self.by_ends[one, other]
        ]
        return [edge for edge in found if _is_shown_outside(edge, path)]

    def share_broker(self, sources: Iterable[str], targets: Iterable[str]) -> bool:
        """Whether some node of each exchange messages through the same broker or topic."""
        ours = {broker for node in sources for broker in self._around.get(node, ())}
        return any(not ours.isdisjoint(self._around.get(node, ())) for node in targets)


def _is_shown_outside(edge: Edge, path: str) -> bool:
    """Whether more than a diagram's own declaration stands for an edge."""
    return edge.kind is not EdgeKind.DECLARED or any(item.place.source.path != path for item in edge.evidence)


def _of_arrows(meanings: Iterable[Meaning], graph: ServiceGraph, edges: _Edges) -> Iterator[Difference]:
    for meaning in meanings:
        path = meaning.diagram.place.source.path
        for arrow in meaning.diagram.arrows:
            sources, targets = meaning.nodes_of(arrow.source), meaning.nodes_of(arrow.target)
            if not sources or not targets or sources & targets:
                continue
            back = edges.between(targets, sources, path)
            if edges.between(sources, targets, path) or edges.share_broker(sources, targets):
                continue
            flows = any(graph.nodes[edge.target].kind in STORES for edge in back)
            if back and (not arrow.is_directed or flows):
                continue  # lines have no direction, and what stores hand out flows against the call
            yield Difference(
                DriftKind.ARROW_WITHOUT_EDGE,
                arrow.place,
                _shown(meaning, arrow.source),
                _shown(meaning, arrow.target),
                _proof(back),
                is_source_known=not edges.callers.isdisjoint(sources),
            )


def _proof(edges: Iterable[Edge]) -> tuple[Evidence, ...]:
    """The best evidence of some edges: a call rather than what a policy or a catalog declares."""
    shown = list(edges)
    calls = [edge for edge in shown if edge.kind is not EdgeKind.DECLARED] or shown
    best = strongest(edge.confidence for edge in calls)
    return tuple(edge.proof for edge in calls if edge.confidence is best)[:1]


def _shown(meaning: Meaning, key: str) -> str:
    return shown_name(meaning.diagram.boxes[key].label) or key


def _unknown_boxes(meaning: Meaning) -> Iterator[Difference]:
    for box in meaning.unknown():
        yield Difference(DriftKind.BOX_WITHOUT_NODE, box.place, shown_name(box.label) or box.key)


def _not_drawn(
    pictures: Sequence[Meaning], drawn: set[tuple[str, str]] | None, graph: ServiceGraph, bar: Bar
) -> Iterator[Difference]:
    """Edges of high confidence between nodes of one diagram that no diagram of the file draws."""
    if drawn is None:
        return
    told: set[tuple[str, str]] = set()
    boxes = [_box_of_nodes(meaning, bar) for meaning in pictures]
    for edge in graph.edges:
        if edge.kind is EdgeKind.DECLARED or edge.confidence is not Confidence.HIGH:
            continue
        ends = (edge.source, edge.target)
        kinds = {graph.nodes[edge.source].kind, graph.nodes[edge.target].kind}
        if ends in drawn or ((ends[1], ends[0]) in drawn and kinds & STORES):
            continue
        for meaning, box_of in zip(pictures, boxes, strict=True):
            source, target = box_of.get(edge.source), box_of.get(edge.target)
            if source is None or target is None or source == target:
                continue
            names = (_shown(meaning, source), _shown(meaning, target))
            if names not in told:
                told.add(names)
                place = meaning.diagram.boxes[source].place
                yield Difference(DriftKind.EDGE_NOT_DRAWN, place, *names, (edge.proof,))
            break


def _drawn(meanings: Iterable[Meaning]) -> set[tuple[str, str]] | None:
    """All pairs of nodes that arrows connect; lines without direction connect both ways. ``None`` where
    arrows between frames make too many of them."""
    found: set[tuple[str, str]] = set()
    for meaning in meanings:
        ends: dict[tuple[str, str], bool] = {}
        for arrow in meaning.diagram.arrows:
            key = (arrow.source, arrow.target)
            ends[key] = ends.get(key, False) or not arrow.is_directed
        left = _MOST_PAIRS
        for (begin, end), is_both in ends.items():
            sources = meaning.nodes_of(begin) | meaning.within(begin)
            targets = meaning.nodes_of(end) | meaning.within(end)
            left -= len(sources) * len(targets)
            if left < 0:
                return None
            found.update((source, target) for source in sources for target in targets)
            if is_both:
                found.update((target, source) for source in sources for target in targets)
    return found


def _box_of_nodes(meaning: Meaning, bar: Bar) -> Mapping[str, str]:
    """The first box that means a node by its name."""
    found: dict[str, str] = {}
    joined = {end for arrow in meaning.diagram.arrows for end in (arrow.source, arrow.target)}
    for key, nodes in meaning.own.items():
        is_joined = not bar.only_joined or key in joined or not joined.isdisjoint(meaning.diagram.around(key))
        if is_joined and meaning.diagram.boxes[key].kind is not BoxKind.GROUP:
            for node in nodes:
                found.setdefault(node, key)
    return found


def _missing_services(
    pictures: Sequence[Meaning], all_meanings: Sequence[Meaning], graph: ServiceGraph
) -> Iterator[Difference]:
    """Services with calls that no diagram of the file shows, under the name of none of its boxes."""
    shown = {node for meaning in all_meanings for nodes in meaning.own.values() for node in nodes}
    names = {graph.nodes[node].name for node in shown}
    used: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.kind is not EdgeKind.DECLARED:
            used[edge.source].append(edge)
            used[edge.target].append(edge)
    for node in graph.nodes.values():
        if node.kind is NodeKind.SERVICE and node.id in used and node.name not in names:
            names.add(node.name)
            place = pictures[0].diagram.place
            yield Difference(DriftKind.SERVICE_NOT_DRAWN, place, node.name, evidence=_proof(used[node.id]))
