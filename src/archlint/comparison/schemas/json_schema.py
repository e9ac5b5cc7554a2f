"""JSON Schema 2020-12 as nodes: each keyword in the one form that the engine knows.

A keyword of a shape that it cannot have, and one that is no keyword, is kept by its text under ``unknown``:
nothing is ever concluded from it but that it equals itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from archlint.comparison.schemas.schema import FALSE, TRUE, Keywords, Schema
from archlint.comparison.schemas.values import TYPES, exact, type_of
from archlint.finding.place import steps_of

ANNOTATIONS = frozenset(
    (
        *("title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"),
        *("$comment", "$schema", "$id", "$anchor", "$dynamicAnchor", "$vocabulary", "$defs", "definitions"),
        *("contentMediaType", "contentSchema", "externalDocs", "xml", "id"),
    )
)
"""Keywords that no value fails."""

Child = Callable[[str, Any], Schema]
"""Makes the node of a schema that stands at a keyword."""

ONE = frozenset(
    (
        *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
MAPS = frozenset(("properties", "patternProperties", "dependentSchemas"))
_COUNTS = frozenset(
    (
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
        *("minContains", "maxContains"),
    )
)
_BOUNDS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_TEXTS = frozenset(("pattern", "format"))
_NAMES = frozenset((*TYPES, "integer"))


class _Wrong(Exception):
    """A keyword whose value has another shape than it may have."""


def keywords_of(schema: Any, child: Child) -> Keywords:
    """The lowered keywords of one schema without references; schemas below are made by ``child``."""
    if schema is True or schema == {}:
        return TRUE.keywords
    if schema is False:
        return FALSE.keywords
    if not isinstance(schema, dict):
        return {"unknown": frozenset((f"no schema: {_text(schema)}",))}
    found: dict[str, Any] = {}
    unknown: set[str] = set()
    for name, value in schema.items():
        if name in ANNOTATIONS or name.startswith("x-"):
            continue
        try:
            _keyword(found, name, value, child)
        except _Wrong:
            unknown.add(f"{name}: {_text(value)}")
    _tidy(found, schema)
    if unknown:
        found["unknown"] = found.get("unknown", frozenset()) | frozenset(unknown)
    return found


def _keyword(found: dict[str, Any], name: str, value: Any, child: Child) -> None:
    if name in ONE:
        found[name] = child(name, _schema(value))
    elif name in LISTS:
        found[name] = tuple(child(name, _schema(item)) for item in _filled(value))
    elif name in MAPS:
        found[name] = {str(key): child(name, _schema(item)) for key, item in _map(value).items()}
    elif name in _COUNTS or name in _BOUNDS or name == "multipleOf":
        found[name] = _number(name, value)
    elif name == "type":
        found[name] = _types(value)
    elif name in ("enum", "const"):
        values = (value,) if name == "const" else tuple(_list(value))
        _add_values(found, values)
    elif name in _TEXTS:
        found[name] = _string(value)
    elif name == "required":
        found[name] = frozenset(_string(item) for item in _list(value))
    elif name == "dependentRequired":
        found[name] = {
            key: frozenset(_string(item) for item in _list(names)) for key, names in _map(value).items()
        }
    elif (name == "uniqueItems" and isinstance(value, bool)) or (
        name == "unknown" and isinstance(value, frozenset)
    ):
        found[name] = value
    else:
        raise _Wrong


def _add_values(found: dict[str, Any], values: tuple[Any, ...]) -> None:
    """``enum`` beside ``const``: the second one goes into an ``allOf``."""
    if "enum" in found:
        found["allOf"] = (*found.get("allOf", ()), Schema(keywords={"enum": values}))
    else:
        found["enum"] = values


def _tidy(found: dict[str, Any], schema: Mapping[str, Any]) -> None:
    """Drop what says nothing: keywords that change no value's fate."""
    for name in ("uniqueItems", "minItems", "minLength", "minProperties"):
        if name in found and not found[name]:
            del found[name]
    for name in ("required", "dependentRequired", "dependentSchemas", "patternProperties", "properties"):
        if name in found and not found[name]:
            del found[name]
    if "if" not in found or not ({"then", "else"} & found.keys()):
        for name in ("if", "then", "else"):
            found.pop(name, None)
    if "contains" not in found:
        found.pop("minContains", None)
        found.pop("maxContains", None)
    if schema.get("propertyNames") is True:  # ``items`` and the like say that all was looked at
        found.pop("propertyNames", None)


def _schema(value: Any) -> Any:
    if isinstance(value, (bool, dict, Schema)):
        return value
    raise _Wrong


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    raise _Wrong


def _filled(value: Any) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    raise _Wrong


def _map(value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise _Wrong


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _Wrong


def _types(value: Any) -> frozenset[str]:
    names = frozenset(_string(name) for name in (value if isinstance(value, list) else [value]))
    if not names or not names <= _NAMES:
        raise _Wrong
    return names - {"integer"} if "number" in names else names


def _number(name: str, value: Any) -> Any:
    number = exact(value) if type_of(value) == "number" else None
    if number is None or (name == "multipleOf" and number <= 0):
        raise _Wrong
    if name in _COUNTS and (number < 0 or number.denominator != 1):
        raise _Wrong
    return number


def _text(value: Any) -> str:
    try:
        return json.dumps(value, sort_keys=True)[:200]
    except (TypeError, ValueError, RecursionError):
        return repr(type(value))


def read(document: Any) -> Schema:
    """The node of a self-contained JSON Schema 2020-12 document; references to elsewhere stay unknown."""
    made: dict[int, Schema] = {}

    def resolve(reference: Any) -> Any:
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        found = document
        for name in steps_of(reference[1:]):
            if isinstance(found, list) and name.isdigit() and int(name) < len(found):
                found = found[int(name)]
            elif isinstance(found, dict) and name in found:
                found = found[name]
            else:
                return None
        return found

    def make(keyword: str, schema: Any) -> Schema:
        if schema is True:
            return TRUE
        if schema is False:
            return FALSE
        if id(schema) not in made:
            made[id(schema)] = Schema(lambda: keywords(schema))
        return made[id(schema)]

    def keywords(schema: Any) -> Keywords:
        if not isinstance(schema, dict) or not {"$ref", "$dynamicRef"} & schema.keys():
            return keywords_of(schema, make)
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        target = resolve(schema.get("$ref"))
        if "$ref" in schema and target is None:
            return keywords_of({**rest, "unknown": frozenset((f"$ref: {_text(schema['$ref'])}",))}, make)
        found = dict(keywords_of(rest, make))
        if target is not None:
            found["allOf"] = (*found.get("allOf", ()), make("$ref", target))
        return found

    return make("", document)
