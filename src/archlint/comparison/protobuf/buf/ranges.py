"""Numbers and names that were kept free, or open to extensions, as buf compares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from archlint.comparison.protobuf.buf.elements import Element
from archlint.comparison.protobuf.buf.verdicts import BufVerdict, gone
from archlint.comparison.protobuf.fields import uncovered
from archlint.finding import Place
from archlint.finding.words import listed

_Ranges = list[tuple[int, int]]
_PARTS = {"enum": "ENUM_VALUE", "message": "FIELD"}
"""What buf calls that which has a number."""


def lost(
    kind: str, about: str, new: Element, older: Place, *, number: int, names: Set[str]
) -> Iterator[BufVerdict]:
    """Something that had a number is gone, and what of that can be used again."""
    rule, place = f"{_PARTS[kind]}_NO_DELETE", new.place()
    yield gone(rule, about, place, older)
    if not names <= set(new.item.reserved_name):
        yield BufVerdict(f"{rule}_UNLESS_NAME_RESERVED", "freed", place, older, about, new="name")
    if not any(first <= number <= last for first, last in _reserved(new, kind)):
        yield BufVerdict(f"{rule}_UNLESS_NUMBER_RESERVED", "freed", place, older, about, new="number")


def freed(old: Element, new: Element, kind: str) -> Iterator[BufVerdict]:
    """What was reserved and is not any more; that it is in use now excuses nothing."""
    away = _left_out(_reserved(old, kind), _reserved(new, kind))
    away += sorted(set(old.item.reserved_name) - set(new.item.reserved_name))
    if away:
        about = f"The reservation of {listed(away)} in {kind} '{new.name}'"
        yield gone(f"RESERVED_{kind.upper()}_NO_DELETE", about, new.place(), old.place())


def closed_to_extensions(old: Element, new: Element) -> Iterator[BufVerdict]:
    """Numbers that were open to extensions."""
    away = _left_out(_up_to(old.item.extension_range, 1), _up_to(new.item.extension_range, 1))
    if away:
        about = f"The range {listed(away)} for extensions of message '{new.name}'"
        yield gone("EXTENSION_MESSAGE_NO_DELETE", about, new.place(), old.place())


def _reserved(element: Element, kind: str) -> _Ranges:
    """The end of a range of an enum is part of it."""
    return _up_to(element.item.reserved_range, 0 if kind == "enum" else 1)


def _up_to(ranges: Iterable[Any], after: int) -> _Ranges:
    """The first and the last number of ranges whose end comes some numbers after the last one."""
    return [(item.start, item.end - after) for item in ranges]


def _left_out(old: _Ranges, new: _Ranges) -> list[str]:
    cover = sorted(new)
    parts = [part for first, last in old for part in uncovered(first, last, cover)]
    return [str(first) if first == last else f"{first} to {last}" for first, last in parts]
