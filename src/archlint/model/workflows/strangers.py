"""Events by which a stranger starts a workflow that has the secrets and rights of the repository.

Sources: GitHub Docs, "Events that trigger workflows"; GitHub Security Lab, "Preventing pwn requests".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.workflows.conditions import OF_THE_TEAM, lets_strangers_in
from archlint.model.workflows.steps import workflow_documents
from archlint.model.world import World

_EVENTS = (
    "pull_request_target",
    "workflow_run",
    "issues",
    "issue_comment",
    "discussion",
    "discussion_comment",
)
_PULLS = frozenset({"pull_request", "pull_request_target"})
OF_PULLS = _PULLS | {"merge_group"}
"""Events of changes that are not taken over yet."""
_ASKS = regex(
    r"(?i)permission|collaborat|membership|author_association|maintainer|authori[sz]|approv|trusted"
    r"|is[-_]?member|team[-_]?member|allow-?list"
)
"""What a step speaks of that finds out who somebody is."""
_LONGEST = 50_000


@dataclass(frozen=True, eq=False)
class Start:
    """An event of a workflow."""

    event: str
    place: Place
    settings: Node

    @property
    def has_any_branch(self) -> bool:
        """Whether a stranger chooses how the branch is called."""
        branches = self.settings.get("branches")
        texts = [branches.text, *(item.text for item in branches.elements())]
        return not branches.is_set or any("*" in (text or "") for text in texts)


def starts_of(root: Node) -> Iterator[Start]:
    """All events of a workflow."""
    node = root.get("on")
    if node.text:
        yield Start(node.text, node.value_place(), node)
    for key, value in node.items():
        yield Start(key, value.place(), value)
    for item in node.elements():
        if item.text:
            yield Start(item.text, item.value_place(), item)


def by_strangers(root: Node, world: World) -> list[Start]:
    """The events of a workflow that strangers bring about."""
    return [item for item in starts_of(root) if item.event in _EVENTS and _is_open(item, world)]


def _is_open(start: Start, world: World) -> bool:
    types = _texts(start.settings.get("types"))
    if types and types <= OF_THE_TEAM:
        return False
    names = _texts(start.settings.get("workflows"))
    if start.event != "workflow_run" or not names:
        return True
    known = world.fact(_events_by_workflow)
    return any(not _PULLS.isdisjoint(known.get(name, ())) for name in names)


def _texts(node: Node) -> frozenset[str]:
    return frozenset(filter(None, (node.text, *(item.text for item in node.elements()))))


def _events_by_workflow(world: World) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for document in workflow_documents(world):
        name = document.root.get("name").text or document.path
        found.setdefault(name, set()).update(item.event for item in starts_of(document.root))
    return found


def reaches(job: Node, jobs: Mapping[str, Node], event: str) -> bool:
    """Whether a job runs for a stranger: nobody approves it, and nothing before it asks who that is."""
    needed = _needed(job, jobs)
    return all(
        not item.get("environment").is_set and lets_strangers_in(condition(item), event)
        for item in (job, *needed)
    ) and not any(asks_who(step) for item in needed for step in item.get("steps").elements())


def condition(node: Node) -> str:
    """The condition of a job or a step."""
    given = node.get("if")
    return "false" if given.value is False else given.text or ""


def asks_who(step: Node) -> bool:
    """Whether a step may find out who somebody is, and stop."""
    texts = (step.get("uses").text, step.get("run").text, step.get("with", "script").text)
    return any(_ASKS.search(text[:_LONGEST]) for text in texts if text)


def _needed(job: Node, jobs: Mapping[str, Node]) -> list[Node]:
    """All jobs that have to succeed before another."""
    found: list[Node] = []
    seen, waiting = set[str](), [job]
    while waiting:
        for name in sorted(_texts(waiting.pop().get("needs")) - seen):
            if name in jobs:
                seen.add(name)
                found.append(jobs[name])
                waiting.append(jobs[name])
    return found
