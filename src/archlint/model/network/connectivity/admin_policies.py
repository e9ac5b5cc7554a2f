"""Policies of the cluster's administrators, in the form of all policies.

AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1), ClusterNetworkPolicy (v1alpha2 and v1beta1) of
``policy.networking.k8s.io``. Source: the API reference of the Network Policy API.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.network.connectivity.bounded import NOTHING, BoundedSet, either, exactly
from archlint.model.network.connectivity.external import AddressSet, External, cidr_addresses
from archlint.model.network.connectivity.pods import Pods, any_of
from archlint.model.network.connectivity.traffic import (
    PolicyTier,
    PortMatch,
    RuleAction,
    TrafficPolicy,
    TrafficRule,
)
from archlint.model.network.policies import TrafficDirection
from archlint.model.world import World

GROUP = "policy.networking.k8s.io"
_BASELINE = "BaselineAdminNetworkPolicy"
_CLUSTER = "ClusterNetworkPolicy"
KINDS = frozenset({"AdminNetworkPolicy", _BASELINE, _CLUSTER})
_EVERY_ADDRESS = AddressSet(4, ((0, 2**32 - 1),))


@dataclass(frozen=True)
class AdminPolicy(ObjectFacet):
    """One policy of an administrator, as it is written."""

    @classmethod
    def all(cls, world: World) -> Iterable[AdminPolicy]:
        """All policies of administrators."""
        return [
            cls(item) for item in world.all(KubernetesObject) if item.group == GROUP and item.kind in KINDS
        ]

    @property
    def is_cluster_policy(self) -> bool:
        """Whether it is of the newer kind."""
        return self.base.kind == _CLUSTER

    @property
    def tier(self) -> PolicyTier | None:
        """When it is asked; ``None`` if it does not say so."""
        if not self.is_cluster_policy:
            return PolicyTier.BASELINE if self.base.kind == _BASELINE else PolicyTier.ADMIN
        said = self.base.get("spec", "tier").text
        return {"Admin": PolicyTier.ADMIN, "Baseline": PolicyTier.BASELINE}.get(said or "")

    @property
    def priority(self) -> int | None:
        """Less comes first. The older kind has one baseline policy, without any."""
        return 0 if self.base.kind == _BASELINE else self.base.get("spec", "priority").integer

    def action(self, rule: Node) -> RuleAction | None:
        """What a rule does; ``None`` for a word that the API server refuses."""
        known = {"Deny": RuleAction.DENY, "Accept" if self.is_cluster_policy else "Allow": RuleAction.ALLOW}
        if self.base.kind != _BASELINE:
            known["Pass"] = RuleAction.PASS
        return known.get(rule.get("action").text or "")

    def network(self, item: Node) -> AddressSet | None:
        """The addresses of a network. The newer kind refuses a CIDR with bits beyond its mask."""
        if self.is_cluster_policy and not _is_masked(item.text):
            return None
        return cidr_addresses(item.text)

    def networks(self) -> Iterator[AddressSet]:
        """All networks that it names."""
        for rule in self.base.get("spec", "egress").elements():
            for peer in rule.get("to").elements():
                for item in peer.get("networks").elements():
                    found = self.network(item)
                    if found is not None:
                        yield found


def _is_masked(text: str | None) -> bool:
    try:
        ipaddress.ip_network(text or "")
    except ValueError:
        return False
    return True


def lowered_admin(
    policy: AdminPolicy, pods: Pods, external: Mapping[TrafficDirection, External]
) -> TrafficPolicy | None:
    """A policy; ``None`` for one that says neither tier nor priority, which the API server refuses."""
    tier, priority = policy.tier, policy.priority
    if tier is None or priority is None:
        return None
    subjects = _selected(policy.base.get("spec", "subject"), pods)
    rules = {
        direction: tuple(
            rule
            for node in policy.base.get("spec", direction.value).elements()
            if (rule := _Reader(policy, direction, pods, external[direction]).rule(node)) is not None
        )
        for direction in TrafficDirection
    }
    directions = frozenset(direction for direction in TrafficDirection if rules[direction])
    return TrafficPolicy(policy.base, tier, priority, subjects or NOTHING, directions, rules)


def _selected(node: Node, pods: Pods) -> BoundedSet | None:
    """What ``namespaces`` or ``pods`` picks; ``None`` if neither is there. Pods on the network of their node
    never belong to it."""
    spaces, inside = node.get("namespaces"), node.get("pods")
    if spaces.is_set == inside.is_set:
        return None
    if spaces.is_set:
        found = pods.in_namespaces(spaces, node.get("podSelector"))
    else:
        found = pods.in_namespaces(inside.get("namespaceSelector"), inside.get("podSelector"))
    return BoundedSet(*(bits & ~pods.hosts for bits in found))


class _Reader:
    """Reads the rules of one direction of a policy."""

    def __init__(
        self, policy: AdminPolicy, direction: TrafficDirection, pods: Pods, external: External
    ) -> None:
        self._policy = policy
        self._direction = direction
        self._pods = pods
        self._external = external

    def rule(self, node: Node) -> TrafficRule | None:
        """A rule; ``None`` for one whose action is none.

        A peer or port without any field that is known here comes from a newer version of the API. Such a
        rule fails closed, as the API asks for: it allows nothing, or else denies everything.
        """
        action = self._policy.action(node)
        if action is None:
            return None
        peers = [self._peer(item, action) for item in node.get(self._direction.peers_key).elements()]
        ports = self._ports(node)
        known = [peer for peer in peers if peer is not None]
        if len(known) == len(peers) and peers and ports is not _UNKNOWN:
            entries = None if ports is None else tuple(ports)
            return TrafficRule(node, self._direction, action, any_of(known), entries)
        if action is RuleAction.ALLOW:
            return TrafficRule(node, self._direction, action, NOTHING, None)
        everyone = exactly(self._pods.all | self._external.all)
        return TrafficRule(node, self._direction, RuleAction.DENY, everyone, None)

    def _peer(self, peer: Node, action: RuleAction) -> BoundedSet | None:
        if len([key for key, _ in peer.items()]) != 1:
            return None
        selected = _selected(peer, self._pods)
        if selected is not None or self._direction is TrafficDirection.INGRESS:
            return selected
        if peer.get("nodes").is_set:
            return BoundedSet(0, 0, self._pods.hosts)
        if peer.get("domainNames").is_set:
            return BoundedSet(0, 0, self._external.all if action is RuleAction.ALLOW else 0)
        if peer.get("networks").is_set:
            found = map(self._policy.network, peer.get("networks").elements())
            return any_of([self._network(each) for each in found if each is not None])
        return None

    def _network(self, network: AddressSet) -> BoundedSet:
        """The addresses outside, and the pods, which may have any address; all of IPv4 is taken to hold them
        by the kind that says so."""
        pods = self._pods.all
        is_all = self._policy.is_cluster_policy and network == _EVERY_ADDRESS
        taken = pods if is_all else 0
        return either(exactly(self._external.covered(network)), BoundedSet(0, taken, pods))

    def _ports(self, rule: Node) -> list[PortMatch] | None:
        """The ports; ``None`` for all of them."""
        entries = rule.get("protocols" if self._policy.is_cluster_policy else "ports")
        if not entries.is_set or (entries.is_list and not entries.value):
            return None
        is_new = self._policy.is_cluster_policy
        found = [port_of(entry, is_cluster_policy=is_new) for entry in entries.elements()]
        known = [port for port in found if port is not None]
        return known if found and len(known) == len(found) else _UNKNOWN


_UNKNOWN: list[PortMatch] = []
"""Stands for ports of a form that is not known."""


def port_of(entry: Node, *, is_cluster_policy: bool) -> PortMatch | None:
    """One entry of a rule's ports; ``None`` for a form that is not known."""
    return _cluster_port(entry) if is_cluster_policy else _port(entry)


def _port(entry: Node) -> PortMatch | None:
    number, span = entry.get("portNumber"), entry.get("portRange")
    if number.is_set:
        return _range(number.get("protocol").text or "TCP", number.get("port"), number.get("port"))
    if span.is_set:
        return _range(span.get("protocol").text or "TCP", span.get("start"), span.get("end"))
    name = entry.get("namedPort").text
    return PortMatch(None, name=name) if name else None


def _cluster_port(entry: Node) -> PortMatch | None:
    name = entry.get("destinationNamedPort").text
    if name:
        return PortMatch(None, name=name)
    for protocol in ("TCP", "UDP", "SCTP"):
        said = entry.get(protocol.lower())
        if not said.is_set:
            continue
        port = said.get("destinationPort")
        if not port.is_set:
            return PortMatch(protocol)
        if port.get("number").is_set:
            return _range(protocol, port.get("number"), port.get("number"))
        return _range(protocol, port.get("range", "start"), port.get("range", "end"))
    return None


def _range(protocol: str, first: Node, last: Node) -> PortMatch | None:
    if first.integer is None or last.integer is None:
        return None
    return PortMatch(protocol, first.integer, last.integer)
