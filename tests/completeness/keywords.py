"""Edits of every keyword of a schema, with values that tell the two sides apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import jsonschema_specifications

from tests.completeness.fields import published

_VOCABULARIES = (
    "core",
    "applicator",
    "unevaluated",
    "validation",
    "meta-data",
    "format-annotation",
    "content",
)
_OPENAPI = frozenset(("discriminator", "xml", "externalDocs", "example"))
_JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
_A, _B = {"a": {"type": "string"}}, {"b": {"type": "integer"}}
_OBJECT = {"type": "object", "properties": {**_A, **_B, "c": {"type": "boolean"}}}
_LIST = {"type": "array", "items": {"type": "integer"}}
_ANY_LIST = {"type": "array"}
_STRING, _INTEGER, _NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
_WHOLE = {"a": "x", "b": 1, "c": True}
_MEMBERS: tuple[Any, ...] = (
    *({name: _WHOLE[name] for name in names} for count in range(4) for names in combinations("abc", count)),
    *({"a": 1}, {"b": "x"}),
)
_LISTS: tuple[Any, ...] = (
    [],
    [1],
    [1, 1],
    [1, 2],
    [1, 2, 3],
    [5],
    ["x"],
    ["x", 1],
    [1, "x"],
    [True],
    [1, 2, 3, 4],
)
_OTHERS: tuple[Any, ...] = ({}, {"d": 1}, {"d": "x"})
_NUMBERS = (0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 0.5, 2.5, -1, 100)
_TEXTS = ("", "a", "ab", "abc", "abcd", "abcdef", "b", "1", "2020-01-01", _UUID)


@dataclass(frozen=True)
class Edit:
    """A keyword beside others, two values of it, and values that may be sent."""

    keyword: str
    context: dict[str, Any]
    values: tuple[Any, Any]
    samples: tuple[Any, ...]

    def schemas(self) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Both sides of adding, removing and changing the keyword."""
        one, two = ({**self.context, self.keyword: value} for value in self.values)
        return [
            ("add", self.context, one),
            ("remove", one, self.context),
            ("change", one, two),
            ("change back", two, one),
        ]


def _of(keyword: str, context: dict[str, Any], one: Any, two: Any, samples: tuple[Any, ...]) -> Edit:
    return Edit(keyword, context, (one, two), samples)


_SCALARS = ("x", 1, 1.5, True, None)

