"""Formats of dates and times in matchers, as Java writes them, as patterns that are wider than they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from archlint.finding.regex import regex

_ISO = {
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "time": r"^T?\d{2}:\d{2}",
    "timestamp": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}",
    "datetime": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}",
}
"""What is matched where a matcher states no format."""
_DIGITS = frozenset("yuMdHhmsSkKD")
_ZONES = frozenset("XxZzVO")
_ZONE = r"(?:Z|GMT|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Za-z/_]+)"
_LETTERS = regex(r"'(?P<quoted>[^']*+)'|(?P<letter>[A-Za-z])(?P=letter)*+|[^A-Za-z']")
_SPECIAL = regex(r"[\\^$.|?*+()\[\]{}/]")
_LONGEST = 200


def literal(text: str) -> str:
    """A pattern that a text itself matches, as ECMA-262 writes it."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def pattern_of_time(matcher: Mapping[str, Any]) -> str | None:
    """The pattern of a matcher of dates or times; ``None`` if its format is not understood."""
    name = matcher.get("match")
    stated = matcher.get("format", matcher.get(str(name)))
    if stated is None:
        return _ISO.get(str(name))
    if not isinstance(stated, str) or len(stated) > _LONGEST:
        return None
    found: list[str] = []
    at = 0
    while at < len(stated):
        match = _LETTERS.match(stated, at)
        part = None if match is None else _part(match)
        if match is None or part is None:
            return None
        found.append(part)
        at = match.end()
    return f"^{''.join(found)}$"


def _part(match: re.Match[str]) -> str | None:
    letter, text = match["letter"], match[0]
    if match["quoted"] is not None:
        return literal(match["quoted"] or "'")
    if letter is None:
        return literal(text)
    if letter in _ZONES:
        return _ZONE
    if letter in _DIGITS and not (letter == "M" and len(text) > 2):
        return r"\d+" if len(text) == 1 or letter in "yuS" else rf"\d{{{len(text)}}}"
    return None
