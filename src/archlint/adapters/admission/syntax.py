"""CEL expressions as trees whose nodes know where they stand in the text.

The library that evaluates them gives no positions. What this parser lets pass is compiled by the library
afterwards, so it needs not refuse all that is wrong. Time is linear in the text; nesting is bounded.

Source: the grammar in the CEL specification (langdef), with optional selection and message fields.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from archlint.finding.regex import regex

DEEPEST = 100
"""Levels of nesting; the evaluator has a limit of the same kind."""
LONGEST_CHAIN = 250
"""Selections, indexes and calls behind one operand."""

_TOKEN = regex(
    r"""(?P<space>[\s]+|//[^\n]*)
    |(?P<string>[rRbB]{0,2}(?:'''|\"\"\"|'|"))
    |(?P<number>0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?)
    |(?P<name>[_a-zA-Z][_a-zA-Z0-9]*|`[^`\n]*`)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE,
)
_RELATIONS = ("==", "!=", "<=", ">=", "<", ">", "in")
_LEVELS: tuple[tuple[str, ...], ...] = (("||",), ("&&",), _RELATIONS, ("+", "-"), ("*", "/", "%"))


class SyntaxProblem(Exception):
    """An expression that is no CEL; ``offset`` is where in the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class TooDeep(Exception):
    """An expression that is nested deeper than this parser goes."""


class Token:
    """A word of an expression."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = start + len(text)


class Tree:
    """A part of an expression.

    ``kind`` is ``literal``, ``name``, ``select``, ``index``, ``call``, ``list``, ``map``, ``struct``,
    ``unary``, ``chain`` (operands of one level of precedence with the signs between them) or ``choice``.
    ``parts`` are the operands: of ``select``, ``index`` and ``call`` with a target this comes first; of
    ``map`` and ``struct`` keys and values alternate. ``word`` is the name or the sign.
    """

    __slots__ = ("end", "has_target", "is_optional", "kind", "parts", "signs", "start", "word", "word_at")

    def __init__(self, kind: str, start: int, end: int, parts: tuple[Tree, ...] = (), word: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.parts = parts
        self.word = word
        self.word_at = start
        self.signs: tuple[str, ...] = ()
        self.has_target = False
        self.is_optional = False

    @property
    def target(self) -> Tree | None:
        """What a call, selection or index is about."""
        return self.parts[0] if self.has_target else None

    @property
    def arguments(self) -> tuple[Tree, ...]:
        """The arguments of a call."""
        return self.parts[1:] if self.has_target else self.parts

    def names(self) -> set[str]:
        """All names in it that no dot is before."""
        return {tree.word for tree in self._every() if tree.kind == "name"}

    def calls(self, words: Container[str]) -> Iterator[Tree]:
        """All calls in it of some functions."""
        return (tree for tree in self._every() if tree.kind == "call" and tree.word in words)

    def _every(self) -> Iterator[Tree]:
        waiting = [self]
        while waiting:
            tree = waiting.pop()
            yield tree
            waiting += reversed(tree.parts)


def tokens(text: str) -> Iterator[Token]:
    """The words of an expression without blanks and comments."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise SyntaxProblem(f"unexpected character {text[at]!r}", at)
        kind = match.lastgroup or ""
        at = _end_of_string(text, match) if kind == "string" else match.end()
        if kind != "space":
            yield Token(kind, text[match.start() : at], match.start())


def _end_of_string(text: str, match: re.Match[str]) -> int:
    opening = match[0]
    quote = opening.lstrip("rRbB")
    is_raw = "r" in opening[: len(opening) - len(quote)].lower()
    at = match.end()
    while at < len(text):
        if text.startswith(quote, at):
            return at + len(quote)
        if text[at] == "\n" and len(quote) == 1:
            break
        at += 2 if text[at] == "\\" and not is_raw else 1
    raise SyntaxProblem("this text has no closing quote", match.start())


def parse(text: str) -> Tree:
    """The tree of an expression; raises ``SyntaxProblem`` or ``TooDeep``."""
    try:
        return _Parser(text).whole()
    except RecursionError:  # where somebody else has set a lower limit
        raise TooDeep from None


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = [*tokens(text), Token("end", "", len(text.rstrip()))]
        self._at = 0
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._expression()
        if self._here.kind != "end":
            raise self._problem()
        return tree

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _problem(self) -> SyntaxProblem:
        here = self._here
        seen = f"'{here.text}'" if here.text else "the end"
        return SyntaxProblem(f"unexpected {seen}", here.start)

    def _take(self) -> Token:
        token = self._here
        self._at += 1
        return token

    def _accept(self, sign: str) -> bool:
        if self._here.kind != "string" and self._here.text == sign:
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> Token:
        if not self._accept(sign):
            raise self._problem()
        return self._tokens[self._at - 1]

    def _expression(self) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooDeep
        tree = self._chain(0)
        if self._accept("?"):
            yes = self._chain(0)
            self._expect(":")
            no = self._expression()
            tree = Tree("choice", tree.start, no.end, (tree, yes, no))
        self._depth -= 1
        return tree

    def _chain(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self._unary()
        parts = [self._chain(level + 1)]
        signs: list[str] = []
        while self._here.kind in ("sign", "name") and self._here.text in _LEVELS[level]:
            signs.append(self._take().text)
            parts.append(self._chain(level + 1))
        if not signs:
            return parts[0]
        tree = Tree("chain", parts[0].start, parts[-1].end, tuple(parts), signs[0])
        tree.signs = tuple(signs)
        return tree

    def _unary(self) -> Tree:
        signs: list[Token] = []
        while self._here.kind == "sign" and self._here.text in "!-":
            signs.append(self._take())
        if len(signs) > DEEPEST:
            raise TooDeep
        tree = self._member()
        for sign in reversed(signs):
            tree = Tree("unary", sign.start, tree.end, (tree,), sign.text)
        return tree

    def _member(self) -> Tree:
        tree = self._primary()
        for _ in range(LONGEST_CHAIN):
            if self._accept("."):
                tree = self._selection(tree)
            elif self._accept("["):
                is_optional = self._accept("?")
                index = self._expression()
                tree = Tree("index", tree.start, self._expect("]").end, (tree, index))
                tree.has_target, tree.is_optional = True, is_optional
            elif self._here.text == "{" and self._here.kind == "sign" and _is_type(tree):
                tree = self._struct(tree)
            else:
                return tree
        raise TooDeep

    def _selection(self, operand: Tree) -> Tree:
        is_optional = self._accept("?")
        name = self._take()
        if name.kind != "name":
            self._at -= 1
            raise self._problem()
        if not is_optional and self._accept("("):
            arguments = self._list(")")
            tree = Tree("call", operand.start, self._tokens[self._at - 1].end, (operand, *arguments))
        else:
            tree = Tree("select", operand.start, name.end, (operand,))
        tree.word, tree.word_at = name.text.strip("`"), name.start
        tree.has_target, tree.is_optional = True, is_optional
        return tree

    def _primary(self) -> Tree:
        token = self._here
        if token.kind in ("string", "number") or (
            token.kind == "name" and token.text in ("true", "false", "null")
        ):
            self._take()
            return Tree("literal", token.start, token.end, word=token.text)
        if self._accept("."):  # a name from the top
            token = self._here
        if token.kind == "name":
            self._take()
            if self._accept("("):
                arguments = self._list(")")
                return Tree("call", token.start, self._tokens[self._at - 1].end, arguments, token.text)
            return Tree("name", token.start, token.end, word=token.text)
        if self._accept("("):
            inner = self._expression()
            return _bracketed(inner, token.start, self._expect(")").end)
        if self._accept("["):
            items = self._list("]")
            return Tree("list", token.start, self._tokens[self._at - 1].end, items)
        if self._accept("{"):
            entries = self._entries()
            return Tree("map", token.start, self._tokens[self._at - 1].end, entries)
        raise self._problem()

    def _list(self, closing: str) -> tuple[Tree, ...]:
        items: list[Tree] = []
        while not self._accept(closing):
            self._accept("?")
            items.append(self._expression())
            if not self._accept(","):
                self._expect(closing)
                break
        return tuple(items)

    def _entries(self) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while not self._accept("}"):
            self._accept("?")
            found.append(self._expression())
            self._expect(":")
            found.append(self._expression())
            if not self._accept(","):
                self._expect("}")
                break
        return tuple(found)

    def _struct(self, name: Tree) -> Tree:
        self._expect("{")
        entries = self._entries()
        return Tree("struct", name.start, self._tokens[self._at - 1].end, (name, *entries))


def _is_type(tree: Tree) -> bool:
    """Whether it may be the name of a message: names joined by dots."""
    while tree.kind == "select" and not tree.is_optional:
        tree = tree.parts[0]
    return tree.kind == "name"


def _bracketed(inner: Tree, start: int, end: int) -> Tree:
    """The same tree, with its brackets as part of its text."""
    inner.start, inner.end = start, end
    return inner
