"""Graphs in the published JSON layout, of other repositories or other tools, read with care.

Everything in them is a stranger's: shapes that are not as the schema says are refused with their place, and
sizes are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node, TextFile, load_text
from archlint.files import Kind
from archlint.finding import Confidence, Span
from archlint.model.graph.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph
from archlint.model.services.protocols import EdgeKind

LARGEST = 50_000_000
"""Bytes of a file."""
MOST_NODES, MOST_EDGES, MOST_EVIDENCE = 50_000, 200_000, 1_000
LONGEST_TEXT = 2_000
_VERSION = 1
_LAST_LINE = 10**9


class BadGraph(Exception):
    """A file that is no graph; the text tells the place and what is wrong there."""


def read_graph_json(name: str, text: str) -> ServiceGraph:
    """The graph in a text that is called ``name``; raises ``BadGraph``."""
    loaded = load_text(f"{name}.json", text, Kind.DATA)
    for problem in loaded.problems:
        raise BadGraph(_at(name, problem.span, problem.message))
    if not loaded.documents:
        raise BadGraph(f"{name}: the file is empty; write a graph with `archlint graph --format json`")
    return _Reader(name).read(loaded.documents[0].root)


def _at(name: str, span: Span | None, message: str) -> str:
    return f"{name}: {message}" if span is None else f"{name}:{span.line}:{span.column}: {message}"


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name

    def read(self, root: Node) -> ServiceGraph:
        """All of it."""
        if not root.is_map:
            raise self._wrong(root, "a graph is an object with 'nodes' and 'edges'")
        version = root.get("version")
        if version.integer != _VERSION:
            raise self._wrong(version, f"'version' must be {_VERSION}")
        nodes: dict[str, GraphNode] = {}
        for item in self._list(root, "nodes", MOST_NODES):
            node = self._node(item)
            if node.id in nodes:
                raise self._wrong(item.get("id"), f"there are two nodes with the id '{node.id[:80]}'")
            nodes[node.id] = node
        edges = {}
        for item in self._list(root, "edges", MOST_EDGES):
            edge = self._edge(item, nodes)
            key = (edge.source, edge.target, edge.kind, edge.protocol)
            if key in edges:
                raise self._wrong(item, "there are two edges with these ends, kind and protocol")
            edges[key] = edge
        return ServiceGraph(nodes.values(), edges.values())

    def _node(self, item: Node) -> GraphNode:
        if not item.is_map:
            raise self._wrong(item, "a node is an object with 'id', 'kind' and 'name'")
        kind = self._text(item, "kind")
        if kind not in list(NodeKind):
            raise self._wrong(item.get("kind"), f"a node is of kind {', '.join(NodeKind)}")
        return GraphNode(
            self._text(item, "id"),
            NodeKind(kind),
            self._text(item, "name"),
            self._optional(item, "namespace"),
            self._optional(item, "owner"),
            tuple(self._texts(item, "contracts")),
            hosts=tuple(self._texts(item, "hosts")),
        )

    def _edge(self, item: Node, nodes: dict[str, GraphNode]) -> Edge:
        if not item.is_map:
            raise self._wrong(item, "an edge is an object with 'from', 'to', 'kind' and 'protocol'")
        ends = [self._text(item, key) for key in ("from", "to")]
        for key, end in zip(("from", "to"), ends, strict=True):
            if end not in nodes:
                raise self._wrong(item.get(key), f"there is no node with the id '{end[:80]}'")
        kind = self._text(item, "kind")
        if kind not in list(EdgeKind):
            raise self._wrong(item.get("kind"), f"an edge is of kind {', '.join(EdgeKind)}")
        said = self._optional(item, "confidence") or Confidence.HIGH.value
        if said not in [each.value for each in Confidence]:
            known = ", ".join(each.value for each in Confidence)
            raise self._wrong(item.get("confidence"), f"the confidence of an edge is one of {known}")
        shown = self._list(item, "evidence", MOST_EVIDENCE) if item.get("evidence").exists else []
        evidence = tuple(self._evidence(each, Confidence(said)) for each in shown)
        itself = Evidence(item.place(), "edge of another graph", Confidence(said))
        return Edge(
            ends[0],
            ends[1],
            EdgeKind(kind),
            self._text(item, "protocol"),
            evidence or (itself,),
            is_telemetry=item.get("telemetry").value is True,
        )

    def _evidence(self, item: Node, confidence: Confidence) -> Evidence:
        if not item.is_map:
            raise self._wrong(item, "evidence is an object with 'path', 'line', 'column' and 'text'")
        line, column = self._number(item, "line"), self._number(item, "column")
        place = TextFile(self._text(item, "path")).place(Span(line, column, line, column + 1))
        origin = self._optional(item, "source")
        return Evidence(
            place, self._text(item, "text"), confidence, origin=f"{self._name}:{origin}" if origin else ""
        )

    def _text(self, item: Node, key: str) -> str:
        node = item.get(key)
        text = node.text
        if not text:
            raise self._wrong(node, f"'{key}' must be a text that is not empty")
        if len(text) > LONGEST_TEXT:
            raise self._wrong(node, f"'{key}' is longer than {LONGEST_TEXT} characters")
        return text

    def _optional(self, item: Node, key: str) -> str | None:
        return self._text(item, key) if item.get(key).is_set else None

    def _texts(self, item: Node, key: str) -> Iterator[str]:
        for node in self._list(item, key, MOST_EVIDENCE) if item.get(key).is_set else ():
            if not node.text or len(node.text) > LONGEST_TEXT:
                raise self._wrong(node, f"'{key}' lists texts of 1 to {LONGEST_TEXT} characters")
            yield node.text

    def _number(self, item: Node, key: str) -> int:
        number = item.get(key).integer
        if number is None or not 1 <= number <= _LAST_LINE:
            raise self._wrong(item.get(key), f"'{key}' must be a whole number from 1")
        return number

    def _list(self, item: Node, key: str, most: int) -> list[Node]:
        node = item.get(key)
        if not node.is_list:
            raise self._wrong(node, f"'{key}' must be a list")
        if len(node.value) > most:
            raise self._wrong(node, f"'{key}' has more than {most:,} entries")
        return list(node.elements())

    def _wrong(self, node: Node, message: str) -> BadGraph:
        return BadGraph(_at(self._name, node.value_place().span(), message))
