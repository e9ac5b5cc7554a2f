"""Services of Docker Compose: what the files of a project say of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose.dependencies import Dependency, needed
from archlint.model.compose.dockerfiles import base_image
from archlint.model.compose.env_files import EnvLine, env_lines
from archlint.model.compose.files import ComposeFile, Project, Scope, projects, within
from archlint.model.compose.layers import Layer, Layers, Setting, base_of, layers_of, tag_of
from archlint.model.compose.woven import Woven
from archlint.model.compose_format import services_in
from archlint.model.services import protocols
from archlint.model.world import World

_NUMBER = regex(r"[0-9]{1,5}\Z")
_LONG = 65_536
"""Characters of a file with variables above which what a service sets itself is not filled in."""
_MOST_VARIABLES = 5_000
"""Variables of one service that are looked at."""


@dataclass(frozen=True, eq=False)
class ComposeVariable:
    """An environment variable of a service."""

    name: str
    value: Woven
    entry: Place
    """Where the service is given it: its entry in ``environment``, else the item of ``env_file``."""
    is_of_file: bool = False
    """Whether it comes with all others of a file (``env_file``)."""

    @property
    def text(self) -> str:
        """The value; what is unknown in it is there as it is written."""
        return self.value.text

    @property
    def place(self) -> Place:
        """Where the first characters of the value are written: a line of ``.env``, or the entry itself."""
        return self.value.place() or self.entry


@dataclass(frozen=True, eq=False)
class ComposeService:
    """A service of a project, with everything that its files say of it."""

    name: str
    project: Project
    variants: tuple[Layers, ...]
    """What the main files together say of it, and what each further file makes of that."""
    world: World

    @classmethod
    def all(cls, world: World) -> Iterable[ComposeService]:
        """Every service, by folder and name."""
        yield from world.fact(_services)

    @property
    def node(self) -> Node:
        """Its first definition in a file of the project itself."""
        return self.definitions[0].node

    @cached_property
    def definitions(self) -> tuple[Layer, ...]:
        """Where it is defined, bases included only if there is nothing else."""
        own = {file.document.path for file in self.project.files}
        found: dict[tuple[str, tuple[str | int, ...]], Layer] = {}
        for layer in chain.from_iterable(variant.layers for variant in self.variants):
            if layer.node.document.path in own and layer.node.route[-1] == self.name:
                found.setdefault((layer.node.document.path, layer.node.route), layer)
        return tuple(found.values()) or self.variants[0].layers[-1:]

    @property
    def source(self) -> Document:
        """The document of its first definition."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """What findings are about."""
        return ObjectRef("Compose service", self.name)

    @property
    def main(self) -> Layers:
        """What is run if nobody names further files."""
        return self.variants[0]

    @property
    def is_whole(self) -> bool:
        """Whether all that it extends is here."""
        firsts = (variant.layers[0] for variant in self.variants)
        layers = chain(firsts, self.definitions)
        return all(
            not layer.node.get("extends").exists or base_of(self.world, layer) is not None for layer in layers
        )

    @cached_property
    def image(self) -> str | None:
        """The image, if its name is known but for the tag."""
        setting = self._first("image")
        text = None if setting is None else setting.text
        if text is None:
            return None
        name = text.text.partition("@")[0]
        last = name.rpartition("/")[2]
        return None if "$" in last.partition(":")[0] else text.text

    @cached_property
    def build_context(self) -> str | None:
        """The folder that it is built from, from the root; ``None`` if it is not built from one here."""
        for variant in self.variants:
            built = variant.build()
            if built is None:
                continue
            setting, folder = built
            text = "." if folder is None else folder.known_text
            return None if text is None else within((folder or setting).scope.folder, text)
        return None

    @cached_property
    def dockerfile(self) -> str | None:
        """The file that it is built with, from the root."""
        if self.build_context is None or self._first("build", "dockerfile_inline") is not None:
            return None
        setting = self._first("build", "dockerfile")
        text = "Dockerfile" if setting is None else setting.known_text
        return None if text is None else within(self.build_context, text)

    @cached_property
    def variables(self) -> tuple[ComposeVariable, ...]:
        """Its environment variables, in each variant; those whose value no file tells are left out."""
        found: dict[tuple[str, str, Place], ComposeVariable] = {}
        for variant in self.variants:
            for variable in _variables(self, variant):
                found.setdefault((variable.name, variable.text, variable.entry), variable)
        return tuple(found.values())[:_MOST_VARIABLES]

    @property
    def depends_on(self) -> tuple[Dependency, ...]:
        """The services that it is started after."""
        return tuple(item for item in self.dependencies if item.key == "depends_on")

    @property
    def links(self) -> tuple[Dependency, ...]:
        """The services that it is linked with."""
        return tuple(item for item in self.dependencies if item.key == "links")

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """The services that must be there before it, as each of its variants says first."""
        found: dict[tuple[str, str], Dependency] = {}
        for item in chain.from_iterable(map(needed, self.variants)):
            found.setdefault((item.key, item.name), item)
        return tuple(found.values())

    @property
    def is_main(self) -> bool:
        """Whether it is run if nobody names further files; its first variant is how."""
        return any(services_in(file.root).get(self.name).exists for file in self.project.main)

    @cached_property
    def hostnames(self) -> tuple[str, ...]:
        """The names under which others of the project reach it, its own first."""
        names = [self.name]
        for variant in self.variants:
            names += filter(None, [variant.text("container_name"), variant.text("hostname")])
            for entry in variant.entries("networks").values():
                for alias in entry.setting.node.get("aliases").elements():
                    names += filter(None, [entry.setting.scope.known_text(alias)])
        return tuple(dict.fromkeys(name.lower() for name in names if name))

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Names that it alone has for others (``links``, ``external_links``), with theirs, in lower case."""
        found = {}
        for variant in self.variants:
            for item in chain(variant.items("links"), variant.items("external_links")):
                name, _, alias = (item.known_text or "").lower().partition(":")
                if alias:
                    found[alias] = name
        return found

    @cached_property
    def commands(self) -> tuple[tuple[Woven, Setting], ...]:
        """The parts of its entrypoint and command, with where each is written."""
        found: dict[tuple[str, Place], tuple[Woven, Setting]] = {}
        for variant in self.variants:
            for key in ("entrypoint", "command"):
                setting = variant.setting(key)
                if setting is None:
                    continue
                nodes = [setting.node] if setting.node.text is not None else setting.node.elements()
                for node in nodes:
                    text = setting.scope.text(node)
                    if text is not None:
                        item = (text, Setting(node, setting.scope))
                        found.setdefault((text.text, node.value_place()), item)
        return tuple(found.values())

    @cached_property
    def ports(self) -> tuple[int, ...]:
        """The ports on which it listens, as ``ports`` and ``expose`` tell; ranges are left out."""
        found: dict[int, None] = {}
        for variant in self.variants:
            for item in chain(variant.items("ports"), variant.items("expose")):
                target = item.get("target") if item.node.is_map else item
                text = target.known_text or ""
                last = text.partition("/")[0].rpartition(":")[2]
                if _NUMBER.match(last):
                    found[int(last)] = None
        return tuple(found)

    @cached_property
    def published(self) -> tuple[int, ...]:
        """The ports of the machine that lead to it; ranges are left out."""
        found: dict[int, None] = {}
        for item in chain.from_iterable(variant.items("ports") for variant in self.variants):
            if item.node.is_map:
                published = item.get("published")
                text = published.known_text or str(published.node.integer or "")
            else:
                text = (item.known_text or "").rpartition(":")[0].rpartition(":")[2]
            if _NUMBER.match(text):
                found[int(text)] = None
        return tuple(found)

    @cached_property
    def networks(self) -> tuple[str, ...]:
        """The networks that it names."""
        names = chain.from_iterable(variant.entries("networks") for variant in self.variants)
        return tuple(dict.fromkeys(names))

    @cached_property
    def profiles(self) -> tuple[str, ...]:
        """The profiles with which it is started; none if it always is."""
        return tuple(filter(None, (item.known_text for item in self.main.items("profiles"))))

    @cached_property
    def store_protocol(self) -> str | None:
        """What a database, cache or broker speaks; ``None`` for any other service."""
        if self.image is not None:
            by_image = protocols.of_image(self.image)
            if by_image is not None:
                return by_image
        if self.build_context is not None:
            return protocols.of_image(base_image(self.world, self.dockerfile) or "")
        found = [protocols.of_port(port) for port in self.ports]
        return found[0] if found and all(found) else None

    def _first(self, *route: str) -> Setting | None:
        for variant in self.variants:
            setting = variant.setting(*route)
            if setting is not None:
                return setting
        return None


