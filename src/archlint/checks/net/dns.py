"""Egress that is restricted and leaves out DNS."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.net.wording import enumeration
from archlint.model.network import NetworkPolicy, TrafficDirection
from archlint.model.network.blocked_dns import BlockedDns, blocked_dns
from archlint.model.network.dns import DnsReach, rule_dns_reach
from archlint.model.world import World


@join(NetworkPolicy)
def egress_blocks_dns(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A policy whose pods may connect to something, and to no name server by any policy."""
    blocked = world.fact(blocked_dns).get(policy)
    if blocked is None:
        return
    related = [
        (other.pod_selector.place(), "selects the same pods and does not allow DNS either")
        for other in blocked.others
    ]
    best = max(policy.rules(TrafficDirection.EGRESS), key=lambda rule: rule_dns_reach(rule, policy.namespace))
    reach = rule_dns_reach(best, policy.namespace)
    message, place = "default", policy.rules_node(TrafficDirection.EGRESS).place()
    if reach is DnsReach.TCP_ONLY:
        message, place = "tcp-only", best.node.get("ports").place()
    elif reach is DnsReach.OWN_NAMESPACE:
        message, place = "own-namespace", best.peers_node.place()
    yield observe(place, message, related=related, identity=("dns",), pods=_pods(blocked))


def _pods(blocked: BlockedDns) -> str:
    names = list(dict.fromkeys(f"'{workload.name}'" for workload in blocked.workloads))
    return f"the pods of {enumeration(names)}" if names else "the pods that it selects"
