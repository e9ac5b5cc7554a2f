"""Fixing: the fixes of findings are applied to the text, and what comes out is checked again.

Edits that overlap are never applied together; the fix that is left over is looked at again in the next
round, when the file has been read anew. Nothing is written here: the files that would change are given back.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from archlint.documents import load_text
from archlint.engine.checking import check
from archlint.engine.request import Request
from archlint.files import FileProblem, LineIndex, TextProblem, decode, is_json, text_kind
from archlint.files.tree import Overlay
from archlint.files.writing import encoded_like, is_generated, refusal
from archlint.finding import Edit, Finding, Fix, Notice, Result
from archlint.finding.records import dataclass, replace

MOST_ROUNDS = 30
"""Times that files are read anew; what is left then needs another run."""
Replaced = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a run whose findings were fixed as far as they can be."""

    before: Result
    """The run over the files as they are."""
    after: Result
    """The run over the files as they would be."""
    contents: Mapping[str, tuple[bytes, bytes]]
    """Old and new content of each file that changes, by path."""
    count: int
    """Findings that are fixed."""
    notices: tuple[Notice, ...]
    """Files that could be fixed but must not be written."""


def fix(request: Request, *, unsafe: bool) -> Fixed:
    """Check, apply fixes (also those that may change what a file means, if ``unsafe``) and check again."""
    tree = request.revision.tree
    fixer = _Fixer(request, unsafe)
    first = result = check(request)
    contents: dict[str, bytes] = {}
    for _ in range(MOST_ROUNDS):
        overlay = Overlay(tree, contents)
        changed = fixer.round(result.findings, overlay)
        if not changed:
            break
        contents = {**contents, **changed}
        side = replace(request.revision, tree=Overlay(tree, contents))
        result = check(replace(request, revision=side))
    changes = {
        path: (tree.read(path), content)
        for path, content in sorted(contents.items())
        if tree.read(path) != content
    }
    return Fixed(first, result, changes, fixer.count, tuple(fixer.notices.values()))


class _Fixer:
    """Applies fixes round by round and remembers what cannot be done."""

    def __init__(self, request: Request, unsafe: bool) -> None:
        self._request = request
        self._unsafe = unsafe
        self._spoilt: set[str] = set()
        self.count = 0
        self.notices: dict[str, Notice] = {}

    def round(self, findings: Iterable[Finding], tree: Overlay) -> dict[str, bytes]:
        """The content of all files that fixes change, without any two edits that overlap."""
        texts = _Texts(tree)
        chosen = _Chosen()
        for finding in sorted(findings, key=Finding.sort_key):
            fix = finding.fix
            if fix is None or not (fix.safe or self._unsafe):
                continue
            if all(self._may_write(edit.path, texts) for edit in fix.edits):
                self.count += chosen.take(fix, texts)
        changed: dict[str, bytes] = {}
        for path, extents in chosen.by_path.items():
            content = self._mended(path, texts, extents)
            if content is None:
                self.count -= chosen.findings[path]
                self._leave(path, "it could not be read any more")
            else:
                changed[path] = content
        return changed

    def _may_write(self, path: str, texts: _Texts) -> bool:
        if path in self._spoilt:
            return False
        reason: str | None = None
        if not self._request.covers(path):
            reason = "it does not belong to the paths that are checked"
        else:
            reason = refusal(Path(self._request.root), path)
        if reason is None and texts.of(path) is None:
            reason = "it is not UTF-8"
        if reason is None and is_generated(texts.lines(path).text):
            reason = "it says that a program writes it; fix what it is made from"
        if reason is not None:
            self._leave(path, reason)
        return reason is None

    def _leave(self, path: str, reason: str) -> None:
        self._spoilt.add(path)
        self.notices.setdefault(path, Notice("warning", f"the file is not fixed: {reason}", path))

    def _mended(self, path: str, texts: _Texts, extents: list[Replaced]) -> bytes | None:
        """The new content of a file; ``None`` if it could not be read any more."""
        old = texts.lines(path).text
        parts, at = [], 0
        for start, end, new in extents:
            parts += [old[at:start], new]
            at = end
        text = "".join([*parts, old[at:]])
        content = encoded_like(text, texts.data(path))
        return content if content is not None and _is_readable(path, text, old) else None


def _is_readable(path: str, text: str, old: str) -> bool:
    """Whether a text is without slips, or has no more repeated keys than it had."""
    if not is_json(path) and not path.lower().endswith((".yaml", ".yml")):
        return True
    kind = text_kind(text, is_json(path))
    loaded = load_text(path, text, kind)
    if loaded.problems:
        return False
    return not loaded.duplicates or len(loaded.duplicates) <= len(load_text(path, old, kind).duplicates)


class _Texts:
    """The texts of a tree by path, each read once."""

    def __init__(self, tree: Overlay) -> None:
        self._tree = tree
        self._known: dict[str, tuple[bytes, LineIndex] | None] = {}

    def of(self, path: str) -> tuple[bytes, LineIndex] | None:
        """Content and text of a file; ``None`` if it cannot be written as it was read."""
        if path not in self._known:
            try:
                data = self._tree.read(path)
                text = decode(data)
                is_kept = encoded_like(text, data) is not None
                self._known[path] = (data, LineIndex(text)) if is_kept else None
            except (FileProblem, TextProblem):
                self._known[path] = None
        return self._known[path]

    def lines(self, path: str) -> LineIndex:
        """The text of a file that ``of`` knows."""
        known = self.of(path)
        return known[1] if known is not None else LineIndex("")

    def data(self, path: str) -> bytes:
        """The content of a file that ``of`` knows."""
        known = self.of(path)
        return known[0] if known is not None else b""


class _Chosen:
    """Edits that do not touch each other."""

    def __init__(self) -> None:
        self.by_path: dict[str, list[Replaced]] = {}
        self.findings: dict[str, int] = {}
        self._fixes: set[tuple[Edit, ...]] = set()

    def take(self, fix: Fix, texts: _Texts) -> bool:
        """Whether all edits of a fix are in; none is where one of them overlaps another."""
        if fix.edits not in self._fixes:
            extents = [(edit.path, _extent(edit, texts)) for edit in fix.edits]
            if not extents or _touch_each_other(extents):
                return False
            if any(self._touches(path, extent) for path, extent in extents):
                return False
            for path, extent in extents:
                insort(self.by_path.setdefault(path, []), extent)
            self._fixes.add(fix.edits)
        path = fix.edits[0].path
        self.findings[path] = self.findings.get(path, 0) + 1
        return True

    def _touches(self, path: str, extent: Replaced) -> bool:
        """Whether an edit overlaps one that is in, or begins where that begins."""
        start, end, _ = extent
        others = self.by_path.get(path, [])
        at = bisect_left(others, (start, -1, ""))
        if at > 0 and others[at - 1][1] > start:
            return True
        return at < len(others) and (others[at][0] == start or others[at][0] < end)


def _touch_each_other(extents: list[tuple[str, Replaced]]) -> bool:
    """Whether two edits of one fix touch, as those of a plugin may."""
    return any(
        path == other and (start == begin or start < end)
        for (other, (begin, end, _)), (path, (start, _, _)) in pairwise(sorted(extents))
    )


def _extent(edit: Edit, texts: _Texts) -> Replaced:
    lines = texts.lines(edit.path)
    return lines.offset(edit.line, edit.column), lines.offset(edit.end_line, edit.end_column), edit.text
