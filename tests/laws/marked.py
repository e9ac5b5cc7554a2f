"""Which schemas a pointer into a contract leads through, and whether their values are written as text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tests.laws.documents import pointer_of, tokens_of

_LISTS = frozenset(("allOf", "anyOf", "oneOf"))
_IN_PLACE = frozenset(("then", "else", "if", "not"))
_NAMED_IN_PLACE = frozenset(("dependentSchemas",))
_MEMBERS = frozenset(
    (
        *("items", "additionalProperties", "contains", "propertyNames", "contentSchema", "additionalItems"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
_NAMED_MEMBERS = frozenset(("properties", "patternProperties", "$defs", "definitions"))
_FORMS = ("application/x-www-form-urlencoded", "multipart/")
_TOPS = frozenset(
    (
        *("openapi", "swagger", "paths", "webhooks", "components", "definitions", "parameters", "responses"),
        *("servers", "info", "security", "tags"),
    )
)
_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"))


class Writing(StrEnum):
    """How the values of a schema are written."""

    JSON = "json"
    TEXT = "text"
    """A parameter or header."""
    FORM = "form"
    """An object whose members are text."""
    UNKNOWN = "unknown"
    """A component, which may stand anywhere."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema on the way of a pointer."""

    pointer: str
    is_part: bool
    """Whether it looks at the same value as the schema before it."""
    writing: Writing


def schemas_on(pointer: str) -> list[Schema]:
    """The schemas on the way of a pointer, the innermost first."""
    tokens = tokens_of(pointer)
    start, writing = _first(tokens)
    if start is None:
        return []
    found = [Schema(pointer_of(tokens[:start]), False, writing)]
    at = start
    while at < len(tokens):
        taken, is_part = _step(tokens[at:])
        if not taken or at + taken > len(tokens):
            break
        at += taken
        if not is_part:
            writing = {Writing.FORM: Writing.TEXT}.get(writing, writing)
        found.append(Schema(pointer_of(tokens[:at]), is_part, writing))
    return found[::-1]


def _step(rest: list[str]) -> tuple[int, bool]:
    """How many tokens lead to the next schema, and whether it looks at the same value."""
    head = rest[0]
    if head in _LISTS:
        return 2, True
    if head == "prefixItems":
        return 2, False
    if head in _NAMED_IN_PLACE:
        return 2, True
    if head in _IN_PLACE:
        return 1, True
    if head in _NAMED_MEMBERS:
        return 2, False
    if head == "items" and len(rest) > 1 and rest[1].isdigit():
        return 2, False
    return (1, False) if head in _MEMBERS else (0, False)


def _first(tokens: list[str]) -> tuple[int | None, Writing]:
    """How many tokens lead to the first schema, and how its values are written."""
    if not tokens:
        return 0, Writing.UNKNOWN
    if tokens[0] not in _TOPS or (tokens[0] == "definitions" and len(tokens) == 1):
        return _first_of_fragment(tokens), Writing.UNKNOWN
    if tokens[0] == "definitions":
        return 2, Writing.UNKNOWN
    if tokens[:2] == ["components", "schemas"]:
        return (3 if len(tokens) > 2 else None), Writing.UNKNOWN
    for at, token in enumerate(tokens):
        if token in ("schema", "itemSchema") and tokens[at - 1] not in _NAMED_MEMBERS:
            return at + 1, _written(tokens[:at])
    return _parameter_of_old(tokens)


def _parameter_of_old(tokens: list[str]) -> tuple[int | None, Writing]:
    """In 2.0 parameters and headers are schemas of their own."""
    for at, token in enumerate(tokens[:-1]):
        if token == "headers" or (token == "parameters" and (at == 0 or tokens[at + 1].isdigit())):
            return at + 2, Writing.TEXT
    return None, Writing.UNKNOWN


def _written(tokens: list[str]) -> Writing:
    """How a value is written whose media type, parameter or header these tokens lead to."""
    if "content" in tokens[-2:-1]:
        return Writing.FORM if tokens[-1].startswith(_FORMS) else Writing.JSON
    if "parameters" in tokens[-2:-1] or "headers" in tokens[-2:-1]:
        return Writing.TEXT
    return Writing.UNKNOWN


def _first_of_fragment(tokens: list[str]) -> int:
    """In a file that is no contract a schema begins where the first keyword of schemas follows."""
    for at, token in enumerate(tokens):
        if token in ("schema", "itemSchema"):
            return at + 1
        if _step(tokens[at:])[0]:
            return at
    return max(len(tokens) - 1, 0)
