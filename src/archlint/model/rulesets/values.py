"""Values as JavaScript sees them: what is true, equal, less and written how.

Filters of rulesets are written in that language, and what they choose depends on its conversions. Only data
is known here: null, booleans, numbers, strings, arrays and objects, and ``UNDEFINED`` for what is not there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

__all__ = [
    "UNDEFINED",
    "Undefined",
    "is_integer_key",
    "is_true",
    "key_order",
    "loosely_equal",
    "number_of",
    "strictly_equal",
    "text_of",
    "type_of",
]


class Undefined:
    """The value of what is not there, which JSON does not have."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = Undefined()
_LARGEST_INDEX = 4294967294


def is_true(value: Any) -> bool:
    """Whether a condition holds: arrays and objects always do, also empty ones."""
    if isinstance(value, (dict, list)):
        return True
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def type_of(value: Any) -> str:
    """What ``typeof`` says."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float)):
        return "number"
    return "undefined" if value is UNDEFINED else "object"


def strictly_equal(left: Any, right: Any) -> bool:
    """``===``: of one type and equal; arrays and objects are equal to themselves alone."""
    if isinstance(left, (dict, list)) or isinstance(right, (dict, list)):
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return type(left) is type(right) and bool(left == right)
    return left is right or (_is_number(left) and _is_number(right) and left == right)


def loosely_equal(left: Any, right: Any) -> bool:
    """``==``: null and undefined are one, booleans are numbers, and a text is read as a number beside one."""
    nothing = (left is None or left is UNDEFINED), (right is None or right is UNDEFINED)
    if any(nothing):
        return all(nothing)
    if isinstance(left, (dict, list)) and isinstance(right, (dict, list)):
        return left is right
    if isinstance(left, (dict, list)):
        left = text_of(left)
    if isinstance(right, (dict, list)):
        right = text_of(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return number_of(left) == number_of(right)


def number_of(value: Any) -> float | int:
    """What ``Number(value)`` is; not a number is ``nan``."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if value is None:
        return 0
    if value is UNDEFINED:
        return math.nan
    return _number_in(value if isinstance(value, str) else text_of(value))


def text_of(value: Any) -> str:
    """What ``String(value)`` is."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, int):
        return str(value) if -(10**21) < value < 10**21 else _float_text(float(value))
    if value is None:
        return "null"
    if isinstance(value, list):
        return _list_text(value)
    return "undefined" if value is UNDEFINED else "[object Object]"


def is_integer_key(key: str) -> bool:
    """Whether JavaScript takes the key of an object for an index, which it lists before all others."""
    return key.isascii() and key.isdecimal() and (key == "0" or key[0] != "0") and int(key) <= _LARGEST_INDEX


def key_order(data: Mapping[str, Any]) -> Iterable[str]:
    """The keys of an object as JavaScript lists them: indices by their number, then the rest as written."""
    if not any(key[:1].isdecimal() for key in data):
        return data
    numbers = sorted((key for key in data if is_integer_key(key)), key=int)
    return [*numbers, *(key for key in data if not is_integer_key(key))]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _list_text(values: Sequence[Any]) -> str:
    """The elements with commas between them, as ``String([...])``; what is nested very deep is left out."""
    parts: list[str] = []
    waiting: list[tuple[Any, int]] = [(values, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, list) and depth < 100:
            for position in range(len(value) - 1, -1, -1):
                waiting.append((value[position], depth + 1))
                if position:
                    waiting.append((",", -1))
        elif depth == -1:
            parts.append(",")
        elif not isinstance(value, list) and value is not None and value is not UNDEFINED:
            parts.append(text_of(value))
    return "".join(parts)


def _number_in(text: str) -> float | int:
    """A text read as a number: decimal, or with a prefix for another base; an empty one is zero."""
    text = text.strip()
    if not text:
        return 0
    prefix = text[:2].lower()
    try:
        if prefix in ("0x", "0o", "0b"):
            return math.nan if "_" in text else int(text, 0)
        if "_" in text or text.lower().lstrip("+-") in ("inf", "infinity", "nan"):
            return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)
        return float(text) if not text.lstrip("+-").isdecimal() or len(text) > 300 else int(text)
    except ValueError:
        return math.nan


def _float_text(value: float) -> str:
    """A number as JavaScript writes it: whole ones without a point, small and large ones with an exponent."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    written = repr(value)
    if "e" not in written:
        return written if abs(value) >= 1e-6 else _exponent(f"{value:e}")
    digits, exponent = written.split("e")
    if -7 < int(exponent) < 0:
        return f"{value:.20f}".rstrip("0")
    return _exponent(f"{digits.removesuffix('.0')}e{exponent}")


def _exponent(written: str) -> str:
    digits, exponent = written.split("e")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{digits}e{'-' if exponent.startswith('-') else '+'}{exponent.lstrip('+-').lstrip('0') or '0'}"
