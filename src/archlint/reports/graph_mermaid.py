"""The service graph as a Mermaid flowchart."""

from __future__ import annotations

from collections import Counter

from archlint.finding import Confidence
from archlint.finding.regex import regex
from archlint.model.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.identifiers import plain_names
from archlint.model.services.protocols import EdgeKind

_SHAPES = {
    NodeKind.SERVICE: ("[", "]"),
    NodeKind.DATASTORE: ("[(", ")]"),
    NodeKind.BROKER: ("{{", "}}"),
    NodeKind.TOPIC: (">", "]"),
    NodeKind.EXTERNAL: ("([", "])"),
    NodeKind.GATEWAY: ("[/", "/]"),
    NodeKind.OWNER: ("((", "))"),
}
_ARROWS = {EdgeKind.SYNC: "-->", EdgeKind.ASYNC: "-.->", EdgeKind.DATA: "==>", EdgeKind.DECLARED: "-..->"}
_PLAIN = regex(r"[A-Za-z0-9 ._/:@,()*+=-]")


def graph_mermaid(graph: ServiceGraph) -> str:
    """A flowchart: services as boxes, datastores as cylinders, brokers as hexagons, topics as flags, what is
    outside rounded, gateways slanted, owners round; thin arrows are calls, dotted ones messages, thick ones
    data, long dotted ones what is only declared."""
    names = plain_names(graph)
    lines = ["flowchart LR"]
    shared = Counter(node.name for node in graph.boxes)
    for node in graph.boxes:
        is_told_apart = shared[node.name] == 1 or node.namespace is None
        label = node.name if is_told_apart else f"{node.namespace}/{node.name}"
        lines.append(f"  {names[node.id]}{_box(node, label)}")
    lines += [_arrow(edge, names) for edge in graph.told]
    return "\n".join(lines) + "\n"


def _box(node: GraphNode, label: str) -> str:
    start, end = _SHAPES[node.kind]
    return f'{start}"{_escaped(label)}"{end}'


def _arrow(edge: Edge, names: dict[str, str]) -> str:
    is_sure = edge.confidence is Confidence.HIGH
    label = edge.protocol if is_sure else f"{edge.protocol}, perhaps"
    return f'  {names[edge.source]} {_ARROWS[edge.kind]}|"{_escaped(label)}"| {names[edge.target]}'


def _escaped(text: str) -> str:
    """Text for a quoted label: whatever could end it or be read as markup becomes a character code."""
    return "".join(letter if _PLAIN.match(letter) else f"#{ord(letter)};" for letter in text)
