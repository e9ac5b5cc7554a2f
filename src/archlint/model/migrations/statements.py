"""Whether an SQL text does anything."""

from __future__ import annotations

import re

from archlint.finding.regex import regex

_IDLE = regex(r"--[^\n]*|/\*.*?(?:\*/|\Z)|[\s;]+", re.DOTALL)
_COMMENT = regex(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)

_SILENT = regex(r"--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|'[^']*+'?")
_SHOWN = regex(r"[^\n]")


def blanks(text: str) -> str:
    """As many blanks as a text has characters; its lines stay."""
    return _SHOWN.sub(" ", text)


def plain_sql(text: str) -> str:
    """A text with blanks for its comments and strings, so that each other character keeps its place."""
    return _SILENT.sub(lambda match: blanks(match[0]), text)


def has_statement(text: str) -> bool:
    """Whether a text holds more than comments, blanks and semicolons."""
    return first_statement(text) < len(text)


def first_statement(text: str) -> int:
    """Where the first statement begins; the length of the text if there is none."""
    at = 0
    while at < len(text):
        match = _IDLE.match(text, at)
        if match is None:
            break
        at = match.end()
    return at


def bare(text: str) -> str:
    """A text without comments and in one line: what is left is the same unless a statement was edited.

    Signs of comments in strings are taken for comments, on both sides alike.
    """
    return " ".join(_COMMENT.sub(" ", text).split())
