"""Ports of Services that policies let nobody in to, although they let somebody in to other ports.

Policies see connections as they arrive at the pod: its port, not that of the Service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService, ServicePort, routing
from archlint.model.network.connectivity.connections import NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.editions import company
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.network_policies import connections_of
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.network.labels import numbers
from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.selection import has_foreign_policy, is_on_pod_network, policy_selection
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
    rule: PolicyRule
    """A rule that lets in, to other ports."""


def cut_ports(world: World) -> dict[NetworkPolicy, list[CutPort]]:
    """Those of a world, by the policy whose rule is nearest to letting them in; ask for them with
    ``world.fact(cut_ports)``."""
    found: dict[NetworkPolicy, list[CutPort]] = defaultdict(list)
    isolating = _isolating(world)
    for service, workloads in world.fact(routing).workloads.items() if isolating else ():
        for policy, cut in _of_service(service, workloads, isolating, world):
            found[policy].append(cut)
    return dict(found)


def _isolating(world: World) -> Mapping[Workload, Sequence[NetworkPolicy]]:
    """The policies that may say who connects to pods, by workload, where some of them surely does."""
    selection, meeting = world.fact(policy_selection), world.fact(company)
    found: dict[int, list[NetworkPolicy]] = defaultdict(list)
    surely = 0
    for policy in world.all(NetworkPolicy):
        if _INGRESS in policy.directions:
            surely |= selection.meant_by(policy)
            for number in numbers(selection.selected_by(policy)):
                if meeting.may_meet(policy.base, selection.workloads[number].base):
                    found[number].append(policy)
    return {selection.workloads[number]: found[number] for number in numbers(surely) if number in found}


def _of_service(
    service: KubernetesService,
    workloads: Sequence[Workload],
    isolating: Mapping[Workload, Sequence[NetworkPolicy]],
    world: World,
) -> Iterator[tuple[NetworkPolicy, CutPort]]:
    if not all(item in isolating and is_on_pod_network(item) for item in workloads):
        return  # some of the pods are open to all
    rules = [
        (policy, rule, connections_of(rule, named_ports(workload)))
        for workload in workloads
        for policy in isolating[workload]
        for rule in policy.rules(_INGRESS)
    ]
    nearest = next(((policy, rule) for policy, rule, _ in rules if rule.ports), None)
    if nearest is None or has_foreign_policy(world, service.namespace):
        return  # nobody knows what else may let in
    admitted = all_of(what for _, _, what in rules)  # whoever the peers are: they may be elsewhere
    for port in service.ports:
        wanted = all_of(target_of(port, named_ports(workload)) for workload in workloads)
        if wanted and wanted & admitted == NONE:
            policy, rule = nearest
            yield policy, CutPort(service, port, wanted, admitted, rule)
