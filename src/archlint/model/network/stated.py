"""What NetworkPolicies say, for all pods and addresses there may be: whom each rule lets in, to which ports.

Other than ``connectivity``, which asks who of the pods that files describe is meant, this holds rules against
each other: what one says may be said by others as well, whatever runs in the cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.network.connectivity.connections import ALL, NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.external import AddressSet, block_addresses
from archlint.model.network.intervals import difference, intervals
from archlint.model.network.label_spaces import (
    LabelKey,
    LabelValues,
    PodTerm,
    are_all_in,
    namespace_named,
    requirements,
)
from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.ports import LAST_PORT, PortRange
from archlint.model.world import World

_MOST_PARTS = 400
"""Policies with more rules, peers and ports than this are not held against others: cost grows with the
square."""
_MOST_TRIED = 32
"""Of more rules than this, all are told that let something in together."""
_UNNAMED = ""
"""Stands for the namespace of policies that name none; no namespace can have this name."""


@dataclass(frozen=True)
class StatedPeer:
    """One entry of ``from`` or ``to``, or a rule without any."""

    node: Node
    pods: PodTerm | None = None
    addresses: AddressSet | None = None
    """Neither of both: everyone."""

    @property
    def is_everyone(self) -> bool:
        """Whether it stands for a rule that names no peer."""
        return self.pods is None and self.addresses is None

    @property
    def is_nobody(self) -> bool:
        """Whether nobody can be meant."""
        if self.addresses is not None:
            return not self.addresses.parts
        return self.pods is not None and not self.pods


def peer_is_within(peer: StatedPeer, others: Iterable[StatedPeer]) -> bool:
    """Whether some others together surely mean all that a peer means."""
    seen = list(others)
    if any(other.is_everyone for other in seen) or peer.is_nobody:
        return True
    if peer.addresses is not None:
        version = peer.addresses.version
        blocks = [other.addresses for other in seen if other.addresses is not None]
        parts = intervals(part for block in blocks if block.version == version for part in block.parts)
        return not difference(peer.addresses.parts, parts)
    if peer.pods is not None:
        return are_all_in(peer.pods, [other.pods for other in seen if other.pods is not None])
    return False


class StatedPorts(NamedTuple):
    """The ports of a rule: numbers, and names that mean what each pod says."""

    numbers: ConnectionSet
    names: frozenset[tuple[str, str]]
    """Protocol and name."""

    def has_all(self, other: StatedPorts) -> bool:
        """Whether it surely holds all that another one holds."""
        if other.numbers - self.numbers:
            return False
        return all(
            name in self.names or not ConnectionSet.to_port(name[0], 1, LAST_PORT) - self.numbers
            for name in other.names
        )

    def atoms(self, others: Iterable[StatedPorts]) -> list[StatedPorts]:
        """Its parts of which each of some others has all or nothing."""
        parts = [self.numbers] if self.numbers else []
        for other in dict.fromkeys(others):
            cut = ((part & other.numbers, part - other.numbers) for part in parts)
            parts = [part for pair in cut for part in pair if part]
        found = [StatedPorts(part, frozenset()) for part in parts]
        return found + [StatedPorts(NONE, frozenset({name})) for name in sorted(self.names)]


EVERY_PORT = StatedPorts(ALL, frozenset())


def stated_ports(ports: Sequence[PortRange] | None) -> StatedPorts:
    """What entries of ``ports`` mean together."""
    if ports is None:
        return EVERY_PORT
    numbers = [
        ConnectionSet.to_port(port.protocol, port.first, port.last) for port in ports if port.name is None
    ]
    names = frozenset((port.protocol, port.name) for port in ports if port.name is not None)
    return StatedPorts(all_of(numbers), names)


@dataclass(frozen=True)
class StatedRule:
    """One rule of a policy."""

    policy: NetworkPolicy
    rule: PolicyRule
    peers: tuple[StatedPeer, ...]
    ports: StatedPorts

    @property
    def node(self) -> Node:
        """The rule."""
        return self.rule.node

    def of_peer(self, peer: StatedPeer) -> StatedRule:
        """The same rule with one of its peers alone."""
        return StatedRule(self.policy, self.rule, (peer,), self.ports)


@dataclass(frozen=True)
class StatedPolicy:
    """A NetworkPolicy of which all can be read."""

    policy: NetworkPolicy
    subjects: PodTerm
    rules: tuple[StatedRule, ...]
    """Those of both directions that are in force."""

    def of(self, direction: TrafficDirection) -> list[StatedRule]:
        """The rules of one direction."""
        return [item for item in self.rules if item.rule.direction is direction]

    @cached_property
    def size(self) -> int:
        """How many rules, peers and ports it has."""
        return sum(1 + len(item.peers) + len(item.rule.ports or ()) for item in self.rules)

    @property
    def is_small(self) -> bool:
        """Whether it can be held against others."""
        return self.size <= _MOST_PARTS


def stated(policy: NetworkPolicy) -> StatedPolicy | None:
    """What a policy says; ``None`` if part of it is refused, or is filled in later. One without ``spec`` is a
    part of an object, as patches and expectations of tests have it: nobody writes down a policy that way."""
    spec = policy.base.get("spec")
    if not spec.is_map or _is_open(spec):
        return None
    home = namespace_named(policy.namespace or _UNNAMED)
    own = requirements(policy.pod_selector, "pod")
    if own is None:
        return None
    rules = []
    for direction in TrafficDirection:
        for rule in policy.rules(direction):
            peers = _peers(rule, home)
            if peers is None or not _are_read(rule):
                return None
            rules.append(StatedRule(policy, rule, peers, stated_ports(rule.ports)))
    return StatedPolicy(policy, PodTerm([home, *own]), tuple(rules))


def _is_open(node: Node) -> bool:
    """Whether any text below is a placeholder."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.text is not None and is_placeholder(current.text):
            return True
        for key, child in current.items():
            if is_placeholder(key):
                return True
            waiting.append(child)
        waiting.extend(current.elements())
    return False


