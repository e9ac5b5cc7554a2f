"""Members and methods of JavaScript's values, as filters of rulesets use them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from archlint.model.rulesets.patterns import Pattern, PatternError, read_pattern
from archlint.model.rulesets.values import UNDEFINED, number_of, strictly_equal, text_of

__all__ = ["METHODS", "FilterFailed", "call_method", "member_of"]

_LONGEST = 1_000_000


class _Method:
    """A method that is looked at and not called: it is there, which filters ask first."""


_METHOD = _Method()


class FilterFailed(Exception):
    """Where JavaScript throws, such as for a member of nothing."""


def member_of(value: Any, key: Any) -> Any:
    """The member of a value, or ``UNDEFINED``; nothing has none, which fails."""
    if value is None or value is UNDEFINED:
        raise FilterFailed(f"{text_of(value)} has no member {text_of(key)!r}")
    if isinstance(value, dict):
        return value.get(text_of(key), _METHOD if key in _OF_ANY else UNDEFINED)
    if isinstance(value, (list, str)):
        if key == "length":
            return len(value)
        if not isinstance(key, str) or key[:1].isdecimal():  # what else is a number is no position
            position = number_of(key) if not isinstance(key, (dict, list)) else -1
            if position in range(len(value)) and text_of(key) == text_of(position):
                return value[int(position)]
    if isinstance(value, Pattern) and key in ("source", "flags"):
        return value.source if key == "source" else value.flags
    has_method = isinstance(key, str) and (key in _OF_ANY or key in _BY_TYPE.get(type(value), ()))
    return _METHOD if has_method else UNDEFINED


def call_method(value: Any, method: str, arguments: Sequence[Any]) -> Any:
    """What the method of the value gives; fails where the value has no such method."""
    if value is None or value is UNDEFINED:
        raise FilterFailed(f"{text_of(value)} has no method {method!r}")
    if isinstance(value, dict) and method in value:
        raise FilterFailed(f"{method!r} is no method here")
    found = _BY_TYPE.get(type(value), _OF_ANY).get(method) or _OF_ANY.get(method)
    if found is None:
        raise FilterFailed(f"the value has no method {method!r}")
    return found(value, arguments)


def _argument(arguments: Sequence[Any], position: int = 0) -> Any:
    return arguments[position] if position < len(arguments) else UNDEFINED


def _text(arguments: Sequence[Any]) -> str:
    """The first argument as a text; where a text is asked for, a pattern is refused."""
    if isinstance(found := _argument(arguments), Pattern):
        raise FilterFailed("a regular expression is no text")
    return text_of(found)


def _bound(arguments: Sequence[Any], position: int, length: int, missing: int) -> int:
    """An end of a part: counted from the end if it is negative."""
    if (given := _argument(arguments, position)) is UNDEFINED:
        return missing
    number = float(number_of(given))
    if math.isnan(number):
        return 0
    return int(max(0, number + length)) if number < 0 else int(min(number, length))


def _slice(value: Any, arguments: Sequence[Any]) -> Any:
    length = len(value)
    return value[_bound(arguments, 0, length, 0) : max(0, _bound(arguments, 1, length, length))]


def _substring(value: str, arguments: Sequence[Any]) -> str:
    ends = []
    for position, missing in ((0, 0), (1, len(value))):
        given = _argument(arguments, position)
        number = float(number_of(given)) if given is not UNDEFINED else missing
        ends.append(int(min(max(number, 0), len(value))) if not math.isnan(number) else 0)
    return value[min(ends) : max(ends)]


def _matches(value: str, arguments: Sequence[Any]) -> Any:
    """``match``: something where the pattern is found, else null; what exactly was found is not told."""
    pattern = _argument(arguments)
    if not isinstance(pattern, Pattern):
        try:
            pattern = read_pattern("" if pattern is UNDEFINED else text_of(pattern))
        except PatternError as error:
            raise FilterFailed(str(error)) from error
    return [value] if pattern.is_in(value) else None


def _split(value: str, arguments: Sequence[Any]) -> list[str]:
    if _argument(arguments) is UNDEFINED:
        return [value]
    separator = _text(arguments)
    return value.split(separator) if separator else list(value)


def _position(value: Any, arguments: Sequence[Any]) -> int:
    wanted = _argument(arguments)
    return next((at for at, element in enumerate(value) if strictly_equal(element, wanted)), -1)


def _concatenated(value: list[Any], arguments: Sequence[Any]) -> list[Any]:
    found = list(value)
    for argument in arguments:
        found += argument if isinstance(argument, list) else [argument]
    return found


def _replaced(value: str, arguments: Sequence[Any]) -> str:
    new = text_of(_argument(arguments, 1))
    if "$" in new or len(new) > _LONGEST:
        raise FilterFailed("such a replacement is not made here")
    return value.replace(_text(arguments), new, 1)


def _joined(value: list[Any], arguments: Sequence[Any]) -> str:
    separator = "," if _argument(arguments) is UNDEFINED else _text(arguments)
    return separator.join("" if part is None or part is UNDEFINED else text_of(part) for part in value)


_Called = Callable[[Any, Sequence[Any]], Any]
_OF_TEXTS: dict[str, _Called] = {
    "match": _matches,
    "includes": lambda value, arguments: _text(arguments) in value[_bound(arguments, 1, len(value), 0) :],
    "startsWith": lambda value, arguments: value.startswith(
        _text(arguments), _bound(arguments, 1, len(value), 0)
    ),
    "endsWith": lambda value, arguments: value.endswith(_text(arguments)),
    "indexOf": lambda value, arguments: value.find(_text(arguments), _bound(arguments, 1, len(value), 0)),
    "lastIndexOf": lambda value, arguments: value.rfind(_text(arguments)),
    "toLowerCase": lambda value, arguments: value.lower(),
    "toUpperCase": lambda value, arguments: value.upper(),
    "trim": lambda value, arguments: value.strip(),
    "slice": _slice,
    "substring": _substring,
    "split": _split,
    "replace": _replaced,
    "charAt": lambda value, arguments: value[_bound(arguments, 0, len(value), 0) :][:1],
    "concat": lambda value, arguments: value + "".join(map(text_of, arguments)),
}
_OF_LISTS: dict[str, _Called] = {
    "includes": lambda value, arguments: _position(value, arguments) >= 0,
    "indexOf": _position,
    "join": _joined,
    "slice": _slice,
    "concat": _concatenated,
}
_OF_PATTERNS: dict[str, _Called] = {
    "test": lambda value, arguments: value.is_in(text_of(_argument(arguments))),
    "exec": lambda value, arguments: _matches(text_of(_argument(arguments)), [value]),
}
_OF_ANY: dict[str, _Called] = {
    "toString": lambda value, arguments: text_of(value),
    "hasOwnProperty": lambda value, arguments: (
        member_of(value, text_of(_argument(arguments))) is not UNDEFINED
    ),
}
_BY_TYPE: dict[type, dict[str, _Called]] = {str: _OF_TEXTS, list: _OF_LISTS, Pattern: _OF_PATTERNS}
METHODS = frozenset((*_OF_TEXTS, *_OF_LISTS, *_OF_PATTERNS, *_OF_ANY))
"""The names of all methods that are known for some value."""
