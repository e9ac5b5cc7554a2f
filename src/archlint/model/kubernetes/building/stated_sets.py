"""Who deploys the charts of a repository with which values: helmfiles, and Argo CD and Flux, as their objects
are built.

A chart's folder is taken for one of this repository as the folders are that these apply (see ``appliers``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import takewhile
from posixpath import basename, dirname

from archlint.documents import Document
from archlint.documents.charts.chart import CHART_FILE, Charts
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.values import Value, at_route, from_document, plain
from archlint.files import Kind
from archlint.finding import Unread
from archlint.finding.records import dataclass, replace
from archlint.model.kubernetes.building.application_sets import Unknown, made_applications
from archlint.model.kubernetes.building.appliers import folders_in, own_sources, text, written_in
from archlint.model.kubernetes.building.argo_charts import argo_charts
from archlint.model.kubernetes.building.flux_releases import flux_release
from archlint.model.kubernetes.building.helmfiles import Helmfiles
from archlint.model.kubernetes.building.kustomizations import ARGO
from archlint.model.kubernetes.building.kustomized import kustomized
from archlint.model.kubernetes.building.set_repository import set_repository
from archlint.model.kubernetes.building.stated import ChartUse, Stated, ValueFiles
from archlint.model.world import World

_STATING = (ARGO, "helm.toolkit.fluxcd.io/")
_SAID = frozenset({"ConfigMap", "Secret", "HelmChart"})
"""Kinds that others take values from."""


@dataclass(frozen=True)
class StatedSets:
    """What a repository says of how its charts are deployed."""

    by_chart: Mapping[str, list[Stated]]
    unread: tuple[Unread, ...] = ()
    """What is not read of those who may say it."""

    def of(self, folder: str) -> Sequence[Stated]:
        """What is stated for a chart."""
        return self.by_chart.get(folder, ())


def stated_sets(world: World) -> StatedSets:
    """What is stated for each chart, but for what charts state; ask with ``world.fact(stated_sets)``."""
    return stated_with(world, ())


def is_stating(document: BuiltDocument) -> bool:
    """Whether an object may say how a chart is deployed."""
    return text(document.value, "apiVersion").startswith(_STATING)


def stated_with(world: World, rendered: Iterable[BuiltDocument]) -> StatedSets:
    """What is stated for each chart, by objects that charts render too."""
    charts = {dirname(path) for path in world.paths(Kind.CHART)}
    found: dict[str, list[Stated]] = defaultdict(list)
    if not charts:
        return StatedSets(found)
    made = world.fact(kustomized)
    every = _Uses(world)
    uses = [*every.all(), *every.built(rendered)]
    claims = [(use.source, use.folder) for use in uses]
    claims += [claim for use in uses for claim in use.claims]
    own = own_sources((*claims, *made.claims), {*world.fact(folders_in), *world.kinds})
    files = ValueFiles(world, Charts(world.tree, sorted(world.kinds), world.loaded), own)
    for use in uses:
        if use.folder in charts and use.source in own:
            found[use.folder].append(_read(use, files))
    helmfiles = Helmfiles(world, files, charts)
    for folder, stated in helmfiles.stated():
        found[folder].append(stated)
    return StatedSets(found, tuple(helmfiles.unread))


def _read(use: ChartUse, files: ValueFiles) -> Stated:
    """What is stated; what is wrong with defaults that perhaps nobody uses is no fault."""
    stated = use.read(files)
    if use.is_sure or not stated.faults:
        return stated
    unsure = (fault.message for fault in stated.faults)
    return replace(stated, faults=(), unknown=(*stated.unknown, *unsure))


class _Uses:
    """All that deploys charts from folders in a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._made = world.fact(kustomized)

    def all(self) -> Iterator[ChartUse]:
        """Those that are built as they are built, the others as they are written."""
        yield from self.built(self._made.documents)
        for document in self._written():
            for value in _objects(document):
                if text(value, "apiVersion").startswith(_STATING):
                    yield from self._of(value, "", False)

    def built(self, documents: Iterable[BuiltDocument]) -> Iterator[ChartUse]:
        """Those among some objects that are built."""
        for made in documents:
            if is_stating(made):
                is_sure = basename(made.path) != CHART_FILE  # else a chart's own values make it
                for use in self._of(made.value, made.path, made.has_variables):
                    yield use if is_sure else replace(use, is_sure=False)

    def _written(self) -> Iterator[Document]:
        for document in self._world.documents(Kind.KUBERNETES):
            if document.path not in self._made.parts:
                yield document

    def _of(self, value: Value, build: str, has_variables: bool) -> Iterator[ChartUse]:
        def find(kind: str, name: str, namespace: str, path: str) -> list[Value]:
            return self._find(kind, name, namespace, path, build)

        yield from argo_charts(value)
        release = flux_release(value, find, has_variables)
        if release is not None:
            yield release
        with suppress(Unknown):  # told where folders are applied
            for made in made_applications(value, self._world.fact(set_repository)):
                yield from argo_charts(made)

    @cached_property
    def _values(self) -> dict[tuple[str, str], list[tuple[str, Value]]]:
        """ConfigMaps, Secrets and the like by kind and name, each with the build that it is in."""
        found: dict[tuple[str, str], list[tuple[str, Value]]] = defaultdict(list)

        def note(value: Value, build: str) -> None:
            kind = text(value, "kind")
            if kind in _SAID:
                found[kind, text(value, "metadata", "name")].append((build, value))

        for made in self._made.documents:
            note(made.value, made.path)
        for document in self._written():
            for value in _objects(document):
                note(value, "")
        return found

    def _find(self, kind: str, name: str, namespace: str, path: str, build: str) -> list[Value]:
        """The objects that a name may mean: of its own build, else those that lie nearest to it."""
        fitting = [
            (made_in, item)
            for made_in, item in self._values.get((kind, name), [])
            if not namespace or text(item, "metadata", "namespace") in ("", namespace)
        ]
        own = [item for made_in, item in fitting if build and made_in == build]
        others = [(_shared(path, written_in(item)), item) for _, item in fitting]
        most = max((depth for depth, _ in others), default=0)
        found = own or [item for depth, item in others if depth == most]
        return found[:1] if found and all(plain(item) == plain(found[0]) for item in found) else found


def _objects(document: Document) -> Iterator[Value]:
    """The objects of a document, those of a list too."""
    root = document.root
    if isinstance(document, BuiltDocument) or not root.is_map:
        return
    if (root.get("kind").text or "").endswith("List"):
        for node in root.get("items").elements():
            if node.is_map:
                yield at_route(document, node.route)
    else:
        yield from_document(document)


def _shared(one: str, other: str) -> int:
    """How many folders from the root on two files have in common."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
