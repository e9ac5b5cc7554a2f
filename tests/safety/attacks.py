"""Texts that are made to cost a regular expression as much as they can, from what it says itself.

For each part that may be repeated: what leads there, then much that it takes, then what it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
_MANY = 16
"""Times from which on a part counts as one that may be repeated."""
_USUAL = " \n\ta0\"'\\.-#/{[("
_FEW = " \na"
"""What is tried beside each letter of a pattern."""
_REFUSED = ("", "\x00", "\n!")
_CATEGORIES = {
    kinds.CATEGORY_DIGIT: "0",
    kinds.CATEGORY_NOT_DIGIT: "a",
    kinds.CATEGORY_SPACE: " ",
    kinds.CATEGORY_NOT_SPACE: "a",
    kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_WORD: "-",
}
_Parts = list[tuple[Any, Any]]


class Attack(NamedTuple):
    """A kind of text: what it begins with, what comes again and again, and what it ends with."""

    lead: str
    pump: str
    end: str

    def text(self, length: int) -> str:
        """The text of about a length."""
        return self.lead + self.pump * (length // len(self.pump)) + self.end


def attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """All that is tried on a pattern."""
    parsed = list(parser.parse(pattern.pattern, pattern.flags))
    own = sorted(set(_letters(parsed)))
    letters = sorted({*_USUAL, *own})
    repeats = list(_repeats(parsed, ""))
    leads = sorted({"", *(lead for lead, _ in repeats)})
    pumps = sorted({*letters, *(body for _, bodies in repeats for body in bodies)})
    found = [Attack(*parts) for parts in product(leads, pumps, _REFUSED)]
    found += [Attack("", one + other, "\x00") for one, other in product(own, {*own, *_FEW})]
    found += [Attack("", lead + one, "") for lead in leads for one in ("", *letters) if lead + one]
    return list(dict.fromkeys(found))


def _repeats(parts: _Parts, lead: str) -> Iterator[tuple[str, list[str]]]:
    """Each part that may be repeated: a text that leads to it, and texts that it takes once."""
    for kind, value in parts:
        if kind in _REPEATS:
            _low, high, body = value
            if high >= _MANY:
                yield lead, [text for text in _samples(list(body)) if text]
            yield from _repeats(list(body), lead)
        for inner in _inner(kind, value):
            yield from _repeats(inner, lead)
        lead += (_samples([(kind, value)]) or [""])[0]


def _inner(kind: Any, value: Any) -> list[_Parts]:
    if kind is kinds.SUBPATTERN:
        return [list(value[-1])]
    if kind is kinds.ATOMIC_GROUP:
        return [list(value)]
    if kind is kinds.BRANCH:
        return [list(branch) for branch in value[1]]
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [list(value[1])]
    return []


def _samples(parts: _Parts) -> list[str]:
    """Short texts that a sequence takes, one for each branch at least."""
    found = [""]
    for kind, value in parts:
        choices = _choices(kind, value)
        found = [text + choice for text, choice in product(found, choices)][:12]
    return found


def _choices(kind: Any, value: Any) -> list[str]:
    if kind is kinds.LITERAL:
        return [chr(value)]
    if kind is kinds.NOT_LITERAL:
        return ["a" if value != ord("a") else "b"]
    if kind is kinds.ANY:
        return ["a"]
    if kind is kinds.IN:
        return _members(value)[:4] or ["a"]
    if kind in _REPEATS:
        low, _high, body = value
        bodies = _samples(list(body))
        return [text * max(low, 1) for text in bodies] if low else ["", *bodies]
    if kind in (kinds.SUBPATTERN, kinds.ATOMIC_GROUP, kinds.BRANCH):
        return [text for inner in _inner(kind, value) for text in _samples(inner)]
    return [""]


def _members(value: _Parts) -> list[str]:
    if value and value[0][0] is kinds.NEGATE:
        shut = set(_members(value[1:]))
        return [letter for letter in 'a -\n0"' if letter not in shut]
    found: list[str] = []
    for kind, what in value:
        if kind is kinds.LITERAL:
            found.append(chr(what))
        elif kind is kinds.RANGE:
            found.append(chr(what[0]))
        elif kind is kinds.CATEGORY:
            found.append(_CATEGORIES.get(what, "a"))
    return found


def _letters(parts: _Parts) -> Iterator[str]:
    """A letter of every kind that the pattern tells from others."""
    for kind, value in parts:
        if kind in (kinds.LITERAL, kinds.NOT_LITERAL):
            yield chr(value)
        elif kind is kinds.IN:
            yield from _members([part for part in value if part[0] is not kinds.NEGATE])
        elif kind in _REPEATS:
            yield from _letters(list(value[2]))
        else:
            for inner in _inner(kind, value):
                yield from _letters(inner)
