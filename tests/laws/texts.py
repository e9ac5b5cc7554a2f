"""Reads texts of parameters, headers and form fields: every value that a text may stand for.

A text is the string that it is, and the number or boolean that it reads as, but never null; commas, spaces
and pipes may separate items, and a single text may be a list of one. A reader that knows the schema chooses
among these.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

Json = Any
_MOST = 400
_SEPARATORS = (",", " ", "|")


def readings(value: Json) -> Iterator[Json]:
    """Every value that what is printed may stand for once it is written as text; at most some hundreds."""
    yield from islice(_readings(value), _MOST)


def _readings(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        names = list(value)
        for members in product(*(_scalars(value[name]) for name in names)):
            yield dict(zip(names, members, strict=True))
        return
    if isinstance(value, list):
        yield from _lists(value)
        yield ",".join(map(text_of, value))
        if len(value) == 1:
            yield from _readings(value[0])
        return
    text = text_of(value)
    yield from _scalars(text)
    for separator in _SEPARATORS:
        if separator in text:
            yield from _lists(text.split(separator))
    yield from _lists([text] if text else [])
    if not text:
        yield [""]


def _lists(items: list[Json]) -> Iterator[list[Json]]:
    for found in product(*(list(_scalars(item)) for item in items)):
        yield list(found)


def _scalars(item: Json) -> Iterator[Json]:
    """What one piece of text may stand for; what is nested is left as it is."""
    if isinstance(item, dict | list):
        yield item
        return
    text = text_of(item)
    yield text
    try:
        found = json.loads(text, parse_constant=_no_number)
    except ValueError:
        return
    if found is not None and not isinstance(found, str | dict | list):
        yield found


def _no_number(text: str) -> Json:
    raise ValueError(text)


def text_of(value: Json) -> str:
    """How a value is written."""
    return value if isinstance(value, str) else json.dumps(value)


def form_readings(value: Json) -> Iterator[Json]:
    """The same for an object whose members are fields of a form."""
    if not isinstance(value, dict):
        yield value
        return
    names = list(value)
    for members in islice(product(*(list(readings(value[name])) for name in names)), _MOST):
        yield dict(zip(names, members, strict=True))


def as_written(accepts: Callable[[Json], bool | None], values: Iterator[Json]) -> bool | None:
    """Whether any reading is taken; ``None`` if none is, and some cannot be judged."""
    is_open = False
    for value in values:
        answer = accepts(value)
        if answer:
            return True
        is_open = is_open or answer is None
    return None if is_open else False
