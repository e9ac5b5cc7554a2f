"""Where the keys of a table stand in a TOML text; ``tomllib`` tells values but no places.

Keys of inline tables are not looked for: the key that holds the table stands for them.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import Any

from archlint.documents.marks import Extent
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_HEADER = regex(r"[ \t]*(\[\[?)([^\]\n]*)\]\]?")
_QUOTED = r"\"[^\"\n]*\"|'[^'\n]*'"
_WORD = rf"(?:[A-Za-z0-9_-]+|{_QUOTED})"
_ENTRY = regex(rf"[ \t]*({_WORD}(?:[ \t]*\.[ \t]*{_WORD})*)[ \t]*=[ \t]*")
_PART = regex(r"\"([^\"\n]*)\"|'([^'\n]*)'|([A-Za-z0-9_-]+)")
_VALUE_TOKEN = regex(
    r"'''.*?(?:'''|\Z)|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\"|\\?\Z)"
    r"|\"(?:\\.|[^\"\\\n])*+\"?|'[^'\n]*+'?"
    r"|#[^\n]*|[\[\]{}\n]|[^\[\]{}\n\"'#]+",
    re.DOTALL,
)


@dataclass(slots=True)
class TomlMarks:
    """The ``Marks`` of one table; keys that were not found have the place of what holds them."""

    keys: dict[Route, Extent] = field(default_factory=dict)
    values: dict[Route, Extent] = field(default_factory=dict)

    def key(self, route: Route) -> Extent | None:
        """See ``Marks.key``."""
        while route and route not in self.keys:
            route = route[:-1]
        return self.keys.get(route)

    def value(self, route: Route) -> Extent | None:
        """See ``Marks.value``."""
        return self.values.get(route) or self.key(route)


def table_marks(text: str, table: Route) -> TomlMarks:
    """The places of everything below a table such as ``("tool", "archlint")``; ``text`` is valid TOML."""
    marks = TomlMarks()
    counts: dict[Route, int] = {}
    here: Route = ()
    at = 0
    while at < len(text):
        header = _HEADER.match(text, at)
        entry = None if header else _ENTRY.match(text, at)
        if header:
            here = _numbered(_parts(header[2]), header[1] == "[[", counts)
            _note(marks.keys, here, table, header.span(2))
            at = header.end()
        elif entry:
            end = _value_end(text, entry.end())
            route = here + _parts(entry[1])
            _note(marks.keys, route, table, entry.span(1))
            _note(
                marks.values, route, table, (entry.end(), entry.end() + len(text[entry.end() : end].rstrip()))
            )
            at = end
        line_end = text.find("\n", at)
        at = len(text) if line_end < 0 else line_end + 1
    return marks


def _note(into: dict[Route, Extent], route: Route, table: Route, extent: Extent) -> None:
    if route[: len(table)] == table:
        into.setdefault(route[len(table) :], extent)


def _parts(dotted: str) -> Route:
    return tuple(found[1] or found[2] or found[3] or "" for found in _PART.finditer(dotted))


def _numbered(route: Route, is_item: bool, counts: dict[Route, int]) -> Route:
    """The route with the number of the item for each array of tables on the way."""
    numbered: list[Any] = []
    for depth, part in enumerate(route, 1):
        numbered.append(part)
        prefix = tuple(numbered)
        if is_item and depth == len(route):
            counts[prefix] = counts.get(prefix, -1) + 1
        if prefix in counts:
            numbered.append(counts[prefix])
    return tuple(numbered)


def _value_end(text: str, at: int) -> int:
    """The offset at which a value ends: at the end of its line, outside of brackets and strings."""
    depth = 0
    for token in _VALUE_TOKEN.finditer(text, at):
        word = token[0]
        if word in ("[", "{"):
            depth += 1
        elif word in ("]", "}"):
            depth -= 1
        elif depth == 0 and (word == "\n" or word.startswith("#")):
            return token.start()
    return len(text)
