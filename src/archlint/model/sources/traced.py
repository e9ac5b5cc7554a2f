"""Text that is put together of parts of a file, each of which knows where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a part that nobody can tell; no address holds it."""


class Piece(NamedTuple):
    """A part of a text that stands in the file as it is."""

    text: str
    offset: int
    """Where it stands."""
    variable: str = ""
    """The environment variable that takes its place, where it is only a default."""
    path: str = ""
    """The file that it stands in, if that is another."""


class Traced(NamedTuple):
    """A text with the places of its parts."""

    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_known(self) -> bool:
        """Whether all of it can be told."""
        return all(UNKNOWN not in piece.text for piece in self.pieces)

    def offset(self, at: int) -> int:
        """Where a character stands in the file; of the end, where the last part ends."""
        for piece in self.pieces:
            if at < len(piece.text):
                return piece.offset + at
            at -= len(piece.text)
        return self.pieces[-1].offset + len(self.pieces[-1].text) if self.pieces else 0

    def piece_at(self, at: int) -> Piece | None:
        """The part that a character belongs to."""
        for piece in self.pieces:
            if at < len(piece.text):
                return piece
            at -= len(piece.text)
        return None

    def of_variable(self, variable: str) -> Traced:
        """The text as the default of a variable; what is one already stays that of its own."""
        return Traced(
            tuple(piece if piece.variable else piece._replace(variable=variable) for piece in self.pieces)
        )

    def standing_in(self, path: str) -> Traced:
        """The text as seen from another file."""
        return Traced(tuple(piece if piece.path else piece._replace(path=path) for piece in self.pieces))

    def part(self, start: int, end: int | None = None) -> Traced:
        """A part of the text; a place is kept also where nothing is left."""
        pieces: list[Piece] = []
        at = 0
        for piece in self.pieces:
            low = max(0, start - at)
            high = len(piece.text) if end is None else min(len(piece.text), end - at)
            if low < high:
                pieces.append(piece._replace(text=piece.text[low:high], offset=piece.offset + low))
            at += len(piece.text)
        return Traced(tuple(pieces)) if pieces else Traced((Piece("", self.offset(start)),))


def joined(texts: Iterable[Traced]) -> Traced:
    """Texts one behind the other."""
    return Traced(tuple(piece for text in texts for piece in text.pieces))
