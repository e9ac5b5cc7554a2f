"""NetworkPolicies, with their defaults, in the form of all policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.model.network.connectivity.bounded import NOTHING, BoundedSet, exactly
from archlint.model.network.connectivity.connections import ALL, ConnectionSet, all_of
from archlint.model.network.connectivity.external import AddressSet, External, block_addresses
from archlint.model.network.connectivity.pods import Pods, any_of, namespace_of
from archlint.model.network.connectivity.traffic import (
    PolicyTier,
    PortMatch,
    PortTable,
    RuleAction,
    TrafficPolicy,
    TrafficRule,
)
from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection


def blocks_of(policy: NetworkPolicy, direction: TrafficDirection) -> Iterator[AddressSet]:
    """What the ``ipBlock`` peers of a policy cover."""
    for rule in policy.rules(direction):
        for peer in rule.peers:
            found = block_addresses(peer.get("ipBlock"))
            if found is not None:
                yield found


def lowered(
    policy: NetworkPolicy, pods: Pods, external: Mapping[TrafficDirection, External]
) -> TrafficPolicy:
    """A NetworkPolicy. A part of it that the API server refuses selects nobody and allows nothing."""
    namespace = namespace_of(policy.base)
    rules = {
        direction: tuple(
            _rule(rule, namespace, pods, external[direction]) for rule in policy.rules(direction)
        )
        for direction in TrafficDirection
    }
    subjects = pods.in_namespace(namespace, policy.pod_selector)
    return TrafficPolicy(policy.base, PolicyTier.NETWORK_POLICY, 0, subjects, policy.directions, rules)


def _rule(rule: PolicyRule, namespace: str, pods: Pods, external: External) -> TrafficRule:
    peers = (
        exactly(pods.all | external.all)
        if rule.admits_everyone
        else any_of([_peer(peer, namespace, pods, external) for peer in rule.peers])
    )
    return TrafficRule(rule.node, rule.direction, RuleAction.ALLOW, peers, _ports(rule))


def _ports(rule: PolicyRule) -> tuple[PortMatch, ...] | None:
    if rule.ports is None:
        return None
    return tuple(PortMatch(port.protocol, port.first, port.last, port.name) for port in rule.ports)


def connections_of(rule: PolicyRule, table: PortTable) -> ConnectionSet:
    """What a rule is about, whoever the other side is, by the port names of the pods at the destination."""
    ports = _ports(rule)
    return ALL if ports is None else all_of(port.connections(table) for port in ports)


def _peer(peer: Node, namespace: str, pods: Pods, external: External) -> BoundedSet:
    block, spaces, inside = peer.get("ipBlock"), peer.get("namespaceSelector"), peer.get("podSelector")
    if block.is_set:
        covered = None if spaces.is_set or inside.is_set else block_addresses(block)
        return NOTHING if covered is None else exactly(external.covered(covered))
    if spaces.is_set:
        return pods.in_namespaces(spaces, inside)
    return pods.in_namespace(namespace, inside) if inside.is_set else NOTHING
