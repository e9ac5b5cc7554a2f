"""What an edit of a schema breaks, concluded from values alone by an independent validator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jsonschema_rs

_BITS = {"int32": 32, "int64": 64}
_BELOW = ("properties", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
COMPONENTS = {
    "Text": {"type": "string"},
    "Count": {"type": "integer"},
    "Cat": {"type": "object", "properties": {"kind": {"type": "string"}, "sort": {"type": "string"}}},
    "Dog": {"type": "object", "properties": {"kind": {"type": "string"}, "sort": {"type": "string"}}},
}


def breaks_request(base: Any, revision: Any, samples: Iterable[Any], dialect: str) -> bool:
    """Whether a caller of the base may send one of the values and the revision refuses it."""
    may_send, accepted = _validator(_closed(base), dialect), _validator(revision, dialect)
    return any(may_send.is_valid(value) and not accepted.is_valid(value) for value in samples)


def breaks_response(base: Any, revision: Any, samples: Iterable[Any], dialect: str) -> bool:
    """Whether the revision may send one of the values and a client of the base cannot take it."""
    return breaks_request(revision, base, samples, dialect)


def _validator(schema: Any, dialect: str) -> jsonschema_rs.Validator:
    if dialect == "3.0":
        schema = _modern(schema)
    whole = {**schema, "components": {"schemas": COMPONENTS}}
    return jsonschema_rs.Draft202012Validator(_bounded(whole), validate_formats=True)


def _bounded(schema: Any) -> Any:
    """The schema with the bounds that a format of integers means; validators know formats of text only."""
    if isinstance(schema, list):
        return [_bounded(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _bounded(value) for key, value in schema.items()}
    if found.get("format") in _BITS:
        bits = _BITS[found["format"]]
        found |= {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}
    return found


def _modern(schema: Any) -> Any:
    """A schema of 3.0 as JSON Schema: ``nullable`` and the two flags that make bounds exclusive."""
    if isinstance(schema, list):
        return [_modern(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _modern(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") is True:
        found["type"] = [schema["type"], "null"]
    for strict, bound in (("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")):
        if isinstance(found.get(strict), bool) and found.pop(strict):
            found[strict] = found.pop(bound)
    return found


def _closed(schema: Any, is_root: bool = True) -> Any:
    """The schema of what a sender sends that knows its own document only: declared names and no others,
    unless none are declared."""
    if not isinstance(schema, dict):
        return schema
    found = dict(schema)
    for key in _BELOW:
        if isinstance(found.get(key), dict):
            found[key] = {name: _closed(part) for name, part in found[key].items()}
    for key in _LISTS:
        if isinstance(found.get(key), list):
            found[key] = [_closed(part, key == "prefixItems") for part in found[key]]
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key] = _closed(found[key])
    if is_root and _declares(found):
        found.setdefault("unevaluatedProperties", False)
    return found


def _declares(schema: Any) -> bool:
    """Whether a schema, or one for the same value, says which members there are."""
    if not isinstance(schema, dict):
        return False
    if {*_BELOW, "additionalProperties", "unevaluatedProperties"} & schema.keys():
        return True
    parts = [part for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key, [])]
    return any(map(_declares, (*parts, schema.get("then"), schema.get("else"))))
