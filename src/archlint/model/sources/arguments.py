"""What a call is given: its arguments by place and by name, as plain code with places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.sources.literals import QUOTED, REST
from archlint.model.sources.reading import SourceFile

_LONGEST = 4_000
"""Characters of a call that are looked at."""
_MOST = 60
_DEEPEST = 12
_WITH_MAPS = frozenset({"javascript", "typescript", "tsx", "php"})
"""Languages whose calls take their arguments by name in a map."""
_SIGN = regex(r"[()\[\]{},;]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_KEY = regex(rf"\s*+(?:([A-Za-z_$@][\w$]*+)|{QUOTED}{REST}*+)\s{{0,40}}(?:=>|:(?!:)|=(?![=>]))\s*+")
_SHORT = regex(r"\s*+([A-Za-z_$][\w$]*+)\s*+\Z")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a file."""

    file: SourceFile
    start: int
    end: int

    @property
    def plain(self) -> str:
        """Its code, in which strings are stand-ins."""
        return self.file.code.plain[self.start : self.end]

    def trimmed(self) -> Stretch:
        """The same without blanks around it."""
        code = self.plain
        start = self.start + len(code) - len(code.lstrip())
        return Stretch(self.file, start, max(start, self.end - len(code) + len(code.rstrip())))


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a call, or the members of a literal in braces."""

    listed: tuple[Stretch, ...]
    named: Mapping[str, Stretch]

    def get(self, which: int | str) -> Stretch | None:
        """An argument by its place or name."""
        if isinstance(which, str):
            return self.named.get(which)
        return self.listed[which] if which < len(self.listed) else None


def given(file: SourceFile, opener: int) -> Given:
    """What stands in the bracket at a place, the members of a map in it among what is named."""
    listed: list[Stretch] = []
    named: dict[str, Stretch] = {}
    for part in parts(file, opener):
        key = _key(part)
        if key is not None:
            named.setdefault(key[0], key[1])
            continue
        if part.plain.startswith(("{", "[", "@[")) and file.language.name in _WITH_MAPS:
            _add_members(part, named)
        listed.append(part)
    return Given(tuple(listed), named)


def _add_members(part: Stretch, named: dict[str, Stretch]) -> None:
    for member in parts(part.file, part.start):
        key = _key(member)
        short = _SHORT.match(member.plain)
        if key is not None:
            named.setdefault(key[0], key[1])
        elif short is not None and part.plain.startswith("{"):
            named.setdefault(short[1], member)


def _key(part: Stretch) -> tuple[str, Stretch] | None:
    match = _KEY.match(part.plain)
    if match is None:
        return None
    value = Stretch(part.file, part.start + match.end(), part.end).trimmed()
    if match[1]:
        return match[1], value
    literal = part.file.code.literal_at(part.start + match[0].index(QUOTED))
    return (literal.text, value) if literal else None


def parts(file: SourceFile, opener: int) -> Iterator[Stretch]:
    """What the commas of a bracket separate; nothing of one that is not closed within reach."""
    found = list(_parts(file, opener))
    if found and found[-1] is None:
        yield from (part for part in found[:-1] if part is not None and part.start < part.end)


def _parts(file: SourceFile, opener: int) -> Iterator[Stretch | None]:
    plain = file.code.plain
    stack = [plain[opener]]
    start, count = opener + 1, 0
    for match in _SIGN.finditer(plain, opener + 1, opener + _LONGEST):
        sign = match[0]
        if sign in "([{":
            stack.append(sign)
            if len(stack) > _DEEPEST:
                return
        elif sign in _PAIRS:
            if stack[-1] != _PAIRS[sign]:
                return
            stack.pop()
            if not stack:
                yield Stretch(file, start, match.start()).trimmed()
                yield None
                return
        elif sign == "," and len(stack) == 1:
            yield Stretch(file, start, match.start()).trimmed()
            start, count = match.end(), count + 1
            if count > _MOST:
                return
