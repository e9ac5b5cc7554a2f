"""Marks planted into the text of templates: a sign in each key and list item that tells where it is written.

    name: {{ .Values.name }}    ->    name<sign>: {{ .Values.name }}

A sign is three characters of Unicode's private use area, the first of which no text has. It outlives
quoting, indentation and ``toYaml``, and whoever reads the rendered YAML finds it in the key. Only the text
between actions is marked. What a template does with its own text (a checksum, ``fromYaml``) may differ with
signs in it, so values are never taken from a marked rendering.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

SIGN = "\ue5a7"
"""How each sign begins."""
_BASE = 0xE800
_DIGITS = 0x800
MOST_SIGNS = _DIGITS * _DIGITS
_LARGE = 10_000_000
"""Numbers from here on would lose digits with a fraction."""
_MOST_FRACTIONS = 1_000_000
_FRACTION = regex(r"(?<![\d.])\d{1,7}\.(\d{6})7(?![\d.])")
_VERSION = regex(
    r'"(?:[^"\\\n]|\\.)*+"?|`[^`]*+`?|((?<![\w.$])\$?\w{0,60}(?:\.\w{1,60}){0,5}\.Chart\.AppVersion)(?![\w.])'
)
IN_TEXT = regex(rf"{SIGN}([\ue800-\uefff])([\ue800-\uefff])")
_COMMENT = regex(r"\{\{(?:- )?\s*/\*")
_WORD = regex(r"\{\{-?\s*(\w+)")
_SAYS = regex(r"^[ \t]*+(?!#|---)\S", re.MULTILINE)
_INSIDE = regex(
    r"""[^"`'}]++|"(?:\\.|[^"\\\n])*+"|`[^`]*+`|'(?:\\.|[^'\\\n])*+'|\}(?!\})|(?P<end>\}\})|(?P<open>["`'])"""
)
_HOLE = "\x00"
_NOT_LINE = regex(r"[^\n]")
_KEY = regex(
    r"(?:^|(?<=[{,]))(?P<before>[ \t\x00]*+(?:-[ \t]++)*+\x00*+)"
    r"""(?P<key>"[^"\n]{1,300}+"|'[^'\n]{1,300}+'|[^\s"'#&*!|>%@`{}\[\],:?-][^\s#{}\[\],:]{0,300}+"""
    r"""|-[^\s#{}\[\],:]{1,300}+|(?<=\x00))"""
    r"(?=[ \t]*+:(?:[ \t\n\r\x00]|$))",
    re.MULTILINE,
)
_ITEM = regex(
    r"""^[ \t\x00]*+(?:-[ \t]++)++(?P<item>["']?(?:\x00|[^\s"'#&*!|>%@`{}\[\],\x00]))""", re.MULTILINE
)
_EMPTY_ITEM = regex(r"^[ \t\x00]*+(?:-[ \t]++)++\{(?=\}[ \t\r]*(?:#|$))", re.MULTILINE)
_MANY_LINES = regex(r"\b(?:nindent|indent|toYaml|include|template|tpl|range|if|with|end|else|define)\b")


@dataclass(frozen=True, slots=True)
class Written:
    """A token of a template."""

    name: str
    """The file, as the chart calls it."""
    start: int
    end: int
    """Offsets in its text."""


def sign_of(number: int) -> str:
    """The sign with a number."""
    high, low = divmod(number, _DIGITS)
    return f"{SIGN}{chr(_BASE + high)}{chr(_BASE + low)}"


def numbers_in(text: str) -> list[int]:
    """The numbers of the signs in a text, in order."""
    return [(ord(found[1]) - _BASE) * _DIGITS + ord(found[2]) - _BASE for found in IN_TEXT.finditer(text)]


def without_signs(text: str) -> str:
    """A text as it was before signs were planted."""
    return IN_TEXT.sub("", text) if SIGN in text else text


class Planted:
    """All signs of one chart, templates' and values'."""

    def __init__(self, meanings: Sequence[object] = ()) -> None:
        """``meanings`` are those of signs that are planted already."""
        self.meanings = list(meanings)
        self._numbers: list[object] = []
        self._without: Collection[object] = ()
        self._wanted: Collection[object] | None = None
        self._keys: list[Any] = []

    def choose(self, without: Collection[object], wanted: Collection[object] | None) -> list[Any]:
        """Which values get a sign from now on, by their keys: those that are ``wanted`` (``None``: all) and
        not among the others. What comes back is filled with the keys of values that got one."""
        self._without = without
        self._wanted = None if wanted is None else frozenset(wanted)
        self._keys = []
        return self._keys

    def sign(self, meaning: object) -> str:
        """A new sign; none for a value that is to have none, or once there are too many."""
        if len(self.meanings) >= MOST_SIGNS or not self._takes(meaning):
            return ""
        self.meanings.append(meaning)
        return sign_of(len(self.meanings) - 1)

    def signed(self, number: int, meaning: object) -> float:
        """A number with a fraction that is its sign, so that what is cut to a whole number stays as it is."""
        is_short = 0 < number < _LARGE and len(self._numbers) < _MOST_FRACTIONS
        if not is_short or not self._takes(meaning):
            return number
        self._numbers.append(meaning)
        return float(f"{number}.{len(self._numbers) - 1:06d}7")

    def of(self, text: str) -> list[object]:
        """What the signs in a text mean; those of numbers if it has no others."""
        if SIGN in text:
            return [self.meanings[number] for number in numbers_in(text) if number < len(self.meanings)]
        if not self._numbers:
            return []
        found = [int(each[1]) for each in _FRACTION.finditer(text)]
        return [self._numbers[number] for number in found if number < len(self._numbers)]

    def _takes(self, meaning: object) -> bool:
        """Whether something gets a sign: templates' tokens do, and values that are chosen."""
        key = getattr(meaning, "key", None)
        if key is None:
            return True
        if key in self._without or (self._wanted is not None and key not in self._wanted):
            return False
        self._keys.append(key)
        return True


def marked_template(name: str, text: str, planted: Planted) -> str:
    """The text with a sign in each key and item."""
    if SIGN in text:
        return text
    plain = with_holes(text)
    found = (*_keys(name, text, plain), *_items(name, text, plain), *_empty_items(name, plain))
    inserts = sorted(dict(found).items())
    parts: list[str] = []
    here = 0
    for at, written in inserts:
        parts += [text[here:at], planted.sign(written)]
        here = at
    return "".join([*parts, text[here:]])


def with_marked_version(text: str, sign: str) -> str:
    """The text of a template with a sign behind each ``appVersion`` of the chart that it asks for."""

    def marked(found: re.Match[str]) -> str:
        return f'(print {found[1]} "{sign}")' if found[1] else found[0]

    parts: list[str] = []
    here = 0
    for start, end in actions(text):
        parts += [text[here:start], _VERSION.sub(marked, text[start:end])]
        here = end
    return "".join([*parts, text[here:]])


def with_holes(text: str) -> str:
    """The text with a hole for each action, character for character; lines stay."""
    parts: list[str] = []
    here = 0
    for start, end in actions(text):
        parts += [text[here:start], _NOT_LINE.sub(_HOLE, text[start:end])]
        here = end
    return "".join([*parts, text[here:]])


def makes_something(text: str) -> bool:
    """Whether a template has anything outside of definitions and comments."""
    here = depth = 0
    for start, end in actions(text):
        word = _WORD.match(text, start)
        said = word[1] if word is not None else ""
        is_outside = not depth
        if is_outside and said != "define":
            if _SAYS.search(text, here, start) or _COMMENT.match(text, start) is None:
                return True
        elif is_outside and _SAYS.search(text, here, start):
            return True
        if said in ("define", "if", "with", "range", "block"):
            depth += 1
        elif said == "end":
            depth -= 1
        here = end
    return _SAYS.search(text, here) is not None


def actions(text: str) -> Iterator[tuple[int, int]]:
    """Where the actions of a template are, up to the first that does not end."""
    at = text.find("{{")
    while at >= 0:
        end = _end_of(text, at)
        if end is None:
            return
        yield at, end
        at = text.find("{{", end)


def _end_of(text: str, start: int) -> int | None:
    comment = _COMMENT.match(text, start)
    if comment is not None:
        closed = text.find("*/", comment.end())
        end = text.find("}}", closed) if closed >= 0 else -1
        return end + 2 if end >= 0 else None
    at = start + 2
    while (found := _INSIDE.match(text, at)) is not None:
        at = found.end()
        if found["end"]:
            return at
        if found["open"]:
            return None
    return None


def _keys(name: str, text: str, plain: str) -> Iterator[tuple[int, Written]]:
    for found in _KEY.finditer(plain):
        start, end = found.span("key")
        if found["key"] == "<<":  # it would merge no more
            continue
        if start == end:
            yield end, Written(name, text.rfind("{{", 0, end), end)
        else:
            yield end - 1 if plain[start] in "\"'" else end, Written(name, start, end)


def _items(name: str, text: str, plain: str) -> Iterator[tuple[int, Written]]:
    for found in _ITEM.finditer(plain):
        start = found.start("item")
        line_end = plain.find("\n", start)
        line = plain[start : line_end if line_end >= 0 else len(plain)]
        if _HOLE in line[:2] and _MANY_LINES.search(text, start, start + len(line)):
            continue
        if _KEY.match(line) is not None:
            continue
        at = start + 1 if plain[start] in "\"'" else start
        yield at, Written(name, start, start + len(line.rstrip()))


def _empty_items(name: str, plain: str) -> Iterator[tuple[int, Written]]:
    """``- {}``: a sign between the braces is a key, which tells where the item is."""
    for found in _EMPTY_ITEM.finditer(plain):
        yield found.end(), Written(name, found.end() - 1, found.end() + 1)


def span_of(text: str, start: int, end: int) -> Span:
    """Lines and columns of a stretch of a text."""
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    last = text.find("\n", start)
    stop = min(end, last) if last >= 0 else end
    return Span(line, column, line, column + max(stop - start, 1))
