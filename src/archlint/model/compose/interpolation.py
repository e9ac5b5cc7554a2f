"""Variables in the text of Compose files and of files with variables, by the grammar of the specification.

``$NAME``, ``${NAME}``, ``${NAME:-default}``, ``${NAME-default}``, ``${NAME:?error}``, ``${NAME?error}``,
``${NAME:+other}``, ``${NAME+other}``, each of which may hold others, and ``$$`` for a dollar sign.

Compose puts nothing in the place of a variable that has no value. But it takes values from the shell of the
person who runs it too, so what has none in the files is unknown here, and stays as it is written.

Source: https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archlint.finding.regex import regex
from archlint.model.compose.woven import LONGEST, MOST_PIECES, Piece, Woven, joined

Lookup = Callable[[str], Woven | None]
"""The value of a variable; ``None`` for one that no file sets."""

_MOST_NESTED = 20
_NAMED = regex(r"[A-Za-z_][A-Za-z0-9_]*+")
_OPERATOR = regex(r":?[-?+]")


def interpolated(text: Woven, lookup: Lookup) -> Woven:
    """A text with its variables replaced."""
    if "$" not in text.text or text.length > LONGEST:
        return text
    found = joined(_Reader(text, lookup).parts(0, text.length, 0))
    is_short = found.length <= LONGEST and len(found.pieces) <= MOST_PIECES
    return found if is_short else _unknown(text)


def _may_be_empty(value: Woven) -> bool:
    """Whether nothing of a value is known."""
    return value.text != "" and not any(piece.text and piece.is_known for piece in value.pieces)


def _unknown(text: Woven) -> Woven:
    return Woven(tuple(Piece(piece.text, piece.origin, piece.start, False) for piece in text.pieces))


class _Reader:
    def __init__(self, text: Woven, lookup: Lookup) -> None:
        self._woven = text
        self._text = text.text
        self._lookup = lookup
        self._size = self._pieces = 0
        self._closing = _closing_braces(self._text)

    def parts(self, start: int, end: int, depth: int) -> Iterator[Woven]:
        """What the text between two offsets becomes."""
        at = start
        while at < end:
            dollar = self._text.find("$", at, end)
            if dollar < 0 or self._size > LONGEST or self._pieces > MOST_PIECES:
                yield self._taken(self._woven.cut(at, end))
                return
            if dollar > at:
                yield self._taken(self._woven.cut(at, dollar))
            at = self._end(dollar, end)
            yield from self._variable(dollar, at, depth)

    def _end(self, dollar: int, end: int) -> int:
        """Where the expression at a dollar sign ends; one that is none is the sign alone."""
        following = self._text[dollar + 1 : dollar + 2] if dollar + 1 < end else ""
        if following == "$":
            return dollar + 2
        if following == "{":
            closing = self._closing.get(dollar + 1, end)
            return closing + 1 if closing < end else dollar + 1
        name = _NAMED.match(self._text, dollar + 1, end)
        return name.end() if name else dollar + 1

    def _variable(self, start: int, end: int, depth: int) -> Iterator[Woven]:
        """What stands for an expression."""
        first = self._text[start + 1 : end][:1]
        if first == "{":
            yield from self._braced(start, end - 1, depth)
        elif first in ("", "$"):
            yield self._taken(self._woven.cut(start, start + 1))
        else:
            yield self._value_or_unknown(self._text[start + 1 : end], start, end)

    def _braced(self, dollar: int, closing: int, depth: int) -> Iterator[Woven]:
        name = _NAMED.match(self._text, dollar + 2, closing)
        operator = None if name is None else _OPERATOR.match(self._text, name.end(), closing)
        if name is None or (operator is None and name.end() != closing) or depth > _MOST_NESTED:
            yield self._taken(_unknown(self._woven.cut(dollar, closing + 1)))
        elif operator is None:
            yield self._value_or_unknown(name[0], dollar, closing + 1)
        else:
            yield from self._chosen(self._lookup(name[0]), operator, dollar, closing, depth)

    def _chosen(
        self, value: Woven | None, operator: re.Match[str], dollar: int, closing: int, depth: int
    ) -> Iterator[Woven]:
        """The value of a variable, or what stands behind the operator."""
        counts_empty = operator[0].startswith(":")
        is_there = value is not None and (not counts_empty or value.text != "")
        if value is not None and counts_empty and _may_be_empty(value):
            yield self._taken(_unknown(self._woven.cut(dollar, closing + 1)))
        elif operator[0].endswith("+" if is_there else "-"):
            yield from self.parts(operator.end(), closing, depth + 1)
        elif value is not None and (is_there or operator[0].endswith("+")):
            yield self._taken(value)
        else:
            yield self._taken(_unknown(self._woven.cut(dollar, closing + 1)))

    def _value_or_unknown(self, name: str, start: int, end: int) -> Woven:
        value = self._lookup(name) if name else None
        return self._taken(_unknown(self._woven.cut(start, end)) if value is None else value)

    def _taken(self, part: Woven) -> Woven:
        self._size += part.length
        self._pieces += len(part.pieces)
        return part


def _closing_braces(text: str) -> dict[int, int]:
    """The closing brace of each opening one."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for at, character in enumerate(text):
        if character == "{":
            waiting.append(at)
        elif character == "}" and waiting:
            found[waiting.pop()] = at
    return found
