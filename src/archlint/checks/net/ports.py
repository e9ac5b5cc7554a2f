"""Ports of network policies: names that no pod has, and ports of Services that are left shut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.ports import container_ports
from archlint.model.network import NetworkPolicy, TrafficDirection
from archlint.model.network.cut_ports import cut_ports
from archlint.model.network.labels import numbers
from archlint.model.network.policies import PolicyRule
from archlint.model.network.selection import policy_selection
from archlint.model.world import World


@join(NetworkPolicy)
def policy_port_undefined(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A port by a name that none of the pods has which the rule leads to."""
    for direction in TrafficDirection:
        for rule in policy.rules(direction):
            named = [port for port in rule.ports or () if port.name and not is_placeholder(port.name)]
            pods = _called(policy, rule, world) if named else []
            known = {
                (item.name, item.protocol)
                for workload in pods
                for container in workload.containers
                for item in container_ports(container)
            }
            for port in named:
                if pods and (port.name, port.protocol) not in known:
                    yield observe(
                        port.node.get("port").place(),
                        related=[(pods[0].base.node.place(), "its containers declare no such port")],
                        policy=policy.name,
                        port=str(port),
                        pods=f"{pods[0].kind} '{pods[0].name}'"
                        + (f" and {len(pods) - 1} more" if len(pods) > 1 else ""),
                    )


def _called(policy: NetworkPolicy, rule: PolicyRule, world: World) -> Sequence[Workload]:
    """The workloads whose ports a rule means; none if others may be meant as well."""
    selection = world.fact(policy_selection)
    if rule.direction is TrafficDirection.INGRESS:
        chosen = selection.surely_meant_by(policy)
    else:
        chosen = 0
        for peer in rule.peers:
            selector = peer.get("podSelector")
            if not selector.is_map or peer.get("namespaceSelector").is_set:
                return []
            chosen |= selection.selected(policy.namespace, selector)
    return [selection.workloads[number] for number in numbers(chosen)]


@join(NetworkPolicy)
def service_port_cut_off(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A port of a Service that no policy of its pods lets anybody in to."""
    for cut in world.fact(cut_ports).get(policy, ()):
        target = cut.port.node.get("targetPort")
        shown = target if target.is_set else cut.port.node.get("port")
        yield observe(
            cut.rule.node.get("ports").place(),
            related=[(shown.place(), "leads there")],
            identity=(cut.service.name, str(cut.wanted)),
            service=cut.service.name,
            wanted=str(cut.wanted),
            admitted=str(cut.admitted),
        )
