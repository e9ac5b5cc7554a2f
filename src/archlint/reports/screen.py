"""A terminal as the text report sees it: colours, links, its width, and text wrapped to that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.reports.characters import columns_of

_LEAST = 24
"""Columns of text below which nothing is wrapped: a word a line is harder to read than a line too long."""
_LONGEST_CODE = 40
_OURS = regex("\x1b\\[[0-9;]*m|\x1b\\]8;;[!-~]*\x1b\\\\")
"""The escapes that are written here; text of others holds none, as it went through ``visible``."""
_ADDRESS = regex(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class Screen:
    """Puts colours and links around text if they are wanted, and breaks lines where they have to end."""

    color: bool = False
    links: bool = False
    columns: int | None = None
    """How wide it is; ``None`` if lines may have any length."""

    def paint(self, text: str, code: str) -> str:
        """The text in a colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def linked(self, text: str, address: str | None) -> str:
        """The text as a link (OSC 8); nothing but a plain address of the web gets into the escape."""
        if not self.links or address is None or not _ADDRESS.fullmatch(address):
            return text
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"

    def wrapped(self, words: Sequence[str], first: str, rest: str) -> Iterator[str]:
        """Words in lines that fit; a word is never broken. ``first`` and ``rest`` stand before the lines."""
        room = self.columns
        if room is None or room - columns_of(rest) < _LEAST:
            yield (first + " ".join(words)).rstrip()
            return
        line, used, is_empty = first, width_of(first), True
        for word in words:
            width = width_of(word)
            if not is_empty and used + 1 + width > room:
                yield line.rstrip()
                line, used, is_empty = rest, columns_of(rest), True
            line, used = (line + word, used + width) if is_empty else (f"{line} {word}", used + 1 + width)
            is_empty = False
        yield line.rstrip()

    def fits(self, *parts: str) -> bool:
        """Whether some texts fit in one line."""
        return self.columns is None or sum(map(width_of, parts)) <= self.columns


def width_of(text: str) -> int:
    """The columns that a text takes, without the escapes in it."""
    return columns_of(_OURS.sub("", text) if "\x1b" in text else text)


def words_of(text: str) -> list[str]:
    """The words of a text; what stands between backticks is one of them if it is short, as it is code."""
    words: list[str] = []
    opened: int | None = None
    for word in text.split(" "):
        words.append(word)
        if word.count("`") % 2 == 0:
            continue
        if opened is None:
            opened = len(words) - 1
            continue
        code = " ".join(words[opened:])
        if len(code) <= _LONGEST_CODE:
            words[opened:] = [code]
        opened = None
    return words
