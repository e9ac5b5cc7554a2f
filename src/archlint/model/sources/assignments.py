"""Where the code of a file gives names their values."""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.sources.literals import QUOTED, REST, SourceCode

_MOST = 20_000
"""Assignments of one file that are looked at."""
_REACH = 160
_EQUALS = regex(r"(?<![=!<>~])=(?![=>~])\s{0,80}")
_KEY = regex(r"(?<![\w$.?])([A-Za-z_$][\w$]*+)\s{0,9}:\s{0,40}(?=process\.env|import\.meta|" + QUOTED + ")")
_TARGET = regex(
    r"([\w$]++)(?:[ \t]{0,9},[ \t]{0,9}[\w$]++)?(?:[ \t]{0,9}:[ \t]{0,9}[\w.<>\[\], ?|]{1,60})?"
    r"(?:\s{0,9}\{[\s\w;]{0,40}\})?\s{0,40}(?:\|\||\?\?|:|\+)?\Z"
)
_INJECTED = regex(
    rf"@Value\s{{0,9}}\(\s{{0,40}}(?:value\s{{0,9}}=\s{{0,9}})?(?P<at>{QUOTED}){REST}*+\s{{0,40}}\)\s{{0,200}}"
    r"(?:(?:private|protected|public|final|static|lateinit|val|var)\s{1,9})*(?:[\w<>]++\s{1,9})?(?P<name>\w++)"
)


class Assignments:
    """Where the expressions begin that names are given, by the last part of each name."""

    def __init__(self, code: SourceCode) -> None:
        self._places: dict[str, list[int]] = {}
        plain = code.plain
        for count, match in enumerate(_EQUALS.finditer(plain)):
            if count > _MOST:
                break
            target = _TARGET.search(plain, max(0, match.start() - _REACH), match.start())
            if target:
                self._add(target[1], match.end())
        if code.language.name in ("javascript", "typescript", "tsx"):
            for match in _KEY.finditer(plain):
                self._add(match[1], match.end())
        if code.language.name in ("java", "kotlin"):
            for match in _INJECTED.finditer(plain):
                self._add(match["name"], match.start("at"))
        for places in self._places.values():
            places.sort()

    def places(self, name: str) -> tuple[int, ...]:
        """Where what a name is given begins, by place."""
        return tuple(self._places.get(name, ()))

    def _add(self, name: str, place: int) -> None:
        self._places.setdefault(name.lstrip("$"), []).append(place)
