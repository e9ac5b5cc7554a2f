"""What a scanner finds, and what it is in while it looks on."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from archlint.model.sources.languages import Language
from archlint.model.sources.special import HeredocOpening, expects_value


class TokenKind(IntEnum):
    """What a stretch of a file is, if it is no plain code."""

    LITERAL = 0
    COMMENT = 1
    OTHER = 2
    """A character, a regular expression, or the like: a value that is no text."""
    BODY = 3
    """The lines of a literal that was announced on a line above."""


class Found(NamedTuple):
    """A stretch of a file that is no plain code."""

    start: int
    end: int
    kind: TokenKind
    inner: tuple[int, int]
    """Where the text of a literal is."""
    holes: tuple[tuple[int, int], ...]
    """Where the expressions are that are put into it."""
    depth: int
    """How many strings it stands in the holes of."""


LONGEST_PREFIX = 9
"""Characters that may stand before a quote and belong to it."""
_new = tuple.__new__
"""Makes a ``Found`` in half the time: there are millions."""


class Inside(IntEnum):
    """What surrounds the place that is read."""

    CODE = 0
    TEXT = 1
    FORMAT = 2
    TAG = 3
    CHILDREN = 4


class Frame:
    """One thing that has begun and not ended: a string, the code in its hole, an element."""

    __slots__ = ("brackets", "closers", "holes", "inner", "kind", "opened", "pattern", "start")

    def __init__(self, kind: Inside, start: int = 0, inner: int = 0) -> None:
        self.kind = kind
        self.start = start
        self.inner = inner
        self.brackets = 0
        self.closers = 1
        self.opened = inner
        self.pattern: re.Pattern[str] | None = None
        self.holes: list[tuple[int, int]] = []


class Collector:
    """What was found so far, what is open, and whether a value may begin at the place that was reached."""

    def __init__(self, text: str, language: Language, start: int = 0, end: int | None = None) -> None:
        self.text = text
        self.language = language
        self.pos = start
        self.end = len(text) if end is None else end
        self.found: list[Found] = []
        self.depth = 0
        self.stack = [Frame(Inside.CODE)]
        self.token_end = start
        self.expects = True
        self.bodies: list[tuple[int, HeredocOpening]] = []
        self.lines: dict[str, list[tuple[int, int]]] | None = None
        self.limit = self.end
        self.reached = start
        self.is_paused = False

    def close_hole(self, at: int) -> None:
        """Note where the expression of the innermost string ends."""
        frame = self.stack[-1]
        owner = next((item for item in reversed(self.stack[:-1]) if item.kind is Inside.TEXT), None)
        if owner is not None and self.stack[-2].kind in (Inside.TEXT, Inside.FORMAT):
            owner.holes.append((frame.opened, at))

    def leave_hole(self, frame: Frame, at: int) -> None:
        self.close_hole(at)
        self.stack.pop()
        self.pos = at + frame.closers
        self.after_value(self.pos)

    def enter_hole(self, at: int, closers: int = 1) -> None:
        frame = Frame(Inside.CODE, at, at)
        frame.closers = closers
        self.stack.append(frame)
        self.pos = self.token_end = at
        self.expects = True

    def add_literal(
        self, start: int, end: int, inner: tuple[int, int], holes: tuple[tuple[int, int], ...]
    ) -> None:
        self.found.append(Found(start, end, TokenKind.LITERAL, inner, holes, self.strings_around))
        self.after_value(end)

    @property
    def strings_around(self) -> int:
        return self.depth + sum(1 for frame in self.stack if frame.kind is Inside.TEXT)

    def add_other(self, start: int, end: int) -> None:
        self.found.append(Found(start, end, TokenKind.OTHER, (start, end), (), 0))
        self.after_value(end)

    def add_comment(self, start: int, end: int) -> None:
        if self.language.words_before_patterns:
            self.expects = self.expects_value(start)
        self.found.append(Found(start, end, TokenKind.COMMENT, (start, end), (), 0))
        self.token_end = self.pos = end

    def after_value(self, end: int) -> None:
        self.token_end = self.pos = end
        self.expects = False

    def operator(self, at: int) -> None:
        """A character that begins nothing."""
        self.token_end = self.pos = at + 1
        self.expects = True

    def skip(self, to: int) -> None:
        self.pos = to

    def go_on(self, simple: re.Pattern[str]) -> None:
        """Take what is simple, up to what is not."""
        remembers = bool(self.language.words_before_patterns)
        value_end = -1
        add, depth = self.found.append, self.depth
        literal, other, comment = TokenKind.LITERAL, TokenKind.OTHER, TokenKind.COMMENT
        for match in simple.finditer(self.text, self.pos, self.end):
            kind = match.lastindex
            if kind is None:
                self.pos = self.end
                break
            start, end = match.span(kind)
            if start >= self.limit:
                # what stands before a quote may belong to it
                self.is_paused, self.reached = True, max(self.pos, start - LONGEST_PREFIX)
                break
            if kind == 1:
                add(_new(Found, (start, end, literal, (start + 1, end - 1), (), depth)))
                value_end = end
            elif kind == 3:
                add(_new(Found, (start, end, other, (start, end), (), 0)))
                value_end = end
            elif kind == 4:
                break
            elif remembers:
                if value_end >= 0:
                    self.after_value(value_end)
                    value_end = -1
                self.add_comment(start, end)
            else:
                add(_new(Found, (start, end, comment, (start, end), (), 0)))
            self.pos = end
        if value_end >= 0:
            self.token_end = value_end
            self.expects = False

    def expects_value(self, at: int) -> bool:
        """Whether a value may begin here, and no operator: where ``/`` begins a regular expression."""
        gap = self.text[self.token_end : at]
        if not gap or gap.isspace():
            return self.expects
        following = self.text[at + 1 : at + 2]
        return expects_value(gap, following, self.language)
