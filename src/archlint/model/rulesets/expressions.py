"""Filters of JSONPaths as trees: the part of JavaScript's expressions that Spectral's engines read.

Nothing is evaluated here. What a filter may hold is bounded, so that hostile ones are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.values import UNDEFINED

__all__ = [
    "Binary",
    "Call",
    "Conditional",
    "Constant",
    "Expression",
    "FilterError",
    "ListOf",
    "Member",
    "Name",
    "RegexLiteral",
    "Unary",
    "parse_expression",
]

_DEEPEST, _MOST_OPERATORS = 60, 100
_NUMBER = regex(r"(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?+\d++)?+")
_IDENTIFIER = regex(r"[A-Za-z@$_\x80-\U0010ffff][A-Za-z0-9@$_\x80-\U0010ffff]*+")
_REGEX = regex(r"/(?P<pattern>(?:\\.|\[(?:[^\]\\]|\\.)*+\]|[^/\\\[])++)/(?P<flags>[A-Za-z0-9]*+)")
_BINDING = {
    "||": 1,
    "??": 1,
    "&&": 2,
    "|": 3,
    "^": 4,
    "&": 5,
    **dict.fromkeys(("==", "!=", "===", "!=="), 6),
    **dict.fromkeys(("<", ">", "<=", ">="), 7),
    **dict.fromkeys(("<<", ">>", ">>>"), 8),
    **dict.fromkeys(("+", "-"), 9),
    **dict.fromkeys(("*", "/", "%"), 10),
    "in": 12,
    "~=": 20,
}
_OPERATORS = sorted(_BINDING, key=lambda operator: -len(operator))
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}
_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}


class FilterError(ValueError):
    """The text is no expression that is understood."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal value."""

    value: Any


@dataclass(frozen=True, slots=True)
class RegexLiteral:
    """``/pattern/flags``."""

    pattern: str
    flags: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name, such as ``@`` or ``@property``."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """``of.name``, or ``of[name]``."""

    of: Expression
    name: Expression
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function or a method."""

    called: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """An operator before a value."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two values."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional:
    """``test ? yes : no``."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b]``."""

    elements: tuple[Expression, ...]


Expression = Constant | RegexLiteral | Name | Member | Call | Unary | Binary | Conditional | ListOf


def parse_expression(text: str, *, lax: bool = False) -> Expression:
    """The tree of a filter; raises ``FilterError`` with the offset of what is not understood.

    In a ``lax`` path the parents of what has none are null, not undefined; their names get a question mark.
    """
    reader = _Reader(text, lax)
    found = reader.expression()
    if reader.at < len(text):
        raise FilterError(f"unexpected {text[reader.at]!r}", reader.at)
    return found


class _Reader:
    """Reads an expression by precedence."""

    def __init__(self, text: str, lax: bool) -> None:
        self._text = text
        self._lax = lax
        self.at = 0
        self._depth = 0
        self._operators = 0

    def expression(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FilterError("the expression is nested too deep", self.at)
        found = self._binary(0)
        if self._next() == "?":
            self.at += 1
            yes = self.expression()
            self._expect(":")
            found = Conditional(found, yes, self.expression())
        self._next()
        self._depth -= 1
        return found

    def _binary(self, weakest: int) -> Expression:
        """Operators that bind stronger than this one; those of one strength go from left to right."""
        left = self._token()
        while (operator := self._operator()) is not None and _BINDING[operator] > weakest:
            self._operators += 1
            if self._operators > _MOST_OPERATORS:
                raise FilterError(f"the expression has more than {_MOST_OPERATORS} operators", self.at)
            self.at += len(operator)
            left = Binary(operator, left, self._binary(_BINDING[operator]))
        return left

    def _operator(self) -> str | None:
        self._next()
        for operator in _OPERATORS:
            if self._text.startswith(operator, self.at):
                word = _IDENTIFIER.match(self._text, self.at) if operator == "in" else None
                return operator if word is None or word[0] == "in" else None
        return None

    def _token(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FilterError("the expression is nested too deep", self.at)
        character = self._next()
        if character and character in "-!~+":
            self.at += 1
            found: Expression = Unary(character, self._token())
        else:
            found = self._value(character)
        self._depth -= 1
        return found

    def _value(self, character: str) -> Expression:
        if character == "/":
            literal = _REGEX.match(self._text, self.at)
            if literal is None:
                raise FilterError("a regular expression does not end", self.at)
            self.at = literal.end()
            return self._with_members(RegexLiteral(literal["pattern"], literal["flags"]))
        if (number := _NUMBER.match(self._text, self.at)) is not None:
            self.at = number.end()
            if _IDENTIFIER.match(self._text, self.at):
                raise FilterError("a name begins with a digit", self.at)
            written = number[0]
            return Constant(int(written) if written.isdecimal() and len(written) < 16 else float(written))
        if character and character in "'\"":
            return self._with_members(Constant(self._string(character)))
        if character == "[":
            self.at += 1
            return self._with_members(ListOf(self._arguments("]")))
        if character == "(":
            self.at += 1
            inner = self.expression()
            self._expect(")")
            return self._with_members(inner)
        return self._named()

    def _named(self) -> Expression:
        found = _IDENTIFIER.match(self._text, self.at)
        if found is None:
            shown = repr(self._text[self.at]) if self.at < len(self._text) else "the end"
            raise FilterError(f"a value is expected and not {shown}", self.at)
        self.at = found.end()
        name = found[0]
        if name in ("typeof", "void"):
            return Unary(name, self._token())
        if self._lax and name in ("@parent", "@parentProperty"):
            name += "?"
        return self._with_members(Constant(_LITERALS[name]) if name in _LITERALS else Name(name))

    def _with_members(self, value: Expression) -> Expression:
        """What follows a value at once: members and calls."""
        links = 0
        while (character := self._next()) and character in ".[(?":
            links += 1
            if links > _DEEPEST:
                raise FilterError("a value has too many members", self.at)
            optional = character == "?"
            if optional:
                if not self._text.startswith("?.", self.at):
                    break
                self.at += 1
                character = "["[: self._text.startswith("[", self.at + 1)] or "."
                self.at += character == "["
            self.at += 1
            if character == ".":
                self._next()
                name = _IDENTIFIER.match(self._text, self.at)
                if name is None:
                    raise FilterError("a name is expected after a point", self.at)
                self.at = name.end()
                value = Member(value, Constant(name[0]), optional)
            elif character == "[":
                inner = self.expression()
                self._expect("]")
                value = Member(value, inner, optional)
            else:
                value = Call(value, self._arguments(")"))
        return value

    def _arguments(self, end: str) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while self._next() != end:
            if found:
                self._expect(",")
            found.append(self.expression())
        self.at += 1
        return tuple(found)

    def _string(self, quote: str) -> str:
        parts: list[str] = []
        start = self.at
        self.at += 1
        while (character := self._text[self.at : self.at + 1]) != quote:
            if not character:
                raise FilterError("a string does not end", start)
            if character == "\\":
                self.at += 1
                character = self._text[self.at : self.at + 1]
                character = _ESCAPES.get(character, character)
            parts.append(character)
            self.at += 1
        self.at += 1
        return "".join(parts)

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise FilterError(f"{character!r} is expected", self.at)
        self.at += 1

    def _next(self) -> str:
        """The next character that is no blank."""
        while (character := self._text[self.at : self.at + 1]) and character in " \t\r\n":
            self.at += 1
        return character
