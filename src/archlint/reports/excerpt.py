"""A source line as a terminal shows it, and where on it a span begins and ends, in terminal columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.reports.characters import cell_width, one_cell

WIDTH = 100
"""Terminal columns that a shown line may take where nobody says how many there are."""
_LEAST = 16
_TAB = 4


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line, ready to print, and the columns (from 0) that the mark under it covers."""

    text: str
    mark_start: int
    mark_width: int
    rest: str = ""
    """The text from the mark on."""


class _Cell(NamedTuple):
    """One character as it is printed; a tuple, as there are thousands in a report."""

    text: str
    width: int
    marked: bool


def excerpt(lines: Sequence[str], span: Span, width: int = WIDTH) -> Excerpt | None:
    """The first line of a span, cut to a width; ``None`` if the text does not have that line."""
    if not 1 <= span.line <= len(lines):
        return None
    line = lines[span.line - 1].removesuffix("\r")
    start = min(max(span.column - 1, 0), len(line))
    end = len(line) if span.end_line > span.line else min(span.end_column - 1, len(line))
    room = max(width - 2, _LEAST)  # without the ellipses
    reach = 2 * room  # characters left and right that are looked at; a line may be megabytes long
    shown = line[max(start - reach, 0) : start + reach] or " "
    more_right, more_left = len(line) > start + reach, start > reach
    if shown.isascii() and shown.isprintable():
        mark = min(start, reach)
        last = mark + max(end - start, 1)
        return _fit_plain(shown, mark, last, room, more_right=more_right, more_left=more_left)
    return _fit(_cells(line, start, max(end, start + 1), reach), room, more_right, more_left)


def _fit_plain(text: str, mark: int, end: int, width: int, *, more_right: bool, more_left: bool) -> Excerpt:
    """As ``_fit`` for a text of which each character takes one column: most lines are such."""
    if mark >= len(text):
        text, end = f"{text} ", mark + 1
    first = 0
    if len(text) > width or more_left:
        blanks = min(mark, len(text) - len(text.lstrip()))
        first = max(mark - width // 3, 0)
        if not more_left:
            first = blanks if len(text) - blanks <= width else max(first, blanks)
    last = min(len(text), first + width)
    before = "…" if more_left or text[:first].strip() else ""
    after = "…" if last < len(text) or more_right else ""
    return Excerpt(
        text=f"{before}{text[first:last]}{after}".rstrip(),
        mark_start=len(before) + mark - first,
        mark_width=max(1, min(end, last) - mark),
        rest=text[mark:last],
    )


def _cells(line: str, start: int, end: int, reach: int) -> list[_Cell]:
    """The characters near the span; one more blank where the span begins after the end of the line."""
    first = max(start - reach, 0)
    cells: list[_Cell] = []
    column = 0
    for index, character in enumerate(line[first : start + reach] or " ", first):
        if " " <= character <= "~":
            text, width = character, 1
        elif character == "\t":
            text = " " * (_TAB - column % _TAB)
            width = len(text)
        else:
            text = one_cell(character)
            width = cell_width(text)
        cells.append(_Cell(text, width, start <= index < end))
        column += width
    if not any(cell.marked for cell in cells):
        cells.append(_Cell(" ", 1, True))
    return cells


def _fit(cells: list[_Cell], width: int, more_right: bool, more_left: bool) -> Excerpt:
    """Cuts to the width: indentation first, then around the start of the mark, with an ellipsis where more
    than blanks are cut."""
    mark = next(index for index, cell in enumerate(cells) if cell.marked)
    first = _begin(cells, mark, width, more_left)
    last, room = first, width
    while last < len(cells) and (room := room - cells[last].width) >= 0:
        last += 1
    before = "…" if more_left or any(cell.text.strip() for cell in cells[:first]) else ""
    after = "…" if last < len(cells) or more_right else ""
    shown = cells[first:last]
    text = before + "".join(cell.text for cell in shown) + after
    return Excerpt(
        text=text.rstrip(),
        mark_start=len(before) + sum(cell.width for cell in cells[first:mark]),
        mark_width=max(1, sum(cell.width for cell in shown if cell.marked)),
        rest="".join(cell.text for cell in cells[mark:last]),
    )


def _begin(cells: list[_Cell], mark: int, width: int, more_left: bool) -> int:
    """The first cell that is shown."""
    whole = sum(cell.width for cell in cells)
    if whole <= width and not more_left:
        return 0
    blanks = next((at for at, cell in enumerate(cells) if cell.marked or cell.text.strip()), 0)
    if not more_left and whole - sum(cell.width for cell in cells[:blanks]) <= width:
        return blanks
    first, room = mark, width // 3
    while first > 0 and (room := room - cells[first - 1].width) >= 0:
        first -= 1
    return first if more_left else max(first, blanks)
