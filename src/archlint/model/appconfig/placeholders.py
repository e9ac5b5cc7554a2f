"""Placeholders in values: ``${NAME}``, ``${NAME:default}`` and ``${NAME:-default}``, nested, filled in.

Sources: Spring's ``PropertyPlaceholderHelper`` (``:`` begins the default), envsubst and shells (``:-``), the
OpenTelemetry collector (``${env:NAME}``), Rails and Jinja (``<%= %>``, ``{{ }}``), Windows (``%NAME%``).
"""

from __future__ import annotations

from collections.abc import Callable

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.services.addresses import LONGEST_VALUE

Lookup = Callable[[str], str | None]
"""The value of a name; ``None`` for one that is not known."""

UNKNOWN = "${?}"
"""Stands in a text for what is not known; no address can be read across it."""

_DEEPEST = 6
_NAME = regex(r"(?:env:|file:|sys:)?([A-Z_][A-Z0-9_]{0,120}(?=[-:}])|[A-Za-z_][\w.\[\]-]{0,120})")
_MARKS = regex(
    r"\$\{|\{\{[^{}]{0,200}\}\}|<%[^%]{0,200}%>|#\{[^{}]{0,200}\}|%[A-Za-z_]\w{0,60}%|@[A-Za-z_][\w.-]{0,60}@"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a filled text, and the stretch of the written one that it stands for."""

    start: int
    end: int
    written_start: int
    written_end: int
    is_literal: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its placeholders filled in."""

    text: str
    pieces: tuple[Piece, ...]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the written text that a stretch of this one comes from."""
        first = self._piece(start)
        last = self._piece(max(start, end - 1))
        if first is None or last is None:
            return (0, 0)
        begins = first.written_start + (start - first.start if first.is_literal else 0)
        ends = last.written_start + end - last.start if last.is_literal else last.written_end
        return begins, max(ends, begins)

    def _piece(self, at: int) -> Piece | None:
        return next((piece for piece in self.pieces if piece.start <= at < piece.end), None)


def fill(text: str, lookup: Lookup) -> Filled:
    """The text with each placeholder replaced by what ``lookup`` knows, else by its default; what is not
    known becomes ``UNKNOWN``."""
    into = _Filling(lookup)
    into.add(text[:LONGEST_VALUE], 0, 0)
    return Filled("".join(into.parts), tuple(into.pieces))


class _Filling:
    """A text as it is put together."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.parts: list[str] = []
        self.pieces: list[Piece] = []
        self._length = 0

    def add(self, text: str, offset: int, depth: int) -> None:
        """Append a text that stands at ``offset`` of the written one."""
        at = 0
        while True:
            mark = _MARKS.search(text, at)
            if mark is None:
                break
            self._put(text[at : mark.start()], offset + at, offset + mark.start(), True)
            end = _closing(text, mark.end()) if mark[0] == "${" else mark.end()
            self._mark(text[mark.start() : end], offset + mark.start(), depth)
            at = end
        self._put(text[at:], offset + at, offset + len(text), True)

    def _mark(self, written: str, offset: int, depth: int) -> None:
        end = offset + len(written)
        name = _NAME.match(written, 2) if written.startswith("${") and written.endswith("}") else None
        if name is None or depth >= _DEEPEST:
            self._put(UNKNOWN, offset, end, False)
            return
        rest = written[name.end() : -1]
        value = self.lookup(name[1])
        if value is not None and UNKNOWN not in value and len(value) <= LONGEST_VALUE:
            self._put(value, offset, end, False)
        elif rest.startswith(":") and not rest.startswith((":?", ":+")):
            skipped = 2 if rest.startswith(":-") else 1
            self.add(rest[skipped:], offset + name.end() + skipped, depth + 1)
        elif rest.startswith("-"):
            self.add(rest[1:], offset + name.end() + 1, depth + 1)
        else:
            self._put(UNKNOWN, offset, end, False)

    def _put(self, text: str, start: int, end: int, is_literal: bool) -> None:
        if text and self._length < 4 * LONGEST_VALUE:
            self.parts.append(text)
            self.pieces.append(Piece(self._length, self._length + len(text), start, end, is_literal))
            self._length += len(text)


def _closing(text: str, at: int) -> int:
    """The offset behind the brace that closes the one before ``at``; the end if none does."""
    depth = 1
    while at < len(text):
        if text.startswith("${", at):
            depth += 1
            at += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(text)
