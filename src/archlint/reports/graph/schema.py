"""The JSON Schema of the graph's JSON: what ``archlint graph`` prints, and what ``--add`` takes."""

from __future__ import annotations

from typing import Any

from archlint.finding import Confidence
from archlint.model.graph import NodeKind
from archlint.model.services.protocols import EdgeKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CHANGES = ("added", "removed", "changed")


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _texts(description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": description}


def _object(description: str, required: tuple[str, ...], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "required": list(required),
        "properties": properties,
    }


_SOURCES = _texts("With --add: the graphs that have it; '.' is the repository itself.")
_CHANGE = _text("With --base: what the change does to it; left out if nothing.", enum=list(_CHANGES))
_CONFIDENCE = _text(
    "How sure it is that the one calls the other.", enum=[item.value for item in reversed(Confidence)]
)
_KIND = _text(
    "What it means: a call that waits, a message, data that is kept, or what is only declared.",
    enum=[item.value for item in EdgeKind],
)
_EVIDENCE = _object(
    "One place that shows the edge.",
    ("path", "line", "column", "text"),
    {
        "path": _text("The file, relative to the root of its repository."),
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1, "description": "In code points, from 1."},
        "text": _text("What stands there, without user names and passwords."),
        "source": _text("With --add: the graph that it comes from, if not from the repository itself."),
    },
)
_NODE = _object(
    "One part of the system.",
    ("id", "kind", "name"),
    {
        "id": _text("Kind, namespace and name: 'service:shop/cart'.", minLength=1),
        "kind": _text("What it is.", enum=[item.value for item in NodeKind]),
        "name": _text("What people call it.", minLength=1),
        "namespace": _text("The namespace that it runs in, if that is known."),
        "owner": _text("Who owns it, if anything says so."),
        "contracts": _texts("Files with the contracts that it offers."),
        "hosts": _texts("Names of hosts under which gateways make it public."),
        "answers": _texts("With --add: hosts that another graph calls outside of it, and that it is."),
        "sources": _SOURCES,
        "change": _CHANGE,
        "was": _object(
            "With --base: what a changed node was before.",
            (),
            {
                "owner": {"type": ["string", "null"]},
                "contracts": _texts("Its contracts."),
                "hosts": _texts("Its public hosts."),
            },
        ),
    },
)
_EDGE = _object(
    "One connection, from who begins it.",
    ("from", "to", "kind", "protocol", "evidence"),
    {
        "from": _text("The id of the node that calls, sends or keeps data."),
        "to": _text("The id of the node that is called."),
        "kind": _KIND,
        "protocol": _text("What is spoken; 'tcp' if that is not known."),
        "confidence": _CONFIDENCE,
        "evidence": {"type": "array", "items": _EVIDENCE},
        "telemetry": {
            "type": "boolean",
            "description": "Whether it only serves to watch the system: traces, metrics, logs.",
        },
        "sources": _SOURCES,
        "change": _CHANGE,
        "was": _object(
            "With --base: what a changed edge was before.",
            (),
            {
                "kind": _KIND,
                "protocol": _text("What was spoken."),
                "confidence": _CONFIDENCE,
                "evidence": {"type": "array", "items": _EVIDENCE},
            },
        ),
    },
)


def graph_schema() -> dict[str, Any]:
    """The published schema; other fields are allowed, as later versions add some."""
    return {
        "$schema": DIALECT,
        "title": "Graph of a system, as archlint prints and reads it",
        **_object(
            "Nodes and the edges between them.",
            ("version", "nodes", "edges"),
            {
                "version": {"const": 1},
                "base": _text("With --base: the commit that the working tree is compared with."),
                "nodes": {"type": "array", "items": _NODE},
                "edges": {"type": "array", "items": _EDGE},
            },
        ),
    }
