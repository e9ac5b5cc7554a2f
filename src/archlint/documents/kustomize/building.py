"""Builds kustomizations as ``kustomize build`` does, without running or fetching anything.

Sources: kustomize 5.7, ``api/internal/target`` and ``api/krusty``; the program itself is the judge in tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from archlint.documents.kustomize.changes import Changes
from archlint.documents.kustomize.configuration import (
    EMPTY,
    Configuration,
    default_configuration,
    read_configuration,
)
from archlint.documents.kustomize.definitions import read_definitions
from archlint.documents.kustomize.generators import generate, hash_of
from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.patches import Patcher, objects_of
from archlint.documents.kustomize.plugins import run_generator, run_transformer
from archlint.documents.kustomize.references import follow_references
from archlint.documents.kustomize.refusal import STRICT, Reason, Refusal, Tolerance
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.schema import Schema, read_schemas, schema_of
from archlint.documents.kustomize.settings import Settings
from archlint.documents.kustomize.sources import Sources, is_remote
from archlint.documents.kustomize.transforming import transform
from archlint.documents.kustomize.values import Origin, Sizes, Value, plain
from archlint.documents.kustomize.variables import (
    Variable,
    add_variables,
    mark_targets,
    read_variable,
    resolve_variables,
)

Inflate = Callable[[Value, str, str], list[Value]]
MOST_VALUES = 5_000_000
"""Values that all builds of a run may have; beyond, kustomizations stay unbuilt."""
MOST_OBJECTS = 20_000
"""Objects that one kustomization may take in from another: bases that are taken in twice at each of many
levels are doubled again and again."""
MOST_LEVELS = 50


class Built(NamedTuple):
    """The objects of a kustomization."""

    resources: tuple[Resource, ...]
    members: tuple[str, ...]
    """The files of all kustomizations that took part, the outermost first."""
    files: tuple[str, ...]
    """The files with the objects that were taken in."""


class _Gathered:
    """What a kustomization has so far."""

    def __init__(self) -> None:
        self.resources = Resources()
        self.configuration = EMPTY
        self.variables: dict[str, Variable] = {}
        self.members: list[str] = []
        self.files: list[str] = []

    def copy(self) -> _Gathered:
        twin = _Gathered()
        twin.resources = self.resources.copy()
        twin.configuration = self.configuration
        twin.variables = dict(self.variables)
        twin.members = list(self.members)
        twin.files = list(self.files)
        return twin

    def add(self, other: _Gathered, origin: Origin) -> None:
        """Take all of another one in."""
        self.resources.append_all(other.resources, origin)
        self.configuration = self.configuration.with_(other.configuration, origin)
        add_variables(self.variables, other.variables.values())
        self.members += other.members
        self.files += other.files


class Builder:
    """Builds the kustomizations of one tree; bases are built once, whoever takes them in."""

    def __init__(self, sources: Sources, inflate: Inflate | None = None) -> None:
        """``inflate`` gives the objects of an entry of ``helmCharts``, by the folder and ``chartHome``."""
        self._sources = sources
        self._inflate = inflate
        self._bases: dict[tuple[str, int, Tolerance], _Gathered | Refusal] = {}
        self._schemas: dict[str, dict[str, Schema]] = {}
        self._sizes = Sizes()
        self._size = 0

    def build(self, folder: str, changes: Changes | None = None, tolerance: Tolerance = STRICT) -> Built:
        """The objects that the kustomization of a folder stands for, as somebody applies it; raises
        ``Refusal``, unless the steps that cannot be done are left out."""
        asked = changes.origin if changes is not None else (None, None)
        settings = Settings(self._sources, folder, asked, changes)
        run = _Run(self, self._schema(settings), tolerance)
        try:
            gathered = run.gather(settings, _Gathered(), (folder,))
        except RecursionError:
            raise Refusal("This nests too deeply.", settings.origin, Reason.LIMIT) from None
        resources = gathered.resources
        for item in resources:
            if item.needs_hash:
                item.remember()
                item.set_name(f"{item.name}-{hash_of(item)}")
        follow_references(resources, gathered.configuration)
        with tolerance:
            resolve_variables(resources, gathered.variables, gathered.configuration["variables"])
        kept = [item for item in resources if not item.is_local]
        for item in kept:
            item.settle_annotations()
            for finish in changes.finish if changes is not None else ():
                finish(item)
        if changes is not None:
            self.count(kept, asked)
        members = dict.fromkeys((settings.path, *gathered.members))
        return Built(tuple(kept), tuple(members), tuple(dict.fromkeys(gathered.files)))

    def _settings(self, folder: str, asked: Origin) -> Settings:
        return Settings(self._sources, folder, asked)

    def _schema(self, settings: Settings) -> dict[str, Schema] | None:
        """The merge keys that ``openapi`` of the outermost kustomization names."""
        path = settings.text("openapi", "path")
        version = settings.text("openapi", "version")
        if path is None:
            return None
        if version is not None:
            raise Refusal("'openapi' has either a path or a version.", version.origin)
        if path.text not in self._schemas:
            documents = self._sources.documents(settings.folder, path.text, path.origin)
            self._schemas[path.text] = read_schemas(plain(documents[0]) if documents else {})
        return self._schemas[path.text]

    def base(self, folder: str, run: _Run) -> _Gathered | Refusal | None:
        """A base that was built before; one that lacks nothing is the same however much may be left out."""
        whole = self._bases.get((folder, id(run.schema), STRICT))
        if isinstance(whole, _Gathered):
            return whole
        return self._bases.get((folder, id(run.schema), run.tolerance))

    def inflated(self, entry: Value, settings: Settings) -> list[Resource]:
        """The objects of a chart; raises ``Refusal`` where nobody can tell."""
        if self._inflate is None or not isinstance(entry.data, dict):
            words = "A chart is to be inflated, which needs helm."
            raise Refusal(words, entry.origin, Reason.PROGRAM)
        home = settings.text("helmGlobals", "chartHome")
        objects = self._inflate(entry, settings.folder, home.text if home is not None else "charts")
        return [Resource(value) for value in objects]

    def keep(self, folder: str, run: _Run, found: _Gathered | Refusal) -> None:
        """Keep a base for others, its objects counted as they have become."""
        if isinstance(found, _Gathered):
            for item in found.resources:
                item.size = self._sizes.of(item.root)
        self._bases[folder, id(run.schema), run.tolerance] = found

    def settings(self, folder: str, asked: Origin) -> Settings:
        """The kustomization file of a folder."""
        return self._settings(folder, asked)

    @property
    def sources(self) -> Sources:
        """The files."""
        return self._sources

    def count(self, items: list[Resource], origin: Origin) -> None:
        """Count what was made, and stop if it is too much."""
        for item in items:
            self._size += item.size or self._sizes.of(item.root)
        if self._size > MOST_VALUES:
            raise Refusal("The kustomizations of this repository have too many values.", origin, Reason.LIMIT)
        if len(items) > MOST_OBJECTS:
            raise Refusal("This brings more objects than a kustomization may have.", origin, Reason.LIMIT)


class _Run:
    """One build from the outermost kustomization on."""

    def __init__(self, builder: Builder, schema: dict[str, Schema] | None, tolerance: Tolerance) -> None:
        self.builder = builder
        self.tolerance = tolerance
        self.sources = builder.sources
        self.schema = schema

    def schema_of(self, gvk: Gvk) -> Schema:
        """The merge keys of a kind."""
        return schema_of(gvk, self.schema)

    def gather(self, settings: Settings, into: _Gathered, chain: tuple[str, ...]) -> _Gathered:
        """Carry out one kustomization; ``chain`` are the folders that lead to it."""
        if len(chain) > MOST_LEVELS:
            raise Refusal("Kustomizations are nested too deeply.", settings.origin, Reason.LIMIT)
        into.members.append(settings.path)
        for entry in settings.resources:
            with self.tolerance:
                self._take_in(entry, settings, into, chain)
        own = self._configuration(settings)
        into.configuration = into.configuration.with_(own, settings.origin)
        self._generate(settings, into, chain)
        for entry in settings.entries("components"):
            with self.tolerance:
                into = self._component(entry, settings, into, chain)
        patcher = Patcher(into.resources, self.sources, settings.folder, self.schema_of, self.tolerance)
        transform(settings, patcher, into.configuration, self.tolerance)
        self._transform(settings, "transformers", into.resources, chain)
        if settings.entries("validators"):
            self._transform(settings, "validators", into.resources.copy(), chain)
        variables = [read_variable(entry) for entry in settings.entries("vars")]
        mark_targets(into.resources, variables)
        add_variables(into.variables, variables)
        return into

    def _take_in(self, entry: Value, settings: Settings, into: _Gathered, chain: tuple[str, ...]) -> None:
        name = entry.text
        if not name:
            raise Refusal("The name of a resource is empty.", entry.origin)
        path = None if is_remote(name) else self.sources.path(settings.folder, name, entry.origin)
        if path is not None and self.sources.is_folder(path):
            into.add(self._base(path, entry, chain), entry.origin)
            return
        documents = self.sources.documents(settings.folder, name, entry.origin)
        objects = objects_of(documents)
        self.builder.count(objects, entry.origin)
        into.files.append(self.sources.file(settings.folder, name, entry.origin))
        into.resources.append_all(objects, entry.origin)

    def _base(self, folder: str, entry: Value, chain: tuple[str, ...]) -> _Gathered:
        _check_cycle(folder, chain, entry.origin)
        known = self.builder.base(folder, self)
        if known is None:
            try:
                settings = self._member(folder, entry, component=False)
                known = self.gather(settings, _Gathered(), (*chain, folder))
            except Refusal as refusal:
                known = refusal
            self.builder.keep(folder, self, known)
        if isinstance(known, Refusal):
            raise known
        copy = known.copy()
        self.builder.count(copy.resources.items, entry.origin)
        return copy

    def _component(
        self, entry: Value, settings: Settings, into: _Gathered, chain: tuple[str, ...]
    ) -> _Gathered:
        if is_remote(entry.text):
            raise Refusal(f"'{entry.text}' is not in this repository.", entry.origin, Reason.REMOTE)
        folder = self.sources.path(settings.folder, entry.text, entry.origin)
        if not self.sources.is_folder(folder):
            raise self.sources.missing(folder, f"'{entry.text}' is no folder.", entry.origin)
        _check_cycle(folder, chain, entry.origin)
        member = self._member(folder, entry, component=True)
        inner = self.gather(member, into, (*chain, folder))
        outer = _Gathered()
        outer.add(inner, entry.origin)
        return outer

    def _member(self, folder: str, entry: Value, *, component: bool) -> Settings:
        settings = self.builder.settings(folder, entry.origin)
        if component and not settings.is_component:
            raise Refusal(f"'{entry.text}' is no Component.", entry.origin)
        if settings.is_component and not component:
            raise Refusal(f"'{entry.text}' is a Component: name it under 'components'.", entry.origin)
        return settings

    def _configuration(self, settings: Settings) -> Configuration:
        found = default_configuration()
        for entry in settings.entries("configurations"):
            with self.tolerance:
                for document in self.sources.documents(settings.folder, entry.text, entry.origin)[:1]:
                    found = found.with_(read_configuration(document), entry.origin)
        for entry in settings.entries("crds"):
            with self.tolerance:
                for document in self.sources.documents(settings.folder, entry.text, entry.origin)[:1]:
                    found = found.with_(read_definitions(document), entry.origin)
        return found

    def _transform(self, settings: Settings, key: str, resources: Resources, chain: tuple[str, ...]) -> None:
        plugins = self._plugins(settings, key, chain)
        for plugin in plugins:
            with self.tolerance:
                run_transformer(plugin, settings.folder, resources, self.sources, self.schema_of)

    def _plugins(self, settings: Settings, key: str, chain: tuple[str, ...]) -> list[Resource]:
        """The objects that a list of files, folders or texts names: what is to be done."""
        gathered = _Gathered()
        for entry in settings.entries(key):
            if not entry.text:
                continue  # kustomize passes over it, other than among resources
            if "\n" in entry.text:
                gathered.resources.append_all(objects_of(self.sources.inline(entry)), entry.origin)
            else:
                with self.tolerance:
                    self._take_in(entry, settings, gathered, chain)
        return gathered.resources.items

    def _generate(self, settings: Settings, into: _Gathered, chain: tuple[str, ...]) -> None:
        options = settings.value.get("generatorOptions")
        for key, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            for entry in settings.entries(key):
                with self.tolerance:
                    item = generate(kind, entry, options, self.sources, settings.folder)
                    into.resources.absorb(item, entry.origin)
        for key in ("helmCharts", "helmChartInflationGenerator"):
            for entry in settings.entries(key):
                with self.tolerance:
                    into.resources.append_all(self.builder.inflated(entry, settings), entry.origin)
        for plugin in self._plugins(settings, "generators", chain):
            with self.tolerance:
                if plugin.kind == "HelmChartInflationGenerator":
                    items = self.builder.inflated(plugin.root, settings)
                    into.resources.append_all(items, plugin.origin)
                else:
                    run_generator(plugin, settings.folder, into.resources, self.sources)


def _check_cycle(folder: str, chain: tuple[str, ...], origin: Origin) -> None:
    for visited in chain:
        if visited == folder or not folder or visited.startswith(f"{folder}/"):
            words = f"'{folder or '.'}' is taken in by '{visited or '.'}', which lies in it or is the same."
            raise Refusal(f"A cycle: {words}", origin)
