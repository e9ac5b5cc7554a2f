"""How much work it is to judge a value by a schema: validators try all branches, at each level again.

A schema that refers to itself in two branches doubles the work with each level of a value. The work is
counted without doing it, each pair of a schema and a part of the value once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

MOST = 50_000
"""Steps that a validator may take for one value: some hundredths of a second."""
MOST_OF_ALL = 2_000_000
"""Steps that it may take for all values whose steps are counted."""

_IN_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_ITEMS = ("items", "contains", "unevaluatedItems")


def _depth(value: Any) -> int:
    """The levels of a value."""
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            child
            for part in level
            for child in (part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())
        ]
    return depth


class Effort:
    """Counts steps for the definitions of one document."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._known: dict[tuple[int, int], int] = {}
        self._widths: dict[int, int] = {}
        self._left = MOST_OF_ALL

    def is_too_much(self, schema: Any, value: Any) -> bool:
        """Whether judging a value takes more than ``MOST`` steps, or more than all values have left."""
        try:
            if self._width ** _depth(value) < MOST:
                return False
            steps = self._steps(schema, value)
            self._left -= steps if steps < MOST else 0
            return steps >= MOST or self._left < 0
        except RecursionError:
            return True

    @cached_property
    def _width(self) -> int:
        """The most schemas that look at one part of a value, whichever it is."""
        most, waiting = 1, list(self._definitions.values())
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict):
                most = max(most, self._looking(part))
                waiting.extend(part.values())
            elif isinstance(part, list):
                waiting.extend(part)
        return most

    def _looking(self, schema: Any) -> int:
        """How many schemas look at a value when this one does."""
        if not isinstance(schema, dict):
            return 1
        if id(schema) not in self._widths:
            self._widths[id(schema)] = 1
            count = 1 + sum(map(self._looking, self._in_place(schema)))
            self._widths[id(schema)] = min(MOST, count)
        return self._widths[id(schema)]

    def _in_place(self, schema: Mapping[str, Any]) -> Iterator[Any]:
        reference, dependent = schema.get("$ref"), schema.get("dependentSchemas")
        if isinstance(reference, str):
            yield self._definitions.get(reference.rpartition("/")[2])
        for name in _IN_PLACE:
            parts = schema.get(name, ())
            yield from parts if isinstance(parts, (list, tuple)) else (parts,)
        yield from dependent.values() if isinstance(dependent, dict) else ()

    def _steps(self, schema: Any, value: Any) -> int:
        if not isinstance(schema, dict):
            return 1
        which = (id(schema), id(value))
        if which not in self._known:
            self._known[which] = 1  # met again only by a reference that leads back to itself
            self._known[which] = min(MOST, 1 + self._below(schema, value))
        return self._known[which]

    def _below(self, schema: Mapping[str, Any], value: Any) -> int:
        total = sum(self._steps(part, value) for part in self._in_place(schema))
        if isinstance(value, dict):
            total += self._members(schema, value)
        elif isinstance(value, list):
            parts = [schema[name] for name in _ITEMS if name in schema]
            parts += schema.get("prefixItems", ())
            total += sum(self._steps(part, item) for part in parts for item in value)
        return total

    def _members(self, schema: Mapping[str, Any], value: Mapping[str, Any]) -> int:
        named = schema.get("properties", {})
        parts = [*schema.get("patternProperties", {}).values()]
        parts += [
            schema[name] for name in ("additionalProperties", "unevaluatedProperties") if name in schema
        ]
        total = sum(self._steps(named[name], item) for name, item in value.items() if name in named)
        return total + sum(self._steps(part, item) for part in parts for item in value.values())
