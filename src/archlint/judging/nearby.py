"""Where a comment would have an effect that stands above an element in place of a line in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from archlint.documents import Document
from archlint.documents.marks import MarkTree, YamlMarks
from archlint.finding import Finding, Route
from archlint.finding.place import pointer_of
from archlint.judging.marks import Mark
from archlint.model.world import World


def line_below(mark: Mark, findings: Iterable[Finding], world: World) -> int | None:
    """The first line of a finding in the element that begins on a line that a comment covers."""
    lines = dict.fromkeys(mark.lines)
    within: dict[int, Sequence[str]] = {
        document.index: [pointer_of(route) for route, _ in beginning_at(document, lines)]
        for document in world.loaded(mark.path).documents
    }
    found = [
        finding.location.span.line
        for finding in findings
        if finding.location.revision is None
        and any(
            _lies_in(finding.location.pointer, pointer)
            for pointer in within.get(finding.location.document, ())
        )
    ]
    return min((line for line in found if line > mark.span.line), default=None)


def _lies_in(pointer: str | None, outer: str) -> bool:
    return pointer is not None and (pointer == outer or pointer.startswith(f"{outer}/"))


def beginning_at(document: Document, lines: Mapping[int, Any]) -> Iterator[tuple[Route, int]]:
    """The outermost elements of a YAML document that begin on some lines, each with its line."""
    if not isinstance(document.marks, YamlMarks):
        return
    waiting: list[tuple[Route, int, MarkTree]] = [((), document.marks.tree[0], document.marks.tree)]
    while waiting:
        route, start, (_, _, children) = waiting.pop()
        line = document.position(start)[0]
        if line in lines:
            yield route, line
            continue
        if isinstance(children, dict):
            waiting += [((*route, key), at, inner) for key, (at, _, inner) in children.items()]
        elif isinstance(children, list):
            waiting += [((*route, index), inner[0], inner) for index, inner in enumerate(children)]
