"""Workflows that hand the secrets and rights of a repository to what strangers write.

Sources: GitHub Docs, "Secure use reference" (script injections; ``pull_request_target`` with the code of the
head); GitHub Security Lab, "Preventing pwn requests".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import normpath

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import of_block
from archlint.model.workflows.conditions import lets_strangers_in
from archlint.model.workflows.foreign_code import inside, runs_of
from archlint.model.workflows.steps import workflow_documents
from archlint.model.workflows.strangers import Start, asks_who, by_strangers, condition, reaches
from archlint.model.world import World

_HEADS = {
    "pull_request_target": regex(
        r"github\.event\.pull_request\.(?:head\.sha|merge_commit_sha)|refs/pull/|pull_request\.head\.repo\."
    ),
    "workflow_run": regex(
        r"github\.event\.workflow_run\.head_sha|refs/pull/|workflow_run\.head_repository\.|workflow_run\.head_commit\.id"
    ),
    "issue_comment": regex(r"refs/pull/"),
}
"""What leads to a stranger's code, by event; names of branches alone are those of this repository."""
_TAKES = regex(r"(?m)^\s{0,20}gh\s{1,9}pr\s{1,9}checkout\b[^\n#|;&]{0,200}")
_WRITTEN = regex(
    r"github\.(?:(head_ref)|event\.(?:(issue|pull_request|comment|discussion|workflow_run)"
    r"\.(?:title|body|display_title|head_branch|head\.ref|head\.label|head_commit\.message"
    r"|head_commit\.author\.(?:name|email))))(?![\w.])"
)
_WRITTEN_ON = {
    "head_ref": frozenset({"pull_request_target"}),
    "pull_request": frozenset({"pull_request_target"}),
    "issue": frozenset({"issues", "issue_comment"}),
    "comment": frozenset({"issue_comment", "discussion_comment"}),
    "discussion": frozenset({"discussion", "discussion_comment"}),
    "workflow_run": frozenset({"workflow_run"}),
}
"""The events that have a text; for others it is empty."""
_ASKED = ("==", "!=", "contains(", "startsWith(", "endsWith(", "hashFiles(")
"""What makes a yes or no of a text, or a digest."""
_LONGEST = 50_000


@dataclass(frozen=True, eq=False)
class Danger:
    """A step that strangers decide on, and what starts it."""

    job: str
    step: Node
    place: Place
    """What lets them."""
    trigger: str
    started_by: Place
    what: str
    """What of theirs is taken."""
    runs_code: bool
    """Whether their code is run, and not only their text put into a script."""

    @classmethod
    def all(cls, world: World) -> Iterable[Danger]:
        """Every such step, by workflow."""
        for document in workflow_documents(world):
            starts = by_strangers(document.root, world)
            jobs = dict(document.root.get("jobs").items()) if starts else {}
            for name, job in jobs.items():
                open_to = [start for start in starts if reaches(job, jobs, start.event)]
                if open_to:
                    yield from _of_job(name, job, open_to)

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.step.document

    @property
    def object(self) -> ObjectRef:
        """The job."""
        return ObjectRef("job", self.job)


def _of_job(name: str, job: Node, starts: list[Start]) -> Iterator[Danger]:
    """The dangers of a job, each once, for the first event that brings it about."""
    told = set[tuple[int, Place]]()
    for start in starts:
        for number, danger in _on_event(name, job, start):
            if (number, danger.place) not in told:
                told.add((number, danger.place))
                yield danger


def _on_event(name: str, job: Node, start: Start) -> Iterator[tuple[int, Danger]]:
    checkouts = _Checkouts(start.event)
    usual = job.get("defaults", "run", "working-directory")
    for number, step in enumerate(job.get("steps").elements()):
        if asks_who(step):
            return
        if not lets_strangers_in(condition(step), start.event):
            continue
        for start_at, end, place in _texts_in(step.get("run"), start):
            what = (step.get("run").text or "")[start_at:end]
            yield number, Danger(name, step, place, start.event, start.place, what, False)
        if (step.get("uses").text or "").startswith("actions/checkout@"):
            checkouts.take(step.get("with"))
            continue
        checkouts.take_by_hand(step.get("run"))
        found = checkouts.run_by(step, usual)
        if found is not None:
            checkouts.forget(found)
            yield number, Danger(name, step, found.place, start.event, start.place, found.what, True)


def _texts_in(script: Node, start: Start) -> Iterator[tuple[int, int, Place]]:
    """The texts that a stranger writes for an event, where a script holds them as they are."""
    text = of_block(script) if "github." in (script.text or "") else None
    for begin, end in _written(text.text[:_LONGEST], start) if text is not None else ():
        if text is not None:
            yield begin, end, text.place(begin, end)


def _written(script: str, start: Start) -> Iterator[tuple[int, int]]:
    at = script.find("${{")
    while at >= 0:
        end = script.find("}}", at)
        if end < 0:
            return
        found = _WRITTEN.search(script, at, end)
        if found and not any(word in script[at:end] for word in _ASKED):
            is_branch = found[0].endswith("head_branch")
            if start.event in _WRITTEN_ON[found[1] or found[2]] and (start.has_any_branch or not is_branch):
                yield found.span()
        at = script.find("${{", end)


@dataclass(frozen=True)
class _Taken:
    """What makes a folder one of a stranger's code."""

    what: str
    place: Place


class _Checkouts:
    """Whose code each folder holds while a job runs; ``None`` is that of the repository."""

    def __init__(self, event: str) -> None:
        self._heads = _HEADS.get(event)
        self._by_folder: dict[str, _Taken | None] = {}

    def take(self, given: Node) -> None:
        """Note a checkout; one of the root takes away all that lies there."""
        folder = inside("", given.get("path").text or ".")
        if self._heads is None or folder is None:
            return
        if not folder:
            self._by_folder.clear()
        named = (given.get(key) for key in ("ref", "repository"))
        ref = next((node for node in named if self._heads.search(node.text or "")), None)
        self._by_folder[folder] = None if ref is None else _Taken(ref.text or "", ref.value_place())

    def take_by_hand(self, script: Node) -> None:
        """Note what the program of GitHub checks out into the root."""
        text = (
            of_block(script) if self._heads is not None and "gh pr checkout" in (script.text or "") else None
        )
        found = _TAKES.search(text.text[:_LONGEST]) if text is not None else None
        if text is not None and found is not None:
            start = found.end() - len(found[0].lstrip())
            self._by_folder[""] = _Taken(found[0].strip(), text.place(start, found.end()))

    def run_by(self, step: Node, usual: Node) -> _Taken | None:
        """What a step runs of a stranger's code."""
        if not any(self._by_folder.values()):
            return None
        found: list[_Taken] = []

        def is_theirs(path: str) -> bool:
            taken = self._of(path)
            found.extend([] if taken is None else [taken])
            return taken is not None

        action, own = step.get("uses").text or "", step.get("working-directory")
        if action.startswith("./"):
            is_theirs(normpath(action))
        else:
            folder = inside("", (own if own.is_set else usual).text or ".")
            if folder is not None:
                runs_of(step.get("run").text or "", folder, is_theirs)
        return found[0] if found else None

    def _of(self, path: str) -> _Taken | None:
        """Whose a path is: as its nearest folder that was checked out."""
        while path and path not in self._by_folder:
            path = path.rpartition("/")[0]
        return self._by_folder.get(path)

    def forget(self, taken: _Taken) -> None:
        """Leave out what was told."""
        self._by_folder = {path: item for path, item in self._by_folder.items() if item is not taken}
