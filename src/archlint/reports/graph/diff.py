"""What a change does to the system, as text."""

from __future__ import annotations

from archlint.comparison.graphs import GraphDiff, edge_key
from archlint.model.graph import Edge, GraphNode, ServiceGraph
from archlint.reports.characters import visible
from archlint.reports.graph.changes import NOTHING, SIGNS, edge_was, node_was, sums, telling

_LONGEST = 200


def graph_diff_text(diff: GraphDiff) -> str:
    """A line for each node and edge that is not as it was: ``+`` new, ``-`` gone, ``~`` changed."""
    if diff.is_empty:
        return f"{NOTHING}\n"
    lines = [
        f"{SIGNS[diff.nodes[node.id]]} {node.kind.value} {_named(node)}{_node_details(node, diff)}"
        for node in diff.graph.nodes.values()
        if node.id in diff.nodes
    ]
    lines += [
        f"{SIGNS[change]} {_ends(edge, diff.graph)} ({edge.kind.value}, {visible(edge.protocol, _LONGEST)})"
        f"{_edge_details(edge, diff)}"
        for edge in diff.graph.edges
        if (change := diff.edges.get(edge_key(edge))) is not None
    ]
    return "\n".join([*lines, "", sums(diff)]) + "\n"


def _named(node: GraphNode) -> str:
    return visible(f"{node.namespace}/{node.name}" if node.namespace else node.name, _LONGEST)


def _ends(edge: Edge, graph: ServiceGraph) -> str:
    return f"{_named(graph.nodes[edge.source])} -> {_named(graph.nodes[edge.target])}"


def _node_details(node: GraphNode, diff: GraphDiff) -> str:
    if node.id in diff.former_nodes:
        return f": {'; '.join(node_was(node, diff))}"
    return f", owner {visible(node.owner, _LONGEST)}" if node.owner else ""


def _edge_details(edge: Edge, diff: GraphDiff) -> str:
    shown = telling(edge, diff)
    where = ""
    if shown is not None:
        span = shown.place.span()
        where = (
            f": {visible(shown.place.source.path)}:{span.line}:{span.column} {visible(shown.text, _LONGEST)}"
        )
    said = edge_was(edge, diff)
    return f"{where}; was {'; '.join(said)}" if said else where