def _services(world: World) -> list[ComposeService]:
    found = []
    for project in world.fact(projects):
        adding: dict[str, list[ComposeFile]] = {}
        for file in project.main:
            for name in _names(file):
                adding.setdefault(name, [])
        for file in project.further:
            for name in _names(file):
                adding.setdefault(name, []).append(file)
        for name in sorted(adding):
            variants = tuple(_variants(world, project, name, adding[name]))
            if variants:
                found.append(ComposeService(name, project, variants, world))
    return found


def _names(file: ComposeFile) -> Iterator[str]:
    yield from (name for name, node in services_in(file.root).items() if node.is_map)


def _variants(world: World, project: Project, name: str, further: Iterable[ComposeFile]) -> Iterator[Layers]:
    main = layers_of(world, name, project.main)
    if main.layers:
        yield main
    for file in further:
        if tag_of(services_in(file.root).get(name)) != "reset":
            added = layers_of(world, name, [*project.main, file])
            if added.layers:
                yield added


def _variables(service: ComposeService, variant: Layers) -> Iterator[ComposeVariable]:
    """Those of ``environment``, and before them those of ``env_file``, which they replace."""
    found: dict[str, ComposeVariable] = {}
    entries = variant.entries("environment")
    own = {name: entry.value for name, entry in entries.items() if entry.value is not None}
    for item in variant.items("env_file"):
        for variable in _of_file(service, item, own):
            found[variable.name] = variable
    for entry in entries.values():
        value = entry.value
        if (value is None and entry.setting.node.value is None) or entry.setting.node.text == entry.name:
            value = entry.setting.scope.variables.get(entry.name)
        if value is None:
            found.pop(entry.name, None)
            continue
        found[entry.name] = ComposeVariable(entry.name, value, _variable_place(entry.setting))
    yield from found.values()


