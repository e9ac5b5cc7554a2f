"""Whether a default is a value of the type it stands for.

Source: Apache Avro 1.12, specification, "Complex Types: Records", table "field default values", and "Unions".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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


class _Defaults:
    """Answers of one question, each kept: records in unions of records would be asked again and again."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._known: dict[tuple[int, int], bool] = {}
        self._depth = 0

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
