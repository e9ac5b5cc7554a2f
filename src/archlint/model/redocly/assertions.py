"""What configurable rules ask of values: one function for each assertion of Redocly.

A function gets the value (the names of all members, if no property is named), what the rule says, and the
places. It gives what is wrong, each with the place that Redocly marks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.finding.words import shortened
from archlint.model.redocly.patterns import pattern_of
from archlint.model.rulesets.values import UNDEFINED, strictly_equal, text_of, type_of

_LONGEST = 120
"""Signs of a value that a message shows."""
_CASES = {
    "camelCase": regex(r"[a-z][a-zA-Z0-9]*\Z"),
    "kebab-case": regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z"),
    "snake_case": regex(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z"),
    "PascalCase": regex(r"[A-Z][a-zA-Z0-9]+\Z"),
    "MACRO_CASE": regex(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\Z"),
    "COBOL-CASE": regex(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*\Z"),
    "flatcase": regex(r"[a-z][a-z0-9]+\Z"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, and at which member of the value, or at its key."""

    text: str
    below: str | None = None
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A value with what is known of it."""

    value: Any
    raw: Any
    """What is written: a map with ``$ref`` where the value is elsewhere."""


Assertion = Callable[[Asked, Any], Iterator[Wrong]]


def _each(value: Any) -> Sequence[Any]:
    """The values that are looked at one by one; none of a map or of nothing."""
    if value is UNDEFINED or isinstance(value, dict):
        return ()
    return value if isinstance(value, list) else (value,)


def _below(asked: Asked, value: Any, text: str) -> Wrong:
    """Something wrong with one of several values."""
    if isinstance(asked.value, str):
        return Wrong(text)
    return Wrong(text, text_of(value), at_key=True)


def _matched(wanted: bool, words: str) -> Assertion:
    def judge(asked: Asked, condition: Any) -> Iterator[Wrong]:
        pattern = pattern_of(condition)
        for value in _each(asked.value):
            if pattern.is_in(text_of(value)) is not wanted:
                text = f"{_quoted(value)} should {words} {condition}"
                is_map = isinstance(asked.raw, dict)
                yield (
                    _below(asked, value, text)
                    if is_map
                    else Wrong(text, at_key=not isinstance(asked.value, str))
                )

    return judge


def _enum(asked: Asked, condition: Any) -> Iterator[Wrong]:
    for value in _each(asked.value):
        if not _holds(condition, value):
            yield _below(asked, value, f"{_quoted(value)} should be one of {_listed(condition)}")


def _disallowed(asked: Asked, condition: Any) -> Iterator[Wrong]:
    for value in _each(asked.value):
        if _holds(condition, value):
            yield _below(asked, value, f"{_quoted(value)} is disallowed")


def _casing(asked: Asked, condition: Any) -> Iterator[Wrong]:
    for value in _each(asked.value):
        if isinstance(value, str) and not _CASES[condition].match(value):
            yield _below(asked, value, f"{_quoted(value)} should use {condition}")


def _const(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if isinstance(asked.value, list):
        for value in asked.value:
            if not strictly_equal(value, condition):
                yield _below(asked, value, f"{_quoted(value)} should be equal {_quoted(condition)}")
    elif asked.value is not UNDEFINED and not strictly_equal(asked.value, condition):
        yield Wrong(f"{_quoted(asked.value)} should be equal {_quoted(condition)}")


def _defined(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if (asked.value is not UNDEFINED) is not condition:
        yield Wrong("Should be defined" if condition else "Should be not defined")


def _non_empty(asked: Asked, condition: Any) -> Iterator[Wrong]:
    is_empty = asked.value is UNDEFINED or asked.value is None or asked.value in ("", [])
    if is_empty is condition:
        yield Wrong("Should not be empty" if condition else "Should be empty")


def _contains(asked: Asked, condition: Any) -> Iterator[Wrong]:
    values = _each(asked.value)
    if asked.value is not UNDEFINED and not isinstance(asked.value, dict):
        for wanted in condition:
            if not _holds(values, wanted):
                yield Wrong(f"{text_of(wanted)} should be in the list")


def _at_least(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if asked.value not in (UNDEFINED, None) and not _length(asked.value) >= condition:
        yield Wrong(f"Should have at least {text_of(condition)} characters")


def _at_most(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if asked.value not in (UNDEFINED, None) and not _length(asked.value) <= condition:
        yield Wrong(f"Should have at most {text_of(condition)} characters")


def _sorted(asked: Asked, condition: Any) -> Iterator[Wrong]:
    stated = condition if isinstance(condition, dict) else {}
    direction = stated.get("direction") or condition
    by = stated.get("property")
    value = asked.value
    if isinstance(value, list) and value and isinstance(value[0], dict) and not by:
        yield Wrong("Please define a property to sort objects by")
    elif isinstance(value, (list, str)) and not _is_sorted(value, direction != "asc", by):
        words = "an ascending" if direction == "asc" else "a descending"
        yield Wrong(f"Should be sorted in {words} order{f' by property {by}' if by else ''}")


def _is_sorted(values: Sequence[Any], is_descending: bool, by: str | None) -> bool:
    if by:
        values = [each.get(by) if isinstance(each, dict) else None for each in values]
        if len(values) > 1 and not all(values):
            return False
    return not any(_follows(*pair, is_descending) for pair in pairwise(values))


def _follows(before: Any, after: Any, is_descending: bool) -> bool:
    """Whether two neighbours stand the wrong way round; texts are compared without regard to case."""
    if isinstance(before, str) and isinstance(after, str):
        before, after = before.lower(), after.lower()
    elif type_of(before) != "number" or type_of(after) != "number":
        before, after = text_of(before), text_of(after)
    return bool(before < after if is_descending else before > after)


def _required(asked: Asked, condition: Any) -> Iterator[Wrong]:
    for name in condition:
        if not _holds(asked.value, name):
            yield Wrong(f"{text_of(name)} is required", at_key=True)


def _exclusive(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if _count(asked.value, condition) > 1:
        yield Wrong(f"{_listed(condition)} keys should be mutually exclusive", at_key=True)


def _together(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if 0 < _count(asked.value, condition) != len(condition):
        yield Wrong(f"Properties {_listed(condition)} are mutually required", at_key=True)


def _any_of(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if not _count(asked.value, condition):
        yield Wrong(f"Should have any of {_listed(condition)}", at_key=True)


def _ref(asked: Asked, condition: Any) -> Iterator[Wrong]:
    if asked.raw is UNDEFINED:
        return
    reference = asked.raw.get("$ref", UNDEFINED) if isinstance(asked.raw, dict) else UNDEFINED
    is_there = reference is not UNDEFINED
    if isinstance(condition, bool):
        if is_there is not condition:
            yield Wrong(f"should {'' if condition else 'not '}use $ref", at_key=not is_there)
    elif not is_there or not pattern_of(condition).is_in(text_of(reference)):
        yield Wrong(f"$ref value should match {condition}", at_key=not is_there)


def _holds(values: Sequence[Any], value: Any) -> bool:
    return any(strictly_equal(each, value) for each in values)


def _count(values: Sequence[Any], wanted: Sequence[Any]) -> int:
    return sum(_holds(wanted, each) for each in values)


def _length(value: Any) -> float:
    """A text's in the units of JavaScript; what has none is longer and shorter than nothing."""
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) // 2
    return len(value) if isinstance(value, list) else float("nan")


