"""Keywords of JSON Schema that limit a value without saying how it is made, such as ``enum``.

Patterns and alternatives are left to jsonschema-rs, whose time is linear in the value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeGuard

from archlint.finding.words import listed, number_of
from archlint.model.kubernetes.schemas.formats import format_fault, judges

_MOST_NAMED = 12
_LISTED, _JUDGE = "#listed", "#judge "
"""Where what was made of a limit is kept beside it."""
Limits = dict[str, Any]
"""Keywords and what they say, with what was made of them."""
LIMITS = frozenset(
    {
        *("enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "minItems", "maxItems", "minProperties", "maxProperties"),
        *("allOf", "anyOf", "oneOf", "not"),
    }
)
"""The keywords that are judged here; what a list or a map is made of is the matter of shapes."""
_JUDGED = ("pattern", "multipleOf", "allOf", "anyOf", "oneOf", "not")


def broken_limits(limits: Limits, value: Any) -> Iterator[tuple[str, str]]:
    """Which limits a value breaks: the keyword, and the end of a sentence that begins with the value."""
    if "enum" in limits and not _is_allowed(limits, value):
        yield "enum", f"is none of {_alternatives(limits['enum'])}"
    if "format" in limits and isinstance(value, str):
        fault = format_fault(limits["format"], value)
        if fault is not None:
            yield "format", fault
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _of_number(limits, value)
    for shortest, longest, kind, unit in _SIZES:
        if isinstance(value, kind):
            yield from _of_size(limits, len(value), shortest, longest, unit)
    for keyword in _JUDGED:
        if keyword in limits and not _is_valid(keyword, limits, value):
            yield keyword, _TOLD[keyword].format(limits[keyword])


_SIZES = (
    ("minLength", "maxLength", str, "character"),
    ("minItems", "maxItems", list, "entry"),
    ("minProperties", "maxProperties", dict, "key"),
)
_TOLD = {
    "pattern": "does not match the pattern '{}'",
    "multipleOf": "is no multiple of {}",
    "allOf": "does not meet all conditions that belong to it ('allOf')",
    "anyOf": "fits none of the alternatives ('anyOf')",
    "oneOf": "does not fit exactly one of the alternatives ('oneOf')",
    "not": "is what the schema shuts out ('not')",
}


def _of_number(limits: Limits, value: float) -> Iterator[tuple[str, str]]:
    least, most = limits.get("minimum"), limits.get("maximum")
    if _is_number(least) and (value < least or (limits.get("exclusiveMinimum") is True and value == least)):
        above = "not above" if limits.get("exclusiveMinimum") is True else "less than"
        yield "minimum", f"is {above} {least}"
    if _is_number(most) and (value > most or (limits.get("exclusiveMaximum") is True and value == most)):
        below = "not below" if limits.get("exclusiveMaximum") is True else "more than"
        yield "maximum", f"is {below} {most}"


def _of_size(limits: Limits, size: int, shortest: str, longest: str, unit: str) -> Iterator[tuple[str, str]]:
    least, most = limits.get(shortest), limits.get(longest)
    counted = number_of(size, unit)
    if _is_number(least) and size < least:
        yield shortest, f"has {counted}, and needs at least {least}"
    if _is_number(most) and size > most:
        yield longest, f"has {counted}, and may have {most} at most"


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _shown(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, default=str)


def _alternatives(values: list[Any]) -> str:
    """The first of some values, and how many more there are."""
    shown = [_shown(each) for each in values[:_MOST_NAMED]]
    more = len(values) - len(shown)
    return listed([*shown, f"{more} more"] if more else shown)


def _is_allowed(limits: Limits, value: Any) -> bool:
    """Whether a value is one of those that are listed; scalars are looked up, as a list may be long."""
    if isinstance(value, (dict, list)):
        return any(_is_same(each, value) for each in limits["enum"])
    if _LISTED not in limits:
        scalars = (each for each in limits["enum"] if not isinstance(each, (dict, list)))
        limits[_LISTED] = {(isinstance(each, bool), each) for each in scalars}
    return (isinstance(value, bool), value) in limits[_LISTED]


def _is_valid(keyword: str, limits: Limits, value: Any) -> bool:
    """Whether a value meets one keyword; one that cannot be judged is met."""
    key = f"{_JUDGE}{keyword}"
    if key not in limits:
        limits[key] = _judge({keyword: limits[keyword]})
    judge = limits[key]
    try:
        return judge is None or bool(judge.is_valid(value))
    except (ValueError, TypeError, RecursionError, OverflowError):
        return True


def _judge(schema: dict[str, Any]) -> Any:
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft4Validator(
            schema,
            offline=True,
            pattern_options=jsonschema_rs.RegexOptions(),
            validate_formats=True,
            formats=judges(),
        )
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
