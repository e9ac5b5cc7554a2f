"""Names in services of Docker Compose that must be defined in the project: Compose refuses to run it else.

Which files are run together is up to the person who runs them. So a name counts as undefined only if no
Compose file of the repository defines it.

Sources: https://docs.docker.com/reference/compose-file/services/ and what Compose 2 says of a project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose.dependencies import needed, place_of_name
from archlint.model.compose.layers import Layers, Setting
from archlint.model.compose.services import ComposeService
from archlint.model.compose_format import is_first_format
from archlint.model.world import World

_SECTIONS = ("services", "networks", "volumes", "secrets", "configs", "models")
_TEMPLATES = (
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".tpl",
    ".gotmpl",
    ".template",
    ".erb",
    ".hbs",
    ".mustache",
)
_KEY = regex(r"^[ \t]*+(?:- )?[\"']?([\w.-]++)[\"']?:(?=\s)", re.MULTILINE)
_LARGEST = 500_000
_ONE = {
    "services": "service",
    "networks": "network",
    "volumes": "volume",
    "secrets": "secret",
    "configs": "config",
    "models": "model",
}


@dataclass(frozen=True, eq=False)
class ComposeName:
    """A name that a service says, and the section that must define it."""

    service: ComposeService
    key: str
    """The setting that holds the name, such as ``depends_on``."""
    section: str
    name: str
    place: Place

    @classmethod
    def all(cls, world: World) -> Iterable[ComposeName]:
        """Every name of every service, by folder and service."""
        for service in world.all(ComposeService):
            found: dict[tuple[str, str, Place], ComposeName] = {}
            for dependency in chain.from_iterable(needed(variant) for variant in service.variants):
                key, name, place = dependency.key, dependency.name, dependency.place
                found.setdefault((key, name, place), cls(service, key, "services", name, place))
            own = () if is_first_format(service.source.root) else service.variants  # it declares no volumes
            for key, section, name, place in chain.from_iterable(map(_resources, own)):
                found.setdefault((key, name, place), cls(service, key, section, name, place))
            yield from found.values()

    @property
    def source(self) -> Document:
        """The document that says it."""
        document = self.place.source
        return document if isinstance(document, Document) else self.service.source

    @property
    def object(self) -> ObjectRef:
        """What findings are about."""
        return self.service.object

    @property
    def what(self) -> str:
        """What is named, in a word."""
        return _ONE[self.section]


_Resource = tuple[str, str, str, Place]


def _resources(variant: Layers) -> Iterator[_Resource]:
    for section in ("networks", "models"):
        for entry in variant.entries(section).values():
            if entry.name != "default":
                yield section, section, entry.name, place_of_name(entry.setting)
    for key, route in (
        ("secrets", ("secrets",)),
        ("configs", ("configs",)),
        ("secrets", ("build", "secrets")),
    ):
        for item in variant.items(*route):
            named = item if item.node.text is not None else item.get("source")
            if named.known_text:
                yield ".".join(route), key, named.known_text, named.node.value_place()
    for item in variant.items("volumes"):
        found = item.get("source") if item.node.get("type").text == "volume" else item
        name = _volume(found) if found is item else found.known_text
        if name:
            yield "volumes", "volumes", name, found.node.value_place()


def _volume(item: Setting) -> str:
    """The volume that a short entry names; nothing for folders of the machine, and volumes without a name.

    One letter before a colon is a drive of Windows."""
    name, colon, _ = (item.known_text or "").partition(":")
    is_path = name.startswith((".", "/", "~", "\\")) or "/" in name or "\\" in name or "$" in name
    return name if colon and len(name) > 1 and not is_path else ""


def defined_names(world: World) -> dict[str, frozenset[str]]:
    """The names that any file defines, by section; ask with ``world.fact(defined_names)``."""
    found: dict[str, set[str]] = {section: set() for section in _SECTIONS}
    for document in world.documents(Kind.COMPOSE, Kind.DATA):
        for section in _SECTIONS:
            found[section].update(_keys(document.root.get(section)))
        if is_first_format(document.root):
            found["services"].update(_keys(document.root))
    return {section: frozenset(names) for section, names in found.items()}


def templated_names(world: World) -> frozenset[str]:
    """The keys of templates of Compose files; ask with ``world.fact(templated_names)``."""
    found: set[str] = set()
    for path in world.paths(Kind.OTHER):
        if path.endswith(_TEMPLATES):
            text = (world.text(path) or "")[:_LARGEST]
            if "services:" in text or "image:" in text:
                found.update(_KEY.findall(text))
    return frozenset(found)


def _keys(node: Node) -> Iterator[str]:
    yield from (name for name, _ in node.items())
