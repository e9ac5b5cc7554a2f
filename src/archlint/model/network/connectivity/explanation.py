"""Why one peer may connect to another, or not: all that rules say, in the order in which it counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archlint.documents import Node
from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import ALL, NONE, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.listing import Bounds, Connection, Peer, client_doubt, reason
from archlint.model.network.connectivity.pods import PodClass, PodGroup
from archlint.model.network.connectivity.traffic import (
    PolicyTier,
    RuleAction,
    TrafficPolicy,
    TrafficRule,
)
from archlint.model.network.policies import TrafficDirection


class Said(NamedTuple):
    """What one policy says about the connections of two peers."""

    policy: TrafficPolicy
    node: Node
    """The rule, or the policy's selector where none of its rules is about the other side."""
    action: RuleAction | None
    """``None`` for a NetworkPolicy none of whose rules lets the other side in, or out to."""
    connections: ConnectionSet
    is_sure: bool
    """Whether it is known that the rule, and the policy, are about these pods."""


class SideExplained(NamedTuple):
    """What the policies of one side allow."""

    direction: TrafficDirection
    pods: PodGroup
    allowed: Bounds
    said: Sequence[Said]
    is_isolated: bool
    """Whether any NetworkPolicy selects the pods for this direction."""


class Explanation(NamedTuple):
    """Why one peer may do to another what it may."""

    source: Peer
    destination: Peer
    allowed: Bounds
    """By both sides together, and for the ingress controller, of what it is told to connect to."""
    sides: Sequence[SideExplained]
    led: ConnectionSet | None = None
    """What Ingresses and routes lead to, if the source is the ingress controller."""
    doubtful: ConnectionSet = NONE
    """The connections of which nobody can tell from the files."""
    reason: str = ""
    """Why nobody can."""


def explained(found: Connectivity, source: Peer, destination: Peer) -> Explanation:
    """Why a source may connect to a destination, or not."""
    sides = []
    own = _class_of(found, source), _class_of(found, destination)
    if own[0] is not None:
        sides.append(_side(found, TrafficDirection.EGRESS, own[0], source, destination))
    if own[1] is not None:
        sides.append(_side(found, TrafficDirection.INGRESS, own[1], destination, source))
    start = found.number_of(source, TrafficDirection.INGRESS)
    end = found.number_of(destination, TrafficDirection.EGRESS)
    led = found.entrances.get(end, NONE) if start == found.pods.controller.number else None
    bounds = _bounds(found, start, end)
    listed = Connection(source, destination, bounds.doubting(client_doubt(found, source, destination)))
    doubtful = listed.bounds.doubtful
    why = reason(found, listed) if doubtful else ""
    return Explanation(source, destination, bounds, sides, led, doubtful, why)


def _bounds(found: Connectivity, source: int, destination: int) -> Bounds:
    order = (Bound.TAKEN, Bound.SURE, Bound.POSSIBLE)
    return Bounds(*(found.between(source, destination, bound) for bound in order))


def _class_of(found: Connectivity, peer: Peer) -> PodClass | None:
    return found.pods.class_of(peer) if isinstance(peer, PodGroup) else None


def _side(
    found: Connectivity, direction: TrafficDirection, subject: PodClass, pods: Peer, other: Peer
) -> SideExplained:
    assert isinstance(pods, PodGroup)
    number = found.number_of(other, direction)
    policies = found.judge(direction, as_taken=False).selecting(subject.number)
    isolated = any(item.tier is PolicyTier.NETWORK_POLICY for item in policies)
    said = [
        each
        for policy in sorted(policies, key=lambda item: (item.tier, item.priority, item.title))
        if not (policy.tier is PolicyTier.BASELINE and isolated)
        for each in _said(found, policy, direction, subject, number)
    ]
    return SideExplained(direction, pods, _allowed(found, direction, subject, number), said, isolated)


def _allowed(found: Connectivity, direction: TrafficDirection, subject: PodClass, number: int) -> Bounds:
    taken = found.judge(direction).allowed_for(subject.number, number)
    bounds = found.judge(direction, as_taken=False).allowed_for(subject.number, number)
    return Bounds(taken.surely, bounds.surely, bounds.possibly)


def _said(
    found: Connectivity, policy: TrafficPolicy, direction: TrafficDirection, subject: PodClass, number: int
) -> Iterator[Said]:
    is_selected = bool(policy.subjects[Bound.SURE] & subject.bit)
    silent = True
    for rule in policy.rules[direction]:
        if rule.peers[Bound.POSSIBLE] >> number & 1:
            what = _meant(found, rule, subject, number)
            if what:
                silent = False
                is_sure = is_selected and bool(rule.peers[Bound.SURE] >> number & 1)
                yield Said(policy, rule.node, rule.action, what, is_sure)
    if silent and policy.tier is PolicyTier.NETWORK_POLICY:
        yield Said(policy, policy.base.get("spec", "podSelector"), None, ALL, is_selected)


def _meant(found: Connectivity, rule: TrafficRule, subject: PodClass, number: int) -> ConnectionSet:
    """The connections of a rule: port names are those of the pods at the destination."""
    if rule.direction is TrafficDirection.INGRESS:
        return rule.connections(subject.named_ports)
    classes = found.pods.classes
    return rule.connections(classes[number].named_ports if number < len(classes) else {})


def peers_named(found: Connectivity, name: str, direction: TrafficDirection) -> list[Peer]:
    """The peers that a name may mean: ``shop/cart[Deployment]``, ``shop/cart``, ``cart``, an address, or
    ``ingress-controller``, to which nothing connects. A source is one of ingress, a destination of egress."""
    classes = found.pods.classes if direction is TrafficDirection.INGRESS else found.pods.classes[:-1]
    groups = {group.name: group for item in classes for group in item.members}
    if name in groups:
        return [groups[name]]
    address = found.external[direction].holding(name)
    if address is not None:
        return [address]
    bare = {key: key.partition("[")[0].strip("{}") for key in groups}
    return [
        group
        for key, group in groups.items()
        if name == bare[key] or ("/" not in name and bare[key].rpartition("/")[2] == name)
    ]
