"""Texts in TOML files: read by the standard library, found again by a scan over the tokens.

The library tells no places, so the scan walks the same keys and tables and looks up each value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.settings import MOST_SETTINGS, Setting

# A text that never ends reaches to the end of its line, or of the file: stopping short would be quadratic.
_TOKEN = regex(
    r"""(?s)(?P<comment>\#[^\n]*)"""
    r"""|(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)|'{3}(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?)"""
    r"""|(?P<word>[A-Za-z0-9_+:-]++)|(?P<sign>[\[\]{}=,.\n])"""
)
_DEEPEST = 50

Way = tuple[str | int, ...]


@dataclass(slots=True)
class _Open:
    """A list or an inline table that has not ended."""

    way: Way
    is_list: bool
    count: int = 0


def settings_of(text: PlacedText) -> Iterator[Setting]:
    """The texts and numbers of a file; nothing of one that is no TOML."""
    import tomllib

    try:
        data = tomllib.loads(text.text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return
    for way, start, end in islice(_Scan(text.text).values(), MOST_SETTINGS):
        value = _at(data, way)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            yield Setting(_key(way), str(value), text, start, end)


def _at(data: Any, way: Way) -> Any:
    for step in way:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _key(way: Way) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way).removeprefix(".")


class _Scan:
    """Goes over the tokens of a file."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._table: Way = ()
        self._lists: Counter[Way] = Counter()
        self._open: list[_Open] = []
        self._parts: list[str] = []
        """The parts of the key that is being read."""
        self._way: Way | None = None
        """The way of the value that comes next."""
        self._brackets = 0
        """How many brackets began the header that is being read."""

    def values(self) -> Iterator[tuple[Way, int, int]]:
        """The way to each scalar, and where its token is."""
        for token in _TOKEN.finditer(self._text):
            sign = token["sign"]
            if token["comment"] is not None:
                continue
            if sign is not None:
                if len(self._open) > _DEEPEST:
                    return
                self._take(sign)
            elif self._value_way() is None:
                self._parts.append(_plain(token[0]))
            else:
                yield self._value_way() or (), token.start(), token.end()
                self._way = None

    def _value_way(self) -> Way | None:
        """Where a value would stand here; ``None`` where a key is read."""
        if self._way is not None:
            return self._way
        around = self._open[-1] if self._open else None
        return (*around.way, around.count) if around is not None and around.is_list else None

    def _take(self, sign: str) -> None:
        if sign == "=":
            around = self._open[-1].way if self._open else self._table
            self._way, self._parts = (*around, *self._parts), []
        elif sign in "[{":
            way = self._value_way()
            if way is not None:
                self._open.append(_Open(way, sign == "["))
                self._way = None
            elif sign == "[":
                self._brackets += 1
        elif sign == "]" and self._brackets:
            self._close_header()
        elif sign in "]}" and self._open:
            self._open.pop()
            self._parts = []
        elif sign == "," and self._open:
            self._open[-1].count += 1
            self._parts, self._way = [], None
        elif sign == "\n" and not self._open:
            self._parts, self._way, self._brackets = [], None, 0

    def _close_header(self) -> None:
        if not self._parts:  # the second bracket of a pair
            self._brackets = 0
            return
        way: Way = ()
        for part in self._parts[:-1]:
            way = self._into_last((*way, part))
        way = (*way, self._parts[-1])
        if self._brackets > 1:
            self._lists[way] += 1
        self._table, self._parts = self._into_last(way), []

    def _into_last(self, way: Way) -> Way:
        """A list of tables is entered at its last one."""
        return (*way, self._lists[way] - 1) if self._lists.get(way) else way


def _plain(text: str) -> str:
    return text[1:-1] if text[:1] in ("'", '"') else text
