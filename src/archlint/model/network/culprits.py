"""Which part of the policies that cut something has to be edited."""

from __future__ import annotations

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.network.connectivity.connections import ConnectionSet
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.network.dns import is_dns_only
from archlint.model.network.labels import Bits
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.sides import Side


@dataclass(frozen=True)
class Culprit:
    """What of the policies of one side is nearest to letting a call through."""

    direction: TrafficDirection
    policy: NetworkPolicy
    node: Node


def nearest(side: Side, peers: Bits, wanted: ConnectionSet, callee: Workload) -> Culprit:
    """The place to edit: the ports of a rule that names the other side, else the peers of one that opens the
    ports, else the rules of a policy that has some."""
    own = side.own_rules
    naming = [item for item in own if item.peers & peers and item.rule.ports and not is_dns_only(item.rule)]
    named = min(naming, key=lambda item: item.peers.bit_count(), default=None)
    if named is not None:
        return Culprit(side.direction, named.policy, named.rule.node.get("ports"))
    opened = next(
        (item for item in own if item.rule.ports and item.connections(named_ports(callee)) & wanted), None
    )
    if opened is not None:
        return Culprit(side.direction, opened.policy, opened.rule.peers_node)
    policy = next((item for item in side.isolating if item.rules(side.direction)), side.isolating[0])
    rules = policy.rules_node(side.direction)
    types = policy.policy_types
    node = rules if rules.exists else types if types.exists else policy.base.get("spec")
    return Culprit(side.direction, policy, node)
