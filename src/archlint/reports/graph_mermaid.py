"""The service graph as a Mermaid flowchart."""

from __future__ import annotations

import re
from collections import Counter

from archlint.finding import Confidence
from archlint.finding.digest import blake2b
from archlint.finding.regex import regex
from archlint.model.graph import Edge, GraphNode, NodeKind, ServiceGraph
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
    names = _names(graph)
    lines = ["flowchart LR"]
    shared = Counter(node.name for node in graph.nodes.values())
    for node in graph.nodes.values():
        is_told_apart = shared[node.name] == 1 or node.namespace is None
        label = node.name if is_told_apart else f"{node.namespace}/{node.name}"
        lines.append(f"  {names[node.id]}{_box(node, label)}")
    lines += [_arrow(edge, names) for edge in graph.edges]
    return "\n".join(lines) + "\n"


def _names(graph: ServiceGraph) -> dict[str, str]:
    """An identifier for each node that depends on its id alone; a digest tells apart ids that look alike."""
    plain = {identity: re.sub(r"[^A-Za-z0-9]+", "_", identity) for identity in graph.nodes}
    taken = Counter(plain.values())
    return {
        identity: name if taken[name] == 1 and identity.isascii() else f"{name}_{_digest(identity)}"
        for identity, name in plain.items()
    }


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


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
