"""The service graph as JSON, in the published layout (``graph_schema``)."""

from __future__ import annotations

import json
from typing import Any

from archlint.comparison.graphs import GraphDiff, edge_key
from archlint.model.graph import Edge, Evidence, GraphNode, ServiceGraph
from archlint.reports.characters import safe_json

VERSION = 1
"""Version of the layout; fields may be added to it, never changed."""


def graph_json(graph: ServiceGraph) -> str:
    """One JSON object; fields that do not apply are left out."""
    return _written({}, [_node(node) for node in graph.nodes.values()], [_edge(edge) for edge in graph.edges])


def graph_diff_json(diff: GraphDiff, base: str) -> str:
    """As ``graph_json``, with what is added, removed and changed against a commit."""
    nodes = [{**_node(node), **_node_change(node, diff)} for node in diff.graph.nodes.values()]
    edges = [{**_edge(edge), **_edge_change(edge, diff)} for edge in diff.graph.edges]
    return _written({"base": base}, nodes, edges)


def _written(more: dict[str, Any], nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> str:
    layout = {"version": VERSION, **more, "nodes": nodes, "edges": edges}
    return safe_json(json.dumps(layout, indent=2, ensure_ascii=False)) + "\n"


def _node(node: GraphNode) -> dict[str, Any]:
    fields = {
        "id": node.id,
        "kind": node.kind.value,
        "name": node.name,
        "namespace": node.namespace,
        "owner": node.owner,
        "contracts": list(node.contracts),
        "hosts": list(node.hosts) or None,
        "answers": list(node.answers) or None,
        "sources": list(node.sources) or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _node_change(node: GraphNode, diff: GraphDiff) -> dict[str, Any]:
    change = diff.nodes.get(node.id)
    if change is None:
        return {}
    former = diff.former_nodes.get(node.id)
    if former is None:
        return {"change": change.value}
    was = {"owner": former.owner, "contracts": list(former.contracts), "hosts": list(former.hosts)}
    now = {"owner": node.owner, "contracts": list(node.contracts), "hosts": list(node.hosts)}
    return {"change": change.value, "was": {key: value for key, value in was.items() if value != now[key]}}


def _edge(edge: Edge) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "from": edge.source,
        "to": edge.target,
        "kind": edge.kind.value,
        "protocol": edge.protocol,
        "confidence": edge.confidence.value,
        "evidence": [_evidence(item) for item in edge.evidence],
    }
    if edge.is_telemetry:
        fields["telemetry"] = True
    return {**fields, "sources": list(edge.sources)} if edge.sources else fields


def _edge_change(edge: Edge, diff: GraphDiff) -> dict[str, Any]:
    change = diff.edges.get(edge_key(edge))
    if change is None:
        return {}
    former = diff.former_edges.get(edge_key(edge))
    if former is None:
        return {"change": change.value}
    was, now = _edge(former), _edge(edge)
    keys = ("kind", "protocol", "confidence", "evidence")
    return {"change": change.value, "was": {key: was[key] for key in keys if was[key] != now[key]}}


def _evidence(item: Evidence) -> dict[str, Any]:
    span = item.place.span()
    fields = {"path": item.place.source.path, "line": span.line, "column": span.column, "text": item.text}
    return {**fields, "source": item.origin} if item.origin else fields
