"""Exclude patterns with the meaning of gitignore lines, relative to the root.

A pattern without a slash in front or in its middle matches at any depth; ``*`` and ``?`` stop at slashes,
``**`` does not; a slash at the end means folders; ``!`` takes back what an earlier pattern excluded. Unlike
in gitignore, ``folder/**`` means the folder itself too, and the last pattern that matches a folder decides
for all that is below it.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

from archlint.finding.records import dataclass

DEFAULT_EXCLUDE = (
    "testdata/",
    "**/test/**/fixtures/",
    "**/tests/**/fixtures/",
    "__fixtures__/",
    "test-fixtures/",
    ".chainsaw-test/",
    "[0-9]*-assert*.yaml",
    "[0-9]*-errors*.yaml",
    "fake/",
    "e2e/",
    "expected*/",
    "vendor/",
    "third_party/",
    "node_modules/",
)
"""What is left out below a path: inputs of tests, what tests of operators expect (KUTTL calls its steps by
number), and copies of other people's files."""

_ANY_DEPTH = None


@dataclass(frozen=True, slots=True)
class _Pattern:
    segments: tuple[str | re.Pattern[str] | None, ...]
    """For each part of the path its name, or a matcher; ``None`` for ``**``."""
    folders_only: bool
    negated: bool

    def matches(self, parts: tuple[str, ...]) -> bool:
        """Whether the pattern matches the whole path. Taking the first fit after each ``**`` suffices, so the
        cost is at most the product of both lengths."""
        last = self.segments[-1]
        if last is not _ANY_DEPTH and not _fits(last, parts[-1]):
            return False
        at = seen = 0
        retry: tuple[int, int] | None = None
        while at < len(parts):
            more = seen < len(self.segments)
            segment = self.segments[seen] if more else None
            if more and segment is _ANY_DEPTH:
                seen += 1
                retry = (seen, at)
            elif segment is not None and _fits(segment, parts[at]):
                seen, at = seen + 1, at + 1
            elif retry is not None:
                seen, at = retry[0], retry[1] + 1
                retry = (seen, at)
            else:
                return False
        return all(segment is _ANY_DEPTH for segment in self.segments[seen:])


def _fits(segment: str | re.Pattern[str], part: str) -> bool:
    return segment == part if isinstance(segment, str) else segment.match(part) is not None


def _compile(line: str) -> _Pattern | None:
    text = line.strip()
    negated = text.startswith("!")
    text = text.removeprefix("!")
    if text.startswith("./"):
        text = "/" + text[2:].lstrip("/")
    folders_only = text.endswith(("/", "/**"))
    anchored = "/" in text.rstrip("/")
    text = text.rstrip("/").removesuffix("/**").strip("/")
    if not text or text == ".":
        return None
    parts = text.split("/")
    if not anchored:
        parts.insert(0, "**")
    segments: list[str | re.Pattern[str] | None] = []
    for part in parts:
        if part != "**":
            segments.append(_segment(part))
        elif not segments or segments[-1] is not _ANY_DEPTH:
            segments.append(_ANY_DEPTH)
    return _Pattern(tuple(segments), folders_only, negated)


def _segment(part: str) -> str | re.Pattern[str]:
    """The name itself where no character stands for others: that takes less time than an expression."""
    if not any(character in part for character in "*?[\\"):
        return part
    return re.compile(fnmatch.translate(_escapes_as_classes(part)))


def _escapes_as_classes(part: str) -> str:
    """``fnmatch`` knows no backslash: ``\\*`` becomes ``[*]``."""
    return re.sub(r"\\(.)", lambda m: f"[{m.group(1)}]" if m.group(1) in "*?[" else m.group(1), part)


class Exclusion:
    """Decides which paths a list of patterns leaves out below a given folder."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [pattern for line in patterns if (pattern := _compile(line)) is not None]
        self._file_patterns = any(not pattern.folders_only for pattern in self._patterns)
        self._decided: dict[tuple[str, str], bool] = {}

    def excludes_file(self, path: str, below: str) -> bool:
        """Whether a file is left out, itself or with a folder that lies below the folder ``below``."""
        if self.excludes_folder(path.rpartition("/")[0], below):
            return True
        return self._file_patterns and self._decides(path, is_folder=False)

    def excludes_folder(self, folder: str, below: str) -> bool:
        """Whether a folder, or one between it and ``below``, is left out; ``below`` itself never is."""
        undecided: list[str] = []
        excluded = False
        while len(folder) > len(below):
            known = self._decided.get((folder, below))
            if known is not None:
                excluded = known
                break
            undecided.append(folder)
            folder = folder.rpartition("/")[0]
        for each in reversed(undecided):
            excluded = excluded or self._decides(each, is_folder=True)
            self._decided[each, below] = excluded
        return excluded

    def _decides(self, path: str, *, is_folder: bool) -> bool:
        parts = tuple(path.split("/"))
        for pattern in reversed(self._patterns):
            if (is_folder or not pattern.folders_only) and pattern.matches(parts):
                return not pattern.negated
        return False
