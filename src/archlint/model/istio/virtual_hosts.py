"""Hosts that several virtual services of the mesh claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.gateway_routes import MESH
from archlint.model.istio.hosts import CLUSTER_SUFFIX, service_host
from archlint.model.istio.objects import applied_together
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.visibility import are_seen_together
from archlint.model.world import World


@dataclass(frozen=True)
class HostClaim:
    """A host of a virtual service for sidecars."""

    service: VirtualService
    node: Node


Clashes = Mapping[int, Sequence[tuple[HostClaim, HostClaim]]]
_MOST = 50
"""Virtual services of one host that are held against each other."""


def host_clashes(world: World) -> Clashes:
    """For each virtual service its hosts that another one claims too, with that claim, by the identity of its
    object; ask for them with ``world.fact(host_clashes)``."""
    found: dict[int, dict[str, tuple[HostClaim, HostClaim]]] = defaultdict(dict)
    for _, items in applied_together(world, "VirtualService"):
        by_host: dict[str, list[HostClaim]] = defaultdict(list)
        for service in map(VirtualService, items):
            for node in service.base.get("spec", "hosts").elements() if is_for_sidecars(service) else ():
                if node.text:
                    by_host[_full(node.text, service.namespace)].append(HostClaim(service, node))
        for host, claims in by_host.items():
            for claim in claims[:_MOST]:
                other = _other(claim, claims[:_MOST])
                if other is not None:
                    found[id(claim.service.base)].setdefault(host, (claim, other))
    return {key: tuple(pairs.values()) for key, pairs in found.items()}


def is_for_sidecars(service: VirtualService) -> bool:
    """Whether sidecars follow it: it names no gateway, or ``mesh`` among them."""
    names = [node.text for node in service.base.get("spec", "gateways").elements()]
    return not names or MESH in names


def _other(claim: HostClaim, claims: Sequence[HostClaim]) -> HostClaim | None:
    for other in claims:
        one, second = claim.service.base, other.service.base
        if one is not second and are_seen_together(one, second):
            return other
    return None


def _full(host: str, namespace: str | None) -> str:
    service = service_host(host, namespace)
    if service is None:
        return host
    return f"{service.name}.{service.namespace or '?'}{CLUSTER_SUFFIX}"
