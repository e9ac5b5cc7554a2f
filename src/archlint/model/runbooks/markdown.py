"""Code blocks of Markdown: fenced ones, also in lists and quotes.

Source: CommonMark 0.31, "Fenced code blocks": at least three backticks or tildes open one, at least as many
of the same close it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_FENCE = regex(r"((?:[ \t]|>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*)(`{3,}|~{3,})([^\n]*)")
_SHELLS = frozenset(
    (
        "",
        "sh",
        "bash",
        "shell",
        "console",
        "zsh",
        "shell-session",
        "sh-session",
        "terminal",
        "text",
        "bash-session",
    )
)
_LONGEST_LINE = 4000
_LONGEST_HEADING = 300
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of a code block, joined with those that it continues on."""

    text: str
    """The text, continuations replaced by as many blanks."""
    starts: tuple[tuple[int, int, int], ...]
    """For each physical line: offset in ``text``, line number, column of its first character."""

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column in the file of an offset in the text."""
        at, line, column = next(item for item in reversed(self.starts) if item[0] <= offset)
        return line, column + offset - at


def shell_lines(text: str) -> Iterator[CodeLine]:
    """The lines of all blocks that hold shell commands, or do not say what they hold."""
    fence = ""
    is_shell = False
    pending: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.removesuffix("\r")
        match = _FENCE.match(line[:_LONGEST_LINE])
        if not fence:
            if match and not (match[2][0] == "`" and "`" in match[3]):
                fence, is_shell = match[2], _language(match[3]) in _SHELLS
            continue
        if match and match[2].startswith(fence) and not match[3].strip():
            yield from _joined(pending)
            fence, pending = "", []
            continue
        if not is_shell or len(line) > _LONGEST_LINE:
            continue
        pending.append((number, line))
        if not line.endswith("\\") or len(pending) > 50:
            yield from _joined(pending)
            pending = []
    yield from _joined(pending)


def _language(info: str) -> str:
    words = info.strip().lstrip("{").split()
    return words[0].lower().strip(".{}") if words else ""


def _joined(lines: list[tuple[int, str]]) -> Iterator[CodeLine]:
    if not lines:
        return
    parts: list[str] = []
    starts: list[tuple[int, int, int]] = []
    length = 0
    for number, line in lines:
        starts.append((length, number, 1))
        part = line[:-1] + " " if line.endswith("\\") else line
        parts.append(part)
        length += len(part)
    yield CodeLine("".join(parts), tuple(starts))


def headings(lines: Sequence[str]) -> list[str]:
    """For each line the headings (``#``) that it stands under, from the page's title inwards."""
    found: list[str] = []
    above: list[tuple[int, str]] = []
    joined, fence = "", ""
    for raw in lines:
        line = raw[:_LONGEST_HEADING]
        match = _FENCE.match(line)
        if match and not fence:
            fence = match[2]
        elif match and match[2].startswith(fence) and not match[3].strip():
            fence = ""
        elif not fence and line.startswith("#"):
            title = line.lstrip("#")
            level = len(line) - len(title)
            if level <= _DEEPEST and title.startswith((" ", "\t")):
                above = [each for each in above if each[0] < level]
                above.append((level, title.strip()))
                joined = " / ".join(each for _, each in above)
        found.append(joined)
    return found
