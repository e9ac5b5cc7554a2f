"""Runs over several repositories as one report: paths of all but the first are told as they were named."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.files import FileProblem, FileTree
from archlint.finding import Edit, Finding, Fix, Location, Notice, Result, Unread
from archlint.finding.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class RepositoryRun:
    """The run over one repository, and what its root is called; the first one's has no name."""

    name: str
    result: Result
    trees: dict[str | None, FileTree]


def merged(parts: Sequence[RepositoryRun]) -> Result:
    """All runs as one; the facts about the revision are those of the first."""
    results = [_renamed(part.result, part.name) for part in parts]
    findings = sorted((item for result in results for item in result.findings), key=Finding.sort_key)
    hidden = sorted((item for result in results for item in result.suppressed), key=Finding.sort_key)
    return replace(
        parts[0].result,
        findings=tuple(findings),
        suppressed=tuple(hidden),
        notices=tuple(dict.fromkeys(notice for result in results for notice in result.notices)),
        files=sum(result.files for result in results),
        read=sum(result.read or 0 for result in results),
        other=sum(result.other for result in results),
        unread=tuple(sorted((item for result in results for item in result.unread), key=Unread.sort_key)),
    )


def _renamed(result: Result, name: str) -> Result:
    if not name:
        return result
    return replace(
        result,
        findings=tuple(_finding(item, name) for item in result.findings),
        suppressed=tuple(_finding(item, name) for item in result.suppressed),
        notices=tuple(_notice(item, name) for item in result.notices),
        unread=tuple(replace(item, path=f"{name}/{item.path}") for item in result.unread),
    )


def _finding(finding: Finding, name: str) -> Finding:
    return replace(
        finding,
        location=_place(finding.location, name),
        related=tuple(_place(place, name) for place in finding.related),
        through=tuple(f"{name}/{path}" for path in finding.through),
        fix=None if finding.fix is None else _fix(finding.fix, name),
    )


def _place(place: Location, name: str) -> Location:
    return replace(place, path=f"{name}/{place.path}")


def _fix(fix: Fix, name: str) -> Fix:
    edits: tuple[Edit, ...] = tuple(replace(edit, path=f"{name}/{edit.path}") for edit in fix.edits)
    return replace(fix, edits=edits)


def _notice(notice: Notice, name: str) -> Notice:
    return replace(notice, path=f"{name}/{notice.path}") if notice.path else notice


class SideBySide:
    """The trees of several repositories, each below the name of its root."""

    absent: frozenset[str] = frozenset()

    def __init__(self, trees: Sequence[tuple[str, FileTree]], revision: str | None) -> None:
        self._trees = sorted(trees, key=lambda pair: -len(pair[0]))
        self.revision = revision

    def paths(self) -> list[str]:
        """The paths of all trees."""
        return sorted(
            f"{name}/{path}" if name else path for name, tree in self._trees for path in tree.paths()
        )

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``FileProblem``."""
        for name, tree in self._trees:
            if not name or path.startswith(f"{name}/"):
                return tree.read(path.removeprefix(f"{name}/") if name else path)
        raise FileProblem(path, "The file does not exist.")


def side_by_side(parts: Sequence[RepositoryRun]) -> dict[str | None, FileTree]:
    """The trees of all runs by revision, as reports look lines up in them."""
    revisions = dict.fromkeys(revision for part in parts for revision in part.trees)
    return {
        revision: SideBySide(
            [(part.name, part.trees[revision]) for part in parts if revision in part.trees], revision
        )
        for revision in revisions
    }
