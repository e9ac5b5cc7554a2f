"""Reads one expression, by the rules that the languages share: choices, fallbacks, sums, calls, formats."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, Protocol

from archlint.finding.regex import regex
from archlint.model.sources.environment import is_environment_call, variable_of_name
from archlint.model.sources.known_calls import ELSE, FLAGS, FORMATS, SAME, is_understood_call, last_name
from archlint.model.sources.literals import QUOTED, REST, Literal, SourceCode
from archlint.model.sources.values import (
    MOST_PIECES,
    MOST_TEXTS,
    NOTHING,
    Argument,
    Values,
    combined,
    default_given,
    filled,
    variable_asked_for,
)

DEEPEST, _DEEPEST_NESTING = 6, 10
"""Expressions in expressions, names in names."""
_MOST_TOKENS = 400

_TOKEN = regex(
    rf"(?P<literal>{QUOTED}{REST}*+)"
    r"|(?P<name>[@$]?[A-Za-z_$][\w$]*+(?:\s{0,40}(?:\?\.|!!\.|\.|::|->)\s{0,40}[A-Za-z_$][\w$]*+)*+)"
    r"|(?P<number>\d[\w.]*+)"
    r"|(?P<op>\|\||\?\?|\?:|:=|[=!]={1,2}|&&|=>|->|<=|>=|::|\?\.|[^\s\w])"
    r"|(?P<line>\n)"
)
_TOKEN_OF_PHP = regex(
    rf"(?P<literal>{QUOTED}{REST}*+)"
    r"|(?P<name>[@$]?[A-Za-z_$\\][\w$\\]*+(?:(?:\?->|->|::)\$?[A-Za-z_][\w]*+)*+)"
    r"|(?P<number>\d[\w]*+)"
    r"|(?P<op>\|\||\?\?|\?:|[=!]={1,2}|&&|=>|->|<=|>=|::|[^\s\w])"
    r"|(?P<line>\n)"
)
_FALLBACK = frozenset({"||", "??", "?:", "or"})
_COMPARING = frozenset(
    {"==", "!=", "===", "!==", "<=", ">=", "<", ">", "is", "in", "instanceof", "&&", "and"}
)
_BEFORE_VALUES = frozenset(["new", "await", "not", "return", "const", "if", "!", "&", "*", "-", "@"])


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Names(Protocol):
    """What is known of the file that an expression stands in."""

    code: SourceCode
    is_strict: bool
    """Whether what is known in part is unknown."""

    def of_call(self, name: str, given: list[Argument]) -> Values:
        """What a function gives of which only the name is known."""

    def of_name(self, name: str, before: int) -> Values:
        """What a name may stand for."""

    def of_literal(self, literal: Literal) -> Values:
        """What a string may come to, with what is put into it."""


class ExpressionParser:
    """Reads one expression, by the rules that the languages share."""

    def __init__(self, reading: Names, plain: str, base: int, start: int, end: int) -> None:
        self._reading = reading
        self._base = base
        self._language = reading.code.language.name
        self._tokens: list[_Token] = []
        self._source = self._scan(plain, start, end)
        self._at = 0
        self._depth = 0
        self._nesting = 0
        self._odd_calls = 0
        """Calls around, of which it is not known what they do."""

    def _scan(self, plain: str, start: int, end: int) -> Iterator[_Token]:
        token = _TOKEN_OF_PHP if self._language == "php" else _TOKEN
        for match in islice(token.finditer(plain, start, end), _MOST_TOKENS):
            yield _Token(
                match.lastgroup or "", match[0], match.start() + self._base, match.end() + self._base
            )

    # -- going through tokens

    def _has(self, index: int) -> bool:
        """Whether there are so many tokens; they are read when they are asked for."""
        while index >= len(self._tokens):
            token = next(self._source, None)
            if token is None:
                return False
            self._tokens.append(token)
        return True

    def _peek(self) -> _Token | None:
        """The next token; the end of a line ends an expression that nothing continues."""
        index = self._at
        while self._has(index) and self._tokens[index].kind == "line":
            index += 1
        if not self._has(index):
            return None
        token = self._tokens[index]
        if index > self._at and not self._is_continued(token):
            return None
        return token

    def _is_continued(self, token: _Token) -> bool:
        if self._depth or self._language in ("java", "csharp", "php"):
            return True
        last = self._tokens[self._at - 1] if self._at and self._has(self._at - 1) else None
        goes_on = last is None or (last.kind == "op" and last.text not in ")]}")
        return goes_on or (
            token.kind == "op" and token.text in (".", "?.", "+", "||", "??", "?:", "?", ":", "&&")
        )

    def _next(self) -> _Token | None:
        token = self._peek()
        while self._has(self._at) and self._tokens[self._at].kind == "line":
            self._at += 1
        self._at += 1
        return token

    def _takes(self, *texts: str) -> _Token | None:
        token = self._peek()
        if token is not None and token.kind in ("op", "name") and token.text in texts:
            return self._next()
        return None

    @property
    def is_at_end(self) -> bool:
        """Whether all was read that there is."""
        return all(token.kind == "line" or token.text == ";" for token in self._left())

    def _left(self) -> Iterator[_Token]:
        index = self._at
        while self._has(index):
            yield self._tokens[index]
            index += 1

    # -- expressions

    def _either(self, one: Values, other: Values) -> Values:
        """Either of both; nothing, where half an answer is none."""
        if self._reading.is_strict and NOTHING in (one, other):
            return NOTHING
        return one.or_else(other)

    def whole(self) -> Values:
        """What the expression may come to."""
        return self._choice()

    def _choice(self) -> Values:
        self._nesting += 1
        if self._nesting > _DEEPEST_NESTING:
            self._at = _MOST_TOKENS  # nobody writes this: the rest is not read
        values = self._chosen()
        self._nesting -= 1
        return values

    def _chosen(self) -> Values:
        left = self._fallback()
        if self._takes("?"):
            chosen = self._choice()
            other = self._choice() if self._takes(":") else NOTHING
            return self._either(chosen, other).or_else(Values((), left.variables))
        if self._language in ("python", "kotlin") and self._takes("if"):
            self._skip_to("else")
            return self._either(left, self._choice())
        return left

    def _fallback(self) -> Values:
        left = self._compared()
        while self._takes(*_FALLBACK):
            left = self._either(left, self._compared())
        return left

    def _compared(self) -> Values:
        left = self._sum()
        while self._takes(*_COMPARING):
            right = self._sum()
            left = Values((), (*left.variables, *right.variables)[:MOST_TEXTS])
        return left

    def _sum(self) -> Values:
        first = self._peek()
        parts = [self._operand()]
        while True:
            token = self._peek()
            if token is None:
                break
            is_joined = token.text == "+" or (token.text in (".", "..") and self._language == "php")
            if is_joined and token.kind == "op":
                self._next()
            elif not (token.kind == "literal" and self._language in ("python", "ruby")):
                break
            parts.append(self._operand())
        if len(parts) == 1:
            return parts[0]
        variables = tuple(dict.fromkeys(name for part in parts for name in part.variables))
        offset = first.start if first else 0
        return Values(tuple(combined([part.or_unknown(offset) for part in parts])), variables)

    def _operand(self) -> Values:
        token = self._next()
        while token is not None and token.kind != "literal" and token.text in _BEFORE_VALUES:
            token = self._next()
        if token is None:
            return NOTHING
        if token.kind == "literal":
            return self._formatted(token)
        if token.kind == "name":
            return self._after(token, self._named(token))
        if token.text == "(":
            values = self._inside()
            return self._after(token, values)
        if token.text in ("[", "{"):
            self._close(token.text)
        return NOTHING

    def _inside(self) -> Values:
        self._depth += 1
        values = self._choice()
        self._depth -= 1
        self._close("(")
        return values

    def _close(self, opener: str) -> None:
        """Go behind the bracket that closes one that was opened."""
        depth = 1
        while self._has(self._at) and depth:
            text = self._tokens[self._at].text
            depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
            self._at += 1

    def _skip_to(self, word: str) -> None:
        depth = 0
        while self._has(self._at):
            text = self._tokens[self._at].text
            depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
            if depth < 0:
                return
            self._at += 1
            if text == word and depth == 0:
                return

    def _literal(self, token: _Token) -> Values:
        literal = self._reading.code.literal_at(token.start)
        return self._reading.of_literal(literal) if literal else NOTHING

    def _formatted(self, token: _Token) -> Values:
        """A literal, and what fills its placeholders."""
        values = self._literal(token)
        following = self._peek()
        if following is None or self._language == "php":
            return values
        if following.text == "%" and self._language in ("python", "ruby"):
            self._next()
            if self._takes("(", "["):
                given = self._arguments()
            else:
                given = [Argument("", self._operand(), None)]
            return filled(values, given)
        if following.text == "." and following.kind == "op":
            self._next()
            name = self._next()
            method = (name.text if name else "").rpartition(".")[2].lower()
            given = self._arguments() if self._takes("(") else []
            return filled(values, given) if method in FORMATS else values if method in SAME else NOTHING
        return values

    def _named(self, token: _Token) -> Values:
        """What a name stands for, or what it is called or indexed for."""
        name = "".join(token.text.split()).replace("?.", ".").replace("!!", "")
        following = self._peek()
        sign = following.text if following is not None and following.kind == "op" else ""
        if sign == "(":
            self._next()
            is_odd = not (is_understood_call(name) or is_environment_call(name))
            self._odd_calls += is_odd
            given = self._arguments()
            self._odd_calls -= is_odd
            return self._called(name, given)
        if sign == "[" and is_environment_call(name):
            self._next()
            given = self._arguments()
            variable = variable_asked_for(given)
            return Values((), (variable,)) if variable else NOTHING
        variable = variable_of_name(name)
        if variable:
            return Values((), (variable,))
        if self._odd_calls and self._reading.is_strict:
            return NOTHING  # it is not known what becomes of it
        return self._reading.of_name(name, token.start)

    def _called(self, name: str, given: list[Argument]) -> Values:
        tail = last_name(name).lower()
        if is_environment_call(name):
            variable = variable_asked_for(given)
            if variable:
                return (
                    default_given(given).as_default((variable,))
                    if len(given) > 1
                    else Values((), (variable,))
                )
            return Values((), ("",)) if not given else NOTHING
        if tail in FORMATS and given:
            return filled(given[0].values, given[1:])
        if tail in FLAGS and len(given) > 2:
            return given[-2].values
        if tail in SAME and given:
            return given[0].values
        return self._reading.of_call(last_name(name), given)

    def _after(self, token: _Token, values: Values) -> Values:
        """What is asked of the result of a name or call: a default, or nearly the same."""
        while True:
            following = self._peek()
            if following is None or following.kind != "op" or self._language == "php":
                return values
            if following.text == "{" and self._language == "ruby" and values.variables:
                self._next()
                values = values.or_else(self._choice())
                self._takes("}")
                continue
            if following.text not in (".", "?."):
                return values
            self._next()
            name = self._next()
            method = (name.text if name else "").rpartition(".")[2].lower()
            given = self._arguments() if self._takes("(") else []
            values = self._method(method, values, given)

    def _method(self, method: str, values: Values, given: list[Argument]) -> Values:
        if method in ("getordefault", "get", "getvalue") and values.variables == ("",):
            variable = variable_asked_for(given)
            default = default_given(given) if len(given) > 1 else NOTHING
            return (
                default.as_default((variable,))
                if default.texts
                else Values((), (variable,) if variable else ())
            )
        if method in ELSE and given:
            return values.or_else(given[0].values)
        return values if method in SAME else NOTHING

    def _arguments(self) -> list[Argument]:
        """What stands between an opening bracket that was read and its end."""
        self._depth += 1
        found: list[Argument] = []
        while len(found) < MOST_PIECES:
            token = self._peek()
            if token is None or token.text in (")", "]", "}"):
                break
            found.append(self._argument(token))
            if not self._takes(","):
                break
        self._depth -= 1
        self._close("(")
        return found

    def _argument(self, token: _Token) -> Argument:
        label, mark = "", self._at
        if token.kind == "name":
            self._next()
            if self._takes("=", ":"):
                label = token.text
            else:
                self._at = mark
        first = self._peek()
        values = self._choice()
        # what was not understood is left out, up to the next argument
        depth = 0
        while self._has(self._at):
            text = self._tokens[self._at].text
            if depth == 0 and text in (",", ")", "]", "}"):
                break
            depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
            self._at += 1
        literal = self._reading.code.literal_at(first.start) if first and first.kind == "literal" else None
        return Argument(label, values, literal)
