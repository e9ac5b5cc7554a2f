"""What can be taken out of NetworkPolicies without any change, as others say it as well.

NetworkPolicies add up: a pod may do what any rule of any policy allows that selects it. So a rule is in vain
that others contain; a policy is, if in each of its directions others restrict all of its pods too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.network.neighbours import PolicyNeighbours
from archlint.model.network.policies import TrafficDirection
from archlint.model.network.stated import (
    StatedPeer,
    StatedPolicy,
    StatedRule,
    needed,
    stated_ports,
)


class PartKind(StrEnum):
    """Which part of a policy it is."""

    RULE = "rule"
    PEER = "peer"
    PORT = "port"


@dataclass(frozen=True)
class RedundantPart:
    """A part of a policy that other parts of it contain."""

    kind: PartKind
    node: Node
    rule: StatedRule
    by: tuple[Node, ...]
    """What contains it."""
    by_rules: tuple[StatedRule, ...]
    """The rules in which that is."""


def redundant_parts(policy: StatedPolicy) -> Iterator[RedundantPart]:
    """What can be taken out of a policy, all of it at once: of two that are the same, the later."""
    if not policy.is_small:
        return
    for direction in TrafficDirection:
        rules = policy.of(direction)
        kept = list(rules)
        for rule in reversed(rules):
            others = [item for item in kept if item is not rule]
            if others and _says_something(rule) and needed(rule.peers, rule.ports, others):
                kept = others
        for rule in rules:
            if not any(rule is item for item in kept):
                by = tuple(needed(rule.peers, rule.ports, kept))
                yield RedundantPart(PartKind.RULE, rule.node, rule, tuple(item.node for item in by), by)
        for rule in kept:
            yield from _redundant_peers(rule, [item for item in kept if item is not rule])
            yield from _redundant_ports(rule)


def _says_something(rule: StatedRule) -> bool:
    return all(not peer.is_nobody for peer in rule.peers) and bool(rule.peers)


def _redundant_peers(rule: StatedRule, others: Sequence[StatedRule]) -> Iterator[RedundantPart]:
    """The peers of a rule that its other peers, or other rules, contain; others may be told themselves, but
    not because of this one."""
    kept = list(rule.peers)
    gone: list[StatedPeer] = []
    for peer in reversed(rule.peers):
        beside = [rule.of_peer(item) for item in kept if item is not peer]
        if not peer.is_nobody and needed([peer], rule.ports, beside):
            kept = [item for item in kept if item is not peer]
            gone.insert(0, peer)
    for peer in gone:
        by = needed([peer], rule.ports, [rule.of_peer(item) for item in kept])
        yield RedundantPart(PartKind.PEER, peer.node, rule, tuple(item.peers[0].node for item in by), (rule,))


def _redundant_ports(rule: StatedRule) -> Iterator[RedundantPart]:
    entries = list(rule.rule.ports or ())
    kept = list(entries)
    for entry in reversed(entries):
        others = [item for item in kept if item is not entry]
        own = stated_ports([entry])
        if others and stated_ports(others).has_all(own):
            kept = others
    for entry in entries:
        if not any(entry is item for item in kept):
            own = stated_ports([entry])
            single = [item for item in kept if stated_ports([item]).has_all(own)]
            by = single[:1] or kept
            yield RedundantPart(PartKind.PORT, entry.node, rule, tuple(item.node for item in by), (rule,))


@dataclass(frozen=True)
class RedundantPolicy:
    """A policy without which everything stays as it is."""

    policy: StatedPolicy
    by: tuple[StatedPolicy, ...]
    is_same: bool
    """Whether one policy says just the same."""


def redundant_policies(neighbours: PolicyNeighbours) -> list[RedundantPolicy]:
    """Those of a world, all of which can be taken out at once: of two that say the same, the later."""
    found: dict[int, RedundantPolicy] = {}
    for policy in reversed(neighbours.policies):
        around = [item for item in neighbours.around(policy) if id(item) not in found]
        by = _containing(policy, around)
        is_same = bool(by) and _is_same(policy, by, neighbours)
        if by and (policy.rules or is_same):  # what only denies is kept as a promise, whatever others deny
            found[id(policy)] = RedundantPolicy(policy, by, is_same)
    return list(reversed(found.values()))


def _is_same(policy: StatedPolicy, by: Sequence[StatedPolicy], neighbours: PolicyNeighbours) -> bool:
    """Whether what contains a policy is one that it contains too."""
    around = neighbours.around(by[0])
    return len(by) == 1 and any(item is policy for item in around) and bool(_containing(by[0], [policy]))


def _containing(policy: StatedPolicy, around: Sequence[StatedPolicy]) -> tuple[StatedPolicy, ...]:
    """Few policies that restrict the same pods and allow all that a policy does."""
    if not policy.is_small or not all(map(_says_something, policy.rules)):
        return ()
    directions = policy.policy.directions
    restricted = {direction for item in around for direction in item.policy.directions}
    if not directions <= restricted:
        return ()
    used: dict[int, StatedPolicy] = {}
    for rule in policy.rules:
        others = [one for item in around if item.is_small for one in item.of(rule.rule.direction)]
        by = needed(rule.peers, rule.ports, others)
        if not by:
            return ()
        for item in around:
            if any(one is own for one in by for own in item.rules):
                used[id(item)] = item
    for direction in TrafficDirection:
        if direction in directions and not any(direction in item.policy.directions for item in used.values()):
            first = next(item for item in around if direction in item.policy.directions)
            used[id(first)] = first
    return tuple(used.values())
