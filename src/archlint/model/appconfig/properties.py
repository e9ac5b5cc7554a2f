"""Java properties: keys and values of ``.properties`` files.

Source: ``java.util.Properties.load``. Spring adds lines ``#---`` between documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.settings import MOST_SETTINGS, Setting

_COMMENT = regex(r"[ \t\f]*[#!]([^\r\n]*)")
_BLANKS = regex(r"[ \t\f\r\n]*+")
_KEY = regex(r"(?:\\(?:\r\n|[\r\n])[ \t\f]*+|\\.|[^\\=: \t\f\r\n])*+", re.DOTALL)
_BETWEEN = regex(r"(?:[ \t\f]|\\(?:\r\n|[\r\n]))*+(?:[=:](?:[ \t\f]|\\(?:\r\n|[\r\n]))*+)?")
_VALUE = regex(r"(?:\\\r\n|\\.|[^\\\r\n])*+\\?", re.DOTALL)
_ESCAPE = regex(r"\\(?:(?:\r\n|[\r\n])[ \t\f]*+|u([0-9a-fA-F]{4})|(.)|\Z)", re.DOTALL)
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def documents_of(text: PlacedText) -> Iterator[list[Setting]]:
    """The settings of each document of a file."""
    found: list[Setting] = []
    written, at, left = text.text, 0, MOST_SETTINGS
    while left:
        blanks = _BLANKS.match(written, at)
        at = blanks.end() if blanks else at
        if at >= len(written):
            break
        comment = _COMMENT.match(written, at)
        if comment:
            if comment[1].rstrip() == "---":
                yield found
                found = []
            at = comment.end()
            continue
        setting, at = _setting(text, at)
        left -= 1
        found.append(setting)
    yield found


def _setting(text: PlacedText, at: int) -> tuple[Setting, int]:
    written = text.text
    key_end = _end(_KEY.match(written, at), at)
    start = _end(_BETWEEN.match(written, key_end), key_end)
    end = _end(_VALUE.match(written, start), start)
    key, value = unescaped(written[at:key_end]), unescaped(written[start:end])
    return Setting(key, value, text, start, end), max(end, at + 1)


def _end(match: re.Match[str] | None, at: int) -> int:
    return match.end() if match else at


def unescaped(text: str) -> str:
    """What a key or a value means."""
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def _meant(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    return _PLAIN.get(found[2], found[2]) if found[2] else ""
