"""Ports of workloads that several Services lead to in different ways."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.port_names import protocol_class, stated_protocol
from archlint.model.kubernetes import ObjectFacet, Workload
from archlint.model.kubernetes.services import KubernetesService, ServicePort, routing
from archlint.model.services.meshes import meshes
from archlint.model.world import World


@dataclass(frozen=True)
class PortUse:
    """A port of a Service that leads to a port of a workload."""

    service: KubernetesService
    port: ServicePort

    @property
    def number(self) -> int | None:
        """The Service's own port."""
        return self.port.node.get("port").integer

    @property
    def protocol(self) -> str:
        """The protocol that it states; empty if it leaves Istio to find out."""
        return stated_protocol(self.port.node) or ""

    @property
    def word(self) -> Node:
        """What states the protocol."""
        node = self.port.node
        return node.get("appProtocol") if node.get("appProtocol").exists else node.get("name")


@dataclass(frozen=True)
class SharedPort(ObjectFacet):
    """A port of a workload in the mesh that two Services lead to with another port or protocol."""

    workload: Workload
    target: str | int
    one: PortUse
    other: PortUse

    @classmethod
    def all(cls, world: World) -> Iterator[SharedPort]:
        """Every such port of every workload, with the first two that differ."""
        for workload, services in world.fact(routing).services.items():
            if len(services) > 1 and world.fact(meshes).has(workload):
                yield from _shared(workload, services)

    @property
    def have_other_protocols(self) -> bool:
        """Whether the Services state different protocols."""
        return protocol_class(self.one.protocol) != protocol_class(self.other.protocol)

    @property
    def have_other_ports(self) -> bool:
        """Whether the Services have different ports of their own."""
        return self.one.number != self.other.number


def _shared(workload: Workload, services: tuple[KubernetesService, ...]) -> Iterator[SharedPort]:
    first: dict[str | int, PortUse] = {}
    told: set[str | int] = set()
    for service in services:
        for port in service.ports:
            target, use = port.target, PortUse(service, port)
            if target is None or target in told or port.protocol == "UDP":
                continue
            known = first.setdefault(target, use)
            if known.service is service:
                continue
            shared = SharedPort(workload.base, workload, target, known, use)
            differs = shared.have_other_protocols or shared.have_other_ports
            if known.protocol and use.protocol and differs:
                told.add(target)
                yield shared
