"""A source line as a terminal shows it, and where on it a span begins and ends, in terminal columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.reports.characters import one_cell

WIDTH = 100
"""Terminal columns that a shown line may take."""
_TAB = 4
_REACH = 2 * WIDTH
"""Characters left and right of the span's start that are looked at; a line may be megabytes long."""
_INVISIBLE = frozenset({"Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line, ready to print, and the columns (from 0) that the mark under it covers."""

    text: str
    mark_start: int
    mark_width: int


class _Cell(NamedTuple):
    """One character as it is printed; a tuple, as there are thousands in a report."""

    text: str
    width: int
    marked: bool


def excerpt(lines: Sequence[str], span: Span) -> Excerpt | None:
    """The first line of a span; ``None`` if the text does not have that line."""
    if not 1 <= span.line <= len(lines):
        return None
    line = lines[span.line - 1].removesuffix("\r")
    start = min(max(span.column - 1, 0), len(line))
    end = len(line) if span.end_line > span.line else min(span.end_column - 1, len(line))
    return _fit(_cells(line, start, max(end, start + 1)), len(line) > start + _REACH, start > _REACH)


def _cells(line: str, start: int, end: int) -> list[_Cell]:
    """The characters near the span; one more blank where the span begins after the end of the line."""
    first = max(start - _REACH, 0)
    cells: list[_Cell] = []
    column = 0
    for index, character in enumerate(line[first : start + _REACH] or " ", first):
        if " " <= character <= "~":
            text, width = character, 1
        elif character == "\t":
            text = " " * (_TAB - column % _TAB)
            width = len(text)
        else:
            text = one_cell(character)
            width = _width(text)
        cells.append(_Cell(text, width, start <= index < end))
        column += width
    if not any(cell.marked for cell in cells):
        cells.append(_Cell(" ", 1, True))
    return cells


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in _INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _fit(cells: list[_Cell], more_right: bool, more_left: bool) -> Excerpt:
    """Cuts to the width, around the start of the mark, and says with an ellipsis where something was cut."""
    mark = next(index for index, cell in enumerate(cells) if cell.marked)
    first, room = mark, WIDTH // 3
    while first > 0 and (room := room - cells[first - 1].width) >= 0:
        first -= 1
    if sum(cell.width for cell in cells) <= WIDTH and not more_left:
        first = 0
    last, room = first, WIDTH
    while last < len(cells) and (room := room - cells[last].width) >= 0:
        last += 1
    before = "…" if first > 0 or more_left else ""
    after = "…" if last < len(cells) or more_right else ""
    shown = cells[first:last]
    text = before + "".join(cell.text for cell in shown) + after
    return Excerpt(
        text=text.rstrip(),
        mark_start=len(before) + sum(cell.width for cell in cells[first:mark]),
        mark_width=max(1, sum(cell.width for cell in shown if cell.marked)),
    )
