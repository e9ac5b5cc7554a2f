"""The directives of an nginx configuration, with the offsets of their words.

Source: nginx, ``ngx_conf_file.c``: words end at blanks, ``;`` and ``{``; quotes and backslashes shield these;
``${`` opens no block; blocks of Lua and njs are code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

MOST_DIRECTIVES = 50_000
_DEEPEST = 40
_TOKEN = regex(
    r"""(?s)(?P<blank>\s+|\#[^\n]*)|(?P<sign>[;{}])"""
    r"""|"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'"""
    r"""|(?P<word>(?:\$\{[^{}\s]*\}|\\.|\$|[^\s;{}\\$])++)|."""
)
_TEMPLATE = regex(r"\{\{[^{}]{0,300}\}\}|<%[^%]{0,300}%>")
_STATEMENT = regex(r"\{%[^%]{0,300}%\}|\{#[^#]{0,300}#\}")
_CODE = regex(r"[{}]|--[^\n]*|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?")
UNREAD = "\ue000"
"""Stands for each character that a template fills in."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands, without its quotes."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Directive:
    """A name with its arguments, and the directives in its block."""

    words: list[Word]
    block: list[Directive] | None = None
    parent: Directive | None = None
    variables: dict[str, Word] = field(default_factory=dict)
    """What ``set`` gives in its block."""

    @property
    def name(self) -> str:
        """The first word."""
        return self.words[0].text if self.words else ""

    @property
    def arguments(self) -> list[Word]:
        """All other words."""
        return self.words[1:]


def directives_of(text: str) -> list[Directive]:
    """The directives at the top of a configuration; what is broken ends where it is broken."""
    written = _TEMPLATE.sub(lambda found: UNREAD * len(found[0]), text)
    written = _STATEMENT.sub(lambda found: " " * len(found[0]), written)
    top = Directive([], [])
    here, words, left = top, list[Word](), MOST_DIRECTIVES
    at = 0
    while left and at < len(written):
        token = _TOKEN.match(written, at)
        if token is None:
            break
        at = max(token.end(), at + 1)
        sign = token["sign"]
        if sign is None:
            words.extend(_word(token.lastgroup, token.start(), token.end(), token[0]))
            continue
        left -= 1
        if sign == "{" and words and words[0].text.endswith(("_by_lua_block", "_by_njs_block")):
            at, words = _after_code(written, at), []
        elif sign == "{":
            if _depth(here) > _DEEPEST:
                break
            opened = Directive(words, [], here)
            _add(here, opened)
            here, words = opened, []
        elif sign == ";":
            if words:
                _add(here, Directive(words, None, here))
            words = []
        else:
            here, words = here.parent or here, []
    return top.block or []


def _word(kind: str | None, start: int, end: int, text: str) -> Iterator[Word]:
    if kind == "word":
        yield Word(text, start, end)
    elif kind in ("double", "single"):
        yield Word(text[1:-1], start + 1, end - 1)


def _add(parent: Directive, child: Directive) -> None:
    if parent.block is not None:
        parent.block.append(child)
    if child.name == "set" and len(child.arguments) == 2:
        parent.variables[child.arguments[0].text.removeprefix("$")] = child.arguments[1]


def _depth(directive: Directive) -> int:
    depth, here = 0, directive.parent
    while here is not None:
        depth, here = depth + 1, here.parent
    return depth


def _after_code(text: str, at: int) -> int:
    """The offset behind the brace that closes a block of code."""
    depth = 1
    for found in _CODE.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return len(text)


def walk(directives: list[Directive]) -> Iterator[Directive]:
    """All directives, in the order of the text."""
    waiting = list(reversed(directives))
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(here.block or ()))