def _are_read(rule: PolicyRule) -> bool:
    """Whether each entry of ``ports`` means something."""
    entries = rule.ports or ()
    return len(entries) == len(list(rule.node.get("ports").elements())) and all(
        entry.name is not None or stated_ports([entry]).numbers for entry in entries
    )


def _peers(rule: PolicyRule, home: tuple[LabelKey, LabelValues]) -> tuple[StatedPeer, ...] | None:
    if rule.admits_everyone:
        return (StatedPeer(rule.node),)
    if not rule.peers_node.is_list or len(rule.peers) != len(rule.peers_node.value or ()):
        return None
    found = [_peer(peer, home) for peer in rule.peers]
    peers = tuple(peer for peer in found if peer is not None)
    return peers if len(peers) == len(found) else None


def _peer(node: Node, home: tuple[LabelKey, LabelValues]) -> StatedPeer | None:
    block, spaces, inside = node.get("ipBlock"), node.get("namespaceSelector"), node.get("podSelector")
    if block.is_set:
        covered = None if spaces.is_set or inside.is_set else block_addresses(block)
        return None if covered is None else StatedPeer(node, addresses=covered)
    if not (spaces.is_set or inside.is_set):
        return None
    where = requirements(spaces, "namespace") if spaces.is_set else [home]
    who = requirements(inside, "pod")
    return None if where is None or who is None else StatedPeer(node, PodTerm([*where, *who]))


def rule_is_within(peers: Sequence[StatedPeer], ports: StatedPorts, others: Sequence[StatedRule]) -> bool:
    """Whether some rules together let in all that some peers with some ports are."""
    for atom in ports.atoms(other.ports for other in others):
        beside = [peer for other in others if other.ports.has_all(atom) for peer in other.peers]
        if not all(peer_is_within(peer, beside) for peer in peers):
            return False
    return True


def needed(peers: Sequence[StatedPeer], ports: StatedPorts, others: Sequence[StatedRule]) -> list[StatedRule]:
    """Few of some rules that let in all that some peers with some ports are; none if even all do not."""
    if not rule_is_within(peers, ports, others):
        return []
    for other in others:
        if rule_is_within(peers, ports, [other]):
            return [other]
    kept = list(others)
    for other in others if len(others) <= _MOST_TRIED else ():
        fewer = [item for item in kept if item is not other]
        if rule_is_within(peers, ports, fewer):
            kept = fewer
    return kept


def stated_policies(world: World) -> dict[NetworkPolicy, StatedPolicy]:
    """Those of a world; ask for them with ``world.fact(stated_policies)``."""
    found = ((policy, stated(policy)) for policy in world.all(NetworkPolicy))
    return {policy: item for policy, item in found if item is not None}
