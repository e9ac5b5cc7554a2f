"""Which traffic of one direction the policies together allow for one class of pods, with all its peers.

What is not known for sure leaves several outcomes open. Each is a set of connections, kept for groups of
peers of which no rule can tell one from another, so that costs grow with what the rules tell apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from archlint.model.network.connectivity.bounded import Bound, BoundedSet
from archlint.model.network.connectivity.connections import ALL, NONE, ConnectionSet
from archlint.model.network.connectivity.pods import NamedPort, Pods
from archlint.model.network.connectivity.traffic import (
    PolicyTier,
    PortTable,
    RuleAction,
    TrafficPolicy,
    TrafficRule,
)
from archlint.model.network.intervals import Intervals
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import TrafficDirection

T = TypeVar("T")
Partition = dict[T, Bits]
"""What holds for each of some disjoint groups of peers."""


class Outcomes(NamedTuple):
    """The connections that may be allowed, denied, passed on, or decided by none of the policies so far."""

    allowed: ConnectionSet
    denied: ConnectionSet
    passed: ConnectionSet
    undecided: ConnectionSet

    def then(self, other: Outcomes) -> Outcomes:
        """What is left undecided goes on to other policies."""
        left = self.undecided
        return Outcomes(
            self.allowed | (left & other.allowed),
            self.denied | (left & other.denied),
            self.passed | (left & other.passed),
            left & other.undecided,
        )

    def beside(self, other: Outcomes) -> Outcomes:
        """Two policies of which nobody knows which comes first."""
        return Outcomes(
            self.allowed | other.allowed,
            self.denied | other.denied,
            self.passed | other.passed,
            self.undecided & other.undecided,
        )

    def to_next_tier(self) -> Outcomes:
        """What is passed on is undecided again."""
        return Outcomes(self.allowed, self.denied, NONE, self.undecided | self.passed)


_OPEN = Outcomes(NONE, NONE, NONE, ALL)


class Allowed(NamedTuple):
    """The connections that are allowed for sure, and those that may be."""

    surely: ConnectionSet
    possibly: ConnectionSet


class DirectionJudge:
    """Judges one direction; every answer is remembered by what it depends on."""

    def __init__(
        self,
        direction: TrafficDirection,
        policies: Sequence[TrafficPolicy],
        pods: Pods,
        everyone: Bits,
        *,
        as_taken: bool,
    ) -> None:
        """``everyone`` are all peers; ``as_taken`` takes everything that is not known as is usual."""
        self._direction = direction
        self._pods = pods
        self._everyone = everyone
        self._least, self._most = (Bound.TAKEN, Bound.TAKEN) if as_taken else (Bound.SURE, Bound.POSSIBLE)
        self._policies = [item for item in policies if direction in item.directions]
        self._selecting: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for number, policy in enumerate(self._policies):
            for at, bound in enumerate((self._least, self._most)):
                for subject in numbers(policy.subjects[bound]):
                    self._selecting[subject][at].append(number)
        self._known: dict[tuple[object, ...], Partition[Allowed]] = {}
        self._granted: dict[tuple[object, ...], list[tuple[ConnectionSet, BoundedSet]]] = {}

    def selecting(self, subject: int) -> list[TrafficPolicy]:
        """The policies that select a class, or may."""
        return [self._policies[number] for number in self._selecting[subject][1]]

    def allowed(self, subject: int) -> Partition[Allowed]:
        """What one class of pods may receive from, or send to, each group of peers."""
        surely, possibly = self._selecting[subject]
        table = self._table(subject, possibly)
        key = (tuple(surely), tuple(possibly), table)
        if key not in self._known:
            self._known[key] = self._judged(surely, possibly, dict(table))
        return self._known[key]

    def allowed_for(self, subject: int, peer: int) -> Allowed:
        """What one class of pods may receive from, or send to, one peer."""
        return next(allowed for allowed, peers in self.allowed(subject).items() if peers >> peer & 1)

    def _table(self, subject: int, policies: Iterable[int]) -> tuple[tuple[NamedPort, Intervals], ...]:
        """The port names of the subject that policies for ingress ask for."""
        if self._direction is TrafficDirection.EGRESS:
            return ()
        names = {name for number in policies for name in self._policies[number].names}
        if not names:
            return ()
        ports = self._pods.classes[subject].named_ports
        return tuple(sorted((key, value) for key, value in ports.items() if key[1] in names))

    def _judged(self, surely: Sequence[int], possibly: Sequence[int], table: PortTable) -> Partition[Allowed]:
        sure = frozenset(surely)
        tiers: dict[PolicyTier, list[int]] = defaultdict(list)
        for number in possibly:
            tiers[self._policies[number].tier].append(number)
        found: Partition[Outcomes] = {_OPEN: self._everyone}
        for tier in PolicyTier:
            if tiers[tier]:
                own = self._of_tier(tier, tiers[tier], sure, table)
                found = _product(found, own, lambda one, other: one.then(other).to_next_tier())
        final: Partition[Allowed] = defaultdict(int)
        for outcome, peers in found.items():
            possible = outcome.allowed | outcome.undecided
            final[Allowed(possible - outcome.denied, possible)] |= peers
        return dict(final)

    def _of_tier(
        self, tier: PolicyTier, policies: Sequence[int], sure: frozenset[int], table: PortTable
    ) -> Partition[Outcomes]:
        if tier is PolicyTier.NETWORK_POLICY:
            return self._of_network_policies(policies, sure, table)
        found: Partition[Outcomes] = {_OPEN: self._everyone}
        ordered = sorted(policies, key=lambda number: self._policies[number].priority)
        for _, equal in groupby(ordered, key=lambda number: self._policies[number].priority):
            group: Partition[Outcomes] | None = None
            for number in equal:
                own = self._of_admin_policy(number, number in sure, table)
                group = own if group is None else _product(group, own, Outcomes.beside)
            found = _product(found, group or {_OPEN: self._everyone}, Outcomes.then)
        return found

    def _of_network_policies(
        self, policies: Sequence[int], sure: frozenset[int], table: PortTable
    ) -> Partition[Outcomes]:
        """Pods that any of them selects may do what some of them allows, and nothing else."""
        isolated = any(number in sure for number in policies)
        start = Outcomes(NONE, ALL, NONE, NONE if isolated else ALL)
        found: Partition[Outcomes] = {start: self._everyone}
        for connections, peers in self._union(policies, table, self._most).items():
            found = refined(found, peers, _also_allowed(connections))
        if isolated:
            surely = self._union([number for number in policies if number in sure], table, self._least)
        else:
            surely = self._common(policies, table)
        for connections, peers in surely.items():
            found = refined(found, peers, _not_denied(connections))
        return found

    def _union(self, policies: Iterable[int], table: PortTable, bound: Bound) -> Partition[ConnectionSet]:
        """What any of some policies allows."""
        found: Partition[ConnectionSet] = defaultdict(int)
        for number in policies:
            for connections, peers in self._granted_by(number, table):
                found[connections] |= peers[bound]
        return found

    def _common(self, policies: Iterable[int], table: PortTable) -> Partition[ConnectionSet]:
        """What each of some policies allows: so much is allowed whichever of them are in force."""
        found: Partition[ConnectionSet] = {ALL: self._everyone}
        for number in policies:
            own: Partition[ConnectionSet] = {NONE: self._everyone}
            for connections, peers in self._granted_by(number, table):
                own = refined(own, peers[self._least], _with(connections))
            found = _product(found, own, lambda one, other: one & other)
        return found

    def _of_admin_policy(self, number: int, is_sure: bool, table: PortTable) -> Partition[Outcomes]:
        """The first rule that matches decides."""
        found: Partition[Outcomes] = {_OPEN: self._everyone}
        for rule in self._policies[number].rules[self._direction]:
            for connections, peers in self._parts(rule, table):
                surely = peers[self._least] if is_sure else 0
                unsure = peers[self._most] & ~surely
                found = refined(found, surely, _decided(rule.action, connections, is_sure=True))
                found = refined(found, unsure, _decided(rule.action, connections, is_sure=False))
        return found

    def _granted_by(self, number: int, table: PortTable) -> list[tuple[ConnectionSet, BoundedSet]]:
        """What a NetworkPolicy allows, one entry for each set of connections."""
        policy = self._policies[number]
        names = policy.names
        own = tuple(sorted((key, value) for key, value in table.items() if key[1] in names)) if names else ()
        key = (number, own)
        if key not in self._granted:
            merged: dict[ConnectionSet, BoundedSet] = {}
            for rule in policy.rules[self._direction]:
                for connections, peers in self._parts(rule, table):
                    known = merged.get(connections, BoundedSet(0, 0, 0))
                    merged[connections] = BoundedSet(
                        *(one | other for one, other in zip(known, peers, strict=True))
                    )
            self._granted[key] = list(merged.items())
        return self._granted[key]

    def _parts(self, rule: TrafficRule, table: PortTable) -> Iterable[tuple[ConnectionSet, BoundedSet]]:
        """What a rule is about: its names are those of the pods at the destination."""
        if self._direction is TrafficDirection.INGRESS or not rule.names:
            return [(rule.connections(table), rule.peers)]
        found = []
        for own, pods in self._pods.by_port_names(rule.names):
            peers = BoundedSet(*(bits & pods for bits in rule.peers))
            found.append((rule.connections(dict(own)), peers))
        outside = BoundedSet(*(bits & ~self._pods.all for bits in rule.peers))
        return [*found, (rule.connections({}), outside)]


def refined(parts: Partition[T], peers: Bits, change: Callable[[T], T]) -> Partition[T]:
    """A change for some of the peers."""
    if not peers:
        return parts
    found: Partition[T] = {}
    for value, group in parts.items():
        inside = group & peers
        if inside:
            changed = change(value)
            found[changed] = found.get(changed, 0) | inside
        if inside != group:
            found[value] = found.get(value, 0) | (group & ~peers)
    return found


def _product(one: Partition[T], other: Partition[T], join: Callable[[T, T], T]) -> Partition[T]:
    """What holds for each group of peers by two partitions together."""
    found: Partition[T] = {}
    for left, those in one.items():
        for right, these in other.items():
            peers = those & these
            if peers:
                joined = join(left, right)
                found[joined] = found.get(joined, 0) | peers
    return found


def _with(connections: ConnectionSet) -> Callable[[ConnectionSet], ConnectionSet]:
    return lambda one: one | connections


def _also_allowed(connections: ConnectionSet) -> Callable[[Outcomes], Outcomes]:
    return lambda one: one._replace(allowed=one.allowed | connections)


def _not_denied(connections: ConnectionSet) -> Callable[[Outcomes], Outcomes]:
    return lambda one: one._replace(denied=one.denied - connections)


def _decided(
    action: RuleAction, connections: ConnectionSet, *, is_sure: bool
) -> Callable[[Outcomes], Outcomes]:
    at = list(RuleAction).index(action)

    def change(one: Outcomes) -> Outcomes:
        sets = list(one)
        sets[at] |= one.undecided & connections
        if is_sure:
            sets[3] = one.undecided - connections
        return Outcomes(*sets)

    return change
