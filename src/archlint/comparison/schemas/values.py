"""JSON values as JSON Schema sees them: 1 equals 1.0, 1 is not true, and numbers are exact.

Numbers of documents are Python's ``int`` and ``float``; a float stands for the shortest decimal that reads as
it, which is what the document said. Inside the engine numbers are ``int`` or ``Fraction``.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from fractions import Fraction
from typing import Any

Exact = int | Fraction
TYPES = ("null", "boolean", "number", "string", "array", "object")
"""The types of JSON values; ``integer`` is a kind of number."""

MAX_DEPTH = 40
"""Levels of a value that are looked at."""


class Undecided(Exception):
    """A question that is left open, with the reason as text."""


def exact(value: Any) -> Exact | None:
    """A number of a document without rounding; ``None`` if it is no finite number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, float) and math.isfinite(value):
        return plain(Fraction(repr(value)))
    return None


def plain(value: Exact) -> Exact:
    """The same number, as ``int`` where it is whole."""
    return int(value) if value.denominator == 1 else value


def type_of(value: Any) -> str | None:
    """The JSON type of a value; ``None`` if it is no JSON value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (list, tuple)):
        return "array"
    if isinstance(value, dict):
        return "object"
    return "number" if exact(value) is not None else None


def frozen(value: Any, depth: int = 0) -> Hashable:
    """A hashable form that is equal for equal JSON values only; raises ``Undecided`` for anything else."""
    kind = type_of(value)
    if kind is None or depth > MAX_DEPTH:
        raise Undecided("a value that JSON cannot hold")
    if kind == "array":
        return ("array", tuple(frozen(item, depth + 1) for item in value))
    if kind == "object":
        return ("object", tuple(sorted((str(key), frozen(item, depth + 1)) for key, item in value.items())))
    if kind == "number":
        return ("number", exact(value))
    return (kind, value)


def as_json(value: Any) -> Any:
    """A value of the engine as plain JSON data; raises ``Undecided`` if a number has no exact form there."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return int(value)
        try:
            near = float(value)
        except OverflowError:
            near = math.inf
        if exact(near) != value:
            raise Undecided("a number that JSON cannot hold exactly")
        return near
    return value
