"""Ports that routes lead to, and the ports that the services there have."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.registry import service_registry
from archlint.model.istio.routing import Destination, VirtualService
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World


@dataclass(frozen=True)
class RoutedPort(ObjectFacet):
    """A destination of a route, with the host's ports as far as all who define it say them."""

    destination: Destination
    ports: tuple[int, ...]
    defined: Node
    """Where they are defined."""

    @classmethod
    def all(cls, world: World) -> Iterator[RoutedPort]:
        """Every destination whose host the repository defines."""
        for service in world.all(VirtualService):
            known: dict[str, tuple[tuple[int, ...], Node] | None] = {}
            for destination in service.destinations:
                host = destination.host
                if host not in known:
                    known[host] = _ports_of(host, service, world)
                found = known[host]
                if found is not None:
                    yield cls(service.base, destination, *found)

    @property
    def number(self) -> Node:
        """The number of the port that the route names."""
        return self.destination.node.get("port", "number")


def _ports_of(host: str, service: VirtualService, world: World) -> tuple[tuple[int, ...], Node] | None:
    items = [entry.item for entry in world.fact(service_registry).find(host, service.namespace)]
    if not items or any(item.kind not in ("Service", "ServiceEntry") for item in items):
        return None
    numbers: list[int | None] = []
    for item in items:
        key = "port" if item.kind == "Service" else "number"
        numbers += [node.get(key).integer for node in item.get("spec", "ports").elements()]
    whole = [number for number in dict.fromkeys(numbers) if number is not None]
    is_whole = bool(whole) and None not in numbers
    return (tuple(whole), items[0].get("spec", "ports")) if is_whole else None
