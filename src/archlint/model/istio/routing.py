"""Virtual services: their routes, and the destinations that these name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World

NETWORKING_GROUP = "networking.istio.io"
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
class Route:
    """One entry of ``http``, ``tls`` or ``tcp``."""

    protocol: str
    node: Node

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
class VirtualService:
    """One VirtualService."""

    base: KubernetesObject

    @classmethod
    def all(cls, world: World) -> Iterable[VirtualService]:
        """Every virtual service in the world."""
        for item in world.all(KubernetesObject):
            if item.kind == "VirtualService" and item.group == NETWORKING_GROUP:
                yield cls(item)

    @property
    def source(self) -> Document:
        """The document that holds the virtual service."""
        return self.base.source

    @property
    def object(self) -> ObjectRef:
        """Kind, namespace and name."""
        return self.base.object

    @property
    def namespace(self) -> str | None:
        """Its namespace; ``None`` if unknown."""
        return self.base.namespace

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Its routes: HTTP, then TLS, then TCP."""
        return tuple(
            Route(protocol, node)
            for protocol in PROTOCOLS
            for node in self.base.get("spec", protocol).elements()
        )

    @property
    def destinations(self) -> Iterator[Destination]:
        """The destinations of all routes."""
        for route in self.routes:
            yield from route.destinations
