"""Where the code of a file gives names their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from archlint.finding.regex import regex
from archlint.model.sources.literals import QUOTED, REST, SourceCode

_MOST_NAMES, _MOST_PLACES = 300, 3_000
"""Names of one file that are asked for, and places of one name that are looked at."""
_ASSIGNED = regex(
    r"(?:[ \t]{0,9},[ \t]{0,9}[\w$]++)?(?:[ \t]{0,9}:[ \t]{0,9}[\w.<>\[\], ?|]{1,60}?)?"
    r"(?:\s{0,9}\{[\s\w;]{0,40}\})?\s{0,40}(?:\|\||\?\?|:|\+)?=(?![=>~])\s{0,80}"
)
_KEYED = regex(r"\s{0,9}:\s{0,40}(?=process\.env|import\.meta|" + QUOTED + ")")
_INJECTED = regex(
    rf"@Value\s{{0,9}}\(\s{{0,40}}(?:value\s{{0,9}}=\s{{0,9}})?(?P<at>{QUOTED}){REST}*+\s{{0,40}}\)\s{{0,200}}"
    r"(?:(?:private|protected|public|final|static|lateinit|val|var)\s{1,9})*(?:[\w<>]++\s{1,9})?(?P<name>\w++)"
)


_WORDS = r"(?:(?:[\w@.\[\]<>*$]|\?(?=[ \t]))++[ \t]++){0,6}?"
_TYPE = r"(?:,[ \t]*\w+|[ \t]*:[ \t]*[\w.<>?\[\]| ]{1,60}|[ \t]+\*?string)?"


@lru_cache(maxsize=512)
def _statement(name: str) -> re.Pattern[str]:
    """Matches up to where a name is set: at a line's beginning, behind words such as ``static final``."""
    before = rf"(?m)(?:^|(?<=[{{;]))[ \t]*+{_WORDS}(?:self\.|this\.|\$this->|@|\$)?"
    return re.compile(
        rf"{before}{re.escape(name)}{_TYPE}[ \t]*(?:(?::=|=(?![=>~])|=>)\s*|[:(][ \t]*(?={QUOTED}))"
    )


_MAY_BE_SET = regex(r"\b\w++(?=[ \t]*+(?:[:=(/]|,[ \t]*+\w++[ \t]*+[:=(/]|\*?string))")
_WORD = regex(r"\b\w++")


def names_set(text: str) -> frozenset[str]:
    """The names that a text may set, by what follows them; with annotations that inject, all of its words.

    More than ``Assignments`` finds, and much sooner: the text is not taken apart.
    """
    words = _WORD if "@Value" in text else _MAY_BE_SET
    return frozenset(words.findall(text))


@lru_cache(maxsize=512)
def _definition(function: str) -> re.Pattern[str]:
    return re.compile(rf"(?m)^[^\n=]{{0,120}}?\b{re.escape(function)}\(\s*\)[^\n]{{0,80}}")


def definitions(plain: str, function: str) -> Iterator[int]:
    """Where the heads end of functions of a name that take nothing."""
    return _ends(_definition(function), plain, function, "\n")


def _ends(pattern: re.Pattern[str], plain: str, name: str, signs: str) -> Iterator[int]:
    """Where the matches end of an expression that has a name in it, and before that none of some signs.

    They are those that ``finditer`` finds, but only statements are looked at that have the name.
    """
    begin, tried, pos, seen = 0, -1, 0, 0
    at = plain.find(name)
    while at >= 0:
        begin = max(begin, *(plain.rfind(sign, seen, at) + 1 for sign in signs))
        seen = at
        if tried < begin >= pos:
            tried = begin
            match = pattern.match(plain, begin)
            if match is not None:
                pos = match.end()
                yield pos
        at = plain.find(name, max(at + 1, pos))


class Assignments:
    """Where the expressions begin that names are given, by the last part of each name."""

    def __init__(self, code: SourceCode) -> None:
        self._code = code
        self._has_keys = code.language.name in ("javascript", "typescript", "tsx")
        self._places: dict[str, tuple[int, ...]] = {}
        self._injected: dict[str, list[int]] | None = None
        self._reached = 0

    def places(self, name: str) -> tuple[int, ...]:
        """Where what a name is given begins, by place."""
        name = name.lstrip("$")
        if self._reached != self._code.reached:
            self._reached = self._code.reached
            self._places.clear()
            self._injected = None
        if name not in self._places:
            if not name or len(self._places) >= _MOST_NAMES:
                return ()
            self._places[name] = tuple(sorted({*self._found(name), *self.injected(name)}))
        return self._places[name]

    def statements(self, name: str) -> Iterator[int]:
        """Where what a statement, or a member of a map or an enumeration, gives a name begins."""
        return _ends(_statement(name), self._code.plain, name, "\n{;")

    def injected(self, name: str) -> list[int]:
        """Where an annotation before a field says what it is."""
        if self._injected is None:
            self._injected = {}
            if self._code.language.name in ("java", "kotlin"):
                for match in _INJECTED.finditer(self._code.plain):
                    self._injected.setdefault(match["name"], []).append(match.start("at"))
        return self._injected.get(name, [])

    def _found(self, name: str) -> Iterator[int]:
        plain = self._code.plain
        at, count = plain.find(name), 0
        while at >= 0 and count < _MOST_PLACES:
            count += 1
            end = at + len(name)
            if not (plain[at - 1 : at].isalnum() or plain[at - 1 : at] == "_"):
                match = _ASSIGNED.match(plain, end) or (self._has_keys and _KEYED.match(plain, end))
                if match:
                    yield match.end()
            at = plain.find(name, end)
