"""The strings of a source file, its code without them, and what stands around each.

for literal in literals(text, PYTHON):      # in the order in which they stand
    literal.text, literal.start, literal.holes

code = SourceCode(text, PYTHON)
code.around(literal).call                   # ``producer.send`` of ``producer.send("orders", order)``
code.around(literal).target                 # ``topic`` of ``topic="orders"`` and ``{"topic": "orders"}``
code.span(literal)                          # lines and columns of its text
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from archlint.files.text import LineIndex
from archlint.finding import Span
from archlint.finding.regex import regex
from archlint.model.sources.brackets import Brackets
from archlint.model.sources.languages import LANGUAGES, Language
from archlint.model.sources.scanning import Scanner
from archlint.model.sources.tokens import Found, TokenKind

_BY_NAME = {language.name: language for language in LANGUAGES}

QUOTED, REST = "\x02", "\x01"
"""In plain code a string is one ``QUOTED``, then as many ``REST`` as it has further characters."""

_SIGNS = str.maketrans({QUOTED: " ", REST: " "})
_CALLED = regex(
    r"(@?(?:(?:\.|::|\?\.|->|!!?\.)\s{0,40})?(?<![\w$])[\w$]++(?:\s{0,40}(?:\?\.|!!?\.|\.|::|->)\s{0,40}[\w$]++){0,8}+)"
    r"\s{0,40}(?:<[\w\s.,?\[\]<>]{0,80}>)?[!?]?\s{0,40}\Z"
)
_NO_NAME = f"(){{}};={QUOTED}"
"""Characters that stand in no name of what is called."""
_OPERATOR = regex(
    r"(\|\|=?|\?\?=?|\?:|:=|=>|->|<<|>>|[=!]={1,2}|[-+*%&.]=|&&|[-+*/%&|^<>=?:,(\[{.!;]"
    r"|\b(?:or|and|if|else|in|not|return|then|when|yield|await|throw|case|puts)\b)\s{0,200}\Z"
)
_LONGEST_OPERATOR = len("return")
_TARGET = regex(
    r"(?:(?<![\w$@.>\-])([\w$@.>\-]++)(?:[ \t]{0,9}:[ \t]{0,9}[\w.<>\[\], ?|]{1,60})?"
    rf"|{QUOTED}{REST}*+|\[\s{{0,9}}{QUOTED}{REST}*+\s{{0,9}}\])"
    r"\s{0,40}(?:\|\|=|\?\?=|:=|=>|\+=|=|:)\s{0,200}\Z"
)
_SETTING = frozenset({"=", ":=", ":", "=>", "||=", "??=", "+="})
_REACH = 240
"""Characters before a literal that are looked at."""
_MOST_AT_ONE_PLACE = 3
_PARTS = ("_brackets", "_starts", "literals", "plain")
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
    return Scanner(text, row).read_to(len(text))


def _inner_start(found: Found) -> int:
    return found.inner[0]


def _start(found: Found) -> int:
    return found.start


class SourceCode:
    """A source file, with its strings and what stands around them."""

    def __init__(self, text: str, language: Language | str) -> None:
        self.text = text
        self.language = _BY_NAME[language] if isinstance(language, str) else language
        self.lines = LineIndex(text)
        self._scanner = Scanner(text, self.language)
        self._found: list[Found] | None = None

    def read_to(self, limit: int) -> None:
        """Take the text apart up to about a place, where that is enough. Without this all of it is."""
        if self._found is None or limit > self._scanner.reached:
            self._found = self._scanner.read_to(limit)
            for name in _PARTS:
                self.__dict__.pop(name, None)

    def read_whole(self) -> None:
        """Take back that less than all was enough; it is read on when somebody looks."""
        if self._found is not None and self._scanner.reached < len(self.text):
            self._found = None
            for name in _PARTS:
                self.__dict__.pop(name, None)

    def read_on_for(self, word: str) -> bool:
        """Take all of the text apart if a word stands in what is not; whether that was so."""
        if self.reached >= len(self.text) or self.text.find(word, self.reached) < 0:
            return False
        self.read_to(len(self.text))
        return True

    @property
    def reached(self) -> int:
        """How far the text is taken apart; all of it, unless less was enough."""
        return self._scanner.reached if self.found is not None else 0

    @property
    def found(self) -> list[Found]:
        """All that is no plain code."""
        if self._found is None:
            self.read_to(len(self.text))
        return self._found or []

    @cached_property
    def literals(self) -> list[Literal]:
        """The strings, by place."""
        return [literal_of(self.text, found) for found in self.found if found.kind is TokenKind.LITERAL]

    def literal_at(self, start: int) -> Literal | None:
        """The string that begins at a place."""
        index = bisect_left(self._starts, start)
        for found in self.found[index : index + _MOST_AT_ONE_PLACE]:
            if found.start == start and found.kind is TokenKind.LITERAL:
                return literal_of(self.text, found)
        return None

    def literals_with(self, places: Iterable[int]) -> Iterator[Literal]:
        """The strings that hold a place and stand in no other string, each once, by where they begin."""
        told = [found for found in self.found if found.kind is TokenKind.LITERAL and not found.depth]
        told.sort(key=_inner_start)
        starts = [found.inner[0] for found in told]
        chosen = {bisect_right(starts, place) - 1 for place in places}
        found = sorted((told[index] for index in chosen if index >= 0), key=_start)
        return (literal_of(self.text, item) for item in found)

    @cached_property
    def plain(self) -> str:
        """The code: comments are blanks, strings are ``QUOTED`` and ``REST``, other values zeros. All keeps
        its place, so that an expression that is held against it is not led astray by what a string holds."""
        return self.plain_between(0, self.reached)

    def plain_between(self, start: int, end: int) -> str:
        """The code of a part, such as a hole, from its own strings on."""
        pieces: list[str] = []
        pos = start
        text = self._without_signs
        first = bisect_left(self._starts, start)
        for begun, ended, kind, *_ in islice(self.found, first, None):
            if begun >= end:
                break
            if begun < pos or ended > end:
                continue
            pieces.append(text[pos:begun])
            pieces.append(
                QUOTED + REST * (ended - begun - 1)
                if kind is TokenKind.LITERAL
                else ("0" if kind is TokenKind.OTHER else " ") * (ended - begun)
            )
            pos = ended
        pieces.append(text[pos:end])
        return "".join(pieces)

    def span(self, literal: Literal, start: int = 0, end: int | None = None) -> Span:
        """The lines and columns of a literal's text, or of a part of it."""
        end = len(literal.text) if end is None else end
        return self.span_at(literal.inner + start, end - start)

    def span_at(self, start: int, length: int) -> Span:
        """The lines and columns of some characters."""
        return Span(*self.lines.position(start), *self.lines.position(start + length))

    def around(self, literal: Literal) -> Around:
        """What the code around a literal says; nothing for one that stands in another's hole."""
        if literal.depth:
            return Around("", "", ())
        operator, target = self._before(literal.start)
        return Around(operator, target, tuple(map(self._enclosing, self.brackets(literal))))

    def brackets(self, literal: Literal) -> tuple[tuple[int, int], ...]:
        """Where the brackets around a literal open, the innermost first, and the number of commas since."""
        top = self._brackets.open_at(literal.start)
        found: list[tuple[int, int]] = []
        while top is not None and len(found) < _SURROUNDINGS:
            found.append(top[:2])
            top = top[2]
        return tuple(found)

    def called(self, opener: int) -> tuple[str, int]:
        """What stands directly before a bracket as the name of what is called, and where it begins."""
        match = _CALLED.search(self.plain, self._begin_of_name(opener), opener)
        return ("".join(match[1].split()), match.start()) if match else ("", opener)

    @cached_property
    def _starts(self) -> list[int]:
        return [found.start for found in self.found]

    @cached_property
    def _without_signs(self) -> str:
        return self.text.translate(_SIGNS) if QUOTED in self.text or REST in self.text else self.text

    @cached_property
    def _brackets(self) -> Brackets:
        return Brackets(self.plain)

    def _begin_of_name(self, opener: int) -> int:
        """A place before which nothing belongs to the name of what a bracket calls."""
        lowest = max(0, opener - _REACH)
        return max(lowest, *(self.plain.rfind(sign, lowest, opener) + 1 for sign in _NO_NAME))

    def _enclosing(self, bracket: tuple[int, int]) -> Enclosing:
        at, commas = bracket
        name, start = self.called(at)
        return Enclosing(self.plain[at], name, commas, self._before(start)[1])

    def _before(self, at: int) -> tuple[str, str]:
        """The operator before a place, and the name that it gives a value to."""
        start = max(0, at - _REACH)
        before = start + len(self.plain[start:at].rstrip())
        match = _OPERATOR.search(self.plain, max(start, before - _LONGEST_OPERATOR), at)
        operator = match[1] if match else ""
        if operator not in _SETTING:
            return operator, ""
        target = _TARGET.search(self.plain, start, at)
        if target is None:
            return operator, ""
        if target[1]:
            return operator, target[1]
        key = self.literal_at(self.plain.rindex(QUOTED, start, target.end()))
        return operator, key.text if key else ""
