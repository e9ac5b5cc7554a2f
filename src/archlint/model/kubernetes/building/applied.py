"""All that is built of kustomizations: by those who apply folders, and of the other outermost ones by itself.

Flux Kustomizations are often patched by the one that applies them, so what is found in something built stands
for what is written, and those whose file nobody applies come first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import takewhile
from posixpath import dirname
from typing import TYPE_CHECKING, Any

from archlint.documents import Document
from archlint.documents.kustomize.building import Builder, Built
from archlint.documents.kustomize.built import BuiltDocument, written_as_source
from archlint.documents.kustomize.refusal import LIMITS, PARTIAL, Refusal
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Origin, Value, at_route, from_document, plain, root_of
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.application_sets import Unknown, deploys_others, made_applications
from archlint.model.kubernetes.building.appliers import (
    Applier,
    below,
    folders_in,
    of_this_repository,
    own_sources,
    text,
    written_in,
)
from archlint.model.kubernetes.building.argo import Folders, argo_applications
from archlint.model.kubernetes.building.flux import flux_kustomization
from archlint.model.kubernetes.building.kustomizations import Kustomization, appliers_in, reached, tops_of
from archlint.model.kubernetes.building.set_repository import set_repository
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.documents.charts.building import BuiltChart, ValueSet
    from archlint.model.kubernetes.building.inflating import Inflater

MOST_APPLIED = 5000
"""Builds for Flux and Argo CD; beyond, nobody's repository is."""


@dataclass(frozen=True)
class Unbuilt:
    """A folder that was not built, or only what of it is here, for whom."""

    folder: str
    refusal: Refusal
    applier: Applier | None = None
    is_partial: bool = False
    is_appliers: bool = False
    """Whether the folder by itself is built, so that whoever applies it is at fault."""


