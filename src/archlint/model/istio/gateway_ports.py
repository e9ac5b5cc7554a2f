"""Ports of gateways, and whether the Services in front of their proxies lead there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from archlint.finding.records import dataclass
from archlint.model.istio.gateways import Gateway, GatewayServer
from archlint.model.istio.selection import MeshSelection
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

USUAL_PORTS = frozenset({80, 443, 15021, 15443, 31400})
"""The ports of the Service ``istio-ingressgateway`` of Istio's default installation."""
USUAL_SELECTOR = {"istio": "ingressgateway"}


@dataclass(frozen=True)
class GatewayFront:
    """What stands in front of a gateway: its proxies, and the Services that lead to them."""

    workloads: tuple[Workload, ...]
    services: tuple[KubernetesService, ...]

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The ports that may be meant: those of the Services, and those of the proxies that they lead to.

        Source: Istio's reference of Gateway, Port. Istio takes the number for a port of the Service where it
        has one, and opens the one that it leads to.
        """
        ports = [port for service in self.services for port in service.ports]
        own = (port.node.get("port").integer for port in ports)
        targets = (
            self._named.get(port.target) if isinstance(port.target, str) else port.target for port in ports
        )
        return frozenset(number for number in (*own, *targets) if number is not None)

    @property
    def is_known(self) -> bool:
        """Whether all ports that lead to the proxies are known by number."""
        ports = [port for service in self.services for port in service.ports]
        return (
            bool(self.numbers)
            and all(port.node.get("port").integer is not None for port in ports)
            and all(not isinstance(port.target, str) or port.target in self._named for port in ports)
            and not any(map(_is_open_at_node, self.workloads))
        )

    @cached_property
    def _named(self) -> dict[str, int]:
        """The ports of the proxies by name."""
        return {
            name: number
            for workload in self.workloads
            for container in workload.containers
            for entry in container.get("ports").elements()
            if (name := entry.get("name").text) and (number := entry.get("containerPort").integer)
        }


def _is_open_at_node(workload: Workload) -> bool:
    """Whether clients reach pods by the address of their node, without a Service."""
    entries = (entry for each in workload.containers for entry in each.get("ports").elements())
    is_of_host = workload.pod_spec.get("hostNetwork").value is True
    return is_of_host or any(entry.get("hostPort").is_set for entry in entries)


def front_of(gateway: Gateway, world: World) -> GatewayFront:
    """The proxies of a gateway, as far as the repository defines them, and their Services."""
    workloads = tuple(MeshSelection(gateway.base).workloads(world))
    by_workload = world.fact(routing).services
    services = (service for workload in workloads for service in by_workload.get(workload, ()))
    return GatewayFront(workloads, tuple(dict.fromkeys(services)))


def closed_servers(gateway: Gateway, world: World) -> Iterator[tuple[GatewayServer, GatewayFront]]:
    """The servers whose port no Service of the proxies leads to. Proxies that are kept apart from the gateway
    may be others than those that it is for, which Istio's installation brings with its usual ports."""
    front = front_of(gateway, world)
    sets = world.fact(deployment_sets)
    is_apart = not any(sets.are_together(gateway.base, item.base) for item in front.services)
    usual = USUAL_PORTS if is_apart and gateway.selector == USUAL_SELECTOR else frozenset[int]()
    if front.is_known:
        for server in gateway.servers:
            if server.port is not None and server.port not in front.numbers | usual:
                yield server, front
