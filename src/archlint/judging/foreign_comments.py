"""Comments by which trivy is told to leave checks out: `#trivy:ignore:KSV-0017` beside what it is about.

Source: trivy (`pkg/iac/ignore`). A comment is about what begins on its line or on the next one, a line of
content, a container, a whole object, and about all in it. Several may stand on one line or on lines that
follow each other; `:exp:YYYY-MM-DD` ends one. checkov reads comments in other kinds of file alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from archlint.documents import Document, TextFile
from archlint.files import Kind, LineIndex, TextProblem, decode
from archlint.finding import Finding, Location, Span
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.judging.candidates import holds
from archlint.judging.comments import Comment, Comments, comments_of
from archlint.judging.elements import upwards
from archlint.judging.foreign import is_ignored_as
from archlint.judging.nearby import beginning_at
from archlint.model.judged import InvalidSuppression
from archlint.model.kubernetes.foreign_checks import ID_FORMS, is_known, same_check
from archlint.model.world import World

WORD = "trivy:ignore:"
_SAID = regex(r"(?:^[#*/]*|(?<=[ \t])[#*/]*)trivy:ignore:([^\s:]+)([^\s]*)")
_END = regex(r":exp:(\d{4}-\d{2}-\d{2})(?![^:])")
_MANIFESTS = frozenset({Kind.KUBERNETES, Kind.KUSTOMIZE_PATCH})
_ABOUT_CLUSTERS = regex(r"(?:AVD-)?KSV", 2)  # 2: in capital or small letters


@dataclass(frozen=True)
class _Ignore:
    """One check that a comment names."""

    check: str
    why: str


class ForeignComments:
    """The comments for trivy in the manifests of a world, and which of its checks there are not."""

    def __init__(self, contents: Iterable[tuple[str, bytes]], world: World, today: date) -> None:
        self.unknown: list[InvalidSuppression] = []
        self._today = today
        self._by_line: dict[tuple[str, int], list[_Ignore]] = {}
        self._by_element: dict[tuple[str, int], dict[str, list[_Ignore]]] = {}
        revision = world.tree.revision
        for path, content in contents:
            if world.kinds.get(path) in _MANIFESTS and holds(content, WORD):
                try:
                    self._read(path, decode(content), world.loaded(path).documents, revision)
                except TextProblem:
                    continue  # told as a parse error

    def apply(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings, those that a comment is about as suppressed."""
        return [self._judged(finding) for finding in findings] if self._by_line else list(findings)

    def _judged(self, finding: Finding) -> Finding:
        if finding.suppressed is not None or not finding.ignored_as:
            return finding
        for ignore in self._around(finding.location):
            if is_ignored_as(finding, "trivy", ignore.check):
                return replace(finding, suppressed=ignore.why)
        return finding

    def _around(self, at: Location) -> Iterator[_Ignore]:
        if at.revision is not None:
            return
        yield from self._by_line.get((at.path, at.span.line), ())
        pointers = self._by_element.get((at.path, at.document))
        if pointers and at.pointer is not None:
            for pointer in upwards(at.pointer):
                yield from pointers.get(pointer, ())

    def _read(self, path: str, text: str, documents: Sequence[Document], revision: str | None) -> None:
        comments = comments_of(path, text)
        if comments is None:
            return
        lines = LineIndex(text)
        found = _by_line_of_comment(comments, lines)
        by_line: dict[int, list[_Ignore]] = {}
        for number, comment in found.items():
            ignores = list(self._said(path, comment, number, lines, revision))
            for covered in _covered(number, comment, found, lines) if ignores else ():
                by_line.setdefault(covered, []).extend(ignores)
        for line, ignores in by_line.items():
            self._by_line.setdefault((path, line), []).extend(ignores)
        for document in documents if by_line else ():
            elements = self._by_element.setdefault((path, document.index), {})
            for route, line in beginning_at(document, by_line):
                elements.setdefault(pointer_of(route), []).extend(by_line[line])

    def _said(
        self, path: str, comment: Comment, number: int, lines: LineIndex, revision: str | None
    ) -> Iterator[_Ignore]:
        for match in _SAID.finditer(lines.text[comment.start : comment.end]):
            written = match[1].partition("[")[0]
            check = same_check("trivy", written)
            end = _END.search(match[2])
            if end is not None and not self._holds(end[1]):
                continue
            if check == "*" or is_known("trivy", check):
                yield _Ignore(check, f"{WORD}{written} ({path}:{number})")
            elif _ABOUT_CLUSTERS.match(written):
                line, column = lines.position(comment.start + match.start())
                place = TextFile(path, revision).place(Span(line, column, line, column + len(match[0])))
                arguments = {"check": written, "forms": ID_FORMS["trivy"]}
                self.unknown.append(InvalidSuppression(place, "unknown-check", arguments, WORD + written))

    def _holds(self, day: str) -> bool:
        try:
            return self._today < date.fromisoformat(day)
        except ValueError:
            return False


def _by_line_of_comment(comments: Comments, lines: LineIndex) -> dict[int, Comment]:
    """The comments in which trivy is spoken to, by the line on which they stand."""
    return {
        lines.position(comment.start)[0]: comment
        for comment in comments.found
        if WORD in lines.text[comment.start : comment.end]
    }


def _covered(
    number: int, comment: Comment, others: Mapping[int, Comment], lines: LineIndex
) -> tuple[int, ...]:
    """The line of a comment; of one that stands alone the line below it and others like it."""
    column = lines.position(comment.start)[1]
    if lines.lines(number)[: column - 1].strip():
        return (number,)
    following = number + 1
    while following in others and lines.lines(following).lstrip().startswith("#"):
        following += 1
    return (following,)
