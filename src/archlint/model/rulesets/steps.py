"""A JSONPath as steps, in the grammar of the engine that Spectral asks first.

What is written otherwise is read by the older engine that Spectral falls back to (``fallback``), which is
laxer. A filter keeps its text; ``expressions`` parses it.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from enum import Enum

__all__ = ["NotInGrammar", "Step", "StepKind", "Steps", "parse_steps"]

_NAME = frozenset(string.ascii_letters + string.digits + "$_-")
_IN_FILTERS = frozenset(string.ascii_letters + string.digits + " \t$@.,_=<>!|&+~%^*/;-[]")
_LARGEST_WHOLE = 9007199254740991


class StepKind(Enum):
    """What a step chooses below a value."""

    NAMES = "members of these names"
    ALL = "all members"
    SLICE = "elements of an array from, to and in steps of"
    FILTER = "members for which an expression holds"
    EVERYTHING = "all objects and arrays"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; a deep one chooses at any depth."""

    kind: StepKind
    deep: bool
    names: tuple[str | int, ...] = ()
    text: str = ""
    bounds: tuple[float, float, float] = (0, 0, 1)
    alone: bool = True
    """Whether the name stands alone, and not in a list of names."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A path: its steps, how many parents to go up at the end, and whether keys are asked for."""

    steps: tuple[Step, ...]
    modifiers: str


class NotInGrammar(ValueError):
    """The path is not written in this grammar."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"unexpected at {offset}")
        self.offset = offset


def parse_steps(text: str) -> Steps:
    """The steps of a path; raises ``NotInGrammar`` with the offset of what is not understood."""
    return _Reader(text).steps()


class _Reader:
    """Reads a path from left to right; what was tried and did not fit is read anew from where it began."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def steps(self) -> Steps:
        if not self._skip("$"):
            raise NotInGrammar(0)
        if (rest := self._text[1:]).startswith("..") and not rest[2:].strip("~^"):
            return Steps((Step(StepKind.EVERYTHING, True),), rest[2:])
        found: list[Step] = []
        while self._at < len(self._text) and self._text[self._at] in ".[@":
            found.append(self._step(self._descends()))
        modifiers = self._text[self._at :]
        if modifiers.strip("~^"):
            raise NotInGrammar(self._at + len(modifiers) - len(modifiers.lstrip("~^")))
        return Steps(tuple(found), modifiers)

    def _descends(self) -> bool:
        """Whether the step is deep: after two points, and after one before a bracket."""
        if self._skip(".."):
            return True
        return self._skip(".") and self._text[self._at : self._at + 1] == "["

    def _step(self, deep: bool) -> Step:
        text, start = self._text, self._at
        character = text[start : start + 1]
        if character in _NAME and character:
            return Step(StepKind.NAMES, deep, (self._name(),))
        if self._skip("*") or self._skip("[*]"):
            return Step(StepKind.ALL, deep)
        if character == "@":
            return Step(StepKind.FILTER, deep, text=self._shorthand())
        if not self._skip("["):
            raise NotInGrammar(start)
        step = self._bracketed(deep)
        if not self._skip("]"):
            raise NotInGrammar(self._at)
        return step

    def _bracketed(self, deep: bool) -> Step:
        if self._skip("?("):
            return Step(StepKind.FILTER, deep, text=self._filter())
        if self._skip("("):
            return self._from_the_end(deep)
        start = self._at
        names: list[str | int] = []
        commas = 0
        while (name := self._key()) is not None:
            names.append(name)
            commas += self._skip(",")
        if names and self._text[self._at : self._at + 1] == "]":
            unique = tuple(dict.fromkeys(names))
            return Step(StepKind.NAMES, deep, unique, alone=len(names) == 1 and not commas)
        self._at = start
        return Step(StepKind.SLICE, deep, bounds=self._slice())

    def _from_the_end(self, deep: bool) -> Step:
        """``(@.length-1)``, the one script that the grammar has."""
        if not self._skip("@.length"):
            raise NotInGrammar(self._at)
        self._blanks()
        if not self._skip("-"):
            raise NotInGrammar(self._at)
        self._blanks()
        digits = self._digits()
        if not digits or not self._skip(")"):
            raise NotInGrammar(self._at)
        return Step(StepKind.SLICE, deep, bounds=(-int(digits), float("inf"), 1))

    def _slice(self) -> tuple[float, float, float]:
        start = self._at
        parts = [self._number()]
        while len(parts) < 3 and self._skip(":"):
            parts.append(self._number())
        if parts == [""] or (len(parts) == 3 and not parts[2]):
            raise NotInGrammar(start)
        bounds = [0.0, float("inf"), 1.0]
        for position, part in enumerate(parts):
            if part:
                bounds[position] = float(int(part))
        return bounds[0], bounds[1], bounds[2]

    def _filter(self) -> str:
        """The text of a filter up to the parenthesis that ends it; characters are few, strings hold any."""
        text, start, depth = self._text, self._at, 0
        while self._at < len(text):
            character = text[self._at]
            if character in "'\"":
                if (end := text.find(character, self._at + 1)) < 0:
                    break
                self._at = end
            elif character == "(":
                depth += 1
            elif character == ")":
                if not depth:
                    break
                depth -= 1
            elif character not in _IN_FILTERS:
                break
            self._at += 1
        found = text[start : self._at]
        if not found or not self._skip(")"):
            raise NotInGrammar(self._at)
        return found

    def _shorthand(self) -> str:
        """``@string()`` and the like, or a house's own with two signs."""
        start = self._at
        self._skip("@@") or self._skip("@")
        name = self._at
        while self._text[self._at : self._at + 1] in _LOWER:
            self._at += 1
        if self._at == name or not self._skip("()"):
            raise NotInGrammar(start)
        return self._text[start : self._at]

    def _key(self) -> str | int | None:
        """A name in brackets, bare or quoted; a bare whole number is one."""
        if name := self._name():
            digits = name.removeprefix("-")
            if digits.isdecimal() and int(digits) <= _LARGEST_WHOLE:
                return int(name)
            return name
        quote = self._text[self._at : self._at + 1]
        if not quote or quote not in "'\"" or (end := self._text.find(quote, self._at + 1)) < 0:
            return None
        found = self._text[self._at + 1 : end]
        self._at = end + 1
        return found

    def _name(self) -> str:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] in _NAME:
            self._at += 1
        return self._text[start : self._at]

    def _number(self) -> str:
        start = self._at
        self._skip("-")
        if not self._digits():
            self._at = start
        return self._text[start : self._at]

    def _digits(self) -> str:
        start = self._at
        while self._text[self._at : self._at + 1] in _DIGITS:
            self._at += 1
        return self._text[start : self._at]

    def _blanks(self) -> None:
        while self._text[self._at : self._at + 1] in _BLANKS:
            self._at += 1

    def _skip(self, expected: str) -> bool:
        if not self._text.startswith(expected, self._at):
            return False
        self._at += len(expected)
        return True


_LOWER = frozenset(string.ascii_lowercase)
_DIGITS = frozenset(string.digits)
_BLANKS = frozenset(" \t")
