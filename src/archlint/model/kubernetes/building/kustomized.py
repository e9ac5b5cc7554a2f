"""What kustomizations build, and which files are judged as parts of that alone.

Built are those that no other one takes in, and folders as Flux and Argo CD apply them. Where one is not
built, the files that it takes in are judged as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archlint.documents import Document
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.refusal import LIMITS, Reason, Refusal
from archlint.documents.kustomize.values import place_of
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Token, Unread
from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.kustomizations import Kustomization, appliers_in
from archlint.model.kubernetes.building.rendered import Renderings
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.documents.charts.building import BuiltChart, ValueSet

_TOLD_ELSEWHERE = frozenset({Reason.BROKEN, Reason.TWICE})


@dataclass(frozen=True)
class UnbuiltKustomization:
    """A folder that is not built."""

    folder: str
    source: Document
    """Its kustomization file, or the manifest of who applies it."""
    object: ObjectRef
    refusal: Refusal

    @classmethod
    def all(cls, world: World) -> Iterable[UnbuiltKustomization]:
        """Those that nobody can build."""
        return [item for item in world.fact(kustomized).unbuilt if item.is_fault]

    @property
    def is_fault(self) -> bool:
        """Whether it has to be mended, and nothing else says so."""
        return self.refusal.reason not in LIMITS | _TOLD_ELSEWHERE

    @property
    def place(self) -> Place:
        """What stands in the way."""
        if self.refusal.origin == (None, None):
            return self.source.place((), Token.ANCHOR)
        return place_of(self.refusal.origin)


@dataclass(frozen=True)
class Builds:
    """All that is built in a world, of kustomizations and of charts."""

    documents: tuple[BuiltDocument, ...] = ()
    parts: frozenset[str] = frozenset()
    """Files that are judged as built, not as they stand."""
    members: frozenset[str] = frozenset()
    """Files of kustomizations that take part in builds alone."""
    unbuilt: tuple[UnbuiltKustomization, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """What builds for Flux and Argo CD are called, by the path of their documents."""
    partial: frozenset[str] = frozenset()
    """Paths of documents of kustomizations that lack something which is not here."""
    unknown: tuple[Unread, ...] = ()
    """Which ApplicationSets make Applications that nobody knows here."""
    claims: tuple[tuple[str, str], ...] = ()
    """The folders that are named in each source for Flux and Argo CD."""
    inflated: tuple[tuple[str, tuple[tuple[ValueSet, BuiltChart], ...]], ...] = ()
    """What charts rendered for kustomizations, by the folder of the chart."""
    charts: Renderings = Renderings()
    """What charts render; their objects are among ``documents``."""

    def unread(self) -> Iterator[Unread]:
        """What was not built, with the reasons."""
        for item in self.unbuilt:
            yield Unread(item.source.path, "kustomization-not-built", detail=item.refusal.message)
        yield from self.unknown
        yield from self.charts.unread


def kustomized(world: World) -> Builds:
    """What kustomizations build, without charts; ask with ``world.fact(kustomized)``."""
    if world.is_alone:
        return Builds()
    every = {item.folder: item for item in world.all(Kustomization) if item.is_own}
    if not every and not any(True for _ in appliers_in(world.documents(Kind.KUBERNETES))):
        return Builds()
    from archlint.model.kubernetes.building.applied import Applied

    found = Applied(world, every)
    found.run()
    blamed = [UnbuiltKustomization(*found.blamed(item)) for item in reversed(found.unbuilt)]
    unbuilt = {(item.source.path, item.object, item.folder, item.refusal.message): item for item in blamed}
    standing = (item for item in found.unbuilt if not item.is_partial)
    taken = {path for item in standing for path in found.closure(item.folder, item.applier)}
    return Builds(
        tuple(found.documents),
        frozenset(found.files - taken),
        frozenset(found.members - taken),
        tuple(reversed(unbuilt.values())),
        labels=tuple(found.labels.items()),
        partial=frozenset(found.partial),
        claims=tuple(found.claims),
        inflated=tuple((folder, tuple(made)) for folder, made in found.inflated.items()),
        unknown=tuple(
            Unread(path, "application-set-unknown", detail=f"ApplicationSet '{name}': {why}")
            for (path, name), why in sorted(found.unread.items())
        ),
    )
