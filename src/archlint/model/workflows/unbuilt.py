"""Services whose images no pipeline builds, beside others that are built.

Sources: docker/build-push-action (``context``, ``file``); the manuals of docker, podman and buildah.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import basename, dirname

from archlint.documents import Document, Node, TextFile
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.sources.left_out import is_left_out
from archlint.model.system.names import plain, stem
from archlint.model.workflows.makers import may_make
from archlint.model.workflows.scripts import pipeline_texts
from archlint.model.workflows.steps import steps_by_job, workflow_documents
from archlint.model.world import World

_BUILDS = regex(r"\b(?:docker|podman|buildah|nerdctl)[ \t]{1,9}(?:buildx[ \t]{1,9})?(?:build|bud)\b")
_ALL_AT_ONCE = regex(
    r"(?i)(?<![a-z])(?:compose|bake|skaffold|tilt|earthly|bazel|garden|werf|okteto|devspace|jib\w{0,20}|kaniko"
    r"|bootBuildImage|build-image|buildpacks?|PublishContainer|aspire|xargs|find|ls)(?![a-z])"
    r"|\bfor[ \t]{1,9}\w{1,60}[ \t]{1,9}in\b|fromJSON\(|/\*/|\*/Dockerfile|\bmapfile\b|\bgit[ \t]{1,9}diff\b"
)
"""What builds images that no text names one by one."""
_WORD = regex(r"[\w.-]{1,200}")
_FEWEST = 3
_SHORTEST = 4
_LONGEST = 50_000


@dataclass(frozen=True, eq=False)
class UnbuiltService:
    """A folder with a Dockerfile that no pipeline names, in a folder most of whose others are built."""

    path: str
    """The Dockerfile."""
    built: int
    total: int
    step: Node
    """What builds another one."""

    @classmethod
    def all(cls, world: World) -> Iterable[UnbuiltService]:
        """Every such folder, by path."""
        groups = _groups(world)
        steps = (
            [step for document in workflow_documents(world) for step in _builds(document)] if groups else []
        )
        texts = world.fact(pipeline_texts) if steps else None
        if texts is None or _is_unknown(texts, world):
            return
        words = {plain(word) for text in texts.values() for word in _WORD.findall(text)}
        said = "\n".join(sorted(words))
        for paths in groups:
            missing = [path for path in paths if not _is_named(basename(dirname(path)), said)]
            built = len(paths) - len(missing)
            if built >= _FEWEST and 2 * built > len(paths):
                yield from (cls(path, built, len(paths), steps[0]) for path in missing)

    @property
    def name(self) -> str:
        """What the folder is called."""
        return basename(dirname(self.path))

    @property
    def source(self) -> TextFile:
        """The Dockerfile."""
        return TextFile(self.path)

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return ObjectRef("service", self.name)


def _groups(world: World) -> list[Sequence[str]]:
    """The Dockerfiles of folders that lie in one folder, where they are enough to compare."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in world.kinds if workflow_documents(world) else ():
        if basename(path) == "Dockerfile" and "/" in path and not is_left_out(path):
            found[dirname(dirname(path))].append(path)
    return [sorted(paths) for _, paths in sorted(found.items()) if len(paths) > _FEWEST]


def _builds(workflow: Document) -> Iterator[Node]:
    """The steps of a workflow that build an image."""
    for _, step in steps_by_job(workflow):
        action, script = step.get("uses"), step.get("run")
        if (action.text or "").startswith("docker/build-push-action@"):
            yield action
        elif len(script.text or "") <= _LONGEST and _BUILDS.search(script.text or ""):
            yield script


def _is_unknown(texts: Mapping[str, str], world: World) -> bool:
    """Whether pipelines build what no text names: all that is there, or what a script finds."""
    said = list(_of_pipelines(world))
    if any(map(_ALL_AT_ONCE.search, said)):
        return True
    runs_scripts = any(may_make("", script) for script in said)
    others = (text for path, text in texts.items() if not path.startswith(".github/workflows/"))
    return runs_scripts and any(map(_BUILDS.search, others))


def _of_pipelines(world: World) -> Iterator[str]:
    """The scripts of workflows, and how they fill in their matrices."""
    for document in workflow_documents(world):
        for _, job in document.root.get("jobs").items():
            yield from (value.text or "" for _, value in job.get("strategy", "matrix").items())
            yield job.get("strategy", "matrix").text or ""
        for _, step in steps_by_job(document):
            yield (step.get("run").text or "")[:_LONGEST]
            yield step.get("uses").text or ""


def _is_named(folder: str, said: str) -> bool:
    """Whether a word of what pipelines say holds the name of a folder."""
    short = stem(folder)
    return (short if len(short) >= _SHORTEST else plain(folder)) in said
