"""Text that is put together from several places, each part of which knows where it is written.

A value of a Compose file may take its host from one line of ``.env`` and its port from another: whoever
wants to change the host has to be led to the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from archlint.documents import Node, TextFile
from archlint.files import LineIndex
from archlint.finding import Place, Span, Token
from archlint.finding.records import dataclass

LONGEST = 65_536
"""Characters that a text may grow to; values that double with each line are cut there."""

MOST_PIECES = 256
"""Parts that a text may be put together from."""


class Origin(Protocol):
    """Where a part of a text is written."""

    def place(self, start: int, end: int) -> Place:
        """The place of some characters of it, by their offsets in what is written there."""


@dataclass(frozen=True, slots=True)
class ScalarOrigin:
    """A scalar of a YAML or JSON document."""

    node: Node
    first: int | None
    """Offset of its first character in the text of the file; ``None`` if escapes or folding stand between
    what is written and what it means."""

    def place(self, start: int, end: int) -> Place:
        """See ``Origin``."""
        if self.first is None:
            return self.node.value_place()
        document = self.node.document
        line, column = document.position(self.first + start)
        end_line, end_column = document.position(self.first + end)
        return Place(
            self.node.document, self.node.route, Token.VALUE, Span(line, column, end_line, end_column)
        )


@dataclass(frozen=True, slots=True)
class LineOrigin:
    """A part of a text file, such as a value in ``.env``."""

    source: TextFile
    lines: LineIndex
    first: int
    length: int
    is_exact: bool = True
    """Whether each character means itself; else the whole of it is the place of all of them."""

    def place(self, start: int, end: int) -> Place:
        """See ``Origin``."""
        first, last = (start, end) if self.is_exact else (0, self.length)
        line, column = self.lines.position(self.first + first)
        end_line, end_column = self.lines.position(self.first + last)
        return self.source.place(Span(line, column, end_line, end_column))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text from one origin."""

    text: str
    origin: Origin
    start: int = 0
    """Where it begins in its origin."""
    is_known: bool = True
    """Whether this is the text; else it is the expression in whose place something unknown will stand."""

    def cut(self, start: int, end: int) -> Piece:
        """A part of it."""
        return Piece(self.text[start:end], self.origin, self.start + start, self.is_known)


@dataclass(frozen=True, slots=True)
class Woven:
    """A text in pieces."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole of it; what is unknown is there as the expression that stands for it."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_known(self) -> bool:
        """Whether all of it is known."""
        return all(piece.is_known for piece in self.pieces)

    @property
    def length(self) -> int:
        """The number of characters."""
        return sum(len(piece.text) for piece in self.pieces)

    def cut(self, start: int, end: int | None = None) -> Woven:
        """A part of it."""
        last = self.length if end is None else end
        found, at = [], 0
        for piece in self.pieces:
            first, at = at, at + len(piece.text)
            if first < last and at > start:
                found.append(piece.cut(max(start - first, 0), min(last - first, len(piece.text))))
        return Woven(tuple(found))

    def place(self, start: int = 0, end: int | None = None) -> Place | None:
        """Where the first of some characters are written; ``None`` of an empty text."""
        part = self.cut(start, end)
        if not part.pieces:
            part = Woven(self.pieces[:1])
        for piece in part.pieces:
            return piece.origin.place(piece.start, piece.start + len(piece.text))
        return None


def joined(parts: Iterable[Woven]) -> Woven:
    """Some texts one after the other, neighbours of one origin as one piece."""
    found: list[Piece] = []
    for part in parts:
        for piece in part.pieces:
            last = found[-1] if found else None
            if (
                last is not None
                and last.origin is piece.origin
                and last.is_known == piece.is_known
                and last.start + len(last.text) == piece.start
            ):
                found[-1] = Piece(last.text + piece.text, last.origin, last.start, last.is_known)
            else:
                found.append(piece)
    return Woven(tuple(found))


def scalar(node: Node) -> Woven | None:
    """The text of a scalar as Compose reads it; ``None`` for null and what is no scalar."""
    text = scalar_text(node)
    if text is None:
        return None
    return Woven((Piece(text, ScalarOrigin(node, _first(node, text))),))


def scalar_text(node: Node) -> str | None:
    """A text, and numbers and booleans as they are written; ``None`` for null and what is no scalar."""
    if isinstance(node.value, (bool, int, float)):
        return node.document.source_text(node.route) or str(node.value)
    return node.text


def _first(node: Node, text: str) -> int | None:
    extent = node.document.marks.value(node.route)
    if extent is None:
        return None
    written = node.document.text[extent[0] : extent[1]]
    if written == text:
        return extent[0]
    return extent[0] + 1 if written[1:-1] == text and written[:1] in "\"'" else None
