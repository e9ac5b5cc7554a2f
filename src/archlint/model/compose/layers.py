"""A service as several definitions of it together say: its bases (``extends``), its file, and overrides.

A scalar of a later layer replaces that of an earlier one, maps are merged by key, lists are appended, and
commands are replaced whole. ``!reset`` takes away what earlier layers say, ``!override`` puts its own in
their place.

Source: https://docs.docker.com/reference/compose-file/merge/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.documents import MISSING, Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose.files import ComposeFile, Scope, within
from archlint.model.compose.woven import Woven
from archlint.model.compose_format import services_in
from archlint.model.world import World

_TAG = regex(r"(?:\s|[:,]|[&!](?!reset\b|override\b)[^\s,\[\]{}]*+|#[^\n]*+)*+!(reset|override)(?![\w-])")
_REPLACED = frozenset({"command", "entrypoint"})
_MOST_BASES = 50
"""Services that one may extend one after the other."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One definition of a service, and what its file is read with."""

    node: Node
    scope: Scope


@dataclass(frozen=True, eq=False)
class Setting:
    """A value of a service."""

    node: Node
    scope: Scope

    @property
    def text(self) -> Woven | None:
        """The text of a scalar with its variables replaced."""
        return self.scope.text(self.node)

    @property
    def known_text(self) -> str | None:
        """The text of a scalar, if all of it is known."""
        return self.scope.known_text(self.node)

    def get(self, *route: str) -> Setting:
        """A value below it."""
        return Setting(self.node.get(*route), self.scope)


@dataclass(frozen=True, eq=False)
class Entry:
    """An entry of a map that may be written as a list of ``NAME=value`` or of names."""

    name: str
    value: Woven | None
    """``None`` for a name alone, a null, and what is no scalar."""
    setting: Setting
    """The value in a map, the item in a list."""


class Layers:
    """The definitions of one service, the earliest first."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)

    def setting(self, *route: str) -> Setting | None:
        """The value that the last layer gives to a scalar; ``None`` where none does."""
        found = [item for item in self._stack(route) if item.node.is_set or route[0] in _REPLACED]
        return found[-1] if found and found[-1].node.is_set else None

    def build(self) -> tuple[Setting, Setting | None] | None:
        """The last setting that says where the service is built, and the folder that it names."""
        found = [item for item in self._stack(("build",)) if item.node.text is not None or item.node.is_map]
        named = [item if item.node.text is not None else item.get("context") for item in found]
        folders = [item for item in named if item.node.exists]
        return (found[-1], folders[-1] if folders else None) if found else None

    def text(self, *route: str) -> str | None:
        """The text of a scalar, if all of it is known."""
        found = self.setting(*route)
        return None if found is None else found.known_text

    def items(self, *route: str) -> list[Setting]:
        """All items of a list, each once, the last where the first stands; a scalar where a list may stand is
        one of them."""
        found: dict[str, Setting] = {}
        for setting in self._stack(route):
            nodes = [setting.node] if setting.node.text is not None else setting.node.elements()
            for node in nodes:
                found[_identity(node)] = Setting(node, setting.scope)
        return list(found.values())

    def entries(self, *route: str) -> dict[str, Entry]:
        """All entries of a map, by name."""
        found: dict[str, Entry] = {}
        for setting in self._stack(route):
            for entry in _entries(setting):
                if tag_of(entry.setting.node) == "reset":
                    found.pop(entry.name, None)
                else:
                    found[entry.name] = entry
        return found

    def _stack(self, route: Sequence[str]) -> Iterator[Setting]:
        found: list[Setting] = []
        for layer in self.layers:
            for depth in range(1, len(route) + 1):
                tag = tag_of(layer.node.get(*route[:depth]))
                if tag:
                    found.clear()
                if tag == "reset":
                    break
            else:
                node = layer.node.get(*route)
                if node.exists:
                    found.append(Setting(node, layer.scope))
        yield from found


def _identity(node: Node) -> str:
    """What tells items of a list apart: a file with variables has two forms."""
    return node.text or node.get("path").text or repr(node.value)


def _entries(setting: Setting) -> Iterator[Entry]:
    for name, node in setting.node.items():
        yield Entry(name, setting.scope.text(node), Setting(node, setting.scope))
    for node in setting.node.elements():
        text = setting.scope.text(node)
        if text is not None:
            name, equals, _ = text.text.partition("=")
            value = text.cut(len(name) + 1) if equals else None
            yield Entry(name, value, Setting(node, setting.scope))


def tag_of(node: Node) -> str:
    """``reset`` or ``override`` where the value of a map's entry is tagged so."""
    document, route = node.document, node.route
    if node.value is MISSING or not route or isinstance(route[-1], int) or document.path.endswith(".json"):
        return ""
    key = document.marks.key(route)
    if key is None:
        return ""
    found = _TAG.match(document.text, key[1])
    return found[1] if found else ""


def layers_of(world: World, name: str, files: Sequence[ComposeFile]) -> Layers:
    """What files say of a service together, in the order in which they are merged."""
    found: list[Layer] = []
    for file in files:
        services = services_in(file.root)
        node = services.get(name)
        if "reset" in (tag_of(services), tag_of(node)):
            found.clear()
        elif node.is_map:
            if tag_of(node) == "override":
                found.clear()
            found += with_bases(world, Layer(node, file.scope))
    return Layers(found)


def with_bases(world: World, layer: Layer) -> list[Layer]:
    """A definition after those that it extends."""
    found = [layer]
    seen = {_key(layer)}
    for _ in range(_MOST_BASES):
        base = base_of(world, found[-1])
        if base is None or _key(base) in seen:
            break
        seen.add(_key(base))
        found.append(base)
    return found[::-1]


def base_of(world: World, layer: Layer) -> Layer | None:
    """The definition that another one extends; ``None`` if there is none, or it is not here."""
    extends = layer.node.get("extends")
    name = layer.scope.known_text(extends if extends.text is not None else extends.get("service"))
    if name is None:
        return None
    document, scope = layer.node.document, layer.scope
    if extends.get("file").exists:
        path = within(scope.folder, scope.known_text(extends.get("file")) or "")
        found = world.document(path) if path is not None and path in world.kinds else None
        if found is None:
            return None
        document, scope = found, Scope(found.path.rpartition("/")[0], scope.variables)
    node = services_in(document.root).get(name)
    return Layer(node, scope) if node.is_map else None


def _key(layer: Layer) -> tuple[str, tuple[str | int, ...]]:
    return (layer.node.document.path, layer.node.route)
