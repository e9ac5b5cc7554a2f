"""Bytes to text, and offsets to lines and columns.

Only ``\\n`` ends a line (so ``\\r\\n`` does too), as for git, for code hosts and for SARIF's default newline
sequences. A lone ``\\r``, U+0085, U+2028 and U+2029 do not, although a YAML parser may count some of them.
A byte order mark is dropped before anything is counted: column 1 is the first character after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, repeat
from operator import add

_UTF8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)


class TextProblem(Exception):
    """Bytes that are no text: what is wrong, what to do, and the 1-based place of the first bad byte."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 or UTF-32 with a byte order mark; the mark is dropped.

    Raises ``TextProblem`` for bytes that are not valid in that encoding and for NUL characters.
    """
    for mark, codec, name in _WIDE_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], codec, name)
    return _decode_as(data.removeprefix(_UTF8_MARK), "utf-8", "UTF-8")


def _decode_as(data: bytes, codec: str, name: str) -> str:
    if codec == "utf-8" and b"\0" in data:
        raise _nul_problem(data)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line, column = _end_of(data[: error.start].decode(codec, "replace"))
        seen = " ".join(f"0x{byte:02x}" for byte in data[error.start : error.end][:4])
        message = f"The file is not valid {name} ({seen} at this place). Save it as UTF-8."
        raise TextProblem(message, line, column) from None
    nul = text.find("\0")
    if nul >= 0:
        raise TextProblem("The file contains a NUL character. Remove it.", *_end_of(text[:nul]))
    return text


def _nul_problem(data: bytes) -> TextProblem:
    """Says which of the usual reasons put a NUL byte there: UTF-16, a binary file, or a slip."""
    place = _end_of(data[: data.index(0)].decode("utf-8", "replace"))
    head = data[:512]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) > 0.4 * len(head[1::2]) and min(odd, even) == 0:
        return TextProblem("The file looks like UTF-16 without a byte order mark. Save it as UTF-8.", *place)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return TextProblem("The file is binary, not text. Remove it or leave it out with `exclude`.", *place)
    return TextProblem("The file contains a NUL character. Remove it.", *place)


def _end_of(text: str) -> tuple[int, int]:
    """The 1-based line and column just after the last character."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


_FEW = 8
"""Places of a text up to which it is sooner to count the lines before each than to go through all of them."""


_NEAR = 40
"""Lines at the beginning that are sooner found one by one than by going through all of the text."""


class LineIndex:
    """Converts between offsets and 1-based (line, column) of one text, all in code points."""

    __slots__ = ("_asked", "_load", "_starts", "_text")

    def __init__(self, text: str = "", load: Callable[[], str] | None = None) -> None:
        """``load`` gives the text when somebody asks for it, in place of ``text``."""
        self._text = text
        self._load = load
        self._starts: list[int] | None = None
        self._asked = 0
        """How many places were asked for before the lines were gone through."""

    @property
    def text(self) -> str:
        """The whole text."""
        if self._load is not None:
            self._text = self._load()
            self._load = None
        return self._text

    @property
    def starts(self) -> list[int]:
        """The offset at which each line starts, made on first use."""
        if self._starts is None:
            lengths = map(len, self.text.split("\n")[:-1])
            self._starts = list(accumulate(map(add, lengths, repeat(1)), initial=0))
        return self._starts

    @property
    def count(self) -> int:
        """The number of lines; what follows the last line end is one, even if it is empty."""
        return len(self.starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; offsets outside the text count as its nearest end."""
        text = self.text
        offset = min(max(offset, 0), len(text))
        if self._starts is None and self._asked < _FEW:
            self._asked += 1
            return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Offset of a line and column, kept inside the line (its end included) and inside the text."""
        if line < 1:
            return 0
        if self._is_near(line):
            near = self._near(line)
            if near is None:
                return len(self.text)
            return min(near[0] + max(column - 1, 0), near[1])
        if line > self.count:
            return len(self.text)
        start = self.starts[line - 1]
        return start + min(max(column - 1, 0), self._end(line) - start)

    def lines(self, number: int) -> str:
        """The text of a line without its line end; empty for a line that does not exist."""
        if self._is_near(number):
            near = self._near(number)
            return "" if near is None else self.text[near[0] : near[1]].removesuffix("\r")
        starts = self.starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] - 1 if number < len(starts) else len(self._text)
        return self._text[starts[number - 1] : end].removesuffix("\r")

    def _is_near(self, line: int) -> bool:
        """Whether a line is one of the first, and not too many of these were asked for already."""
        if self._starts is not None or not 1 <= line <= _NEAR or self._asked >= _FEW:
            return False
        self._asked += 1
        return True

    def _near(self, line: int) -> tuple[int, int] | None:
        """Where one of the first lines begins and ends; ``None`` if the text has fewer."""
        text, start = self.text, 0
        for _ in range(line - 1):
            start = text.find("\n", start) + 1
            if not start:
                return None
        end = text.find("\n", start)
        return start, len(text) if end < 0 else end

    def _end(self, line: int) -> int:
        """Offset of the line's ``\\n``, or the end of the text."""
        return self.starts[line] - 1 if line < self.count else len(self.text)
