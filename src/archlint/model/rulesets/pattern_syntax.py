"""Expressions of ECMAScript rewritten for an engine that reads Rust's syntax, with the same meaning.

The differences: a brace that counts nothing is a character, a letter behind a backslash may be just that
letter, ``\\d``, ``\\w`` and ``\\b`` know ASCII alone, ``.`` stops at four characters, ``[]`` and ``[^]`` are
classes, and names of groups are referred to by ``\\k``.
"""

from __future__ import annotations

from archlint.finding.regex import regex

__all__ = ["PatternError", "rewritten"]

_LONGEST, _DEEPEST = 20_000, 100
_FLAGS = frozenset("dgimsuvy")
_COUNT = regex(r"\{(?P<least>\d++)(?P<open>,(?P<most>\d*+))?+\}")
_GROUP = regex(r"\(\?(?:[:=!]|<[=!]|<(?P<name>[A-Za-z_$][\w$]*+)>)")
_HEX = regex(r"x(?P<two>[0-9A-Fa-f]{2})|u(?P<four>[0-9A-Fa-f]{4})")
_BRACED = regex(r"u\{(?P<code>[0-9A-Fa-f]{1,6}+)\}")
_PROPERTY = regex(r"[pP]\{[A-Za-z_=0-9]++\}")
_REFERENCE = regex(r"k<(?P<name>[A-Za-z_$][\w$]*+)>")
_OPENING = regex(
    r"\\.|\[(?:[^\]\\]|\\.)*+(?:\]|\\?\Z)|\((?!\?)|\(\?<(?P<name>[A-Za-z_$][\w$]*+)>", 16
)  # re.DOTALL
_BLANK = r"\u{9}-\u{d}\u{20}\u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}"
_NO_BLANK = (
    r"\u{0}-\u{8}\u{e}-\u{1f}\u{21}-\u{9f}\u{a1}-\u{167f}\u{1681}-\u{1fff}\u{200b}-\u{2027}\u{202a}-\u{202e}"
    r"\u{2030}-\u{205e}\u{2060}-\u{2fff}\u{3001}-\u{fefe}\u{ff00}-\u{10ffff}"
)
_CLASSES = {
    "d": "0-9",
    "D": r"\u{0}-\u{2f}\u{3a}-\u{10ffff}",
    "w": "0-9A-Za-z_",
    "W": r"\u{0}-\u{2f}\u{3a}-\u{40}\u{5b}-\u{5e}\u{60}\u{7b}-\u{10ffff}",
    "s": _BLANK,
    "S": _NO_BLANK,
}
"""What stands in a class for each; classes within classes are not known to all engines."""
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_ANYTHING, _NOTHING = r"[\u{0}-\u{10ffff}]", r"[^\u{0}-\u{10ffff}]"
_BOUNDARY = r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))"
_NO_BOUNDARY = r"(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))"


class PatternError(ValueError):
    """The text is no regular expression, or one that cannot be run here."""


def rewritten(source: str, flags: str) -> str:
    """The expression for Rust's engine; raises ``PatternError``."""
    if unknown := sorted(set(flags) - _FLAGS) or (["uv"] if {"u", "v"} <= set(flags) else []):
        raise PatternError(f"there are no flags {unknown[0]!r} of regular expressions")
    if len(set(flags)) < len(flags):
        raise PatternError(f"a flag of {flags!r} is there twice")
    if len(source) > _LONGEST:
        raise PatternError(f"a pattern of {len(source):,} characters is not run")
    pattern = _Rewriting(source, flags).pattern()
    if "y" in flags:
        pattern = f"^(?:{pattern})"
    return f"(?i){pattern}" if "i" in flags else pattern


