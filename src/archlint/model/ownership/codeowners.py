"""CODEOWNERS files: which lines name an owner for a path.

Sources: GitHub, "About code owners", and GitLab, "Code Owners syntax" (sections with default owners).
Patterns are those of gitignore; the last line that matches counts, in GitLab within each section.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from posixpath import basename, dirname

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.world import World

_SECTION = regex(r"\^?\[([^\]]*)\](?:\[\d+\])?(.*)")
_HOMES = frozenset({".github", ".gitlab", "docs"})
_LONGEST_LINE = 1000
_ANYTHING = frozenset({fnmatch.translate("*")})


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """One pattern with its owners."""

    segments: tuple[re.Pattern[str] | None, ...]
    """A matcher for each part of a path; ``None`` for ``**``."""
    owners: tuple[str, ...]
    section: str
    is_shallow: bool
    """Whether it stops at the files of a folder, as ``docs/*`` does."""
    is_folder: bool
    """Whether it means only what is below a folder, as ``docs/`` does."""
    number: int = 1

    @property
    def is_about_everything(self) -> bool:
        """Whether it is the line for what no other line names: ``*``."""
        return all(segment is None or segment.pattern in _ANYTHING for segment in self.segments)

    def matches(self, parts: Sequence[str]) -> bool:
        """Whether the pattern matches a path or a folder above it. After each ``**`` the first fit
        suffices, so the cost is at most the product of both lengths."""
        at = seen = 0
        retry: tuple[int, int] | None = None
        while True:
            if seen == len(self.segments):
                is_below = at < len(parts)
                if (is_below or not self.is_folder) and not (is_below and self.is_shallow):
                    return True
            elif (segment := self.segments[seen]) is None:
                seen += 1
                retry = (seen, at)
                continue
            elif at < len(parts) and segment.match(parts[at]):
                seen, at = seen + 1, at + 1
                continue
            if retry is None or retry[1] >= len(parts):
                return False
            seen, at = retry[0], retry[1] + 1
            retry = (seen, at)


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """One CODEOWNERS file."""

    path: str
    folder: str
    """The folder that its patterns are relative to."""
    lines: tuple[OwnerLine, ...]

    def line_of(self, path: str) -> OwnerLine | None:
        """The line that names the owners of a path relative to the root."""
        if self.folder and not path.startswith(self.folder + "/"):
            return None
        parts = path[len(self.folder) :].strip("/").split("/")
        found = {line.section: line for line in self.lines if line.matches(parts)}
        return next((line for line in found.values() if line.owners), None)

    def place(self, line: OwnerLine) -> Place:
        """Where a line begins."""
        return TextFile(self.path).place(Span(line.number, 1, line.number, 2))


def code_owners(world: World) -> list[CodeOwners]:
    """All CODEOWNERS files of a world; ask with ``world.fact(code_owners)``. Each counts for the folder that
    it would stand at the top of, so that a repository inside of another keeps its owners."""
    found = []
    for path in world.paths(Kind.CODEOWNERS):
        folder = dirname(path)
        if basename(folder) in _HOMES:
            folder = dirname(folder)
        found.append(CodeOwners(path, folder, tuple(_parse(world.text(path) or ""))))
    return found


def _parse(text: str) -> list[OwnerLine]:
    lines: list[OwnerLine] = []
    section, defaults = "", ()
    for number, raw in enumerate(text.split("\n"), 1):
        line = re.sub(r"(?:^|(?<=\s))#.*", "", raw[:_LONGEST_LINE]).strip()
        heading = _SECTION.fullmatch(line)
        if heading:
            section, defaults = heading[1].strip().lower(), tuple(heading[2].split())
        elif line:
            pattern, *owners = re.split(r"(?<!\\)\s+", line)
            segments = _segments(pattern.replace("\\ ", " "))
            if segments:
                named = tuple(owners) or defaults
                is_shallow, is_folder = pattern.endswith("/*"), pattern.endswith("/")
                lines.append(OwnerLine(segments, named, section, is_shallow, is_folder, number))
    return lines


def _segments(pattern: str) -> tuple[re.Pattern[str] | None, ...]:
    body = pattern.strip("/")
    if not body:
        return ()
    parts = body.split("/")
    is_anchored = pattern.startswith("/") or len(parts) > 1
    found: list[re.Pattern[str] | None] = [] if is_anchored else [None]
    for part in parts:
        if part != "**":
            found.append(re.compile(fnmatch.translate(part)))
        elif not found or found[-1] is not None:
            found.append(None)
    return tuple(found)
