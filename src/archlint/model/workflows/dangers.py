"""Workflows that hand the secrets and rights of a repository to what strangers write.

Sources: GitHub Docs, "Secure use reference" (script injections; ``pull_request_target`` with the code of the
head); GitHub Security Lab, "Preventing pwn requests".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import of_block
from archlint.model.workflows.steps import workflow_documents
from archlint.model.world import World

_WITH_RIGHTS = frozenset({"pull_request_target", "workflow_run"})
_BY_STRANGERS = frozenset({*_WITH_RIGHTS, "issues", "issue_comment", "discussion", "discussion_comment"})
_HEAD = regex(r"github\.event\.pull_request\.head\.sha|refs/pull/|pull_request\.merge_commit_sha")
"""Matches revisions that lead to a pull request whatever repository is checked out."""
_OF_FORK = regex(r"pull_request\.head\.repo\.|workflow_run\.head_repository\.")
"""Matches repositories that may be anybody's; names of branches are those of this one without it."""
_RUNS = regex(
    r"(?m)(?:^|[\s;&|(])(?:\./|(?:npm|yarn|pnpm|npx|mvn|\./mvnw|gradle|make|pip3?|poetry|uv|tox|pytest|python3?|node"
    r"|bundle|rake|composer|cargo|dotnet|bash|sh|docker(?: compose)? build|go (?:build|test|run|generate))\s)"
)
_WRITTEN = regex(
    r"github\.(?:head_ref|event\.(?:issue|pull_request|comment|review|discussion|workflow_run|head_commit)"
    r"\.(?:title|body|message|head_branch|head\.ref|head\.label|head_commit\.message"
    r"|head_commit\.author\.(?:name|email)))(?![\w.])"
)
_ASKED = ("==", "!=", "contains(", "startsWith(", "endsWith(", "hashFiles(")
"""What makes a yes or no of a text, or a digest."""
_LONGEST = 50_000
_GATES = ("label", "association", "actor", "repo", "login", "fork", "sender", "user", "team", "author")


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
            triggers = dict(_triggers(document.root))
            if not _BY_STRANGERS.isdisjoint(triggers):
                jobs = dict(document.root.get("jobs").items())
                for name, job in jobs.items():
                    if not any(map(_is_gated, _with_needed(job, jobs))):
                        yield from _of_job(name, job, triggers)

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.step.document

    @property
    def object(self) -> ObjectRef:
        """The job."""
        return ObjectRef("job", self.job)


def _triggers(root: Node) -> Iterator[tuple[str, Place]]:
    node = root.get("on")
    if node.text:
        yield node.text, node.value_place()
    for key, value in node.items():
        yield key, value.place()
    for item in node.elements():
        if item.text:
            yield item.text, item.value_place()


def _with_needed(job: Node, jobs: dict[str, Node]) -> list[Node]:
    """A job, and all that have to succeed before it."""
    found, seen, waiting = [job], set[str](), [job]
    while waiting:
        needs = waiting.pop().get("needs")
        for name in filter(None, (needs.text, *(item.text for item in needs.elements()))):
            if name in jobs and name not in seen:
                seen.add(name)
                found.append(jobs[name])
                waiting.append(jobs[name])
    return found


def _is_gated(job: Node) -> bool:
    """Whether somebody of the team, or a condition on who it is, stands before a job."""
    condition = job.get("if").text or ""
    return job.get("environment").is_set or any(word in condition for word in _GATES)


def _of_job(name: str, job: Node, triggers: dict[str, Place]) -> Iterator[Danger]:
    rights = next((item for item in triggers if item in _WITH_RIGHTS), None)
    strangers = next(item for item in triggers if item in _BY_STRANGERS)
    taken: Node | None = None
    for step in job.get("steps").elements():
        uses, script = step.get("uses").text or "", step.get("run")
        if any(word in (step.get("if").text or "") for word in _GATES):
            continue
        if rights and uses.startswith("actions/checkout@"):
            taken = taken or _foreign(step.get("with"))
        elif rights and taken and (uses.startswith("./") or _RUNS.search((script.text or "")[:_LONGEST])):
            what = taken.text or ""
            yield Danger(name, step, taken.value_place(), rights, triggers[rights], what, True)
            taken = None
        text = of_block(script) if "github." in (script.text or "") else None
        for start, end in _written(text.text[:_LONGEST]) if text is not None else ():
            if text is not None:
                what, place = text.text[start:end], text.place(start, end)
                yield Danger(name, step, place, strangers, triggers[strangers], what, False)


def _foreign(given: Node) -> Node | None:
    """What makes a checkout one of a stranger's code."""
    ref, repository = given.get("ref"), given.get("repository")
    if _HEAD.search(ref.text or ""):
        return ref
    return repository if _OF_FORK.search(repository.text or "") else None


def _written(script: str) -> Iterator[tuple[int, int]]:
    """Where a script holds a text of strangers as it is."""
    at = script.find("${{")
    while at >= 0:
        end = script.find("}}", at)
        if end < 0:
            return
        found = _WRITTEN.search(script, at, end)
        if found and not any(word in script[at:end] for word in _ASKED):
            yield found.span()
        at = script.find("${{", end)
