"""JSON text as plain data; places are found later, by a scanner that looks only along the asked routes.

``json`` reads 13 MB in 0.3 s. The scanner uses its C parts (``scanstring``, ``raw_decode``) to step over
whole values, and remembers the members of each container it has entered.
"""

from __future__ import annotations

import json
import re
from dataclasses import field
from itertools import islice
from typing import Any

from archlint.documents.marks import Extent
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

MAX_DEPTH = 200
"""Levels of nesting that are read; the same bound as for YAML."""
MOST_VALUES = 2_000_000
"""Values of a text that are read; the same bound as for YAML. One takes about 50 bytes of memory."""

_SPACE = regex(r"[ \t\r\n]*")
_SCALAR = regex(r'"(?:[^"\\]|\\.)*"|[^\s,\]}]+')
_STRING_OR_SIGN = regex(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[,\[{]', re.DOTALL)
"""Strings, whole or cut off by the end, and the signs outside of them that go with values."""
_DECODER = json.JSONDecoder(strict=False)


class JsonError(Exception):
    """The text is no JSON that can be read; ``offset`` is in code points."""

    def __init__(self, message: str, offset: int, *, is_limit: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.is_limit = is_limit
        """Whether the text may be well formed, and only is more than is read."""


@dataclass(slots=True)
class JsonDocument:
    """Plain data, and whether some object repeats a key."""

    data: Any
    has_duplicates: bool


def read_json(text: str) -> JsonDocument:
    """The value of a JSON text; raises ``JsonError``."""
    seen_duplicate = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal seen_duplicate
        made = dict(pairs)
        if len(made) != len(pairs):
            seen_duplicate = True
        return made

    def refuse(constant: str) -> Any:
        raise JsonError(f"{constant} is not JSON", max(text.find(constant), 0))

    if _values_in(text) > MOST_VALUES:
        raise JsonError(f"has more than {MOST_VALUES:,} values", 0, is_limit=True)
    try:
        data = json.loads(text, object_pairs_hook=members, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise JsonError(_lower(error.msg), error.pos) from None
    except RecursionError:
        raise JsonError(f"nests deeper than {MAX_DEPTH} levels", 0, is_limit=True) from None
    except ValueError:
        raise JsonError("has a number with too many digits", 0, is_limit=True) from None
    _refuse_deep(data)
    return JsonDocument(data, seen_duplicate)


def _values_in(text: str) -> int:
    """The number of values of a JSON text, or more where commas and brackets in strings can do no harm."""
    most = 1 + text.count(",") + text.count("[") + text.count("{")
    if most <= MOST_VALUES:
        return most
    signs = (found for found in _STRING_OR_SIGN.finditer(text) if text[found.start()] != '"')
    return 1 + sum(1 for _ in islice(signs, MOST_VALUES))


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _refuse_deep(data: Any) -> None:
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for value in level:
            children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            below.extend(child for child in children if isinstance(child, (dict, list)))
        if not below:
            return
        level = below
    raise JsonError(f"nests deeper than {MAX_DEPTH} levels", 0, is_limit=True)


_STRING = r'(?s:"(?:[^"\\]+|\\.)*+(?:"|\\?\Z))'
_COMMENT = regex(rf"{_STRING}|//[^\n]*|/\*(?:[^*]+|\*(?!/))*+(?:\*/|\Z)")
_LAST_COMMA = regex(rf"{_STRING}|,(?=\s*[}}\]])")


def without_comments(text: str) -> str:
    """JSON with blanks in place of its comments and of commas behind the last item: all offsets stay."""
    return _LAST_COMMA.sub(_blanked, _COMMENT.sub(_blanked, text))


def _blanked(found: re.Match[str]) -> str:
    text = found.group()
    return text if text.startswith('"') else re.sub(r"[^\n]", " ", text)


@dataclass(slots=True)
class JsonMarks:
    """The ``Marks`` of a JSON text that is known to be valid."""

    text: str
    _members: dict[int, dict[str | int, tuple[int, int, int]]] = field(default_factory=dict)
    """By offset of a container: its members as (key start, key end, value start)."""
    _starts: dict[Route, int] = field(default_factory=dict)
    """By route of a container whose members were asked for: its offset."""

    def key(self, route: Route) -> Extent | None:
        """See ``Marks.key``."""
        if not route or isinstance(route[-1], int):
            return None
        member = self._member(route)
        return None if member is None else (member[0], member[1])

    def value(self, route: Route) -> Extent | None:
        """See ``Marks.value``."""
        start = self._find(route)
        if start is None:
            return None
        if self.text[start] in "{[":
            return start, start + 1
        found = _SCALAR.match(self.text, start)
        return start, found.end() if found else start + 1

    def duplicates(self) -> list[tuple[str, Extent, Extent]]:
        """Every repeated key with its own place and that of its first occurrence."""
        found: list[tuple[str, Extent, Extent]] = []
        waiting = [self._skip(0)]
        while waiting:
            first: dict[str, Extent] = {}
            for key, key_start, key_end, value in self._entries(waiting.pop()):
                if self.text[value] in "{[":
                    waiting.append(value)
                if isinstance(key, str) and key in first:
                    found.append((key, (key_start, key_end), first[key]))
                elif isinstance(key, str):
                    first[key] = (key_start, key_end)
        return sorted(found, key=lambda entry: entry[1])

    def _find(self, route: Route) -> int | None:
        if not route:
            return self._skip(0)
        member = self._member(route)
        return None if member is None else member[2]

    def _member(self, route: Route) -> tuple[int, int, int] | None:
        """What the container of an element says of it; the ways to containers are gone once."""
        around = route[:-1]
        at = self._starts.get(around)
        if at is None:
            at = self._find(around)
            if at is None:
                return None
            self._starts[around] = at
        return self._container(at).get(route[-1])

    def _container(self, at: int) -> dict[str | int, tuple[int, int, int]]:
        members = self._members.get(at)
        if members is None:
            members = {key: (start, end, value) for key, start, end, value in self._entries(at)}
            self._members[at] = members
        return members

    def _skip(self, at: int) -> int:
        if self.text[at : at + 1] > " ":
            return at
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _entries(self, at: int) -> list[tuple[str | int, int, int, int]]:
        opening = self.text[at]
        if opening not in "{[":
            return []
        entries: list[tuple[str | int, int, int, int]] = []
        at = self._skip(at + 1)
        while self.text[at] not in "}]":
            key: str | int = len(entries)
            start = end = at
            if opening == "{":
                key, end = _DECODER.raw_decode(self.text, at)
                at = self._skip(self._skip(end) + 1)
            entries.append((key, start, end, at))
            _, at = _DECODER.raw_decode(self.text, at)
            at = self._skip(at)
            if self.text[at] == ",":
                at = self._skip(at + 1)
        return entries
