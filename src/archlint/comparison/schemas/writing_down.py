"""Values that are text on the wire, written down as the values of the schema that they are sent by.

The engine takes each text for one value: digits for a number, a list of one for its item. People, and
validators, expect the types that the schema states.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from archlint.comparison.schemas.evaluation import text_of
from archlint.comparison.schemas.rendering import render
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.validation import compiled
from archlint.comparison.schemas.values import Undecided, type_of

_MOST = 12
"""Parts of a value that are written otherwise."""


def as_stated(value: Any, schema: Schema) -> Any | None:
    """A value that is written alike as text and is one of the schema's; ``None`` if none is found."""
    try:
        validator = compiled(render(schema))
        found = copy.deepcopy(value)
        for _ in range(_MOST):
            if validator.is_valid(found):
                return found
            better = _better(validator, found)
            if better is None:
                return None
            found = better
    except (ValueError, Undecided, RecursionError):
        return None
    return None


def _better(validator: Any, value: Any) -> Any | None:
    """The value with one part written otherwise, so that less is wrong with it."""
    faults = _faults(validator, value)
    most = len(faults)
    for path in sorted(set(faults), key=len, reverse=True):
        for other in _variants(_at(value, path)):
            changed = _with(value, path, other)
            if validator.is_valid(changed) or len(_faults(validator, changed)) < most:
                return changed
    return None


def _faults(validator: Any, value: Any) -> list[tuple[Any, ...]]:
    found, waiting = [], list(validator.iter_errors(value))
    while waiting:
        error = waiting.pop()
        found.append(tuple(error.instance_path))
        for branch in getattr(error.kind, "context", ()):
            waiting.extend(branch)
    return found


def _variants(value: Any) -> Iterator[Any]:
    if type_of(value) in ("number", "boolean"):
        yield text_of(value)
        yield [value]
        yield [text_of(value)]
    elif isinstance(value, str):
        yield [value]


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    changed = copy.deepcopy(value)
    _at(changed, path[:-1])[path[-1]] = other
    return changed
