"""The text of a template as a tree: what is written outside of actions, branches, and expressions.

Only as much of the language is read as is needed to say what has to be so for a template to write something;
anything else is an expression that nobody understands (``UNREADABLE``). The grammar is that of Go's
``text/template``: a pipeline of commands, each a function with operands, an operand being a literal, a field,
a variable, or a pipeline in brackets with fields behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from archlint.documents.charts.template_marks import actions
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_TOKEN = regex(
    r"""(?P<string>"(?:\\.|[^"\\])*+"|`[^`]*+`)|(?P<number>-?\d[\d.]*+)|(?P<sign>:=|=|\||\(|\)|,)"""
    r"""|(?P<variable>\$\w*+(?:\.\w++)*+)|(?P<field>(?:\.\w++)++|\.)|(?P<word>\w++)|(?P<space>\s++)"""
)
_DEEPEST = 60
"""Brackets in brackets."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Any


@dataclass(frozen=True, slots=True)
class Field:
    """Fields of a variable; that without a name is what a template was given, and ``.`` is called ``.``."""

    variable: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Fields of what an expression gives."""

    of: Expression
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A field that is a function, with its arguments."""

    of: Field
    arguments: tuple[Expression, ...]


Expression = Literal | Field | Part | Call | Method
UNREADABLE = Call("")
"""An expression that is not understood."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a template writes as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """An expression whose value is written."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable gets a value; ``is_new`` where it is declared."""

    variable: str
    expression: Expression
    is_new: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """``if``, ``with`` and ``range``; an ``else if`` is a branch in the rest."""

    word: str
    condition: Expression
    body: tuple[Piece, ...]
    rest: tuple[Piece, ...]
    variables: tuple[str, ...] = ()


Piece = Text | Output | Assignment | Branch


@dataclass(frozen=True, slots=True)
class Template:
    """A file: what it writes, and what it defines by name."""

    pieces: tuple[Piece, ...]
    definitions: tuple[tuple[str, tuple[Piece, ...]], ...]


def parsed_template(text: str) -> Template | None:
    """The tree of a template; ``None`` if its branches do not end."""
    reader = _Reader(text)
    pieces, end = reader.until_end(0)
    return None if end != "" else Template(tuple(pieces), tuple(reader.definitions))


class _Reader:
    def __init__(self, text: str) -> None:
        self._pieces = _pieces_of(text)
        self.definitions: list[tuple[str, tuple[Piece, ...]]] = []

    def until_end(self, depth: int) -> tuple[list[Piece], str]:
        """The pieces up to ``end`` or ``else``, and that action; an empty text is the end of the file."""
        found: list[Piece] = []
        for is_action, said in self._pieces:
            if not is_action:
                found.append(Text(said))
                continue
            word = said.split(None, 1)[0] if said else ""
            if word in ("end", "else"):
                return found, said
            if word in ("if", "with", "range", "define", "block") and depth < _DEEPEST:
                found += self._branch(word, said[len(word) :], depth + 1)
            elif said and not said.startswith("/*") and word not in ("break", "continue"):
                found.append(_action(said))
        return found, ""

    def _branch(self, word: str, said: str, depth: int) -> list[Piece]:
        body, ended = self.until_end(depth)
        rest: list[Piece] = []
        if ended.startswith("else"):
            more = ended[len("else") :].strip()
            inner = more.split(None, 1)[0] if more else ""
            if inner in ("if", "with"):
                rest = self._branch(inner, more[len(inner) :], depth + 1)
            else:
                rest, _ = self.until_end(depth)
        if word in ("define", "block"):
            name = parsed_expression(said)
            value = name.value if isinstance(name, Literal) else None
            if isinstance(value, str):
                self.definitions.append((value, tuple(body)))
            return []
        variables, said = _declared(said)
        return [Branch(word, parsed_expression(said), tuple(body), tuple(rest), variables)]


def _pieces_of(text: str) -> Iterator[tuple[bool, str]]:
    here = 0
    for start, end in actions(text):
        if start > here:
            yield False, text[here:start]
        said = text[start + 2 : end - 2]
        said = said.removeprefix("-") if said[1:2].isspace() else said
        yield True, said.removesuffix("-").strip()
        here = end
    if here < len(text):
        yield False, text[here:]


