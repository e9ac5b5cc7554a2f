"""What can be taken out of NetworkPolicies without any change, as others say it as well.

NetworkPolicies add up: a pod may do what any rule of any policy allows that selects it. So a rule is in vain
that others contain; a policy is, if in each of its directions others restrict all of its pods too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import TypeVar

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.network.neighbours import PolicyNeighbours
from archlint.model.network.policies import TrafficDirection
from archlint.model.network.ports import PortRange
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
        kept = _left(rules, _containing_rules)
        for rule in rules:
            if not any(rule is item for item in kept):
                by = tuple(needed(rule.peers, rule.ports, kept))
                yield RedundantPart(PartKind.RULE, rule.node, rule, tuple(item.node for item in by), by)
        for rule in kept:
            yield from _redundant_peers(rule)
            yield from _redundant_ports(rule)


_Part = TypeVar("_Part", bound=StatedRule | StatedPeer | PortRange)


def _left(
    parts: Sequence[_Part], containing: Callable[[_Part, list[_Part]], Sequence[object]]
) -> list[_Part]:
    """The parts without those that others contain, in the order of the text.

    What one other contains goes first, and what several contain together after it: the widest are left, in
    whatever order the parts stand. Of two that mean the same one is left, of two that are the same the first.
    """
    order = sorted(parts, key=lambda part: part.node.document.names(part.node.route))
    kept = list(parts)
    for most in (1, len(parts)):
        for part in reversed(order):
            others = [item for item in kept if item is not part]
            if len(others) < len(kept) and 0 < len(containing(part, others)) <= most:
                kept = others
    return kept


def _containing_rules(rule: StatedRule, others: list[StatedRule]) -> Sequence[object]:
    return needed(rule.peers, rule.ports, others) if others and _says_something(rule) else ()


def _says_something(rule: StatedRule) -> bool:
    return all(not peer.is_nobody for peer in rule.peers) and bool(rule.peers)


def _redundant_peers(rule: StatedRule) -> Iterator[RedundantPart]:
    """The peers of a rule that its other peers contain."""

    def containing(peer: StatedPeer, beside: list[StatedPeer]) -> Sequence[object]:
        return () if peer.is_nobody else needed([peer], rule.ports, list(map(rule.of_peer, beside)))

    kept = _left(rule.peers, containing)
    for peer in rule.peers:
        if any(peer is item for item in kept):
            continue
        by = needed([peer], rule.ports, [rule.of_peer(item) for item in kept])
        yield RedundantPart(PartKind.PEER, peer.node, rule, tuple(item.peers[0].node for item in by), (rule,))


def _redundant_ports(rule: StatedRule) -> Iterator[RedundantPart]:
    entries = list(rule.rule.ports or ())

    def containing(entry: PortRange, others: list[PortRange]) -> Sequence[object]:
        own = stated_ports([entry])
        single = [item for item in others if stated_ports([item]).has_all(own)]
        return single[:1] or (others if others and stated_ports(others).has_all(own) else ())

    kept = _left(entries, containing)
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
