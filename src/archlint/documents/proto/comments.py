"""Comments around the elements of a proto file, by the numbers of these.

protoc and buf differ about block comments. ``/* ... */`` on the line of an element is before it for protoc,
and nowhere for buf; one that begins behind something else and ends on the line above is behind that for
protoc, and before the element for buf.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from archlint.documents.proto.parts import Path
from archlint.documents.proto.recorded import recorded_comments, stray_comments
from archlint.documents.proto.statements import block_comments
from archlint.documents.proto.wire import packed
from archlint.finding.regex import regex

_STARS = regex(r"\n[^\S\n]*\*?")
_BLANKS = " \t\r\f\v"


class Comments:
    """The comments of a file."""

    def __init__(self, places: bytes, text: str, start: Callable[[Path], int | None]) -> None:
        """``places`` is what the compiler recorded, ``start`` tells where in the text an element begins."""
        self._places = places
        self._text = text
        self._start = start

    def before(self, path: Path) -> str:
        """The comment before an element, without its signs; a comment apart from it is none."""
        return self._before.get(packed(path), "")

    def before_for_buf(self, path: Path) -> str:
        """The same as buf sees it, which looks at whole statements alone."""
        if len(path) > 1 and len(path) % 2:
            return ""
        at = self._start(path) if self._blocks else None
        if at is None:
            return self.before(path)
        before = self._text[:at].rstrip(_BLANKS)
        if len(before) in self._blocks:
            return ""
        comment = self.before(path)
        if comment or not before.endswith("\n"):
            return comment
        end = len(before[:-1].rstrip(_BLANKS))
        begin = self._blocks.get(end)
        return "" if begin is None else _STARS.sub("\n", self._text[begin + 2 : end - 2])

    def strays(self, path: Path) -> tuple[str, str]:
        """The comment behind an element, and those that stand apart above it."""
        return self._strays.get(packed(path), ("", ""))

    @cached_property
    def _before(self) -> dict[bytes, str]:
        return recorded_comments(self._places)

    @cached_property
    def _strays(self) -> dict[bytes, tuple[str, str]]:
        return stray_comments(self._places)

    @cached_property
    def _blocks(self) -> dict[int, int]:
        """Where each comment in ``/*`` and ``*/`` ends, and where it begins."""
        return block_comments(self._text)
