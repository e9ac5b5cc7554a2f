"""Files with variables: ``.env`` of a project's folder, and those that ``env_file`` names.

A line is ``NAME=value`` (or ``NAME: value``, or with ``export`` before it). Values without quotes end before
`` #``; in double quotes escapes count, and lines may end inside; in single quotes nothing is replaced. Values
may name variables of earlier lines. A name alone takes its value from the shell.

Source: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from archlint.documents import TextFile
from archlint.files import LineIndex
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose.interpolation import Lookup, interpolated
from archlint.model.compose.woven import LineOrigin, Piece, Woven

LONGEST_FILE = 1_048_576
"""Characters of a file with variables that are read."""
MOST_LINES = 10_000
"""Variables of a file that are read."""

_NAME = regex(r"(?:export[ \t\v\f\r]++)?([\w.\[\]-]++)[ \t]*+([=:]|(?=\n|\Z))[ \t\v\f\r]*+")
_BLANK = regex(r"(?:\s++|#[^\n]*+)*+")
_IN_DOUBLE_QUOTES = regex(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_IN_SINGLE_QUOTES = regex(r"'((?:[^'\\]++|\\.)*+)'", re.DOTALL)
_ESCAPED = regex(r"\\([\\$\"abcfnrtv])")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$"}


@dataclass(frozen=True, slots=True)
class EnvLine:
    """One variable of a file."""

    name: str
    value: Woven | None
    """``None`` for a name alone."""


def env_lines(path: str, text: str, lookup: Lookup, *, revision: str | None, is_raw: bool) -> list[EnvLine]:
    """The variables of a file up to the first line that is none; ``lookup`` has those known before it.

    In a ``raw`` file nothing is replaced, and quotes belong to the value.
    """
    text = text[:LONGEST_FILE]
    reader = _Lines(TextFile(path, revision), LineIndex(text), lookup, is_raw=is_raw)
    return list(islice(reader.lines(), MOST_LINES))


class _Lines:
    def __init__(self, source: TextFile, lines: LineIndex, lookup: Lookup, *, is_raw: bool) -> None:
        self._source = source
        self._lines = lines
        self._text = lines.text
        self._given = lookup
        self._is_raw = is_raw
        self._known: dict[str, Woven] = {}

    def lines(self) -> Iterator[EnvLine]:
        at = 0
        while True:
            blank = _BLANK.match(self._text, at)
            at = blank.end() if blank else at
            name = _NAME.match(self._text, at)
            if name is None:
                return
            if not name[2]:
                yield EnvLine(name[1], self._given(name[1]))
                at = name.end()
                continue
            value, at = self._value(name.end())
            if value is None:
                return
            self._known[name[1]] = value
            yield EnvLine(name[1], value)

    def _value(self, start: int) -> tuple[Woven | None, int]:
        quote = self._text[start : start + 1]
        if quote in ("'", '"') and quote and not self._is_raw:
            return self._quoted(quote, start)
        end = self._text.find("\n", start)
        end = len(self._text) if end < 0 else end
        value = self._text[start:end]
        if not self._is_raw:
            value = value.partition(" #")[0].rstrip()
        found = self._written(start, value)
        return found if self._is_raw else interpolated(found, self._lookup), end

    def _quoted(self, quote: str, start: int) -> tuple[Woven | None, int]:
        quoted = _IN_SINGLE_QUOTES if quote == "'" else _IN_DOUBLE_QUOTES
        match = quoted.match(self._text, start)
        if match is None:
            return None, start
        inner = match[1]
        if quote == "'":
            return self._written(start + 1, inner.replace("\\'", "'"), len(inner)), match.end()
        meant = _ESCAPED.sub(lambda m: _ESCAPES.get(m[1], m[1]), inner)
        return interpolated(self._written(start + 1, meant, len(inner)), self._lookup), match.end()

    def _written(self, start: int, meant: str, length: int | None = None) -> Woven:
        length = len(meant) if length is None else length
        is_exact = self._text[start : start + length] == meant
        return Woven((Piece(meant, LineOrigin(self._source, self._lines, start, length, is_exact)),))

    def _lookup(self, name: str) -> Woven | None:
        given = self._given(name)
        return self._known.get(name) if given is None else given
