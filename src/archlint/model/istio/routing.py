"""Virtual services: their routes, and the destinations that these name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.objects import of_kind
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World

PROTOCOLS = ("http", "tls", "tcp")


@dataclass(frozen=True)
class Destination:
    """One place that a route sends traffic to."""

    node: Node
    """The ``destination`` (of a mirror the ``mirror``) map."""

    @property
    def host(self) -> str:
        """The host as written; empty if there is none."""
        return self.node.get("host").text or ""

    @property
    def subset(self) -> str:
        """The subset; empty if none is named."""
        return self.node.get("subset").text or ""


@dataclass(frozen=True)
class TrafficRoute:
    """One entry of ``http``, ``tls`` or ``tcp``."""

    protocol: str
    node: Node

    @property
    def is_delegated(self) -> bool:
        """Whether the routes of another virtual service stand in its place, with their own conditions."""
        return self.node.get("delegate").is_set

    @property
    def weighted(self) -> tuple[Node, ...]:
        """The entries of ``route``, each with a destination and perhaps a weight."""
        return tuple(entry for entry in self.node.get("route").elements() if entry.is_map)

    @property
    def destinations(self) -> Iterator[Destination]:
        """All destinations, mirrors included."""
        for entry in self.weighted:
            yield Destination(entry.get("destination"))
        if self.protocol == "http":
            if self.node.get("mirror").is_map:
                yield Destination(self.node.get("mirror"))
            for entry in self.node.get("mirrors").elements():
                yield Destination(entry.get("destination"))


@dataclass(frozen=True)
class VirtualService(ObjectFacet):
    """One VirtualService."""

    @classmethod
    def all(cls, world: World) -> Iterable[VirtualService]:
        """Every virtual service in the world."""
        return [cls(item) for item in of_kind(world, "VirtualService")]

    @cached_property
    def routes(self) -> tuple[TrafficRoute, ...]:
        """Its routes: HTTP, then TLS, then TCP."""
        return tuple(
            TrafficRoute(protocol, node)
            for protocol in PROTOCOLS
            for node in self.base.get("spec", protocol).elements()
        )

    @property
    def destinations(self) -> Iterator[Destination]:
        """The destinations of all routes."""
        for route in self.routes:
            yield from route.destinations
