"""The part of a value that ``field`` of a rule names: a key, a way of keys, or each key itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.finding import Route
from archlint.finding.regex import regex

_STEP = regex(
    r"""[^.\[\]]++|\[(?:(-?\d++(?:\.\d++)?)|(["'])((?:(?!\2)[^\\]|\\.)*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|\Z))"""
)
KEYS = "@key"
"""The field that stands for each key of a map."""


def steps_of_field(field: str) -> tuple[str, ...]:
    """The keys of a way such as ``info.contact['x-name'][0]``."""
    steps: list[str] = [""] if field.startswith(".") else []
    for found in _STEP.finditer(field):
        steps.append(found[3] if found[2] else found[1] or found[0])
    return tuple(steps)


def value_at(value: Any, steps: Route) -> tuple[bool, Any]:
    """Whether there is something at the end of a way, and what; a list has its ``length``."""
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and isinstance(step, str) and step.isascii() and step.isdigit():
            at = int(step) if len(step) < 10 else len(value)
            if at >= len(value) or str(at) != step:
                return False, None
            value = value[at]
        elif step == "length" and isinstance(value, (list, str)):
            value = len(value)
        else:
            return False, None
    return True, value


def keys_of(value: Any) -> Iterator[str]:
    """The keys of a map or the positions of a list."""
    if isinstance(value, dict):
        yield from map(str, value)
    elif isinstance(value, list):
        yield from map(str, range(len(value)))
