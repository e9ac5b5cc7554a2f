"""Which members of an object leave a direction: read-only ones requests, write-only ones responses.

The first schema to look at a value says so for all that look at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archlint.comparison.schemas.reaching import reaching
from archlint.comparison.schemas.schema import IN_PLACE
from archlint.comparison.schemas.sharing import Resolve
from archlint.model.openapi.contracts import Dialect
from archlint.model.openapi.operations import HIDDEN, Direction

_MAX_CHAIN = 50
_MAX_IN_PLACE = 500
_SPREADING = ("properties", "$ref", *IN_PLACE)
_NONE: frozenset[str] = frozenset()


class Leaving:
    """The members that leave, for the schemas of one document; each is found out once.

    ``resolve`` leads from the text of a ``$ref`` and where it stands to the schema and where that stands.
    """

    def __init__(self, dialect: Dialect, resolve: Resolve) -> None:
        self._dialect = dialect
        self._resolve = resolve
        self._known: dict[tuple[int, Direction], tuple[Any, frozenset[str]]] = {}

    def names(self, schema: Any, here: Any, direction: Direction) -> frozenset[str]:
        """The members that leave this direction, by this schema or by those that look at the same value."""
        if not isinstance(schema, dict) or not any(name in schema for name in _SPREADING):
            return _NONE
        which = (id(schema), direction)
        if which not in self._known:
            self._learn_what_stays(schema, here, direction)
        if which not in self._known:
            self._known[which] = (schema, self._gathered(schema, here, direction))
        return self._known[which][1]

    def _learn_what_stays(self, schema: Any, here: Any, direction: Direction) -> None:
        """Note all schemas that a value of this one may be looked at by of which no member leaves."""

        def answer(part: tuple[Any, Any]) -> bool | None:
            known = self._known.get((id(part[0]), direction))
            return bool(known[1] if known else self._own_leaving(*part, direction)) or (
                False if known else None
            )

        parts = reaching(
            (schema, here),
            name=lambda part: id(part[0]),
            below=lambda part: self._in_place(*part),
            answer=answer,
        )
        for (each, _), leads_to_some in parts:
            if not leads_to_some:
                self._known[id(each), direction] = (each, _NONE)

    def _gathered(self, schema: Any, here: Any, direction: Direction) -> frozenset[str]:
        found: set[str] = set()
        waiting, seen = [(schema, here)], set[int]()
        while waiting and len(seen) < _MAX_IN_PLACE:
            current, place = waiting.pop()
            known = self._known.get((id(current), direction))
            if known is not None:
                found |= known[1]
            elif id(current) not in seen:
                seen.add(id(current))
                found |= self._own_leaving(current, place, direction)
                waiting.extend(self._in_place(current, place))
        return frozenset(found)

    def _own_leaving(self, schema: Any, here: Any, direction: Direction) -> set[str]:
        """The members of a schema, looked at alone, that leave this direction."""
        if not self._counts_beside(schema):
            return set()
        members = schema.get("properties")
        return {
            name
            for name, part in (members.items() if isinstance(members, dict) else ())
            if isinstance(part, dict)
            and ("$ref" in part or "allOf" in part or HIDDEN[direction] in part)
            and self._is_marked(part, here, HIDDEN[direction])
        }

    def _in_place(self, schema: Any, here: Any) -> Iterator[tuple[Any, Any]]:
        """The schemas that look at the same value as this one, and where each stands."""
        if not isinstance(schema, dict):
            return
        if isinstance(schema.get("$ref"), str):
            target = self._resolve(schema["$ref"], here)
            if target is not None:
                yield target
        if self._counts_beside(schema):
            yield from ((part, here) for part in _in_place(schema))

    def _counts_beside(self, schema: Any) -> bool:
        """Whether what a schema says counts: before 3.1 nothing does beside a reference."""
        if not isinstance(schema, dict):
            return False
        return self._dialect >= Dialect.V3_1 or not isinstance(schema.get("$ref"), str)

    def _is_marked(self, schema: Any, here: Any, mark: str) -> bool:
        """Whether a schema, what it refers to, or all of what it combines, carries a mark."""
        waiting, seen = [(schema, here)], set[int]()
        while waiting and len(seen) < _MAX_CHAIN:
            current, place = waiting.pop()
            if not isinstance(current, dict) or id(current) in seen:
                continue
            seen.add(id(current))
            is_reference = isinstance(current.get("$ref"), str)
            if current.get(mark) is True and not (is_reference and self._dialect < Dialect.V3_1):
                return True
            if is_reference:
                target = self._resolve(current["$ref"], place)
                waiting.extend([target] if target is not None else [])
            parts = current.get("allOf")
            waiting.extend((part, place) for part in (parts if isinstance(parts, list) else ()))
        return False


def _in_place(schema: Mapping[str, Any]) -> Iterator[Any]:
    """What should be the schemas that look at the same value as this one."""
    for name in IN_PLACE:
        found = schema.get(name)
        if isinstance(found, list):
            yield from found
        elif isinstance(found, dict):
            yield from found.values() if name == "dependentSchemas" else [found]
