"""The strings of a source file, its code without them, and what stands around each.

for literal in literals(text, PYTHON):      # in the order in which they stand
    literal.text, literal.start, literal.holes

code = SourceCode(text, PYTHON)
code.around(literal).call                   # ``producer.send`` of ``producer.send("orders", order)``
code.around(literal).target                 # ``topic`` of ``topic="orders"`` and ``{"topic": "orders"}``
code.span(literal)                          # lines and columns of its text
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from archlint.files.text import LineIndex
from archlint.finding import Span
from archlint.finding.regex import regex
from archlint.model.sources.languages import LANGUAGES, Language
from archlint.model.sources.scanning import Scanner
from archlint.model.sources.tokens import Found, TokenKind

_BY_NAME = {language.name: language for language in LANGUAGES}

QUOTED, REST = "\x02", "\x01"
"""In plain code a string is one ``QUOTED``, then as many ``REST`` as it has further characters."""

_SIGNS = str.maketrans({QUOTED: " ", REST: " "})
_BRACKET = regex(rf"[(){{}}\[\],{QUOTED}]")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_CALLED = regex(
    r"(@?(?:(?:\.|::|\?\.|->|!!?\.)\s{0,40})?(?<![\w$])[\w$]++(?:\s{0,40}(?:\?\.|!!?\.|\.|::|->)\s{0,40}[\w$]++){0,8}+)"
    r"\s{0,40}(?:<[\w\s.,?\[\]<>]{0,80}>)?[!?]?\s{0,40}\Z"
)
_OPERATOR = regex(
    r"(\|\|=?|\?\?=?|\?:|:=|=>|->|<<|>>|[=!]={1,2}|[-+*%&.]=|&&|[-+*/%&|^<>=?:,(\[{.!;]"
    r"|\b(?:or|and|if|else|in|not|return|then|when|yield|await|throw|case|puts)\b)\s{0,200}\Z"
)
_TARGET = regex(
    r"(?:(?<![\w$@.>\-])([\w$@.>\-]++)(?:[ \t]{0,9}:[ \t]{0,9}[\w.<>\[\], ?|]{1,60})?"
    rf"|{QUOTED}{REST}*+|\[\s{{0,9}}{QUOTED}{REST}*+\s{{0,9}}\])"
    r"\s{0,40}(?:\|\|=|\?\?=|:=|=>|\+=|=|:)\s{0,200}\Z"
)
_SETTING = frozenset({"=", ":=", ":", "=>", "||=", "??=", "+="})
_REACH = 240
"""Characters before a literal that are looked at."""
_SURROUNDINGS = 6
"""Brackets around a literal that are told."""


class Literal(NamedTuple):
    """A string as it is written in source code. All places are offsets in the text of the file."""

    start: int
    """Where it begins, its prefix and quote included; of a heredoc, what announces it."""
    end: int
    inner: int
    """Where its text begins."""
    text: str
    """What stands between the quotes, as written: escapes are not resolved, holes are in it."""
    holes: tuple[tuple[int, int], ...] = ()
    """Where the expressions are that are put in, without what surrounds them."""
    depth: int = 0
    """How many other literals it stands in the holes of."""


class Enclosing(NamedTuple):
    """A bracket around a literal."""

    opener: str
    name: str
    """What is called, or made, as ``producer.send``, ``@KafkaListener``, ``kafka.WriterConfig``; empty for a
    list or a map. Of ``connect(x).send(`` it is ``.send``."""
    argument: int
    """How many commas stand between the bracket and the literal."""
    target: str
    """The name that what begins here is given to: ``brokers`` of ``brokers=["kafka:9092"]``."""


class Around(NamedTuple):
    """What the code around a literal says it is for."""

    operator: str
    """What stands directly before it: ``||``, ``(``, ``,``, ``=``, ``return``; empty if there is no such
    thing."""
    target: str
    """The name or key that it is given to directly."""
    enclosing: tuple[Enclosing, ...]
    """The brackets around it, the innermost first."""

    @property
    def call(self) -> str:
        """What is called with it, if the innermost parenthesis belongs to a call."""
        return next((item.name for item in self.enclosing if item.opener == "("), "")

    @property
    def argument(self) -> int:
        """Which argument of the call it belongs to, from 0."""
        return next((item.argument for item in self.enclosing if item.opener == "("), 0)


def literals(text: str, language: Language | str) -> Iterator[Literal]:
    """All strings of a source file, by place; characters and regular expressions are none."""
    for found in scan(text, language):
        if found.kind is TokenKind.LITERAL:
            yield literal_of(text, found)


def literal_of(text: str, found: Found) -> Literal:
    """The literal that was found at a place."""
    start, end = found.inner
    return Literal(found.start, found.end, start, text[start:end], found.holes, found.depth)


def comments(text: str, language: Language | str) -> Iterator[tuple[int, int]]:
    """Where each comment begins and ends."""
    for found in scan(text, language):
        if found.kind is TokenKind.COMMENT and found.start < found.end:
            yield found.start, found.end


def scan(text: str, language: Language | str) -> list[Found]:
    """All that is no plain code."""
    row = _BY_NAME[language] if isinstance(language, str) else language
    return Scanner(text, row).run()


class SourceCode:
    """A source file, with its strings and what stands around them."""

    def __init__(self, text: str, language: Language | str) -> None:
        self.text = text
        self.language = _BY_NAME[language] if isinstance(language, str) else language
        self.lines = LineIndex(text)

    @cached_property
    def found(self) -> list[Found]:
        """All that is no plain code."""
        return scan(self.text, self.language)

    @cached_property
    def literals(self) -> list[Literal]:
        """The strings, by place."""
        return [literal_of(self.text, found) for found in self.found if found.kind is TokenKind.LITERAL]

    @cached_property
    def by_start(self) -> dict[int, Literal]:
        """The strings by where they begin."""
        return {literal.start: literal for literal in self.literals}

    @cached_property
    def plain(self) -> str:
        """The code: comments are blanks, strings are ``QUOTED`` and ``REST``, other values zeros. All keeps
        its place, so that an expression that is held against it is not led astray by what a string holds."""
        return self.plain_between(0, len(self.text))

    def plain_between(self, start: int, end: int) -> str:
        """The code of a part, such as a hole, from its own strings on."""
        pieces: list[str] = []
        pos = start
        for index in range(bisect_left(self._starts, start), len(self.found)):
            found = self.found[index]
            if found.start >= end:
                break
            if found.start < pos or found.end > end:
                continue
            pieces += (self._clean(pos, found.start), _stand_in(found))
            pos = found.end
        pieces.append(self._clean(pos, end))
        return "".join(pieces)

    def span(self, literal: Literal, start: int = 0, end: int | None = None) -> Span:
        """The lines and columns of a literal's text, or of a part of it."""
        end = len(literal.text) if end is None else end
        return Span(*self.lines.position(literal.inner + start), *self.lines.position(literal.inner + end))

    def around(self, literal: Literal) -> Around:
        """What the code around a literal says; nothing for one that stands in another's hole."""
        if literal.depth:
            return Around("", "", ())
        operator, target = self._before(literal.start)
        return Around(operator, target, tuple(map(self._enclosing, self.brackets(literal))))

    def brackets(self, literal: Literal) -> tuple[tuple[int, int], ...]:
        """Where the brackets around a literal open, the innermost first, and the number of commas since."""
        return self._brackets.get(literal.start, ())

    def called(self, opener: int) -> tuple[str, int]:
        """What stands directly before a bracket as the name of what is called, and where it begins."""
        match = _CALLED.search(self.plain, max(0, opener - _REACH), opener)
        return ("".join(match[1].split()), match.start()) if match else ("", opener)

    @cached_property
    def _starts(self) -> list[int]:
        return [found.start for found in self.found]

    def _clean(self, start: int, end: int) -> str:
        part = self.text[start:end]
        return part.translate(_SIGNS) if QUOTED in part or REST in part else part

    @cached_property
    def _brackets(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """The innermost brackets around each literal, with the number of commas since."""
        found: dict[int, tuple[tuple[int, int], ...]] = {}
        stack: list[tuple[int, int]] = []
        for match in _BRACKET.finditer(self.plain):
            sign = match[0]
            if sign == QUOTED:
                found[match.start()] = tuple(stack[: -_SURROUNDINGS - 1 : -1])
            elif sign in "([{":
                stack.append((match.start(), 0))
            elif sign == ",":
                if stack:
                    stack[-1] = (stack[-1][0], stack[-1][1] + 1)
            elif stack and self.plain[stack[-1][0]] == _CLOSING[sign]:
                stack.pop()
        return found

    def _enclosing(self, bracket: tuple[int, int]) -> Enclosing:
        at, commas = bracket
        name, start = self.called(at)
        return Enclosing(self.plain[at], name, commas, self._before(start)[1])

    def _before(self, at: int) -> tuple[str, str]:
        """The operator before a place, and the name that it gives a value to."""
        start = max(0, at - _REACH)
        match = _OPERATOR.search(self.plain, start, at)
        operator = match[1] if match else ""
        if operator not in _SETTING:
            return operator, ""
        target = _TARGET.search(self.plain, start, at)
        if target is None:
            return operator, ""
        if target[1]:
            return operator, target[1]
        key = self.by_start.get(self.plain.rindex(QUOTED, start, target.end()))
        return operator, key.text if key else ""


def _stand_in(found: Found) -> str:
    length = found.end - found.start
    if found.kind is TokenKind.LITERAL:
        return QUOTED + REST * (length - 1)
    return ("0" if found.kind is TokenKind.OTHER else " ") * length
