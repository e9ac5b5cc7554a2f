"""Which schemas of a graph look at some part of a value; the others do not matter to judge it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.schema import ALONE, IN_PLACE, TUPLES, Schema

_OF_MEMBERS = frozenset(("patternProperties", "additionalProperties", "unevaluatedProperties"))
_OF_ITEMS = frozenset(("items", "prefixItems", "contains", "unevaluatedItems"))


def touched(schema: Schema, data: Any) -> set[bytes]:
    """The keys of the schemas that may be asked about a value or a part of it."""
    found: set[bytes] = set()
    seen: set[tuple[bytes, int]] = set()
    waiting: list[tuple[Schema, Any]] = [(schema, data)]
    while waiting:
        current, value = waiting.pop()
        pair = (key(current), id(value))
        if pair in seen:
            continue
        seen.add(pair)
        found.add(pair[0])
        waiting.extend(_below(current, value))
    return found


def _below(schema: Schema, value: Any) -> Iterator[tuple[Schema, Any]]:
    keywords = schema.keywords
    for name in IN_PLACE & keywords.keys():
        for child in _children(name, keywords[name]):
            yield child, value
    if isinstance(value, dict):
        named = keywords.get("properties", {})
        for name in named.keys() & value.keys():
            yield named[name], value[name]
        for name in _OF_MEMBERS & keywords.keys():
            for child in _children(name, keywords[name]):
                for member in value.values():
                    yield child, member
        if "propertyNames" in keywords:
            for name in value:
                yield keywords["propertyNames"], name
    elif isinstance(value, list):
        for name in _OF_ITEMS & keywords.keys():
            for child in _children(name, keywords[name]):
                for item in value:
                    yield child, item


def _children(name: str, found: Any) -> tuple[Schema, ...]:
    if name in ALONE:
        return (found,)
    return tuple(found if name in TUPLES else found.values())
