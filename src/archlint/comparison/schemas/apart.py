"""Whether two schemas plainly have no value in common: by type, by enumerated values, by required members.

This is what keeps the branches of a ``oneOf`` apart in most contracts. ``False`` means that it is not plain.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field

from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.values import TYPES, Undecided, frozen, type_of
from archlint.finding.records import dataclass

_MANY = 60
_LEVELS = 3


@dataclass
class _Summary:
    """What a schema and all that it always applies say."""

    types: frozenset[str] = frozenset((*TYPES, "integer"))
    values: frozenset[Hashable] | None = None
    required: set[str] = field(default_factory=set)
    named: dict[str, list[Schema]] = field(default_factory=dict)
    closed: list[set[str]] = field(default_factory=list)
    """For each schema that lets no other name in, its names."""


def plainly_apart(one: Schema, other: Schema, levels: int = _LEVELS) -> bool:
    """Whether it is plain that no value fulfils both."""
    first, second = _summary(one), _summary(other)
    types = first.types & second.types
    if not types:
        return True
    if first.values is not None and second.values is not None:
        return first.values.isdisjoint(second.values)
    if types != {"object"} or levels == 0:
        return False
    for summary, opposite in ((first, second), (second, first)):
        for name in summary.required:
            if any(name not in names for names in opposite.closed):
                return True
    return any(
        plainly_apart(mine, yours, levels - 1)
        for name in (first.required | second.required) & first.named.keys() & second.named.keys()
        for mine in first.named[name]
        for yours in second.named[name]
    )


def _summary(schema: Schema) -> _Summary:
    found = schema.views.get("summary")
    if found is None:
        found = schema.views["summary"] = _made(schema)
    return found


def _made(schema: Schema) -> _Summary:
    found = _Summary()
    waiting, seen = [schema], set[int]()
    while waiting and len(seen) < _MANY:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        keywords = current.keywords
        if "type" in keywords:
            found.types &= _widened(keywords["type"])
        if "enum" in keywords:
            _add_values(found, keywords["enum"])
        found.required |= keywords.get("required", frozenset())
        for name, child in keywords.get("properties", {}).items():
            found.named.setdefault(name, []).append(child)
        others = keywords.get("additionalProperties")
        if others is not None and others.keywords.get("enum") == () and "patternProperties" not in keywords:
            found.closed.append(set(keywords.get("properties", ())))
        waiting.extend(keywords.get("allOf", ()))
        for name in ("anyOf", "oneOf"):
            if len(keywords.get(name, ())) == 1:
                waiting.append(keywords[name][0])
    return found


def _widened(types: frozenset[str]) -> frozenset[str]:
    """The types with ``integer`` wherever there is ``number``."""
    return types | {"integer"} if "number" in types else types


def _add_values(found: _Summary, values: tuple[object, ...]) -> None:
    try:
        known = frozenset(frozen(value) for value in values)
    except Undecided:
        return
    found.values = known if found.values is None else found.values & known
    types = {type_of(value) or "" for value in values}
    found.types &= types | {"integer"} if "number" in types else types
