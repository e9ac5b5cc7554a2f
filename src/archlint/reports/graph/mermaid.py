"""The service graph as a Mermaid flowchart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from archlint.comparison.graphs import GraphChange, GraphDiff, edge_key
from archlint.finding import Confidence
from archlint.finding.regex import regex
from archlint.model.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.identifiers import plain_names
from archlint.model.services.protocols import EdgeKind
from archlint.reports.graph.changes import LINES

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
_DASHED = {GraphChange.REMOVED: ",stroke-dasharray:6 4"}
_PLAIN = regex(r"[A-Za-z0-9 ._/:@,()*+=-]")


def graph_mermaid(shown: ServiceGraph | GraphDiff) -> str:
    """A flowchart: services as boxes, datastores as cylinders, brokers as hexagons, topics as flags, what is
    outside rounded, gateways slanted, owners round; thin arrows are calls, dotted ones messages, thick ones
    data, long dotted ones what is only declared. Of a change, what is new is green, what is gone red and
    dashed, what changed amber, and labels say so."""
    diff = shown if isinstance(shown, GraphDiff) else None
    graph = shown.graph if isinstance(shown, GraphDiff) else shown
    names = plain_names(graph)
    lines = ["flowchart LR"]
    shared = Counter(node.name for node in graph.boxes)
    for node in graph.boxes:
        is_told_apart = shared[node.name] == 1 or node.namespace is None
        label = node.name if is_told_apart else f"{node.namespace}/{node.name}"
        change = diff.nodes.get(node.id) if diff else None
        marked = f":::{change.value}" if change else ""
        lines.append(f"  {names[node.id]}{_box(node, _told(label, change, ' (', ')'))}{marked}")
    changes = [diff.edges.get(edge_key(edge)) if diff else None for edge in shown.told]
    lines += [_arrow(edge, names, change) for edge, change in zip(shown.told, changes, strict=True)]
    return "\n".join([*lines, *(_styles(diff, changes) if diff else ())]) + "\n"


def _told(label: str, change: GraphChange | None, before: str, after: str = "") -> str:
    return f"{label}{before}{change.value}{after}" if change else label


def _styles(diff: GraphDiff, changes: Sequence[GraphChange | None]) -> Iterator[str]:
    """The looks of what changes: of boxes by a class, of arrows by their numbers."""
    styles = {
        change: f"stroke:{LINES[change]},stroke-width:3px{_DASHED.get(change, '')}" for change in GraphChange
    }
    boxes = {diff.nodes.get(node.id) for node in diff.graph.boxes}
    yield from (f"  classDef {change.value} {styles[change]}" for change in GraphChange if change in boxes)
    for change in GraphChange:
        numbers = [str(at) for at, each in enumerate(changes) if each is change]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} {styles[change]}"


def _box(node: GraphNode, label: str) -> str:
    start, end = _SHAPES[node.kind]
    return f'{start}"{_escaped(label)}"{end}'


def _arrow(edge: Edge, names: dict[str, str], change: GraphChange | None) -> str:
    is_sure = edge.confidence is Confidence.HIGH
    label = _told(edge.protocol if is_sure else f"{edge.protocol}, perhaps", change, ", ")
    return f'  {names[edge.source]} {_ARROWS[edge.kind]}|"{_escaped(label)}"| {names[edge.target]}'


def _escaped(text: str) -> str:
    """Text for a quoted label: whatever could end it or be read as markup becomes a character code."""
    return "".join(letter if _PLAIN.match(letter) else f"#{ord(letter)};" for letter in text)
