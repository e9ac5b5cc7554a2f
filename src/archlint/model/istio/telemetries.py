"""Telemetries: which providers they send to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.mesh_config import (
    DEPRECATED_KINDS,
    deprecated_providers,
    mesh_configs,
    root_namespaces,
)
from archlint.model.istio.objects import of_kind
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World

_SECTIONS = ("accessLogging", "tracing", "metrics")


@dataclass(frozen=True)
class Telemetry(ObjectFacet):
    """One Telemetry."""

    @classmethod
    def all(cls, world: World) -> Iterable[Telemetry]:
        """Every Telemetry in the world."""
        return [cls(item) for item in of_kind(world, "Telemetry")]

    def entries(self, section: str) -> Iterator[Node]:
        """The entries of one of its sections."""
        return (node for node in self.base.get("spec", section).elements() if node.is_map)

    @property
    def logs_without_provider(self) -> Iterator[Node]:
        """The entries that ask for access logs and name nobody to send them to."""
        for entry in self.entries("accessLogging"):
            if entry.get("disabled").value is not True and not entry.get("providers").value:
                yield entry

    @property
    def providers(self) -> Iterator[Node]:
        """The names of all its providers."""
        for section in _SECTIONS:
            for entry in self.entries(section):
                for provider in entry.get("providers").elements():
                    if provider.get("name").text:
                        yield provider.get("name")

    def inherits_logging(self, world: World) -> bool:
        """Whether the configuration of the mesh, or another Telemetry of its namespace or of the root one,
        names a provider of access logs."""
        known = world.fact(_logging_namespaces)
        own = any(entry.get("providers").value for entry in self.entries("accessLogging"))
        others = known.get(self.namespace, 0) - own
        others += sum(known.get(root, 0) for root in world.fact(root_namespaces) - {self.namespace})
        return others > 0 or any(_has_default(node) for node in world.fact(mesh_configs))


def _logging_namespaces(world: World) -> Mapping[str | None, int]:
    """How many Telemetries of each namespace name a provider of access logs."""
    return Counter(
        item.namespace
        for item in world.all(Telemetry)
        if any(entry.get("providers").value for entry in item.entries("accessLogging"))
    )


def _has_default(config: Node) -> bool:
    return bool(config.get("defaultProviders", "accessLogging").value or config.get("accessLogFile").text)


def deprecation_of(provider: Node, world: World) -> Node | None:
    """What says that a provider is of a deprecated kind: its definition, or a name that is the kind's."""
    known = world.fact(deprecated_providers)
    if provider.text in known:
        return known[provider.text]
    is_defined = any(
        item.get("name").text == provider.text
        for config in world.fact(mesh_configs)
        for item in config.get("extensionProviders").elements()
    )
    return provider if provider.text in DEPRECATED_KINDS and not is_defined else None
