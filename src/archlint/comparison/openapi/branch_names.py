"""What messages call a branch of a choice or a part of an object.

Names are a part of fingerprints: the order in which something is written makes no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from archlint.comparison.openapi.branches import component_of, shared_name
from archlint.comparison.schemas.json_schema import ANNOTATIONS
from archlint.documents import Node
from archlint.model.openapi import reference_text

_MOST = 3
"""Properties, values or keywords by which a message tells a branch from others."""
_DEEPEST = 3


def branch_name(branch: Node) -> str:
    """The name under which a branch is known, else what it says, as far as that tells it from others."""
    return _name(branch, 0)


def _name(branch: Node, depth: int) -> str:
    text = reference_text(branch)
    known = component_of(text) if text is not None else branch.get("title").text or shared_name(branch)
    if known is not None:
        return known
    value = branch.value
    if not isinstance(value, dict) or not value.keys() - ANNOTATIONS:
        return "nothing" if value is False else "any value"
    parts = list(branch.get("allOf").elements())
    if parts and not branch.get("properties").exists and depth < _DEEPEST:
        return " with ".join(sorted(_name(part, depth + 1) for part in parts)[:2])
    return _said(branch)


def _said(branch: Node) -> str:
    """An object by its properties, a choice of values by these, a type by its name."""
    members = sorted(name for name, _ in branch.get("properties").items())
    if members:
        return f"an object with {_listed(members)}"
    values = sorted(_shown(item.value) for item in branch.get("enum").elements())
    if not values and branch.get("const").exists:
        values = [_shown(branch.get("const").value)]
    if values:
        return f"one of {_listed(values)}" if len(values) > 1 else values[0]
    demanded = sorted(item.text for item in branch.get("required").elements() if item.text is not None)
    if demanded:
        return f"an object that has {_listed(demanded)}"
    types = branch.get("type")
    names = [types.text] if types.text else [item.text for item in types.elements()]
    known = sorted(name for name in names if name is not None)
    if known:
        return " or ".join(known)
    return f"a schema with {_listed(sorted(name for name in branch.value if name not in ANNOTATIONS))}"


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return f"{', '.join(listed[:_MOST])}{', …' if len(listed) > _MOST else ''}"


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
