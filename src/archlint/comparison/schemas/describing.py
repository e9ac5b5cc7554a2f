"""What a schema says apart from members that it is the first to describe.

Where an object may have any name, to declare one says what it was meant to be all along. Whether more than
that happened is seen by taking such members away again.
"""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas.schema import (
    ALONE,
    IN_PLACE,
    TUPLES,
    Schema,
    in_place,
    is_true,
    produced,
    schema_with,
)

_MOST = 500
"""Schemas for one value that are looked through."""
_DEEPEST = 30
_CONDITIONS = frozenset(("not", "if"))
"""Keywords whose schemas describe no member: what they say of one decides what is valid."""


def undescribed(narrow: Schema, wide: Schema) -> Schema | None:
    """The second schema without the members that only it declares; ``None`` if it has none, or if senders of
    the first one may not use names that they do not declare."""
    sent = list(in_place(produced(narrow), _MOST))
    if not any(_takes_any(part) for part in sent):
        return None
    names = {name for part in sent for name in part.keywords.get("properties", ())}
    if all(part.keywords.get("properties", {}).keys() <= names for part in in_place(wide, _MOST)):
        return None
    return _without(wide, names, _DEEPEST)


def _takes_any(schema: Schema) -> bool:
    more = schema.keywords.get("additionalProperties")
    is_free = not schema.keywords and schema.base is None
    return is_free or (more is not None and is_true(more.plain))


def _without(schema: Schema, names: set[str], depth: int) -> Schema:
    keywords = schema.keywords
    found: dict[str, Any] = dict(keywords)
    if "properties" in found:
        kept = {name: child for name, child in found.pop("properties").items() if name in names}
        found |= {"properties": kept} if kept else {}
    for name in (IN_PLACE - _CONDITIONS) & found.keys() if depth else ():
        value = found[name]
        if name in ALONE:
            found[name] = _without(value, names, depth - 1)
        elif name in TUPLES:
            found[name] = tuple(_without(child, names, depth - 1) for child in value)
        else:
            found[name] = {key: _without(child, names, depth - 1) for key, child in value.items()}
    return schema if found == keywords else schema_with(**found)