EDITS = [
    _of("type", {}, "string", "integer", _SCALARS),
    _of("type", {}, "integer", "number", _SCALARS),
    _of("type", {}, "boolean", "array", (*_SCALARS, [], [1])),
    _of("enum", _STRING, ["a", "b"], ["a"], _TEXTS),
    _of("enum", _INTEGER, [1, 2], [2, 3], _NUMBERS),
    _of("multipleOf", _NUMBER, 2, 4, _NUMBERS),
    _of("multipleOf", _NUMBER, 2, 3, _NUMBERS),
    _of("maximum", _NUMBER, 10, 5, _NUMBERS),
    _of("minimum", _NUMBER, 1, 3, _NUMBERS),
    _of("maxLength", _STRING, 3, 2, _TEXTS),
    _of("minLength", _STRING, 1, 2, _TEXTS),
    _of("pattern", _STRING, "^a", "^ab", _TEXTS),
    _of("pattern", _STRING, "^a", "^b", _TEXTS),
    _of("maxItems", _LIST, 3, 2, _LISTS),
    _of("minItems", _LIST, 1, 2, _LISTS),
    _of("uniqueItems", _LIST, True, False, _LISTS),
    _of("maxProperties", _OBJECT, 2, 1, _MEMBERS),
    _of("minProperties", _OBJECT, 1, 2, _MEMBERS),
    _of("required", _OBJECT, ["a"], ["a", "b"], _MEMBERS),
    _of("required", _OBJECT, ["a"], ["b"], _MEMBERS),
    _of("properties", {"type": "object"}, _A, {"a": {"type": "integer"}}, _MEMBERS),
    _of("properties", {"type": "object"}, _A, {**_A, **_B}, _MEMBERS),
    _of("additionalProperties", _OBJECT, False, {"type": "string"}, (*_MEMBERS, {"d": 1}, {"d": "x"})),
    _of("additionalProperties", {"type": "object"}, _STRING, _INTEGER, ({}, {"d": 1}, {"d": "x"})),
    _of("items", _ANY_LIST, _INTEGER, _STRING, _LISTS),
    _of("allOf", {}, [_STRING], [{"type": "string", "maxLength": 2}], (*_TEXTS, 1)),
    _of("allOf", _OBJECT, [{"required": ["a"]}], [{"required": ["a"]}, {"required": ["b"]}], _MEMBERS),
    _of("anyOf", {}, [_STRING], [_STRING, _INTEGER], (*_TEXTS, 1, True)),
    _of("oneOf", {}, [_STRING, _INTEGER], [_STRING, {"type": "boolean"}], (*_TEXTS, 1, True)),
    _of("not", {"type": ["string", "integer"]}, _STRING, _INTEGER, (*_TEXTS, 1)),
    _of("not", _STRING, {"enum": ["a"]}, {"enum": ["a", "b"]}, _TEXTS),
    _of("format", _STRING, "date", "uuid", _TEXTS),
    _of("format", _INTEGER, "int32", "int64", (1, 2**40)),
    _of("default", _STRING, "a", "b", _TEXTS),
    _of("deprecated", _STRING, True, False, _TEXTS),
    _of("title", _STRING, "one", "two", _TEXTS),
    _of("description", _STRING, "one", "two", _TEXTS),
    _of("readOnly", _STRING, True, False, ()),
    _of("writeOnly", _STRING, True, False, ()),
    _of("example", _STRING, "a", "b", _TEXTS),
    _of("externalDocs", _STRING, {"url": "https://a.example"}, {"url": "https://b.example"}, _TEXTS),
    _of("xml", _STRING, {"name": "a"}, {"name": "b"}, _TEXTS),
    _of(
        "discriminator",
        {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        {"propertyName": "kind"},
        {"propertyName": "sort"},
        (),
    ),
]
"""Edits that every version knows."""

EDITS_3_0 = [
    _of("nullable", _STRING, True, False, ("x", None)),
    _of("exclusiveMaximum", {**_NUMBER, "maximum": 5}, True, False, _NUMBERS),
    _of("exclusiveMinimum", {**_NUMBER, "minimum": 5}, True, False, _NUMBERS),
]

_EITHER = {"then": {"required": ["a"]}, "else": {"required": ["b"]}}
_IF = {"if": {"required": ["c"]}}

EDITS_3_1 = [
    _of("type", {}, "string", ["string", "null"], _SCALARS),
    _of("const", {}, "a", "b", _TEXTS),
    _of("exclusiveMaximum", _NUMBER, 10, 5, _NUMBERS),
    _of("exclusiveMinimum", _NUMBER, 1, 3, _NUMBERS),
    _of("prefixItems", _ANY_LIST, [_INTEGER], [_STRING], _LISTS),
    _of("contains", _ANY_LIST, _INTEGER, _STRING, _LISTS),
    _of("minContains", {**_ANY_LIST, "contains": _INTEGER}, 2, 3, _LISTS),
    _of("maxContains", {**_ANY_LIST, "contains": _INTEGER}, 2, 1, _LISTS),
    _of(
        "patternProperties", {"type": "object"}, {"^d": _STRING}, {"^d": _INTEGER}, ({}, {"d": 1}, {"d": "x"})
    ),
    _of("propertyNames", _OBJECT, {"pattern": "^[ab]"}, {"pattern": "^a"}, _MEMBERS),
    _of("dependentRequired", _OBJECT, {"a": ["b"]}, {"b": ["a"]}, _MEMBERS),
    _of("dependentSchemas", _OBJECT, {"a": {"required": ["b"]}}, {"b": {"required": ["a"]}}, _MEMBERS),
    _of("if", {**_OBJECT, **_EITHER}, {"required": ["c"]}, {"required": ["a"]}, _MEMBERS),
    _of("then", {**_OBJECT, **_IF}, {"required": ["a"]}, {"required": ["b"]}, _MEMBERS),
    _of("else", {**_OBJECT, **_IF}, {"required": ["a"]}, {"required": ["b"]}, _MEMBERS),
    _of("unevaluatedItems", {"type": "array", "prefixItems": [_INTEGER]}, False, _STRING, _LISTS),
    _of("unevaluatedProperties", _OBJECT, False, _STRING, (*_MEMBERS, {"d": 1}, {"d": "x"})),
    _of("contentMediaType", _STRING, "application/json", "text/plain", ()),
    _of("contentEncoding", _STRING, "base64", "base16", ()),
    _of("contentSchema", {**_STRING, "contentMediaType": "application/json"}, _INTEGER, _STRING, ()),
    _of("examples", _STRING, ["a"], ["b"], _TEXTS),
    _of("$ref", {}, "#/components/schemas/Text", "#/components/schemas/Count", (*_TEXTS, 1)),
    _of("$comment", _STRING, "one", "two", _TEXTS),
    _of("$defs", _STRING, {"a": _STRING}, {"a": _INTEGER}, _TEXTS),
    _of("$anchor", _STRING, "one", "two", _TEXTS),
    _of("$id", _STRING, "https://a.example/one", "https://a.example/two", _TEXTS),
    _of("$dynamicAnchor", _STRING, "one", "two", _TEXTS),
    _of(
        "$schema",
        _STRING,
        "https://json-schema.org/draft/2020-12/schema",
        "https://spec.openapis.org/oas/3.1/dialect/base",
        (),
    ),
]
"""Edits that came with 3.1."""

WAIVED = {
    "title": "says nothing about values",
    "description": "says nothing about values",
    "example": "an example promises nothing",
    "examples": "an example promises nothing",
    "externalDocs": "says nothing about values",
    "xml": "tells how XML is written, and the bodies here are JSON",
    "$comment": "says nothing about values",
    "$defs": "schemas that nothing refers to",
    "$anchor": "a name that only references use",
    "$dynamicAnchor": "a name that only references use",
    "$id": "a name that only references use",
}
"""Keywords whose edits are no change of the contract."""
UNTESTED = {
    "$vocabulary": "stands in meta-schemas only",
    "$dynamicRef": "leads nowhere without a dynamic scope; the engine calls it unknown where sides differ",
}
"""Keywords that have no edit here."""


def edits_of(dialect: str) -> list[Edit]:
    """All edits that a version knows."""
    return [*EDITS, *(EDITS_3_0 if dialect == "3.0" else EDITS_3_1)]


def keywords_of(dialect: str) -> set[str]:
    """Every keyword of a schema, as the published schemas list them."""
    if dialect == "3.0":
        return set(published("3.0")["definitions"]["Schema"]["properties"])
    found = set(_OPENAPI)
    for name in _VOCABULARIES:
        uri = f"https://json-schema.org/draft/2020-12/meta/{name}"
        found.update(jsonschema_specifications.REGISTRY.contents(uri)["properties"])
    return found