def _declared(said: str) -> tuple[tuple[str, ...], str]:
    """The variables that a branch declares, and the rest."""
    before, sign, after = said.partition(":=")
    names = [name.strip() for name in before.split(",")]
    if not sign or not all(name.startswith("$") and name[1:].isidentifier() for name in names):
        return (), said
    return tuple(names), after


def _action(said: str) -> Piece:
    tokens = _tokens(said)
    if tokens is not None and len(tokens) > 2 and tokens[0][0] == "variable" and tokens[1][1] in (":=", "="):
        return Assignment(tokens[0][1], _parsed(tokens[2:]), tokens[1][1] == ":=")
    return Output(UNREADABLE if tokens is None else _parsed(tokens))


def parsed_expression(said: str) -> Expression:
    """The tree of a pipeline."""
    tokens = _tokens(said)
    return UNREADABLE if tokens is None else _parsed(tokens)


def _tokens(said: str) -> list[tuple[str, str]] | None:
    """Kinds and texts; white space is kept where fields follow a bracket."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(said):
        token = _TOKEN.match(said, at)
        if token is None:
            return None
        at = token.end()
        kind = token.lastgroup or ""
        if kind == "field" and token.start() and said[token.start() - 1] == ")":
            kind = "part"
        if kind != "space":
            found.append((kind, token[0]))
    return found


def _parsed(tokens: Sequence[tuple[str, str]]) -> Expression:
    parser = _Parser(tokens)
    found = parser.pipeline(0)
    return found if found is not None and parser.is_done else UNREADABLE


class _Parser:
    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at == len(self._tokens)

    def pipeline(self, depth: int) -> Expression | None:
        found = self._command(depth, None)
        while found is not None and self._is("|"):
            self._at += 1
            found = self._command(depth, found)
        return found

    def _command(self, depth: int, piped: Expression | None) -> Expression | None:
        if self.is_done or depth > _DEEPEST:
            return None
        kind, said = self._tokens[self._at]
        is_function = kind == "word" and said not in _WORDS
        if is_function:
            self._at += 1
        operands: list[Expression] = []
        while not self.is_done and self._tokens[self._at][1] not in ("|", ")"):
            operand = self._operand(depth)
            if operand is None:
                return None
            operands.append(operand)
        if piped is not None:
            if not is_function and not operands:
                return None
            operands.append(piped)
        if is_function:
            return Call(said, tuple(operands))
        first = operands[0] if operands else None
        if len(operands) > 1:
            return Method(first, tuple(operands[1:])) if isinstance(first, Field) else None
        return first

    def _operand(self, depth: int) -> Expression | None:
        kind, said = self._tokens[self._at]
        self._at += 1
        found: Expression | None = None
        if kind == "string":
            found = Literal(_unquoted(said))
        elif kind == "number":
            found = Literal(_number(said))
        elif kind == "word":
            found = Literal(_WORDS[said]) if said in _WORDS else Call(said)
        elif kind == "field":
            found = Field(".", tuple(said.split(".")[1:]) if said != "." else ())
        elif kind == "variable":
            name, *names = said.split(".")
            found = Field(name, tuple(names))
        elif said == "(":
            found = self.pipeline(depth + 1)
            if not self._is(")"):
                return None
            self._at += 1
        if found is not None and not self.is_done and self._tokens[self._at][0] == "part":
            found = Part(found, tuple(self._tokens[self._at][1].split(".")[1:]))
            self._at += 1
        return found

    def _is(self, sign: str) -> bool:
        return not self.is_done and self._tokens[self._at][1] == sign


_WORDS = {"true": True, "false": False, "nil": None}


def _unquoted(said: str) -> str:
    if said.startswith("`"):
        return said[1:-1]
    try:
        return str(json.loads(said))
    except ValueError:
        return said[1:-1]


def _number(said: str) -> int | float:
    try:
        return int(said)
    except ValueError:
        return float(said) if said.count(".") == 1 else 0
