"""The services that must be there before another one is started."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.compose.layers import Layers, Setting

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")
_OF_SERVICE = "service:"


@dataclass(frozen=True, eq=False)
class Dependency:
    """A service that another one is started after."""

    name: str
    place: Place
    condition: str = "service_started"
    is_required: bool = True
    key: str = "depends_on"
    """The setting that says so."""


def needed(variant: Layers) -> Iterator[Dependency]:
    """The services that must be there before this one: told by order, links, and shared namespaces."""
    for entry in variant.entries("depends_on").values():
        yield Dependency(
            entry.name,
            place_of_name(entry.setting),
            entry.setting.get("condition").known_text or "service_started",
            entry.setting.get("required").node.value is not False,
        )
    for item in variant.items("links"):
        yield from _dependency("links", (item.known_text or "").partition(":")[0], item)
    for item in variant.items("volumes_from"):
        text = item.known_text or ""
        if not text.startswith("container:"):
            yield from _dependency("volumes_from", text.partition(":")[0], item)
    for key in _NAMESPACES:
        setting = variant.setting(key)
        text = (setting.known_text if setting else None) or ""
        if setting is not None and text.startswith(_OF_SERVICE):
            yield from _dependency(key, text.removeprefix(_OF_SERVICE), setting)


def place_of_name(setting: Setting) -> Place:
    """Where the name of an entry is written: its key in a map, the item in a list."""
    is_item = isinstance(setting.node.route[-1], int)
    return setting.node.value_place() if is_item else setting.node.place()


def _dependency(key: str, name: str, setting: Setting) -> Iterator[Dependency]:
    if name:
        yield Dependency(name, setting.node.value_place(), key=key)
