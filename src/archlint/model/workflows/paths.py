"""Paths of the repository that workflows name: what is built from them, and what is deployed.

Sources: docker/build-push-action (``context``, ``file``); the manuals of docker, kubectl, kustomize, helm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname, join, normpath

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import of_block
from archlint.model.compose.paths import is_surely_missing
from archlint.model.kubernetes.building.appliers import folders_in
from archlint.model.runbooks.shell import Word, simple_commands
from archlint.model.workflows.makers import runs_a_script
from archlint.model.workflows.steps import Step, words_of
from archlint.model.world import World

_OPEN = regex(r"[$*?{}~<>`\\#@%]|://|\A[/-]|\A\s*\Z")
_FLAGS = {
    ("docker", "build"): ("-f", "--file"),
    ("docker", "compose"): ("-f", "--file"),
    ("docker-compose",): ("-f", "--file"),
    ("kubectl",): ("-f", "--filename", "-k", "--kustomize"),
    ("helm",): ("-f", "--values"),
}
_OF_CLUSTERS = frozenset({"apply", "create", "replace", "diff", "delete"})
_OF_CHARTS = frozenset({"install", "upgrade", "template", "lint", "package"})
_OF_MADE_FILES = ("kubectl", "helm -", "kustomize")
"""What is given manifests and values, which are often made just before."""
_NOT_FOLLOWED = ("\\\n", "<<", "set +e")
"""What a script is not followed with: lines that go on, texts in it, and failures that do not matter."""
_MOVES = frozenset({"cd", "pushd", "popd"})
_LONGEST_SCRIPT = 50_000


@dataclass(frozen=True)
class WorkflowPath:
    """A path that a step of a workflow names, and that the repository has to have."""

    path: str
    """From the root."""
    written: str
    what: str
    """What names it, as in ``helm``."""
    place: Place
    step: Step
    mentioned: frozenset[str] = frozenset()
    """Those of its folders, and of its own name, that something before it names."""

    @classmethod
    def all(cls, world: World) -> Iterable[WorkflowPath]:
        """Every path that is known and may be held against the files, once for each place."""
        found: dict[tuple[Place, str], WorkflowPath] = {}
        for step in world.all(Step):
            for named in _of_step(step):
                found.setdefault((named.place, named.path), named)
        return found.values()

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.step.source

    @property
    def object(self) -> ObjectRef:
        """The job."""
        return self.step.object

    def is_missing(self, world: World) -> bool:
        """Whether nothing of the repository is there, and nothing before may have made it."""
        folders = world.fact(folders_in)
        if not self.path or self.path in folders or not is_surely_missing(world, self.path):
            return False
        at = self.path
        while dirname(at) and dirname(at) not in folders:
            at = dirname(at)
        return at.rpartition("/")[2] not in self.mentioned


def _of_step(step: Step) -> Iterator[WorkflowPath]:
    if not step.has_to_succeed:
        return
    before = _Before(step)
    folder = known_path(step.folder.text) if step.folder.is_set else ""
    run = step.node.get("run")
    if run.text is not None:
        if step.folder.is_set and folder is not None:
            written, place = step.folder.text or "", step.folder.value_place()
            yield WorkflowPath(folder, written, "working-directory", place, step, before.of(folder))
        if folder is not None:
            yield from _of_script(step, run, folder, before)
        return
    action = (step.node.get("uses").text or "").partition("@")[0]
    if action == "docker/build-push-action":
        for key in ("context", "file"):
            node = step.node.get("with", key)
            path = known_path(node.text)
            if path is not None:
                place, names = node.value_place(), before.of(path)
                yield WorkflowPath(path, node.text or "", f"'{key}'", place, step, names)


class _Before:
    """What is named before a command, and whether files may have been made that nothing names."""

    def __init__(self, step: Step) -> None:
        self._names: set[str] = set()
        self._step = step
        self._unread: list[str] = []
        self.may_be_made = step.may_be_made

    def add(self, text: str) -> None:
        """Count what a piece of a script names."""
        self._unread.append(text)

    def of(self, path: str) -> frozenset[str]:
        """The parts of a path that are named."""
        for text in self._unread:
            self._names.update(words_of(text))
        self._unread.clear()
        number, named = self._step.number, self._step.named
        return frozenset(
            part for part in path.split("/") if part in self._names or named.get(part, number) < number
        )


def known_path(text: str | None, folder: str = "") -> str | None:
    """A path from the root; ``None`` for what is filled in, or lies elsewhere."""
    if text is None or _OPEN.search(text):
        return None
    path = normpath(join(folder, text))
    return None if path.startswith("..") else "" if path == "." else path


def _of_script(step: Step, run: Node, folder: str, before: _Before) -> Iterator[WorkflowPath]:
    text = of_block(run)
    if text is None or len(text.text) > _LONGEST_SCRIPT or any(each in text.text for each in _NOT_FOLLOWED):
        return
    start = 0
    for line in text.text.split("\n"):
        read = 0
        for words in simple_commands(line):
            if words[0].text in _MOVES:
                return
            before.add(line[read : words[0].offset])
            read = words[0].offset
            for what, word in _named(words) if "||" not in line else ():
                path = known_path(word.text, folder)
                if path is not None and not (before.may_be_made and what.startswith(_OF_MADE_FILES)):
                    at = start + word.offset
                    place = text.place(at, at + len(word.text))
                    yield WorkflowPath(path, word.text, what, place, step, before.of(path))
            before.may_be_made = before.may_be_made or runs_a_script(words)
        before.add(f"{line[read:]}\n")
        start += len(line) + 1


def _named(words: list[Word]) -> Iterator[tuple[str, Word]]:
    """The paths of one command, with what takes them."""
    texts = [word.text for word in words]
    program, first = texts[0], texts[1] if len(texts) > 1 else ""
    if program == "docker" and texts[1:3] == ["buildx", "build"]:
        words = [words[0], *words[2:]]
        texts, first = [word.text for word in words], "build"
    flags = _FLAGS.get((program, first)) or _FLAGS.get((program,))
    if program == "kustomize" and first == "build" and len(words) > 2 and not texts[2].startswith("-"):
        yield "kustomize build", words[2]
    if flags is None or (program == "kubectl" and first not in _OF_CLUSTERS):
        return
    for index, word in enumerate(words[1:], 1):
        flag, equals, value = word.text.partition("=")
        if flag in flags and equals and "," not in value:
            yield f"{program} {flag}", Word(value, word.offset + len(flag) + 1)
        elif word.text in flags and index + 1 < len(words) and "," not in texts[index + 1]:
            yield f"{program} {flag}", words[index + 1]
    if program == "helm" and first in _OF_CHARTS:
        yield from (("helm", word) for word in words[2:] if word.text.startswith(("./", "../")))
