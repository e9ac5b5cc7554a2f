"""Images that workflows push, by the names that they give them.

Sources: docker/build-push-action (``tags``), docker/metadata-action (``images``), the manual of ``docker
push``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.images import is_placeholder, parse_image
from archlint.model.kubernetes.names.similar import is_one_letter_apart
from archlint.model.workflows.steps import steps_by_job, workflow_documents
from archlint.model.world import World

_PUSH = regex(
    r"\b(?:docker|podman|buildah)[ \t]{1,9}push[ \t]{1,9}(?:-\S{1,60}[ \t]{1,9}){0,3}([^\s;&|]{1,300})"
)
_NAME = regex(r"[a-z0-9][a-z0-9._-]{3,100}")
_DIGITS = regex(r"[0-9]+")
_WORDS = regex(r"[._-]")
_CLOSED = regex(r"\$\{\{[^}]{0,300}\}\}")
_OF_METADATA = regex(r"\boutputs\.tags\b")
"""What docker/metadata-action makes of the names that it is given."""
_SHORTEST = 2
_LONGEST = 50_000


@dataclass(frozen=True, eq=False)
class PushedImage:
    """An image that a workflow pushes."""

    name: str
    """Registry and path, without tag; the beginning may be filled in."""
    place: Place
    document: Document
    job: str

    @classmethod
    def all(cls, world: World) -> Iterable[PushedImage]:
        """Every image whose own name is written, once for each place."""
        for document in workflow_documents(world):
            for job, written, node in _pushes(document):
                name = parse_image(written).name
                if _NAME.fullmatch(last_of(name)):
                    yield cls(name, node.value_place(), document, job)

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.document

    @property
    def object(self) -> ObjectRef:
        """The job."""
        return ObjectRef("job", self.job)


def last_of(name: str) -> str:
    """The last part of the name of an image."""
    return name.rpartition("/")[2]


def _pushes(document: Document) -> Iterator[tuple[str, str, Node]]:
    """Job, name as it is written, and where, of all that a workflow pushes."""
    for job, step in steps_by_job(document):
        for written, node in _written(step):
            yield job, written, node


def _written(step: Node) -> Iterator[tuple[str, Node]]:
    action = (step.get("uses").text or "").partition("@")[0]
    given = step.get("with")
    if action == "docker/build-push-action" and given.get("push").value is True:
        yield from _lines(given.get("tags"))
    elif action == "docker/metadata-action":
        yield from _lines(given.get("images"))
    script = step.get("run").text or ""
    if "push" in script and len(script) <= _LONGEST:
        for match in _PUSH.finditer(script):
            yield match[1].strip("'\""), step.get("run")


def _lines(node: Node) -> Iterator[tuple[str, Node]]:
    text = node.text or ""
    for line in text.replace(",", "\n").split("\n") if len(text) <= _LONGEST else ():
        if line.strip() and "=" not in line.partition("{{")[0]:
            yield line.strip(), node


def meant(image: PushedImage, world: World) -> tuple[str, Place] | None:
    """The image that runs and whose name is a letter off, which nothing pushes, where nothing runs the pushed
    one; ``None`` if there is none."""
    running = world.fact(_running)
    own = last_of(image.name)
    if own in running:
        return None
    pushed, unknown = world.fact(_pushed), world.fact(_unknown_folders)
    folder = image.name.rpartition("/")[0]
    for name, (full, place) in running.items():
        if name[0] != own[0] or name in pushed or not _is_slip(own, name):
            continue
        other = full.rpartition("/")[0]
        if other in unknown or None in unknown:
            continue
        if is_placeholder(folder) or folder == other:
            return full, place
    return None


def _is_slip(own: str, name: str) -> bool:
    """Whether one name is the other one mistyped: ``api-a`` and ``api-b``, or ``api1`` and ``api2``, are
    siblings."""
    if not is_one_letter_apart(own, name) or _DIGITS.sub("", own) == _DIGITS.sub("", name):
        return False
    ends = [_WORDS.split(each)[-1] for each in (own, name)]
    return min(map(len, ends)) > _SHORTEST or ends[0] == ends[1]


def _unknown_folders(world: World) -> frozenset[str | None]:
    """Registries and paths in which something pushes what is filled in, as by a matrix; ``None`` if they are
    filled in as well, so that it may be any image."""
    found: set[str | None] = set()
    for document in workflow_documents(world):
        for _, written, _ in _pushes(document):
            name = parse_image(_CLOSED.sub("${}", written)).name
            folder = name.rpartition("/")[0]
            if is_placeholder(last_of(name)) and not _OF_METADATA.search(written):
                found.add(None if is_placeholder(folder) or not folder else folder)
    return frozenset(found)


def _running(world: World) -> dict[str, tuple[str, Place]]:
    """The images that manifests and Compose files run, by the last part of their names."""
    found: dict[str, tuple[str, Place]] = {}
    nodes = [item.get("image") for item in world.all(Container)]
    nodes += [item.node.get("image") for item in world.all(ComposeService)]
    for node in nodes:
        name = parse_image(node.text or "").name
        if name and _NAME.fullmatch(last_of(name)):
            found.setdefault(last_of(name), (name, node.value_place()))
    return found


def _pushed(world: World) -> frozenset[str]:
    return frozenset(last_of(item.name) for item in world.all(PushedImage))
