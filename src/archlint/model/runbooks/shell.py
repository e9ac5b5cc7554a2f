"""Lines of shell, as far as documentation needs them: simple commands, their words, and where these are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_TOKEN = regex(
    r"""(?P<quoted>"[^"]*"|'[^']*')|(?P<hole><[\w .:/-]{1,60}>)|(?P<comment>(?<!\S)\#.*)"""
    r"""|(?P<operator>\$\(|&&|\|\||(?<!\S)\d[<>]|[|;&()<>`])|(?P<word>(?:(?!\$\()[^\s"'|&;()<>`])+|.)""",
    re.DOTALL,
)
_BEFORE_A_COMMAND = frozenset(
    ["$", "%", "!", "sudo", "time", "watch", "then", "do", "else", "if", "while", "until", "exec", "{"]
)
_ASSIGNMENT = regex(r"[A-Za-z_]\w*=\S*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command."""

    text: str
    offset: int
    """Where it begins in the line."""


def simple_commands(line: str) -> Iterator[list[Word]]:
    """The commands of a line, without prompts, assignments and comments; each begins with its program."""
    words: list[Word] = []
    end = -1
    for match in _TOKEN.finditer(line):
        kind, text = match.lastgroup, match[0]
        is_part = match.start() == end and words and kind in ("quoted", "word") and text.strip()
        end = match.end() if kind in ("quoted", "word", "hole") and text.strip() else -1
        if is_part:  # ``--type='json'`` is one word
            last = words.pop()
            words.append(Word(last.text + (text[1:-1] if kind == "quoted" else text), last.offset))
            continue
        if kind == "operator":
            yield from _command(words)
            words = []
        elif kind == "comment":
            break
        elif kind == "quoted":
            words.append(Word(text[1:-1], match.start() + 1))
        elif text.strip():
            words.append(Word(text, match.start()))
    yield from _command(words)


def _command(words: list[Word]) -> Iterator[list[Word]]:
    at = 0
    while at < len(words) and (words[at].text in _BEFORE_A_COMMAND or _ASSIGNMENT.fullmatch(words[at].text)):
        at += 1
    if at < len(words):
        yield words[at:]
