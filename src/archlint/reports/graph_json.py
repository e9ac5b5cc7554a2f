"""The service graph as JSON, in the published layout."""

from __future__ import annotations

import json
from typing import Any

from archlint.model.graph import Edge, Evidence, GraphNode, ServiceGraph
from archlint.reports.characters import safe_json

VERSION = 1
"""Version of the layout; fields may be added to it, never changed."""


def graph_json(graph: ServiceGraph) -> str:
    """One JSON object; fields that do not apply are left out."""
    layout = {
        "version": VERSION,
        "nodes": [_node(node) for node in graph.nodes.values()],
        "edges": [_edge(edge) for edge in graph.edges],
    }
    return safe_json(json.dumps(layout, indent=2, ensure_ascii=False)) + "\n"


def _node(node: GraphNode) -> dict[str, Any]:
    fields = {
        "id": node.id,
        "kind": node.kind.value,
        "name": node.name,
        "namespace": node.namespace,
        "owner": node.owner,
        "contracts": list(node.contracts),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "from": edge.source,
        "to": edge.target,
        "kind": edge.kind.value,
        "protocol": edge.protocol,
        "confidence": edge.confidence.value,
        "evidence": [_evidence(item) for item in edge.evidence],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    span = item.place.span()
    return {"path": item.place.source.path, "line": span.line, "column": span.column, "text": item.text}
