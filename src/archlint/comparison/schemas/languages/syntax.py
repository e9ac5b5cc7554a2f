"""Reads a pattern the way ECMA-262 does in Unicode mode, as far as it describes a regular language.

The result is a tree of tuples: ``("chars", ranges)``, ``("seq", parts)``, ``("alt", parts)``,
``("repeat", part, least, most or None)``, ``("start",)``, ``("end",)``, ``("ahead", part, wanted)``.
Back references, look-behind, word boundaries, property classes and flags are not read.
"""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas.languages import characters
from archlint.comparison.schemas.languages.characters import Ranges

PatternTree = tuple[Any, ...]
MAX_LENGTH = 4_000
"""Characters of a pattern that is still read."""
MAX_NESTING = 40
"""Groups within groups."""

_CONTROL = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_HEX = "0123456789abcdefABCDEF"
_SYNTAX = set("^$\\.*+?()[]{}|/")
EMPTY: PatternTree = ("seq", ())


class Unsupported(Exception):
    """The pattern is no regular language that is understood here; the text says why."""


def parse_pattern(pattern: str) -> PatternTree:
    """The tree of a pattern; raises ``Unsupported``."""
    if len(pattern) > MAX_LENGTH:
        raise Unsupported("a pattern of more than 4,000 characters")
    parser = _Parser(pattern)
    tree = parser.alternatives(0)
    if parser.at < len(pattern):
        raise Unsupported(f"no regular expression: {pattern!r}")
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def fail(self, what: str) -> Unsupported:
        return Unsupported(f"{what} in the pattern {self.text!r}")

    def alternatives(self, depth: int) -> PatternTree:
        if depth > MAX_NESTING:
            raise self.fail("groups nested too deeply")
        found = [self.sequence(depth)]
        while self.take("|"):
            found.append(self.sequence(depth))
        return found[0] if len(found) == 1 else ("alt", tuple(found))

    def sequence(self, depth: int) -> PatternTree:
        found: list[PatternTree] = []
        while self.peek() not in ("", "|", ")"):
            found.append(self.term(depth))
        return found[0] if len(found) == 1 else ("seq", tuple(found))

    def term(self, depth: int) -> PatternTree:
        if self.take("^"):
            return ("start",)
        if self.take("$"):
            return ("end",)
        atom = self.atom(depth)
        if atom[0] == "ahead":
            return atom
        least, most = self.quantity()
        if (least, most) == (1, 1):
            return atom
        return ("repeat", atom, least, most)

    def quantity(self) -> tuple[int, int | None]:
        char = self.peek()
        if char in ("*", "+", "?"):
            self.at += 1
            found: tuple[int, int | None] = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{":
            self.at += 1
            found = self.counts()
        else:
            return 1, 1
        self.take("?")
        if self.peek() in ("*", "+", "?", "{"):
            raise self.fail("nothing to repeat")
        return found

    def counts(self) -> tuple[int, int | None]:
        least = self.number()
        most: int | None = least
        if self.take(","):
            most = None if self.peek() == "}" else self.number()
        if not self.take("}") or (most is not None and most < least):
            raise self.fail("a wrong count")
        return least, most

    def number(self) -> int:
        start = self.at
        while self.peek().isascii() and self.peek().isdigit():
            self.at += 1
        if not 0 < self.at - start < 7:
            raise self.fail("a wrong count")
        return int(self.text[start : self.at])

    def atom(self, depth: int) -> PatternTree:
        char = self.peek()
        if char == "(":
            return self.group(depth)
        if char == "[":
            self.at += 1
            return ("chars", self.char_class())
        self.at += 1
        if char == ".":
            return ("chars", characters.DOT)
        if char == "\\":
            return ("chars", self.escape(in_class=False))
        if char in "*+?{}])":
            raise self.fail(f"a stray {char!r}")
        return ("chars", characters.of(char))

    def group(self, depth: int) -> PatternTree:
        self.at += 1
        ahead: bool | None = None
        if self.take("?="):
            ahead = True
        elif self.take("?!"):
            ahead = False
        elif self.take("?<"):
            if self.peek() in ("=", "!"):
                raise self.fail("look-behind")
            end = self.text.find(">", self.at)
            if end < 0 or not self.text[self.at : end].isidentifier():
                raise self.fail("a wrong group name")
            self.at = end + 1
        elif self.take("?") and not self.take(":"):
            raise self.fail("an unknown group")
        tree = self.alternatives(depth + 1)
        if not self.take(")"):
            raise self.fail("an open group")
        return tree if ahead is None else ("ahead", tree, ahead)

    def escape(self, in_class: bool) -> Ranges:
        char = self.peek()
        self.at += 1
        if char in characters.NAMED:
            return characters.NAMED[char]
        if char in _CONTROL:
            return characters.of(chr(_CONTROL[char]))
        if char == "b" and in_class:
            return characters.of("\b")
        if char == "0" and not self.peek().isdigit():
            return characters.of("\0")
        if char == "x":
            return self.code(self.hexadecimal(2))
        if char == "u":
            return self.code(self.unicode_escape())
        if char == "c" and self.peek().isascii() and self.peek().isalpha():
            self.at += 1
            return characters.of(chr(ord(self.text[self.at - 1]) % 32))
        # Unicode mode forbids escapes of plain characters; validators take those of punctuation all the same
        if char and char.isascii() and not char.isalnum():
            return characters.of(char)
        raise self.fail(f"the escape \\{char}")

    def code(self, value: int) -> Ranges:
        if value > characters.HIGHEST:
            raise self.fail("a code point that does not exist")
        return characters.ranges([(value, value)])

    def unicode_escape(self) -> int:
        if self.take("{"):
            end = self.text.find("}", self.at)
            digits = self.text[self.at : end] if end > 0 else ""
            if not 0 < len(digits) <= 6 or any(char not in _HEX for char in digits):
                raise self.fail("a wrong \\u{}")
            self.at = end + 1
            return int(digits, 16)
        high = self.hexadecimal(4)
        if 0xD800 <= high < 0xDC00 and self.take("\\u"):
            low = self.hexadecimal(4)
            if not 0xDC00 <= low < 0xE000:
                raise self.fail("half a surrogate pair")
            return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        return high

    def hexadecimal(self, count: int) -> int:
        digits = self.text[self.at : self.at + count]
        if len(digits) < count or any(char not in _HEX for char in digits):
            raise self.fail("a wrong escape")
        self.at += count
        return int(digits, 16)

    def char_class(self) -> Ranges:
        negated = self.take("^")
        found: list[tuple[int, int]] = []
        while not self.take("]"):
            if not self.peek():
                raise self.fail("an open character class")
            low = self.class_atom()
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                found.extend(self.class_range(low, self.class_atom()))
            else:
                found.extend(low)
        chosen = characters.ranges(found)
        return characters.complement(chosen) if negated else chosen

    def class_atom(self) -> Ranges:
        if self.take("\\"):
            return self.escape(in_class=True)
        char = self.peek()
        self.at += 1
        return characters.of(char)

    def class_range(self, low: Ranges, high: Ranges) -> Ranges:
        if _single(low) and _single(high):
            if low[0][0] > high[0][0]:
                raise self.fail("a range turned round")
            return ((low[0][0], high[0][0]),)
        if not low or not high:
            raise self.fail("half a surrogate pair")
        # a class beside the hyphen: outside of Unicode mode the hyphen is then one character of the set
        return (*low, *high, (0x2D, 0x2D))


def _single(chars: Ranges) -> bool:
    return len(chars) == 1 and chars[0][0] == chars[0][1]


def without_lookahead(tree: PatternTree) -> tuple[PatternTree, tuple[tuple[PatternTree, bool], ...]]:
    """A tree cut into itself without the look-ahead after its first ``^``, and each of these as a tree.

    The strings are those that match the first and every other tree as its flag says: true for matching. Any
    look-ahead elsewhere stays where it is.
    """
    if tree[0] != "seq" or len(tree[1]) < 2 or tree[1][0] != ("start",):
        return tree, ()
    count = 1
    while count < len(tree[1]) and tree[1][count][0] == "ahead":
        count += 1
    aheads = tuple((("seq", (("start",), part[1])), part[2]) for part in tree[1][1:count])
    return ("seq", (("start",), *tree[1][count:])), aheads


def literal(texts: list[str]) -> PatternTree:
    """The tree that matches exactly these texts."""
    found = [
        ("seq", (("start",), *(("chars", ((ord(char), ord(char)),)) for char in text), ("end",)))
        for text in texts
    ]
    return ("alt", tuple(found))
