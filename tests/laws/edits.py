"""Single edits of schemas, and values at the bounds of what they say.

Each edit is named by what it does, and tells by which policies of ``docs/breaking-policies.md`` its level may
be another than values alone would have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Json = Any
TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
TRUTH: Json = {"type": "boolean"}
LIST: Json = {"type": "array", "items": TEXT}
OPEN: Json = {"type": "object"}
CART: Json = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "sum": NUMBER}}
CLOSED: Json = {**CART, "additionalProperties": False}


@dataclass(frozen=True, eq=False)
class Edit:
    """One edit of a schema."""

    name: str
    base: Json
    revision: Json
    policies: frozenset[str] = frozenset()
    is_scalar: bool = False
    """Whether the values are no objects and no lists, so that they can be written as one text."""
    is_modern: bool = False
    """Whether only versions from 3.1 on have its keywords."""
    also: tuple[tuple[str, ...], ...] = ()
    """Routes of tokens that say what was edited as well as the edited one does."""

    @property
    def undone(self) -> Edit:
        """The same edit the other way round."""
        name = self.name.removesuffix(UNDONE) if self.name.endswith(UNDONE) else self.name + UNDONE
        return replace(self, name=name, base=self.revision, revision=self.base)


UNDONE = " undone"
_Row = tuple[str, Json, Json] | tuple[str, Json, Json, str]


def _bounds() -> Iterator[_Row]:
    yield "minimum raised", {**WHOLE, "minimum": 2}, {**WHOLE, "minimum": 4}
    yield "maximum lowered", {**NUMBER, "maximum": 9}, {**NUMBER, "maximum": 5}
    yield "minimum set", WHOLE, {**WHOLE, "minimum": 2}, "bound-added"
    yield "maximum set", WHOLE, {**WHOLE, "maximum": 5}, "bound-added"
    yield "multipleOf set", WHOLE, {**WHOLE, "multipleOf": 2}, "bound-added"
    yield "multipleOf other", {**WHOLE, "multipleOf": 2}, {**WHOLE, "multipleOf": 3}
    yield "minLength raised", {**TEXT, "minLength": 1}, {**TEXT, "minLength": 3}
    yield "minLength set", TEXT, {**TEXT, "minLength": 2}
    yield "maxLength lowered", {**TEXT, "maxLength": 4}, {**TEXT, "maxLength": 2}
    yield "maxLength set", TEXT, {**TEXT, "maxLength": 2}, "bound-added"
    yield "pattern other", {**TEXT, "pattern": "^a"}, {**TEXT, "pattern": "^b"}, "pattern-edited"
    yield "pattern set", TEXT, {**TEXT, "pattern": "^a"}, "pattern-edited"


def _values() -> Iterator[_Row]:
    yield "type other", TEXT, WHOLE
    yield "type wider", WHOLE, NUMBER
    yield "type to boolean", TRUTH, TEXT
    yield "type dropped", WHOLE, {}, "type-added"
    yield "format set", TEXT, {**TEXT, "format": "date"}, "format-added"
    yield "format other", {**TEXT, "format": "uuid"}, {**TEXT, "format": "date"}
    yield "int64 to int32", {**WHOLE, "format": "int64"}, {**WHOLE, "format": "int32"}
    yield "enum value gone", {**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["a"]}, "value-added"
    yield "enum set", TEXT, {**TEXT, "enum": ["a", "b"]}, "value-added"
    yield "enum of numbers", {**WHOLE, "enum": [1, 2, 3]}, {**WHOLE, "enum": [1, 2]}, "value-added"


def _null() -> Iterator[_Row]:
    yield "nullable dropped", {**TEXT, "nullable": True}, TEXT
    yield "nullable number dropped", {**WHOLE, "nullable": True}, WHOLE


def _modern_scalars() -> Iterator[_Row]:
    yield "null dropped", {"type": ["string", "null"]}, TEXT
    yield "type of a list gone", {"type": ["string", "integer"]}, TEXT
    yield "const other", {"const": "a"}, {"const": "b"}
    yield "exclusiveMinimum raised", {**WHOLE, "exclusiveMinimum": 1}, {**WHOLE, "exclusiveMinimum": 3}


def _lists() -> Iterator[_Row]:
    yield "minItems raised", {**LIST, "minItems": 1}, {**LIST, "minItems": 2}
    yield "minItems set", LIST, {**LIST, "minItems": 1}
    yield "maxItems lowered", {**LIST, "maxItems": 3}, {**LIST, "maxItems": 1}
    yield "maxItems set", LIST, {**LIST, "maxItems": 1}, "bound-added"
    yield "uniqueItems set", LIST, {**LIST, "uniqueItems": True}
    yield "items other", LIST, {"type": "array", "items": WHOLE}


def _objects() -> Iterator[_Row]:
    wide = {**CART, "properties": {**CART["properties"], "note": TEXT}}
    yield "required", CART, {**CART, "required": ["id", "sum"]}
    yield "property type", CART, {**CART, "properties": {"id": WHOLE, "sum": NUMBER}}
    yield (
        "property enum",
        {**CART, "properties": {"id": {**TEXT, "enum": ["a", "b"]}}},
        {**CART, "properties": {"id": {**TEXT, "enum": ["a"]}}},
        "value-added",
    )
    yield "closed", CART, CLOSED, "undeclared-names closed-then-extended"
    yield (
        "stated open closed",
        {**CART, "additionalProperties": True},
        CLOSED,
        "closed-then-extended",
    )
    yield "free-form closed", OPEN, {**OPEN, "additionalProperties": False}, "closed-then-extended"
    yield "free-form of text", OPEN, {**OPEN, "additionalProperties": TEXT}
    yield "values other", {**OPEN, "additionalProperties": TEXT}, {**OPEN, "additionalProperties": WHOLE}
    yield (
        "property gone",
        wide,
        CART,
        "undeclared-names property-no-longer-read optional-property-gone",
    )
    yield (
        "property of closed gone",
        {**wide, "additionalProperties": False},
        CLOSED,
        "closed-then-extended optional-property-gone",
    )
    yield "minProperties raised", {**OPEN, "minProperties": 1}, {**OPEN, "minProperties": 2}
    yield "maxProperties lowered", {**OPEN, "maxProperties": 2}, {**OPEN, "maxProperties": 1}


def _choices() -> Iterator[_Row]:
    one, other = {**TEXT, "enum": ["a"]}, {**WHOLE, "minimum": 1}
    note = {"type": "object", "required": ["note"], "properties": {"note": TEXT}}
    yield "oneOf branch gone", {"oneOf": [one, other, TRUTH]}, {"oneOf": [one, other]}
    yield "anyOf branch gone", {"anyOf": [one, other, TRUTH]}, {"anyOf": [one, other]}, "alternative-added"
    yield "anyOf object gone", {"anyOf": [CLOSED, note]}, {"anyOf": [CLOSED]}, "alternative-added"
    yield "branch edited", {"oneOf": [one, other]}, {"oneOf": [one, {**WHOLE, "minimum": 4}]}
    yield "allOf part", {"allOf": [CART]}, {"allOf": [CART, note]}, "undeclared-names part-no-longer-named"


def _modern_rest() -> Iterator[_Row]:
    names = {"propertyNames": {"pattern": "^[a-z]"}}
    yield "dependentRequired set", CART, {**CART, "dependentRequired": {"sum": ["note"]}}, "undeclared-names"
    yield "propertyNames set", OPEN, {**OPEN, **names}
    yield "contains set", {"type": "array"}, {"type": "array", "contains": TEXT}
    yield "prefixItems", {"type": "array", "prefixItems": [TEXT]}, {"type": "array", "prefixItems": [WHOLE]}
    yield (
        "unevaluated",
        CART,
        {**CART, "unevaluatedProperties": False},
        "undeclared-names closed-then-extended",
    )


_ALSO = {"required": (("properties", "sum"),)}
"""Of a property that is no longer required the property stands, of null that is gone the type."""


def every_edit() -> list[Edit]:
    """All edits, each of them both ways."""
    found: list[Edit] = []
    for rows, is_scalar, is_modern in (
        (_bounds(), True, False),
        (_values(), True, False),
        (_modern_scalars(), True, True),
        (_lists(), False, False),
        (_objects(), False, False),
        (_choices(), False, False),
        (_modern_rest(), False, True),
    ):
        for name, base, revision, *policies in rows:
            named = frozenset(policies[0].split()) if policies else frozenset()
            edit = Edit(name, base, revision, named, is_scalar, is_modern, _ALSO.get(name, ()))
            found += [edit, edit.undone]
    return found


def old_edits() -> list[Edit]:
    """Edits of what only 3.0 writes."""
    found = [
        Edit(name, base, revision, is_scalar=True, also=(("type",),)) for name, base, revision, *_ in _null()
    ]
    return [each for edit in found for each in (edit, edit.undone)]


_UUID = "123e4567-e89b-42d3-a456-426614174000"
SAMPLES: tuple[Json, ...] = (
    *("", "a", "b", "ab", "ba", "bcd", "abcd", "abcdef", "x", "2024-01-31", _UUID),
    *(-1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 2.5, 2**40, True, None),
    *([], ["a"], ["a", "a"], ["a", "b"], [1], ["a", "b", "c"], [1, 2], [True]),
    *({}, {"id": "a"}, {"id": "b"}, {"id": 1}, {"id": "a", "sum": 1}, {"id": "a", "sum": 1, "note": "b"}),
    *({"id": "a", "note": "b"}, {"id": 1, "sum": 1}, {"note": "a"}, {"a": "b"}, {"a": 1}, {"A": 1}),
    *({"a": "b", "c": "d"}, {"id": "a", "z": True}, {"id": "a", "note": 1}, {"id": "a", "sum": 2, "x": "y"}),
)
"""Values of every kind; which of them an edit tells apart, the judge says."""