def _quoted(value: Any) -> str:
    return shortened(json.dumps(value, ensure_ascii=False), _LONGEST)


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(map(text_of, values))


ASSERTIONS: Mapping[str, Assertion] = {
    "pattern": _matched(True, "match the regex"),
    "notPattern": _matched(False, "not match the regex"),
    "enum": _enum,
    "defined": _defined,
    "required": _required,
    "contains": _contains,
    "disallowed": _disallowed,
    "const": _const,
    "nonEmpty": _non_empty,
    "minLength": _at_least,
    "maxLength": _at_most,
    "casing": _casing,
    "sortOrder": _sorted,
    "mutuallyExclusive": _exclusive,
    "mutuallyRequired": _together,
    "requireAny": _any_of,
    "ref": _ref,
}
"""The assertions that are run, by name."""
OF_NAMES = frozenset(("mutuallyExclusive", "mutuallyRequired", "disallowed", "required", "requireAny"))
"""What is asked of the names of members alone, so that no property may be named."""
OF_VALUES = frozenset(("nonEmpty", "contains"))
"""What is asked of properties alone."""


def fault_of(name: str, condition: Any) -> str | None:
    """What is wrong with what a rule says of an assertion; ``None`` if nothing is."""
    return None if _IS_RIGHT[name](condition) else f"'{name}' is given {_WANTED[name]}"


def _is_pattern(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return type_of(value) == "number"


def _is_order(value: Any) -> bool:
    stated = value.get("direction", "asc") if isinstance(value, dict) else value
    by = value.get("property") if isinstance(value, dict) else None
    return stated in ("asc", "desc") and (by is None or isinstance(by, str))


_LISTS = ("enum", "required", "contains", "disallowed", "mutuallyExclusive", "mutuallyRequired", "requireAny")
_IS_RIGHT: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("pattern", "notPattern"), _is_pattern),
    **dict.fromkeys(_LISTS, _is_list),
    **dict.fromkeys(("defined", "nonEmpty"), _is_flag),
    **dict.fromkeys(("minLength", "maxLength"), _is_number),
    "const": lambda value: value is not None,
    "casing": lambda value: isinstance(value, str) and value in _CASES,
    "sortOrder": _is_order,
    "ref": lambda value: isinstance(value, (bool, str)),
}
_WANTED: Mapping[str, str] = {
    **dict.fromkeys(("pattern", "notPattern"), "a regular expression"),
    **dict.fromkeys(_LISTS, "a list"),
    **dict.fromkeys(("defined", "nonEmpty"), "true or false"),
    **dict.fromkeys(("minLength", "maxLength"), "a number"),
    "const": "a value",
    "casing": f"one of {', '.join(_CASES)}",
    "sortOrder": "asc or desc, or a map with 'direction' and 'property'",
    "ref": "true, false or a regular expression",
}
