"""Calls: addresses in the configuration of workloads that are surely ones to connect to, with the Services
that they mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.services.addresses import Address
from archlint.model.services.grouping import service_groups
from archlint.model.services.references import Channel, Reference
from archlint.model.services.resolution import ServiceNames, ports_of, service_names
from archlint.model.world import World

_NO_HOST = (".svc", ".cluster.local", ".localhost", ".localdomain", ".docker.internal", ".local", ".invalid")


@dataclass(frozen=True)
class Call:
    """An address that one workload connects to."""

    reference: Reference
    fronts: tuple[KubernetesObject, ...]
    """The Services that it may mean."""


def is_meant(reference: Reference, found: Sequence[KubernetesObject]) -> bool:
    """Whether an address is surely one to connect to. In arguments and files a word may have the name of a
    Service by chance, so the port must be one of its ports unless a scheme or the full name stands there."""
    if not reference.is_call:
        return False
    address = reference.address
    if reference.channel in (Channel.ENVIRONMENT, Channel.SECRET):
        return True
    if address.scheme or ".svc" in address.host:
        return True
    return any(address.port in ports_of(front) for front in found)


def leads_outside(reference: Reference, names: ServiceNames) -> bool:
    """Whether a host that no Service has is one outside of the cluster, and is called."""
    is_configured = reference.channel in (Channel.ENVIRONMENT, Channel.SECRET)
    return is_configured and reference.is_call and is_outside_host(reference.address, names)


def is_outside_host(address: Address, names: ServiceNames) -> bool:
    """Whether the host of an address is a domain name that no namespace of the repository ends."""
    labels = address.host.split(".")
    is_named = len(labels) > 1 and labels[-1].isalpha() and len(labels[-1]) > 1 and not address.is_ip
    is_inside = address.host.endswith(_NO_HOST) or labels[-1] in names.namespaces
    return is_named and not is_inside and bool(address.scheme or address.port)


def leads_elsewhere(reference: Reference, names: ServiceNames) -> bool:
    """Whether a host that is called is that of a Service which another repository describes."""
    is_configured = reference.channel in (Channel.ENVIRONMENT, Channel.SECRET)
    return is_configured and reference.is_call and is_elsewhere(reference.address, names)


def is_elsewhere(address: Address, names: ServiceNames) -> bool:
    """Whether the host of an address is that of a Service in a namespace that the repository does not have:
    in the same cluster, and described in another repository."""
    labels = address.host.removesuffix(".cluster.local").split(".")
    is_full = len(labels) == 3 and labels[2] == "svc" and all(labels)
    return is_full and labels[1] not in names.namespaces and not {*address.host} & {*"$%{}<>*"}


def sure_calls(world: World) -> tuple[Call, ...]:
    """The calls of which nothing is doubtful: each address is written for one caller alone, and no peer in a
    list that a file holds. Ask for them with ``world.fact(sure_calls)``."""
    groups, names = world.fact(service_groups), world.fact(service_names)
    takers: dict[Place, set[object]] = defaultdict(set)
    found: list[tuple[Place, Call]] = []
    for reference in world.all(Reference):
        place = reference.node.value_place()
        takers[place].add(groups.of_workload(reference.workload).key)
        if reference.channel is Channel.FILE or reference.is_at_hand:
            continue
        fronts = names.resolve(reference.address.host, reference.workload.base)
        if fronts and is_meant(reference, fronts):
            found.append((place, Call(reference, tuple(fronts))))
    return tuple(call for place, call in found if len(takers[place]) == 1)
