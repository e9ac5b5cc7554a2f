"""The steps of workflows, and the folder in which each runs.

Source: GitHub Docs, "Workflow syntax for GitHub Actions" (``defaults.run``, ``working-directory``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.workflows.makers import may_make
from archlint.model.world import World

_FILE = regex(r"\.github/workflows/[^/]+\.ya?ml\Z")
_NO_NAME = regex(r"[^\w.-]+")
_BRINGS_FILES = ("download-artifact", "download-", "/cache", "setup-repo", "clone", "checkout")
_CLONES = regex(
    r"\bgit\s+(?:clone|checkout|switch|worktree|submodule|fetch|merge|pull)\b|\bgh\s+(?:repo|release|run)\b"
)


@dataclass(frozen=True, eq=False)
class Step:
    """A step of a job that works on the files of the repository as they are checked out."""

    node: Node
    job: str
    folder: Node
    """Where the folder is named in which it runs; missing for the root."""
    number: int
    named: dict[str, int]
    """The words of what the steps of the job run and are given, with the first step that has each."""
    may_be_made: bool
    """Whether a step before it may have made files that nothing names."""

    @property
    def has_to_succeed(self) -> bool:
        """Whether its job fails with it."""
        allowed = self.node.get("continue-on-error")
        return not allowed.is_set or allowed.value is False

    @classmethod
    def all(cls, world: World) -> Iterable[Step]:
        """Every step of every job that checks out this repository and no other."""
        for document in workflow_documents(world):
            yield from _of_workflow(document)

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The job."""
        return ObjectRef("job", self.job)


def workflow_documents(world: World) -> Sequence[Document]:
    """The workflows of a world, by path."""
    return world.fact(_workflows)


def _workflows(world: World) -> Sequence[Document]:
    paths = sorted(filter(_FILE.match, world.kinds))
    return [document for path in paths if (document := world.document(path)) is not None]


def steps_by_job(workflow: Document) -> Iterator[tuple[str, Node]]:
    """Every step of a workflow with the name of its job."""
    for name, job in workflow.root.get("jobs").items():
        for step in job.get("steps").elements():
            yield name, step


def _of_workflow(document: Document) -> Iterator[Step]:
    root = document.root
    for name, job in root.get("jobs").items():
        folder = job.get("defaults", "run", "working-directory")
        if not folder.is_set:
            folder = root.get("defaults", "run", "working-directory")
        named: dict[str, int] = {}
        has_files, is_made = False, False
        for number, node in enumerate(job.get("steps").elements()):
            action = node.get("uses").text or ""
            script = node.get("run").text or ""
            if action.startswith("actions/checkout@"):
                if any(
                    node.get("with", key).is_set for key in ("repository", "path", "ref", "sparse-checkout")
                ):
                    break  # which files are there is not known
                has_files = True
            elif any(word in action for word in _BRINGS_FILES) or _CLONES.search(script):
                break
            elif has_files:
                own = node.get("working-directory")
                yield Step(node, name, own if own.is_set else folder, number, named, is_made)
            is_made = is_made or may_make(action, script)
            for word in words_of(f"{action}\n{script}\n{_given(node)}"):
                named.setdefault(word, number)


def words_of(text: str) -> list[str]:
    """The words of a script; a name of a file is one."""
    return _NO_NAME.split(text)


def _given(step: Node) -> str:
    """What an action is given, but for what it only builds from."""
    items = step.get("with").items()
    return "\n".join(value.text or "" for name, value in items if name not in ("context", "file"))
