"""Types of fields, after https://google.aip.dev/140 and what follows it: one name, one type in all APIs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.proto.aip.names import TIMESTAMP, api_linter, fields_of
from archlint.finding.regex import regex
from archlint.model.protobuf import Field, Label, ProtoSchema

_DURATION = "google.protobuf.Duration"
_UNSIGNED = {"fixed32": "int32", "fixed64": "int64", "uint32": "int32", "uint64": "int64"}

_OWN = {
    "country_code": ("string", "0143::string-type"),
    "currency_code": ("string", "0143::string-type"),
    "etag": ("string", "0154::field-type"),
    "language_code": ("string", "0143::string-type"),
    "mime_type": ("string", "0143::string-type"),
    "return_partial_success": ("bool", "0217::return-partial-success-type"),
    "time_zone": ("string", "0143::string-type"),
    "ttl": (_DURATION, "0214::ttl-type"),
    "unreachable": ("repeated string", "0217::unreachable-field-type"),
}
"""The type of what has one name everywhere, and the law that says so."""

_TIMES = frozenset({"date", "datetime", "time", "timestamp"})
_UNITS = frozenset(
    {
        *("millis", "ms", "msec", "msecs", "nanos", "nsec", "nsecs"),
        *("sec", "seconds", "secs", "us", "usec", "usecs"),
    }
)
_OF_NUMBERS = "ns"
"""A unit of numbers; in text it is a namespace."""
_TELLING = frozenset({f"google.type.{name}" for name in ("Date", "DateTime", "TimeOfDay", "TimeZone")})
"""Types that say by themselves which part of a time they are."""
_BASE64 = regex(r"base-?64", re.IGNORECASE)
_ANCHOR = regex(
    r"\b(?:relative|respect|relation|since|from|after|before|between|beginning|start|started|end)\b",
    re.IGNORECASE,
)
"""Words that say where a time is counted from."""
_COMMON = ("google.api", "google.longrunning", "google.protobuf", "google.rpc")


@check(ProtoSchema)
def aip_field_type_unsigned(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A number without a sign, which not every language has."""
    for field in fields_of(schema):
        if field.label is not Label.MAP and field.type in _UNSIGNED:
            yield observe(
                field.place("type"), name=field.name, type=field.type, proposal=_UNSIGNED[field.type]
            )


@check(ProtoSchema)
def aip_field_type_unexpected(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A field of another type than fields of its name have."""
    for field in fields_of(schema):
        found = _expected(field)
        if found is not None:
            wanted, law = found
            unit = field.name.rpartition("_")[2]
            yield observe(
                field.place("type"),
                "unit" if law == _OF_TIMES and unit not in _TIMES else "default",
                aliases=[api_linter(law)],
                unit=unit,
                name=field.name,
                type=field.declared_type,
                wanted=wanted,
            )
        comment = field.source.comment(field.route)
        if field.type == "string" and field.label is not Label.MAP and _BASE64.search(comment):
            yield observe(
                field.place("type"), "base64", aliases=[api_linter("0140::base64")], name=field.name
            )


def _expected(field: Field) -> tuple[str, str] | None:
    """The type that a field should have by its name, and the law; ``None`` if it has it."""
    if field.type_name in _TELLING:
        return None
    if field.name in _OWN:
        wanted, law = _OWN[field.name]
        shown = field.declared_type
        is_right = shown.removeprefix("repeated ") == wanted if law in _ANY_NUMBER else shown == wanted
        return None if is_right else (wanted, law)
    if field.name.endswith("_time_offset") and field.type_name != _DURATION:
        return _DURATION, "0142::time-offset-type"
    if _is_time(field) and field.type_name != TIMESTAMP:
        return TIMESTAMP, _OF_TIMES
    return None


def _is_time(field: Field) -> bool:
    """Whether a name ends with what is said of times."""
    last = field.name.rpartition("_")[2]
    return last in _TIMES | _UNITS or (last == _OF_NUMBERS and field.type != "string")


_OF_TIMES = "0142::time-field-type"
_ANY_NUMBER = frozenset({"0143::string-type", "0214::ttl-type", "0217::return-partial-success-type"})
"""Laws to which several values are as good as one."""


@check(ProtoSchema)
def aip_field_any(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A field that may hold anything, so that callers have to know what they cannot see."""
    if schema.package.startswith(_COMMON):
        return
    for field in fields_of(schema):
        if field.type_name == "google.protobuf.Any" and field.label is not Label.MAP:
            yield observe(field.place("type"), name=field.name)


@check(ProtoSchema)
def aip_offset_unexplained(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A time that is counted from somewhere, and nobody says from where."""
    for field in fields_of(schema):
        is_offset = field.type_name == _DURATION and field.name.endswith("_offset")
        if is_offset and not _ANCHOR.search(field.source.comment(field.route)):
            yield observe(field.place(), name=field.name)
