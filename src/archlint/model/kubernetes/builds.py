"""What the kustomizations of a repository build, and which files are judged as parts of that alone.

Built are those that no other one takes in. Where one is not built, the files that it takes in are judged as
they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.documents import Document
from archlint.documents.kustomize.built import BuiltDocument, written_as_source
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.values import place_of
from archlint.finding import ObjectRef, Place, Token, Unread
from archlint.finding.records import dataclass, replace
from archlint.model.kubernetes.kustomizations import Kustomization
from archlint.model.kubernetes.patches import patches_of
from archlint.model.kubernetes.rendered import Renderings
from archlint.model.kubernetes.renderings import renderings
from archlint.model.world import World

_GROUP = "kustomize.config.k8s.io/"
_LIMITS = frozenset({Reason.REMOTE, Reason.PROGRAM, Reason.ABSENT, Reason.LIMIT})
"""Reasons that are no fault of the kustomization, but limits of what archlint does or sees."""
_TOLD_ELSEWHERE = frozenset({Reason.BROKEN, Reason.TWICE})


@dataclass(frozen=True)
class UnbuiltKustomization:
    """A kustomization that is not built."""

    kustomization: Kustomization
    refusal: Refusal

    @classmethod
    def all(cls, world: World) -> Iterable[UnbuiltKustomization]:
        """Those that nobody can build."""
        return [item for item in world.fact(builds).unbuilt if item.is_fault]

    @property
    def is_fault(self) -> bool:
        """Whether it has to be mended, and nothing else says so."""
        return self.refusal.reason not in _LIMITS | _TOLD_ELSEWHERE

    @property
    def place(self) -> Place:
        """What stands in the way."""
        if self.refusal.origin == (None, None):
            return self.source.place((), Token.ANCHOR)
        return place_of(self.refusal.origin)

    @property
    def source(self) -> Document:
        """The kustomization file."""
        return self.kustomization.source

    @property
    def object(self) -> ObjectRef:
        """The kustomization."""
        return self.kustomization.object


@dataclass(frozen=True)
class Builds:
    """All that is built in a world."""

    documents: tuple[BuiltDocument, ...] = ()
    parts: frozenset[str] = frozenset()
    """Files that are judged as built, not as they stand."""
    members: frozenset[str] = frozenset()
    """Files of kustomizations that take part in builds alone."""
    unbuilt: tuple[UnbuiltKustomization, ...] = ()
    charts: Renderings = Renderings()
    """What charts render; their objects are among ``documents``."""

    def unread(self) -> Iterator[Unread]:
        """What was not built, with the reasons."""
        for item in self.unbuilt:
            yield Unread(item.source.path, "kustomization-not-built", detail=item.refusal.message)
        yield from self.charts.unread


def builds(world: World) -> Builds:
    """What is built; ask with ``world.fact(builds)``."""
    kustomized, charts = _kustomized(world), world.fact(renderings)
    return replace(kustomized, documents=(*kustomized.documents, *charts.documents), charts=charts)


def _kustomized(world: World) -> Builds:
    every = {item.folder: item for item in world.all(Kustomization) if _is_own(item)}
    if not every or world.is_alone:
        return Builds()
    from archlint.documents.kustomize.building import Builder
    from archlint.documents.kustomize.sources import Sources

    builder = Builder(Sources(world.tree, world.loaded))
    documents: list[BuiltDocument] = []
    files: set[str] = set()
    members: set[str] = set()
    unbuilt: list[UnbuiltKustomization] = []
    for folder in sorted(_tops(every)):
        if world.is_asked_for is not None and not any(
            map(world.is_asked_for, _reached([every[folder]], every))
        ):
            continue
        try:
            built = builder.build(folder)
        except Refusal as refusal:
            unbuilt.append(UnbuiltKustomization(every[folder], refusal))
            continue
        files.update(built.files)
        members.update(built.members)
        path = built.members[0]
        documents.extend(
            BuiltDocument(
                path, index, item.root, written_as_source(item), built.members, revision=world.tree.revision
            )
            for index, item in enumerate(built.resources)
        )
    taken = set(_reached([item.kustomization for item in unbuilt], every))
    return Builds(tuple(documents), frozenset(files - taken), frozenset(members - taken), tuple(unbuilt))


def _is_own(item: Kustomization) -> bool:
    """Whether a file is kustomize's own: Flux has a kind of the same name."""
    version = item.node.get("apiVersion")
    return item.node.is_map and (not version.is_set or (version.text or "").startswith(_GROUP))


def _tops(every: dict[str, Kustomization]) -> Iterator[str]:
    """The folders of those that no other one takes in; components need one that does."""
    inside = {name for folder, item in every.items() for name in item.includes if _folder(name) != folder}
    for folder, item in every.items():
        if (folder or ".") not in inside and item.node.get("kind").text != "Component":
            yield folder


def _folder(name: str) -> str:
    return "" if name == "." else name


def _reached(tops: Sequence[Kustomization], every: dict[str, Kustomization]) -> Iterator[str]:
    """All files that kustomizations take in, with their patches, and their own."""
    seen: set[str] = set()
    waiting = list(tops)
    while waiting:
        item = waiting.pop()
        if item.folder in seen:
            continue
        seen.add(item.folder)
        yield item.source.path
        yield from patches_of(item.source)
        for name in item.includes:
            inner = every.get(_folder(name))
            if inner is not None:
                waiting.append(inner)
            else:
                yield name
