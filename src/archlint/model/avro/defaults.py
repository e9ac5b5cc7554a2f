"""Whether a default is a value of the type it stands for, and which part of it is not.

Source: Apache Avro 1.12, specification, "Complex Types: Records", table "field default values", and "Unions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.avro.types import (
    ArrayType,
    AvroType,
    EnumType,
    FixedType,
    MapType,
    Primitive,
    Record,
    TypeReference,
    Union,
)

Lookup = Callable[[TypeReference], AvroType | None]
"""What a name means; ``None`` where nothing that was read defines it."""

_INTEGERS = {"int": 2**31, "long": 2**63}
_DEEPEST = 100
"""Types in each other after which a default is no longer looked into: nobody writes such a one by hand."""
_LAST_BYTE = "\u00ff"


def accepts(type_: AvroType, value: Any, lookup: Lookup) -> bool:
    """Whether a JSON value is a default of a type; of a union, a value of any of its branches.

    What is not known, such as a name that nothing defines, accepts everything.
    """
    return _Defaults(lookup).accepts(type_, value)


@dataclass(frozen=True)
class WrongDefault:
    """The innermost part of a default that is wrong."""

    id: str
    """``default``, ``lacking`` for a field that has no value, ``later-branch`` for what only a later branch
    of a union takes."""
    node: Node
    type: AvroType
    """What the part should be a value of; of what lacks a field the record."""
    lacking: str = ""
    """The field that has no value."""


def wrong_parts(type_: AvroType, default: Node, lookup: Lookup) -> Iterator[WrongDefault]:
    """Each part of a default that is no value of its type, or of a later branch alone, by order of types."""
    judge = _Defaults(lookup)
    waiting = [(type_, default)]
    while waiting:
        type_, part = waiting.pop()
        expected, found = judge.chosen(type_, part)
        if found is not None:
            yield found
        elif isinstance(expected, Record):
            inner = [(field, part.get(field.name)) for field in expected.fields]
            for field, value in inner:
                if not value.exists and not field.has_default:
                    yield WrongDefault("lacking", value, expected, field.name)
            waiting += [(field.type, value) for field, value in reversed(inner) if value.exists]
        elif isinstance(expected, ArrayType):
            waiting += [(expected.items, item) for item in reversed(list(part.elements()))]
        elif isinstance(expected, MapType):
            waiting += [(expected.values, value) for _, value in reversed(list(part.items()))]


class _Defaults:
    """Answers of one question, each kept: records in unions of records would be asked again and again."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._known: dict[tuple[int, int], bool] = {}
        self._depth = 0

    def chosen(self, type_: AvroType, part: Node) -> tuple[AvroType | None, WrongDefault | None]:
        """The type by which the parts of a value are judged, or what is wrong with the value as a whole."""
        meant = self._meant(type_)
        if isinstance(meant, Union) and meant.branches:
            first, *later = meant.branches
            if self.accepts(first, part.value):
                return self.chosen(first, part)
            if any(self.accepts(branch, part.value) for branch in later):
                return None, WrongDefault("later-branch", part, meant)
            alike = [branch for branch in meant.branches if _is_alike(self._meant(branch), part)]
            return (
                self.chosen(alike[0], part)
                if len(alike) == 1
                else (None, WrongDefault("default", part, meant))
            )
        if _is_alike(meant, part) or meant is None or self.accepts(meant, part.value):
            return meant, None
        return None, WrongDefault("default", part, type_)

    def _meant(self, type_: AvroType) -> AvroType | None:
        return self._lookup(type_) if isinstance(type_, TypeReference) else type_

    def accepts(self, type_: AvroType, value: Any) -> bool:
        key = id(type_), id(value)
        if self._depth > _DEEPEST:
            return True
        if key not in self._known:
            self._depth += 1
            self._known[key] = self._answer(type_, value)
            self._depth -= 1
        return self._known[key]

    def _answer(self, type_: AvroType, value: Any) -> bool:
        if isinstance(type_, TypeReference):
            meant = self._lookup(type_)
            return meant is None or self.accepts(meant, value)
        if isinstance(type_, Primitive):
            return _is_primitive(type_.name, value)
        if isinstance(type_, Union):
            return any(self.accepts(branch, value) for branch in type_.branches)
        if isinstance(type_, EnumType):
            return value in type_.symbols
        if isinstance(type_, FixedType):
            return isinstance(value, str) and len(value) == type_.size and _is_binary(value)
        if isinstance(type_, ArrayType):
            return isinstance(value, list) and all(self.accepts(type_.items, item) for item in value)
        if isinstance(type_, MapType):
            items = value.values() if isinstance(value, dict) else ()
            return isinstance(value, dict) and all(self.accepts(type_.values, item) for item in items)
        return not isinstance(type_, Record) or self._is_record(type_, value)

    def _is_record(self, record: Record, value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        return all(
            self.accepts(field.type, value[field.name]) if field.name in value else field.has_default
            for field in record.fields
        )


def _is_alike(type_: AvroType | None, value: Node) -> bool:
    """Whether a value has parts of the kind that the type has, which may then be wrong by themselves."""
    return (
        value.is_map
        if isinstance(type_, (Record, MapType))
        else isinstance(type_, ArrayType) and value.is_list
    )


def _is_primitive(name: str, value: Any) -> bool:
    if name == "null":
        return value is None
    if name == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if name in _INTEGERS:
        limit = _INTEGERS[name]
        return isinstance(value, int) and -limit <= value < limit
    if name in {"float", "double"}:
        return isinstance(value, (int, float))
    return isinstance(value, str) and (name == "string" or _is_binary(value))


def _is_binary(text: str) -> bool:
    """Whether each character stands for a byte."""
    return all(character <= _LAST_BYTE for character in text)