def _variable_place(setting: Setting) -> Place:
    """The value of an entry; its name where it has none."""
    return setting.node.value_place() if setting.node.is_set else setting.node.place()


def _of_file(service: ComposeService, item: Setting, own: dict[str, Woven]) -> Iterator[ComposeVariable]:
    path_setting = item.get("path") if item.node.is_map else item
    path = within(item.scope.folder, path_setting.known_text or "")
    world = service.world
    text = world.text(path) if path is not None and path in world.kinds else None
    if path is None or text is None:
        return
    is_raw = item.node.get("format").text == "raw"
    entry = path_setting.node.value_place()
    for line in _lines_of(world, path, text, item.scope, {} if len(text) > _LONG else own, is_raw=is_raw):
        if line.value is not None:
            yield ComposeVariable(line.name, line.value, entry, is_of_file=True)


def _lines_of(
    world: World, path: str, text: str, scope: Scope, own: dict[str, Woven], *, is_raw: bool
) -> list[EnvLine]:
    """The variables of a file. One that names no others, or is long, is read once for all services."""
    known, kept = scope.variables, world.fact(_kept_lines)
    key = (path, is_raw, id(scope))
    is_same = not own or "$" not in text
    if is_same and key in kept:
        return kept[key][1]

    def lookup(name: str) -> Woven | None:
        return known.get(name) or own.get(name)

    found = env_lines(path, text, lookup, revision=world.tree.revision, is_raw=is_raw)
    if is_same:
        kept[key] = (scope, found)
    return found


def _kept_lines(world: World) -> dict[tuple[str, bool, int], tuple[Scope, list[EnvLine]]]:
    """Files with variables that have been read; each keeps what it was read with, so that ids stay apart."""
    return {}
