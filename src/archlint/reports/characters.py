"""Text from files under test made harmless for terminals, logs, XML and JSON.

Names and messages may hold escape sequences, line ends, direction marks or halves of surrogate pairs. Whoever
wrote them must not be able to move the cursor, forge a line of the report or make it unreadable for parsers.
"""

from __future__ import annotations

import re
import unicodedata

from archlint.finding.regex import regex

_HARMFUL = regex(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: among them ESC and the one-character CSI
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"  # invisible, line ends, direction
    "\ud800-\udfff\ufffe\uffff"  # not allowed in UTF-8 or XML
    "\U000e0000-\U000e007f"  # tags: invisible copies of ASCII
    "]"
)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_INVISIBLE = frozenset({"Mn", "Me"})
_SURROGATE = regex("[\ud800-\udfff]")
_JSON_ESCAPED = regex("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def visible(text: str, limit: int | None = None) -> str:
    """The text on one line with every harmful character written as an escape such as ``\\x1b``.

    ``limit`` is the number of characters after which an over-long text is cut, marked with an ellipsis.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return _HARMFUL.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def one_cell(character: str) -> str:
    """A stand-in of one column for a harmful character, so that what stands below still lines up."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\ufffd" if _HARMFUL.match(character) else character


def valid(text: str) -> str:
    """The text with halves of surrogate pairs, which UTF-8 cannot hold, replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def safe_json(text: str) -> str:
    """Encoded JSON in which no raw character can steer a terminal; it still means the same.

    Characters outside of ASCII occur only within strings of JSON, so an escape is right for all of them.
    """
    if text.isascii() and "\x7f" not in text:
        return text
    return _JSON_ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", valid(text))


def cell_width(character: str) -> int:
    """The columns of a terminal that a character takes: none, one or two."""
    if character.isascii():
        return 1
    if unicodedata.category(character) in _INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def columns_of(text: str) -> int:
    """The columns of a terminal that a text on one line takes."""
    return len(text) if text.isascii() else sum(map(cell_width, text))