class _Rewriting:
    """Goes over the expression from left to right."""

    def __init__(self, source: str, flags: str) -> None:
        self._source = source
        self._flags = flags
        self._unicode = "u" in flags or "v" in flags
        self._at = 0
        names = [found["name"] for found in _OPENING.finditer(source) if found[0].startswith("(")]
        self._groups = len(names)
        self._names = {name: number for number, name in enumerate(names, 1) if name}

    def pattern(self) -> str:
        parts: list[str] = []
        open_groups: list[str] = []
        last = ""
        while self._at < len(self._source):
            character = self._source[self._at]
            if character == "(":
                last = ""
                open_groups.append(self._group())
                parts.append(open_groups[-1])
                if len(open_groups) > _DEEPEST:
                    raise self._error("groups are nested too deep")
                continue
            if character == ")":
                if not open_groups:
                    raise self._error("a parenthesis is closed that is not open")
                opened = open_groups.pop()
                last = "" if opened.startswith("(?<") and len(opened) == 4 else ")"
                self._at += 1
                parts.append(")")
                continue
            if (count := self._quantifier()) is not None:
                if not last:
                    raise self._error("nothing stands before what repeats")
                last = ""
                parts.append(count)
                continue
            last = self._atom(character)
            parts.append(last)
            if character in "|^$":
                last = ""
        if open_groups:
            raise self._error("a parenthesis is not closed")
        return "".join(parts)

    def _group(self) -> str:
        start = self._at
        self._at += 1
        if self._source[self._at : self._at + 1] != "?":
            return "("
        found = _GROUP.match(self._source, start)
        if found is None:
            raise self._error("such a group is not known")
        self._at = found.end()
        return "(" if found["name"] else found[0]

    def _quantifier(self) -> str | None:
        """What repeats the part before, or nothing; a brace that counts nothing is a character."""
        character = self._source[self._at]
        if character in "*+?":
            count = character
            self._at += 1
        elif character == "{" and (found := _COUNT.match(self._source, self._at)):
            least, most = found["least"], found["most"] or ""
            if len(least) > 4 or len(most) > 4:
                raise self._error("a count is larger than 9,999")
            if most and int(most) < int(least):
                raise self._error("the numbers of a count are out of order")
            count = found[0]
            self._at = found.end()
        else:
            return None
        if self._source[self._at : self._at + 1] == "?":
            self._at += 1
            count += "?"
        return count

    def _atom(self, character: str) -> str:
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        self._at += 1
        if character == ".":
            return _ANYTHING if "s" in self._flags else r"[^\n\r\u{2028}\u{2029}]"
        if character == "|":
            return character
        if character in "^$":
            return f"(?m:{character})" if "m" in self._flags else character
        if self._unicode and character in "{}]":
            raise self._error(f"{character} stands alone")
        return _literal(ord(character))

    def _escape(self) -> str:
        """What a backslash begins outside of a class."""
        self._at += 1
        rest = self._source[self._at : self._at + 1]
        if not rest:
            raise self._error("a backslash is the last character")
        if rest in "bB":
            self._at += 1
            return _BOUNDARY if rest == "b" else _NO_BOUNDARY
        if rest in "123456789":
            end = self._at
            while self._source[end : end + 1].isdecimal() and end - self._at < 3:
                end += 1
            if (number := int(self._source[self._at : end])) <= self._groups:
                self._at = end
                return rf"(?:\{number})"
        if self._names and (found := _REFERENCE.match(self._source, self._at)):
            if found["name"] not in self._names:
                raise self._error(f"there is no group {found['name']}")
            self._at = found.end()
            return rf"(?:\{self._names[found['name']]})"
        found_class = self._class_escape()
        return f"[{found_class}]" if found_class is not None else _literal(self._character())

    def _class_escape(self) -> str | None:
        """``\\d`` and its kind, also in brackets; the backslash is read."""
        letter = self._source[self._at : self._at + 1]
        if letter in _CLASSES:
            self._at += 1
            return _CLASSES[letter]
        if self._unicode and (found := _PROPERTY.match(self._source, self._at)):
            self._at = found.end()
            return rf"\{found[0]}"
        return None

    def _character(self) -> int:
        """The one character that an escape stands for; the backslash is read."""
        source, at = self._source, self._at
        letter = source[at : at + 1]
        if not letter:
            raise self._error("a backslash is the last character")
        if self._unicode and (braced := _BRACED.match(source, at)):
            self._at = braced.end()
            return min(int(braced["code"], 16), 0x10FFFF)
        if found := _HEX.match(source, at):
            self._at = found.end()
            return self._with_low_surrogate(int(found["two"] or found["four"], 16))
        self._at += 1
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter == "c" and source[at + 1 : at + 2].isascii() and source[at + 1 : at + 2].isalpha():
            self._at += 1
            return ord(source[at + 1]) % 32
        if letter in "01234567":
            return self._octal(at)
        return ord(letter)

    def _with_low_surrogate(self, code: int) -> int:
        """Two escapes that are one character beyond the first 65,536; half of one is replaced."""
        if not 0xD800 <= code < 0xE000:
            return code
        low = (
            _HEX.match(self._source, self._at + 1) if self._source[self._at : self._at + 1] == "\\" else None
        )
        if code >= 0xDC00 or low is None or not 0xDC00 <= int(low["four"] or "0", 16) < 0xE000:
            return 0xFFFD
        self._at = low.end()
        return 0x10000 + ((code - 0xD800) << 10) + int(low["four"], 16) - 0xDC00

    def _octal(self, start: int) -> int:
        end = start + 1
        while end < start + 3 and self._source[end : end + 1] and self._source[end] in "01234567":
            end += 1
        digits = self._source[start:end]
        while int(digits, 8) > 255:
            digits = digits[:-1]
        self._at = start + len(digits)
        return int(digits, 8)

    def _class(self) -> str:
        """A class in brackets; what stands in it is written anew, character by character."""
        self._at += 1
        negated = self._source[self._at : self._at + 1] == "^"
        self._at += negated
        parts: list[str] = []
        while (character := self._source[self._at : self._at + 1]) != "]":
            if not character:
                raise self._error("a bracket is not closed")
            first = self._member()
            if isinstance(first, int) and self._is_range():
                self._at += 1
                last = self._member()
                if isinstance(last, str):
                    parts += [_member(first), r"\u{2d}", last]
                    continue
                if last < first:
                    raise self._error("a range of characters is out of order")
                parts.append(f"{_member(first)}-{_member(last)}")
            else:
                parts.append(first if isinstance(first, str) else _member(first))
        self._at += 1
        if not parts:
            return _ANYTHING if negated else _NOTHING
        return f"[{'^' if negated else ''}{''.join(parts)}]"

    def _is_range(self) -> bool:
        """Whether a range goes on here: a minus, and then something that is no end of the class."""
        following = self._source[self._at : self._at + 2]
        return len(following) == 2 and following[0] == "-" and following[1] != "]"

    def _member(self) -> int | str:
        character = self._source[self._at]
        self._at += 1
        if character != "\\":
            return ord(character)
        if self._source[self._at : self._at + 1] == "b":
            self._at += 1
            return 8
        found = self._class_escape()
        return found if found is not None else self._character()

    def _error(self, reason: str) -> PatternError:
        return PatternError(f"the pattern {self._source!r} is invalid at {self._at}: {reason}")


def _literal(code: int) -> str:
    character = chr(code)
    if character.isascii() and character.isalnum():
        return character
    return _member(code)


def _member(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else f"\\u{{{code:x}}}"
