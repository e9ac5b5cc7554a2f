"""Addresses inside of the cluster that contracts name as their servers.

Sources: OpenAPI, Server Object; Kubernetes, "DNS for Services and Pods".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.openapi import Contract
from archlint.model.services.absence import Absence, absence
from archlint.model.services.addresses import Address, addresses_of_value
from archlint.model.services.resolution import (
    ClusterName,
    ServiceNames,
    cluster_names,
    has_open_ports,
    ports_of,
    service_names,
)
from archlint.model.world import World

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, eq=False)
class ClusterServer:
    """A server of a contract whose host is one of the cluster's names, and that is not there."""

    contract: Contract
    node: Node
    """The URL."""
    address: Address
    name: str
    """The name of the Service."""
    fronts: tuple[KubernetesObject, ...]
    """The Services of that name, which lack the port; none if there is no such Service."""
    similar: str | None
    """A Service that is spelt alike."""

    @classmethod
    def all(cls, world: World) -> Iterable[ClusterServer]:
        """Every such server."""
        names: ServiceNames = world.fact(service_names)
        if not names.by_name:
            return
        for contract in world.all(Contract):
            for server in contract.root.get("servers").elements():
                yield from _missing(contract, server.get("url"), names, world)

    @property
    def source(self) -> Document:
        """The contract."""
        return self.contract.document

    @property
    def object(self) -> ObjectRef:
        """The contract."""
        return self.contract.object

    @property
    def ports(self) -> list[int]:
        """The ports that there are."""
        return sorted({number for front in self.fronts for number in ports_of(front)})


def _missing(contract: Contract, url: Node, names: ServiceNames, world: World) -> Iterator[ClusterServer]:
    addresses = addresses_of_value(url.text or "") if "{" not in (url.text or "{") else []
    address = addresses[0] if len(addresses) == 1 else None
    readings = [item for item in cluster_names(address.host) if item.is_certain] if address else []
    if address is None or not readings or address.scheme not in _PORTS:
        return
    wanted = readings[0]
    found = [item for item in names.by_name.get(wanted.name, ()) if _is_in(item, wanted.namespace)]
    if found:
        port = address.port or _PORTS[address.scheme]
        if not any(has_open_ports(item) or port in ports_of(item) for item in found):
            yield ClusterServer(contract, url, address, wanted.name, tuple(found), None)
        return
    similar = world.fact(_similar).nearest(wanted.name)
    hidden: Absence = world.fact(absence)
    if _is_ours(wanted, names, similar) and hidden.is_certain("Service", wanted.name, None):
        yield ClusterServer(contract, url, address, wanted.name, (), similar)


def _is_in(front: KubernetesObject, namespace: str | None) -> bool:
    return namespace is None or front.namespace in (None, namespace)


def _is_ours(wanted: ClusterName, names: ServiceNames, similar: str | None) -> bool:
    """Whether a name can only mean a Service of the repository: by its namespace, or nearly right."""
    if wanted.namespace is not None:
        return wanted.namespace in names.own_namespaces
    return similar is not None


def _similar(world: World) -> SimilarNames:
    return SimilarNames(world.fact(service_names).by_name)
