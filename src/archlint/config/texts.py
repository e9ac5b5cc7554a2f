"""Lists of texts, of which several keys of the configuration are made."""

from __future__ import annotations

from typing import Any

from archlint.documents import Node


def texts_schema(description: str, example: str, **items: Any) -> dict[str, Any]:
    """The schema of a list of texts, none of them blank; ``items`` is what else is asked of each."""
    return {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "pattern": r"\S", **items},
        "description": description,
        "examples": [[example]],
    }


def texts_of(node: Node) -> tuple[str, ...]:
    """The texts of a list whose shape is right; none if nothing is said."""
    return tuple(item.text or "" for item in node.elements())
