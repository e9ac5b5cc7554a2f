"""Stretches of a file that hold one diagram, with the place of each character."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from archlint.documents import TextFile
from archlint.finding import Place, Span
from archlint.finding.regex import regex

_FENCE = regex(r"((?:[ \t]|>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*+)(`{3,}+|~{3,}+|:{3,}+)([^\n]*)")
_QUOTED = regex(r"[ \t]{0,200}(?:>[ \t]?)+")
_LONGEST_LINE = 4000


class Passage:
    """Some lines of a file as one text."""

    def __init__(self, path: str, lines: Sequence[tuple[int, int, str]], revision: str | None = None) -> None:
        """``lines`` are line numbers, columns of the first character, and texts."""
        self.source = TextFile(path, revision)
        self.text = "\n".join(text for _, _, text in lines)
        self._marks = [(line, column) for line, column, _ in lines] or [(1, 1)]
        self._starts = [0]
        for _, _, text in lines[:-1]:
            self._starts.append(self._starts[-1] + len(text) + 1)

    @classmethod
    def whole(cls, path: str, text: str, revision: str | None = None) -> Passage:
        """A whole file."""
        lines = [(number, 1, line.removesuffix("\r")) for number, line in enumerate(text.split("\n"), 1)]
        if lines[0][2].startswith("\ufeff"):
            lines[0] = (1, 2, lines[0][2][1:])
        return cls(path, lines, revision)

    def place(self, start: int, end: int) -> Place:
        """The place of some characters; what reaches over a line's end is cut there."""
        at = bisect_right(self._starts, start) - 1
        line, column = self._marks[at]
        begin = column + start - self._starts[at]
        last = self._starts[at + 1] - 1 if at + 1 < len(self._starts) else len(self.text)
        stop = max(min(end, last), min(start + 1, last))
        return self.source.place(Span(line, begin, line, max(begin + stop - start, begin + 1)))


def blocks(path: str, text: str, languages: frozenset[str]) -> Iterator[tuple[str, Passage]]:
    """The fenced code blocks of a Markdown file in one of some languages, with the language."""
    fence = language = ""
    width = 0
    lines: list[tuple[int, int, str]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.removesuffix("\r")[:_LONGEST_LINE]
        match = _FENCE.match(line)
        if not fence:
            if match and not (match[2][0] == "`" and "`" in match[3]):
                fence, language, width, lines = match[2], _language(match[3]), len(match[1]), []
            continue
        if match and match[2].startswith(fence) and not match[3].strip():
            if language in languages:
                yield language, Passage(path, lines)
            fence = ""
            continue
        if language in languages:
            lines.append(_inside(number, line, width))
    if fence and language in languages and lines:
        yield language, Passage(path, lines)


def _inside(number: int, line: str, width: int) -> tuple[int, int, str]:
    """A line without the signs of a quote that the block stands in."""
    quoted = _QUOTED.match(line) if width else None
    at = quoted.end() if quoted else 0
    return (number, at + 1, line[at:])


def _language(info: str) -> str:
    words = info.strip().strip("{}").split()
    return words[0].lower().strip(".{}") if words else ""
