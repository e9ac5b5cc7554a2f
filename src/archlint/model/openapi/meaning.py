"""What an element says, whether in its place or behind references, to see whether two say the same."""

from __future__ import annotations

import json

from archlint.documents import Node
from archlint.model.openapi.references import References

_MOST, _DEEPEST = 5_000, 60


def meaning(node: Node, references: References) -> str | None:
    """Equal for elements that say the same, however their parts are divided over ``$ref``; ``None`` for an
    element that refers back to itself, leads nowhere or is too large to be told."""
    found: list[str] = []
    return "".join(found) if _add(node, references, found, 0) else None


def _add(node: Node, references: References, found: list[str], depth: int) -> bool:
    node = references.follow(node).node
    if depth > _DEEPEST or len(found) > _MOST or not node.exists:
        return False
    if node.is_map:
        found.append("{")
        for name, child in sorted(node.items()):
            found.append(json.dumps(name))
            if not _add(child, references, found, depth + 1):
                return False
        found.append("}")
    elif node.is_list:
        found.append("[")
        if not all(_add(child, references, found, depth + 1) for child in node.elements()):
            return False
        found.append("]")
    else:
        found.append(json.dumps(node.value, default=str) + ",")
    return True
