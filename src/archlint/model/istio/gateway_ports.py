"""Ports of gateways, and whether the Services in front of their proxies lead there."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding.records import dataclass
from archlint.model.istio.gateways import Gateway, GatewayServer
from archlint.model.istio.selection import MeshSelection
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.world import World

USUAL_PORTS = frozenset({80, 443, 15021, 15443, 31400})
"""The ports of the Service ``istio-ingressgateway`` of Istio's default installation."""
USUAL_SELECTOR = {"istio": "ingressgateway"}


@dataclass(frozen=True)
class GatewayFront:
    """What stands in front of a gateway: its proxies, and the Services that lead to them."""

    workloads: tuple[Workload, ...]
    services: tuple[KubernetesService, ...]

    @property
    def targets(self) -> set[str | int | None]:
        """The ports of the proxies that the Services lead to."""
        return {port.target for service in self.services for port in service.ports}

    @property
    def numbers(self) -> set[int]:
        """Those that are known by number: named ones are looked up in the proxies' containers."""
        named = {
            entry.get("name").text: entry.get("containerPort").integer
            for workload in self.workloads
            for container in workload.containers
            for entry in container.get("ports").elements()
        }
        found = (named.get(target) if isinstance(target, str) else target for target in self.targets)
        return {number for number in found if number is not None}

    @property
    def is_known(self) -> bool:
        """Whether all ports are known by number."""
        return bool(self.services) and len(self.numbers) >= len(self.targets)


def front_of(gateway: Gateway, world: World) -> GatewayFront:
    """The proxies of a gateway, as far as the repository defines them, and their Services."""
    workloads = tuple(MeshSelection(gateway.base).workloads(world))
    by_workload = world.fact(routing).services
    services = (service for workload in workloads for service in by_workload.get(workload, ()))
    return GatewayFront(workloads, tuple(dict.fromkeys(services)))


def closed_servers(gateway: Gateway, world: World) -> Iterator[tuple[GatewayServer, GatewayFront]]:
    """The servers whose port no Service of the proxies leads to."""
    front = front_of(gateway, world)
    if front.is_known:
        for server in gateway.servers:
            if server.port is not None and server.port not in front.numbers:
                yield server, front
