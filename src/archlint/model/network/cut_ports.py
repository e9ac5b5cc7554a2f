"""Ports of Services that policies let nobody in to, although they let somebody in to other ports.

Policies see connections as they arrive at the pod: its port, not that of the Service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.finding.records import dataclass
from archlint.model.kubernetes.services import KubernetesService, ServicePort
from archlint.model.network.connectivity.connections import NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.connectivity import Connectivity, connectivities
from archlint.model.network.connectivity.editions import editions
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.pods import namespace_of
from archlint.model.network.connectivity.traffic import PolicyTier, TrafficRule
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.selection import has_foreign_policy
from archlint.model.world import World

_INGRESS = TrafficDirection.INGRESS


@dataclass(frozen=True)
class CutPort:
    """A port of a Service to which nobody can connect."""

    service: KubernetesService
    port: ServicePort
    wanted: ConnectionSet
    """Where it leads."""
    admitted: ConnectionSet
    """What the policies let somebody in to."""
    rule: TrafficRule
    """A rule that lets in, to other ports."""


def cut_ports(world: World) -> dict[NetworkPolicy, list[CutPort]]:
    """Those of a world, by the policy whose rule is nearest to letting them in; ask for them with
    ``world.fact(cut_ports)``."""
    found: dict[NetworkPolicy, list[CutPort]] = defaultdict(list)
    for edition, cluster in zip(world.fact(editions), world.fact(connectivities), strict=True):
        services = (item for item in world.all(KubernetesService) if edition.holds(item.base))
        for service in services if cluster.policies else ():
            for policy, cut in _of_service(service, cluster, world):
                if cut not in found[policy]:
                    found[policy].append(cut)
    return dict(found)


def _of_service(
    service: KubernetesService, cluster: Connectivity, world: World
) -> Iterator[tuple[NetworkPolicy, CutPort]]:
    if not service.has_endpoints:
        return
    pods = cluster.pods.with_labels(namespace_of(service.base), service.selector)
    if not pods or pods & cluster.pods.hosts or has_foreign_policy(world, service.namespace):
        return  # nobody knows what else may let in
    admitted = _admitted(pods, cluster)
    nearest = _rule(pods, cluster)
    if admitted is None or nearest is None:
        return
    for port in service.ports:
        wanted = all_of(target_of(port, cluster.pods.classes[number]) for number in numbers(pods))
        if wanted and wanted & admitted == NONE:
            policy, rule = nearest
            yield policy, CutPort(service, port, wanted, admitted, rule)


def _admitted(pods: Bits, cluster: Connectivity) -> ConnectionSet | None:
    """All that rules let in to some of the pods, whoever the peers are: they may be in other repositories.
    ``None`` if some of the pods may be open to all."""
    judge = cluster.judge(_INGRESS, as_taken=False)
    found = NONE
    for number in numbers(pods):
        policies = judge.selecting(number)
        if not any(policy.subjects.sure >> number & 1 for policy in policies):
            return None
        ports = cluster.pods.classes[number].named_ports
        found |= all_of(rule.connections(ports) for policy in policies for rule in policy.rules[_INGRESS])
    return found


def _rule(pods: Bits, cluster: Connectivity) -> tuple[NetworkPolicy, TrafficRule] | None:
    """The first rule for the pods that names ports, with its policy."""
    judge = cluster.judge(_INGRESS, as_taken=False)
    for number in numbers(pods):
        for policy in judge.selecting(number):
            for rule in policy.rules[_INGRESS] if policy.tier is PolicyTier.NETWORK_POLICY else ():
                if rule.ports:
                    return NetworkPolicy(policy.base), rule
    return None
