"""Numbers and names that were kept free, or open to extensions, as buf compares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.comparison.protobuf.buf.elements import Element
from archlint.comparison.protobuf.buf.verdicts import BufVerdict, gone
from archlint.comparison.protobuf.fields import uncovered
from archlint.finding.words import listed

_Ranges = list[tuple[int, int]]


def freed(old: Element, new: Element, rule: str, kind: str) -> Iterator[BufVerdict]:
    """What was reserved and is not any more; that it is in use now excuses nothing."""
    end = 0 if kind == "enum" else 1
    lost = _lost(_inclusive(old.item.reserved_range, end), _inclusive(new.item.reserved_range, end))
    lost += sorted(set(old.item.reserved_name) - set(new.item.reserved_name))
    if lost:
        about = f"The reservation of {listed(lost)} in {kind} '{new.name}'"
        yield gone(rule, about, new.place(), old.place())


def closed_to_extensions(old: Element, new: Element) -> Iterator[BufVerdict]:
    """Numbers that were open to extensions."""
    lost = _lost(_inclusive(old.item.extension_range, 1), _inclusive(new.item.extension_range, 1))
    if lost:
        about = f"The range {listed(lost)} for extensions of message '{new.name}'"
        yield gone("EXTENSION_MESSAGE_NO_DELETE", about, new.place(), old.place())


def _inclusive(ranges: Iterable[object], end: int) -> _Ranges:
    return [(item.start, item.end - end) for item in ranges]  # type: ignore[attr-defined]


def _lost(old: _Ranges, new: _Ranges) -> list[str]:
    cover = sorted(new)
    parts = [part for first, last in old for part in uncovered(first, last, cover)]
    return [str(first) if first == last else f"{first} to {last}" for first, last in parts]
