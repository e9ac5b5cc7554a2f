"""Which types look alike in JSON, whatever they are in binary data.

Source: https://protobuf.dev/programming-guides/json/#field-representation
"""

from __future__ import annotations

from archlint.model.protobuf import Field
from archlint.model.protobuf.rule_sets import WRAPPERS

_SHORT = ("int32", "uint32", "sint32", "fixed32", "sfixed32", "float", "double")
_LONG = ("int64", "uint64", "sint64", "fixed64", "sfixed64")
_WHOLE = frozenset((*_SHORT[:5], *_LONG))
_FORMS = {
    **dict.fromkeys(_SHORT, "number"),
    **dict.fromkeys(_LONG, "digits"),
    "bool": "bool",
    "string": "text",
    "bytes": "base64",
    "enum": "name",
}
_WELL_KNOWN = {
    **{name: _FORMS[type_] for name, type_ in WRAPPERS.items()},
    "google.protobuf.Timestamp": "time",
    "google.protobuf.Duration": "duration",
    "google.protobuf.FieldMask": "mask",
    "google.protobuf.Value": "any",
    "google.protobuf.Struct": "object",
}
_ALIKE = {
    "text": frozenset(("digits", "name", "time", "duration", "mask")),
    "number": frozenset(("digits",)),
    "object": frozenset(("message",)),
}
"""Forms that parsers read into each other, where a value of one is a value of the other."""
WELL_KNOWN = "google.protobuf."
"""How the names of types begin that every compiler brings."""


def looks_alike_in_json(base: Field, revision: Field) -> bool:
    """Whether what both types can hold is read by either as the other one writes it in JSON.

    Of two messages that is not said: it depends on their fields.
    """
    return _are_keys_alike(base.key_type, revision.key_type) and _are_alike(_form(base), _form(revision))


def are_whole_numbers(one: str, other: str) -> bool:
    """Whether two types are whole numbers, of which a map's keys look alike."""
    return {one, other} <= _WHOLE


def _form(field: Field) -> str:
    if field.type not in ("message", "group"):
        return _FORMS[field.type]
    return _WELL_KNOWN.get(field.type_name, "message")


def _are_alike(one: str, other: str) -> bool:
    if one == other:
        return one != "message"
    return "any" in (one, other) or other in _ALIKE.get(one, ()) or one in _ALIKE.get(other, ())


def _are_keys_alike(one: str, other: str) -> bool:
    """Keys are texts in JSON, whatever their type; those of truth values are words."""
    return one == other or "string" in (one, other) or "bool" not in (one, other)
