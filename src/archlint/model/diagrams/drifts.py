"""The diagrams of a repository, what they show otherwise than its graph, and what they declare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.files import Kind
from archlint.finding import Confidence, ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.diagrams.drift import WHEN_FOUND, Difference, DriftKind, Meaning, compare
from archlint.model.diagrams.elements import Diagram
from archlint.model.diagrams.names import NodeNames
from archlint.model.diagrams.read import including, read_diagrams
from archlint.model.graph import Edge, Evidence, NodeKind, ServiceGraph, service_graph
from archlint.model.services.protocols import EdgeKind
from archlint.model.world import World

_HOLDS_ONE = regex(r"(?m)^[ \t>*+-]*+(?:`{3,}+|~{3,}+|:{3,}+)[ \t]*+\{?(?:mermaid|plantuml|puml|structurizr)")
_MOST_FILES = 500
_FEWEST_NODES = 3
"""Nodes of a graph that is worth drawing."""


@dataclass(frozen=True)
class DiagramDrift:
    """One difference between a diagram of the repository and its graph."""

    difference: Difference

    @classmethod
    def all(cls, world: World) -> Iterable[DiagramDrift]:
        """All differences of the diagrams that are pictures of the system, by file and place. Services are
        missing only where at least half of all are drawn: others show a part on purpose."""
        graph = world.fact(service_graph)
        if len(graph.nodes) < _FEWEST_NODES:
            return
        names = NodeNames(graph)
        services = len({node.name for node in graph.nodes.values() if node.kind is NodeKind.SERVICE})
        for drawn in world.fact(diagrams_of_world):
            found = compare(drawn, graph, names, WHEN_FOUND).differences
            missing = sum(item.kind is DriftKind.SERVICE_NOT_DRAWN for item in found)
            is_overview = 2 * missing <= services
            for difference in found:
                if is_overview or difference.kind is not DriftKind.SERVICE_NOT_DRAWN:
                    yield cls(difference)

    @property
    def source(self) -> Source:
        """The file of the diagram."""
        return self.difference.place.source

    @property
    def object(self) -> ObjectRef | None:
        """A diagram is no object."""
        return None


def diagrams_of_world(world: World) -> list[tuple[Diagram, ...]]:
    """The diagrams of each file that holds some; ask with ``world.fact(diagrams_of_world)``. Files that a
    workspace includes are a part of it, and read with it."""
    include = including(world)
    found = []
    for path in world.paths(Kind.MARKDOWN, Kind.DIAGRAM):
        text = world.text(path)
        if text is None or (world.kinds[path] is Kind.MARKDOWN and not _HOLDS_ONE.search(text)):
            continue
        if path.endswith(".dsl") and "workspace" not in text:
            continue
        drawn = read_diagrams(path, text, include).diagrams
        if drawn:
            found.append(drawn)
        if len(found) >= _MOST_FILES:
            break
    return found


def with_drawn(graph: ServiceGraph, world: World) -> ServiceGraph:
    """A graph with what the diagrams of its repository declare: an edge for each arrow between nodes that are
    known. What is declared proves no call."""
    declared: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    if len(graph.nodes) >= _FEWEST_NODES:
        names = NodeNames(graph)
        for drawn in world.fact(diagrams_of_world):
            for diagram in drawn:
                for source, target, item in _arrows(Meaning(diagram, names)):
                    declared[source, target].append(item)
    if not declared:
        return graph
    edges = {(edge.source, edge.target, edge.kind, edge.protocol): edge for edge in graph.edges}
    for (source, target), evidence in declared.items():
        key = (source, target, EdgeKind.DECLARED, EdgeKind.DECLARED.value)
        before = edges[key].evidence if key in edges else ()
        unique = {each.sort_key(): each for each in (*before, *evidence)}
        edges[key] = Edge(*key, tuple(unique[at] for at in sorted(unique)))
    return ServiceGraph(graph.nodes.values(), edges.values())


def _arrows(meaning: Meaning) -> Iterator[tuple[str, str, Evidence]]:
    if not meaning.is_above(WHEN_FOUND):
        return
    for arrow in meaning.diagram.arrows:
        sources, targets = meaning.own[arrow.source], meaning.own[arrow.target]
        if len(sources) == len(targets) == 1 and sources != targets:
            (source,), (target,) = sources, targets
            boxes = meaning.diagram.boxes
            text = f"{boxes[arrow.source].label} -> {boxes[arrow.target].label}"
            yield source, target, Evidence(arrow.place, text[:200], Confidence.LOW)
