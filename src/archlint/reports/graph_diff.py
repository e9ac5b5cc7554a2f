"""What a change does to the system, as text and as a Mermaid flowchart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archlint.comparison.graphs import GraphChange, GraphDiff, edge_key
from archlint.model.graph import Edge, GraphNode, ServiceGraph
from archlint.reports.characters import visible
from archlint.reports.graph_mermaid import graph_mermaid

_SIGNS = {GraphChange.ADDED: "+", GraphChange.REMOVED: "-", GraphChange.CHANGED: "~"}
_STYLES = {
    GraphChange.ADDED: "stroke:#1a7f37,stroke-width:3px",
    GraphChange.REMOVED: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
    GraphChange.CHANGED: "stroke:#9a6700,stroke-width:3px",
}
_LONGEST = 200


def graph_diff_text(diff: GraphDiff) -> str:
    """A line for each node and edge that is not as it was: ``+`` new, ``-`` gone, ``~`` changed."""
    if diff.is_empty:
        return "The change adds, removes and changes no service and no connection.\n"
    lines = [
        f"{_SIGNS[diff.nodes[node.id]]} {node.kind.value} {_named(node)}{_node_details(node, diff)}"
        for node in diff.graph.nodes.values()
        if node.id in diff.nodes
    ]
    lines += [
        f"{_SIGNS[change]} {_ends(edge, diff.graph)} ({edge.kind.value}, {visible(edge.protocol, _LONGEST)})"
        f"{_edge_details(edge, diff)}"
        for edge in diff.graph.edges
        if (change := diff.edges.get(edge_key(edge))) is not None
    ]
    return "\n".join([*lines, "", _sums(diff)]) + "\n"


def graph_diff_mermaid(diff: GraphDiff) -> str:
    """The flowchart of both sides: what is new in green, what is gone in red and dashed, what changed in
    amber."""
    graph = diff.graph
    lines = graph_mermaid(graph).splitlines()
    boxes = iter(range(1, 1 + len(graph.nodes)))
    for at, node in zip(boxes, graph.nodes.values(), strict=True):
        change = diff.nodes.get(node.id)
        if change is not None:
            lines[at] += f":::{change.value}"
    used = [change for change in GraphChange if change in {*diff.nodes.values(), *diff.edges.values()}]
    lines += [f"  classDef {change.value} {_STYLES[change]}" for change in used]
    for change in used:
        numbers = [str(at) for at, edge in enumerate(graph.edges) if diff.edges.get(edge_key(edge)) is change]
        if numbers:
            lines.append(f"  linkStyle {','.join(numbers)} {_STYLES[change]}")
    return "\n".join(lines) + "\n"


def _named(node: GraphNode) -> str:
    return visible(f"{node.namespace}/{node.name}" if node.namespace else node.name, _LONGEST)


def _ends(edge: Edge, graph: ServiceGraph) -> str:
    return f"{_named(graph.nodes[edge.source])} -> {_named(graph.nodes[edge.target])}"


def _node_details(node: GraphNode, diff: GraphDiff) -> str:
    former = diff.former_nodes.get(node.id)
    if former is None:
        return f", owner {visible(node.owner, _LONGEST)}" if node.owner else ""
    pairs = (
        ("owner", former.owner or "nobody", node.owner or "nobody"),
        ("contracts", ", ".join(former.contracts) or "none", ", ".join(node.contracts) or "none"),
        ("public as", ", ".join(former.hosts) or "nothing", ", ".join(node.hosts) or "nothing"),
    )
    said = (
        f"{what} {visible(was, _LONGEST)} -> {visible(now, _LONGEST)}"
        for what, was, now in pairs
        if was != now
    )
    return f": {'; '.join(said)}"


def _edge_details(edge: Edge, diff: GraphDiff) -> str:
    former = diff.former_edges.get(edge_key(edge))
    shown = next(iter(edge.evidence), None)
    where = ""
    if shown is not None:
        span = shown.place.span()
        where = (
            f": {visible(shown.place.source.path)}:{span.line}:{span.column} {visible(shown.text, _LONGEST)}"
        )
    if former is None:
        return where
    pairs = (
        (former.kind.value, edge.kind.value),
        (former.protocol, edge.protocol),
        (f"confidence {former.confidence.value}", edge.confidence.value),
        *_texts(former, edge),
    )
    said = [
        f"{visible(was, _LONGEST)} -> {visible(now, _LONGEST)}" for was, now in pairs if not was.endswith(now)
    ]
    return f"{where}; was {'; '.join(said)}" if said else where


def _texts(former: Edge, edge: Edge) -> Iterator[tuple[str, str]]:
    was, now = ({item.text for item in each.evidence} for each in (former, edge))
    gone, new = sorted(was - now), sorted(now - was)
    if gone or new:
        yield ", ".join(gone[:3]) or "nothing", ", ".join(new[:3]) or "nothing"


def _sums(diff: GraphDiff) -> str:
    parts = []
    for word, changes in (("node", diff.nodes), ("connection", diff.edges)):
        counts = Counter(changes.values())
        for change in GraphChange:
            if counts[change]:
                plural = "" if counts[change] == 1 else "s"
                parts.append(f"{counts[change]} {word}{plural} {change.value}")
    return f"{', '.join(parts)}."
