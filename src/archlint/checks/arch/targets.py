"""Addresses that workloads are given, against the Services that there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.services import protocols
from archlint.model.services.absence import Absence, absence
from archlint.model.services.grouping import service_groups
from archlint.model.services.protocols import EdgeKind
from archlint.model.services.references import Channel, Reference
from archlint.model.services.resolution import (
    ClusterName,
    ServiceNames,
    cluster_names,
    has_open_ports,
    ports_of,
    service_names,
)
from archlint.model.world import World

_ADDRESS_SCHEMES = frozenset({"tcp", "udp", "tls", "ssl", "ldap", "ldaps", "smtp", "smtps", "syslog"})
_NO_SERVICE = frozenset(
    {"localhost", "kubernetes", "host", "hostname", "example", "changeme", "placeholder", "none"}
)


_MOST_RELATED = 10
"""Places that a finding lists."""


@join(Reference)
def call_target_undefined(reference: Reference, world: World, options: Options) -> Iterator[Observation]:
    """A variable whose address names a Service that nothing defines."""
    names = world.fact(service_names)
    if not names.by_name or not _is_judged(reference):
        return
    asker = reference.workload.base
    wanted = _wanted(reference, names)
    if wanted is None or names.resolve(reference.address.host, asker):
        return
    similar = world.fact(_similar_names).nearest_or_beginning(wanted.name)
    is_sure = reference.address.scheme or reference.names_a_peer
    if reference.port_node is not None:  # others' databases are often given so: only what is misspelt
        is_sure = similar is not None and wanted.name not in names.by_name
        similar = similar if is_sure else None
    if not is_sure and similar is None:
        return
    elsewhere = [item for item in names.by_name.get(wanted.name, ()) if item.namespace is not None]
    hidden: Absence = world.fact(absence)
    if not elsewhere and not hidden.is_certain("Service", wanted.name, asker):
        return
    is_apart = wanted.namespace not in (None, asker.namespace) and similar is None
    if not elsewhere and is_apart and _is_store_from_elsewhere(reference, world):
        return
    yield observe(
        reference.node.value_place(),
        related=[
            (item.node.get("metadata", "name").value_place(), "in another namespace")
            for item in elsewhere[:_MOST_RELATED]
        ],
        variable=reference.name,
        target=reference.address.authority,
        service=wanted.name,
        hint=_hint(wanted, asker, elsewhere, similar),
    )


@join(Reference)
def call_port_undefined(reference: Reference, world: World, options: Options) -> Iterator[Observation]:
    """A variable whose address names a Service, and a port that it does not have."""
    if reference.channel not in (Channel.ENVIRONMENT, Channel.SECRET) or not reference.is_call:
        return
    port = reference.port
    found = world.fact(service_names).resolve(reference.address.host, reference.workload.base)
    if port is None or not found or any(has_open_ports(service) for service in found):
        return
    ports = sorted({number for service in found for number in ports_of(service)})
    if port in ports or is_patched(world, found, port):
        return
    beside = reference.port_node
    yield observe(
        (beside or reference.node).value_place(),
        related=[
            *([(reference.node.value_place(), "the host")] if beside else []),
            *(
                (item.get("spec", "ports").place(), "the ports of the Service")
                for item in found[:_MOST_RELATED]
            ),
        ],
        variable=reference.name,
        service=found[0].name,
        port=port,
        ports=" and ".join(map(str, ports)) if len(ports) < 3 else ", ".join(map(str, ports)),
    )


def _is_store_from_elsewhere(reference: Reference, world: World) -> bool:
    """Whether an address is of a database or broker of a kind that no manifest runs: in a namespace of its
    own, all of that kind are installed by other means, under names that they choose."""
    address = reference.address
    protocol = protocols.of_scheme(address.scheme) or protocols.of_port(address.effective_port)
    if protocol is None or protocols.edge_kind(protocol) is EdgeKind.SYNC:
        return False
    return protocol not in world.fact(_stores_here)


def _stores_here(world: World) -> frozenset[str]:
    """What the databases and brokers speak that manifests run."""
    return frozenset(
        filter(None, (service.store_protocol for service in world.fact(service_groups).services))
    )


def _similar_names(world: World) -> SimilarNames:
    return SimilarNames(world.fact(service_names).by_name)


def _is_judged(reference: Reference) -> bool:
    """Whether a value is surely an address to connect to: a variable's, with a port, there or in the variable
    beside it, or a scheme."""
    address = reference.address
    if (
        reference.channel not in (Channel.ENVIRONMENT, Channel.SECRET)
        or not reference.is_call
        or address.is_ip
    ):
        return False
    if address.scheme:
        return address.scheme in _ADDRESS_SCHEMES or protocols.of_scheme(address.scheme) is not None
    return address.port is not None or reference.port_node is not None


def _wanted(reference: Reference, names: ServiceNames) -> ClusterName | None:
    """The Service that a host can only mean; ``None`` for hosts outside of what the repository deploys."""
    readings = [item for item in cluster_names(reference.address.host) if item.is_certain]
    if not readings or _names_no_service(readings[0].name):
        return None
    wanted = readings[0]
    if wanted.namespace is not None and wanted.namespace not in names.own_namespaces:
        return None
    return wanted


def _names_no_service(name: str) -> bool:
    """Whether no Service can have a name, or it is a placeholder: ``your-host``, ``frontend_ip_address``."""
    return name in _NO_SERVICE or "_" in name or name.isdigit() or name.startswith("your-")


def _hint(
    wanted: ClusterName, asker: KubernetesObject, elsewhere: Sequence[KubernetesObject], similar: str | None
) -> str:
    if elsewhere:
        here = wanted.namespace or asker.namespace
        there = elsewhere[0].namespace
        return f" in namespace '{here}'. It is in '{there}': write '{wanted.name}.{there}'."
    return f". Did you mean '{similar}'?" if similar else ". Name one that exists, or define it."


def is_patched(world: World, found: Sequence[KubernetesObject], port: int) -> bool:
    """Whether a kustomize patch speaks of one of the Services and of the port."""
    text = world.fact(patch_text)
    return str(port) in text and any(service.name in text for service in found)
