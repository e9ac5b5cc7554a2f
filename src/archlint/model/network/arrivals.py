"""Where a call of a Service arrives at its pods."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.model.kubernetes.services import KubernetesService, ServicePort
from archlint.model.network.connectivity.connections import ConnectionSet, all_of
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.traffic import PortTable
from archlint.model.services.addresses import Address
from archlint.model.services.resolution import is_headless


def called_ports(address: Address, service: KubernetesService) -> list[ServicePort]:
    """The ports of a Service that an address means: all of them if it names none."""
    port = address.effective_port
    return [item for item in service.ports if port is None or item.node.get("port").integer == port]


def arrival(
    address: Address, service: KubernetesService, ports: Iterable[ServicePort], table: PortTable
) -> ConnectionSet:
    """Where a call of some ports arrives at pods, by their port names; the name of a headless Service means
    the pods themselves."""
    wanted, port = all_of(target_of(item, table) for item in ports), address.effective_port
    if is_headless(service.base) and port is not None:
        return wanted | ConnectionSet.to_port("TCP", port)
    return wanted