class Applied:
    """Builds everything in a world."""

    def __init__(self, world: World, every: Mapping[str, Kustomization]) -> None:
        self.world = world
        self.every = every
        self.documents: list[BuiltDocument] = []
        self.files: set[str] = set()
        self.members: set[str] = set()
        self.unbuilt: list[Unbuilt] = []
        self.partial: set[str] = set()
        """Paths of documents of builds that lack something that is not here."""
        self.labels: dict[str, str] = {}
        """What messages call builds for appliers, by the path of their documents."""
        self._manifests = sorted(path for path, kind in world.kinds.items() if kind is Kind.KUBERNETES)
        self._charts = {dirname(path) for path in world.paths(Kind.CHART)}
        self._folders = world.fact(folders_in)
        self._is_there = {*self._folders, "."}.__contains__
        self._repository = world.fact(set_repository)
        self.unread: dict[tuple[str, str], str] = {}
        """What is not known of ApplicationSets, by file and name."""
        self.claims: list[tuple[str, str]] = []
        """What is named in which source, charts aside."""
        self.inflater = _inflater(world)
        inflate = self.inflater.inflate if self.inflater is not None else None
        self._builder = Builder(Sources(world.tree, world.loaded), inflate)
        self._known: dict[str, list[Any]] = defaultdict(list)
        self._values: dict[tuple[str, str], list[Value]] | None = None
        self.appliers = of_this_repository(
            (
                found
                for node in appliers_in(world.documents(Kind.KUBERNETES))
                for found in self._appliers(at_route(node.document, node.route))
            ),
            self._folders,
        )

    def _appliers(self, value: Value) -> Iterator[Applier]:
        """Whom an object makes apply a folder, if that has a kustomization or manifests: charts, too, are
        applied, and are not built here."""
        for item in self._read(value):
            self.claims.append((item.source, item.folder))
            if item.folder in self.every or item.changes.files or item.folder not in self._folders:
                yield item

    def _read(self, value: Value) -> Iterator[Applier]:
        flux = flux_kustomization(
            value, lambda folder: self._inside(folder, recurse=True), self._find, self._is_there
        )
        if flux is not None:
            yield flux
        yield from self._argo(value)
        try:
            for made in made_applications(value, self._repository):
                yield from self._argo(made)
        except Unknown as reason:
            if not deploys_others(value, self._repository):
                told = f"its Applications are not known: {reason}"
                self.unread[written_in(value), text(value, "metadata", "name")] = told

    def _argo(self, value: Value) -> Iterator[Applier]:
        listed = Folders(lambda folder, deep: self._inside(folder, recurse=deep), self._is_there)
        return argo_applications(value, listed)

    def _inside(self, folder: str, *, recurse: bool) -> tuple[str, ...]:
        """What the kustomization takes in that is made for a folder without one."""
        if folder in self.every or folder in self._charts:
            return ()
        start = f"{folder}/" if folder else ""
        first, last = bisect_left(self._manifests, start), len(self._manifests)
        if start:
            last = bisect_left(self._manifests, f"{folder}0")  # the sign after the slash
        return below(folder, self._manifests[first:last], set(self.every), recurse=recurse)

    def _find(self, kind: str, name: str, namespace: str, path: str) -> list[Value]:
        """The ConfigMaps or Secrets that a name in a file may mean: those that lie nearest to it."""
        if self._values is None:
            self._values = defaultdict(list)
            for document in self.world.documents(Kind.KUBERNETES):
                data = document.data
                if isinstance(data, dict) and data.get("kind") in ("ConfigMap", "Secret"):
                    value = from_document(document)
                    self._values[data["kind"], text(value, "metadata", "name")].append(value)
        found = [
            (_shared(path, written_in(item)), item)
            for item in self._values.get((kind, name), [])
            if not namespace or text(item, "metadata", "namespace") in ("", namespace)
        ]
        most = max((depth for depth, _ in found), default=0)
        return [item for depth, item in found if depth == most]

    @property
    def inflated(self) -> dict[str, list[tuple[ValueSet, BuiltChart]]]:
        """What charts rendered for kustomizations, by the folder of the chart."""
        return {} if self.inflater is None else self.inflater.made

    def run(self) -> None:
        """Build all."""
        reach = [(item, frozenset(self.closure(item.folder, item))) for item in self.appliers]
        applied = {item.folder for item in self.appliers}
        inside = {path for item, paths in reach for path in paths if path != item.path}
        tops = [
            folder
            for folder in sorted(tops_of(self.every))
            if folder not in applied and self.every[folder].source.path not in inside
        ]
        for folder in tops:
            self._build(folder, None)
        taken = {path for folder in tops for path in self.closure(folder)}
        first: list[Applier] = []
        held: list[Applier] = []
        for item in self.appliers:
            by_others = (paths for other, paths in reach if other.folder != item.folder)
            is_held = item.path in taken or any(item.path in paths for paths in by_others)
            (held if is_held else first).append(item)
        self._apply(first, held)

    def _apply(self, first: Iterable[Applier], held: Iterable[Applier]) -> None:
        """Build for appliers; those that others apply as they are built, or at last as they are written."""
        waiting = deque((*first, *(item for made in self.documents for item in self._made_by(made))))
        left = deque(held)
        done = 0
        while (waiting or left) and done < MOST_APPLIED:
            if not waiting:
                late = left.popleft()
                waiting.extend(() if late.key in self._known else (late,))
                continue
            item = waiting.popleft()
            said = plain(item.value)
            if said in self._known[item.key]:
                continue
            self._known[item.key].append(said)
            done += 1
            before = len(self.documents)
            self._build(item.folder, item)
            waiting.extend(found for made in self.documents[before:] for found in self._made_by(made))

    def _made_by(self, document: BuiltDocument) -> list[Applier]:
        """The appliers that are built themselves."""
        found = [applier for _ in appliers_in([document]) for applier in self._appliers(document.value)]
        own = own_sources(self.claims, self._folders - {""}) if found else frozenset()
        known = (item for item in found if item.source in own)
        return [item for item in known if item.folder in self._folders or not item.folder]

    def _build(self, folder: str, applier: Applier | None) -> None:
        asked = self.world.is_asked_for
        if asked is not None and not any(map(asked, self.closure(folder, applier))):
            return
        built, is_partial = self._built(folder, applier)
        if built is None:
            return
        self.files.update(built.files)
        self.members.update(built.members)
        path, through = built.members[0], built.members
        if applier is not None:
            number = len(self._known[applier.key])
            path = applier.key if number < 2 else f"{applier.key} ({number})"
            through = tuple(dict.fromkeys((path, applier.path, *through)))
            self.labels[path] = applier.label
        if is_partial:
            self.partial.add(path)
        self.documents.extend(
            BuiltDocument(
                path,
                index,
                item.root,
                written_as_source(item),
                through,
                revision=self.world.tree.revision,
                has_variables=applier is not None and applier.has_variables,
            )
            for index, item in enumerate(built.resources)
        )

    def _built(self, folder: str, applier: Applier | None) -> tuple[Built | None, bool]:
        """What a folder builds, without what is not in this repository; whether something was left out."""
        changes = applier.changes if applier is not None else None
        try:
            return self._builder.build(folder, changes), False
        except Refusal as refusal:
            found = None
            if refusal.reason in LIMITS:
                with suppress(Refusal):
                    found = self._builder.build(folder, changes, PARTIAL)
            is_appliers = applier is not None and self._is_built_alone(folder)
            self.unbuilt.append(Unbuilt(folder, refusal, applier, found is not None, is_appliers))
            return found, True

    def _is_built_alone(self, folder: str) -> bool:
        """Whether a folder is built where nobody changes anything in it."""
        if folder not in self.every:
            return False
        with suppress(Refusal):
            self._builder.build(folder)
            return True
        return False

    def closure(self, folder: str, applier: Applier | None = None) -> Iterator[str]:
        """All files that building a folder reads."""
        if applier is not None:
            yield applier.path
        if folder in self.every:
            yield from reached([self.every[folder]], self.every)
            return
        for name in applier.changes.files if applier is not None else ():
            path = f"{folder}/{name}" if folder else name
            if path in self.every:
                yield from reached([self.every[path]], self.every)
            else:
                yield path

    def blamed(self, item: Unbuilt) -> tuple[str, Document, ObjectRef, Refusal]:
        """The folder of what was not built, the document and object that are at fault, and the reason."""
        own = self.every.get(item.folder)
        if own is not None and not item.is_appliers:
            return item.folder, own.source, own.object, item.refusal
        assert item.applier is not None
        source = _document_of(item.applier.value.origin)
        refusal = item.refusal
        if item.is_appliers and (refusal.origin == (None, None) or _document_of(refusal.origin) != source):
            refusal = Refusal(refusal.message, item.applier.value.origin, refusal.reason)
        return item.folder, source, item.applier.object, refusal


def _document_of(origin: Origin) -> Document:
    source, _ = root_of(origin)
    return source if isinstance(source, Document) else source.outer


def _inflater(world: World) -> Inflater | None:
    """What renders the charts of a world, if it has any."""
    if world.charts is None:
        return None
    from archlint.model.kubernetes.building.inflating import Inflater

    return Inflater(world, world.charts)


def _shared(one: str, other: str) -> int:
    """How many folders from the root on two files have in common."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
