"""The JSON Schema of an audit record."""

from __future__ import annotations

from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], "description": description, **more}


def _pair(description: str, kind: str) -> dict[str, Any]:
    side = {"type": [kind, "null"]}
    return {
        "type": ["object", "null"],
        "description": description,
        "required": ["before", "after"],
        "properties": {"before": side, "after": side},
        "additionalProperties": False,
    }


_PROPERTIES: dict[str, Any] = {
    "id": {"type": "string", "description": "Shared by the record before a gate and the one after it."},
    "timestamp": {"type": "string", "format": "date-time", "description": "UTC."},
    "user": _text("Who asked: --user, else what the CI service says."),
    "change_ticket": _text("--ticket, else a variable."),
    "environment": _text("Where it goes: --environment, else a variable."),
    "operation": {"type": "string", "description": "What was asked for."},
    "command": {"type": "string", "description": "The command line, without credentials."},
    "outcome": {"type": "string", "enum": ["started", "success", "failure"]},
    "verdict": _text("null where it came to none.", enum=["pass", "fail", None]),
    "exit_code": {"type": ["integer", "null"], "description": "null in the record before the gate."},
    "resources_affected": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["verb", "resource", "family"],
            "properties": {
                "verb": {"type": "string", "enum": ["create", "update", "delete"]},
                "resource": {"type": "string", "description": "Kind/namespace/name."},
                "family": {"type": "string"},
            },
            "additionalProperties": False,
        },
    },
    "workloads": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["resource", "replicas", "image_version"],
            "properties": {
                "resource": {"type": "string"},
                "replicas": {"type": ["integer", "null"]},
                "image_version": {"type": ["string", "null"]},
            },
            "additionalProperties": False,
        },
    },
    "service_mesh": {
        "type": ["boolean", "null"],
        "description": "Whether the one workload that changes is in a mesh.",
    },
    "replicas": _pair("Of the one workload that changes.", "integer"),
    "image_version": _pair("Of the one workload that changes.", "string"),
    "rollback_available": {"type": ["boolean", "null"], "description": "null where files cannot tell."},
    "rollback_reason": _text("Why there is no way back, or why that is not known."),
    "duration_seconds": {"type": ["number", "null"]},
    "traffic_shift": {"type": "null", "description": "Files cannot tell."},
    "health_check_status": {"type": "null", "description": "Files cannot tell."},
    "error_detail": _text("What went wrong."),
    "trace_id": _text("The trace of TRACEPARENT.", pattern="^[0-9a-f]{32}$"),
}


def audit_schema() -> dict[str, Any]:
    """One line of an audit file."""
    return {
        "$schema": DIALECT,
        "title": "Audit record of archlint gate",
        "type": "object",
        "required": list(_PROPERTIES),
        "properties": _PROPERTIES,
        "additionalProperties": False,
    }
