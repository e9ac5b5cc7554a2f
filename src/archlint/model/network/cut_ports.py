"""Ports of Services that policies let nobody in to, although they let somebody in to other ports.

Policies see connections as they arrive at the pod: its port, not that of the Service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService, ServicePort, routing
from archlint.model.network.connectivity.connections import NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.sides import MESH_TUNNELS, PolicySides, policy_sides
from archlint.model.world import World


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
    if not world.all(NetworkPolicy):
        return {}
    sides = world.fact(policy_sides)
    for service, workloads in world.fact(routing).workloads.items():
        for policy, cut in _of_service(service, workloads, sides):
            found[policy].append(cut)
    return dict(found)


def shut_ports(world: World) -> frozenset[tuple[KubernetesService, ServicePort]]:
    """The same ports alone, of which nothing else is told; ask for them with ``world.fact(shut_ports)``."""
    return frozenset((item.service, item.port) for those in world.fact(cut_ports).values() for item in those)


def _of_service(
    service: KubernetesService, workloads: Sequence[Workload], sides: PolicySides
) -> Iterator[tuple[NetworkPolicy, CutPort]]:
    rules = []
    for workload in workloads:
        side, table = sides.of(workload, TrafficDirection.INGRESS), named_ports(workload)
        if side is None:
            return  # some of the pods are open to all, or not all about them is known
        rules += [(item, item.connections(table)) for item in side.rules]
    nearest = next((item for item, _ in rules if item.rule.ports), None)
    if nearest is None:
        return
    admitted = all_of(what for _, what in rules)  # whoever the peers are: they may be elsewhere
    for port in service.ports:
        wanted = all_of(target_of(port, named_ports(workload)) for workload in workloads)
        if wanted and (wanted | MESH_TUNNELS) & admitted == NONE:
            yield nearest.policy, CutPort(service, port, wanted, admitted, nearest.rule)
