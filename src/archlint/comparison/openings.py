"""What a change newly opens between what was there before, by what lets it through now.

Only what is sure counts: what surely is allowed now, and surely was not before. Workloads that are new, and
the ingress controller, whose entrances are seen where they are written, open nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from archlint.documents import Node
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.network.connectivity.blame import Blame, LetThrough, Reached
from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity, Row, at
from archlint.model.network.connectivity.external import OUTSIDE
from archlint.model.network.connectivity.judging import refined
from archlint.model.network.connectivity.traffic import TrafficPolicy, TrafficRule
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import TrafficDirection

_INGRESS, _EGRESS = TrafficDirection.INGRESS, TrafficDirection.EGRESS


class Opened(NamedTuple):
    """One cause, and what it lets through that was shut."""

    let: LetThrough
    former: TrafficPolicy | None
    """The policy of the base that shut it, where nothing restricts the pods any more."""


@dataclass(frozen=True)
class OpenedConnections:
    """What one cause newly opens."""

    found: Connectivity
    opened: Opened

    @property
    def policy(self) -> TrafficPolicy | None:
        """The policy that lets it through, or that restricts the pods no longer and still is there."""
        policy, former = self.opened.let.policy, self.opened.former
        if policy is not None or former is None:
            return policy
        key = _key(former)
        return next((each for each in self.found.policies if _key(each) == key), None)

    @property
    def node(self) -> Node:
        """Where it can be shut again."""
        rule, policy = self.opened.let.rule, self.policy
        if rule is not None:
            return rule.node
        if policy is not None:
            return policy.base.get("spec", "podSelector")
        return self._open_pods[0].base.node

    @property
    def object(self) -> ObjectRef:
        """The policy, or the first workload that is open."""
        policy = self.policy
        return self._open_pods[0].base.object if policy is None else policy.base.object

    @property
    def source(self) -> Source:
        """The document of that."""
        policy = self.policy
        return self._open_pods[0].base.source if policy is None else policy.base.source

    @property
    def title(self) -> str:
        """The policy that lets it through, or that does not shut it any more."""
        policy = self.opened.let.policy or self.opened.former
        return "" if policy is None else policy.title

    @property
    def former_place(self) -> Place | None:
        """What shut it at the base, where nothing does now."""
        former = self.opened.former
        return None if former is None else former.base.get("spec", "podSelector").place()

    @property
    def _open_pods(self) -> list[Workload]:
        let = self.opened.let
        bits = let.destinations if let.direction is _INGRESS else let.sources
        classes = (self.found.pods.classes[number] for number in numbers(bits & self.found.pods.described))
        return [group.workload for item in classes for group in item.members if group.workload is not None]

    @property
    def example(self) -> tuple[str, str, ConnectionSet]:
        """The first connection: source, destination, and what is new of it."""
        first = self.opened.let.reached[0]
        source = next(_names(self.found, first.sources))
        others = (name for name in _names(self.found, first.destinations) if name != source)
        return source, next(others, source), first.connections

    @property
    def count(self) -> int:
        """How many connections it opens, by names."""
        return sum(
            len(list(_names(self.found, item.sources))) * len(list(_names(self.found, item.destinations)))
            - len(list(_names(self.found, item.sources & item.destinations & self.found.pods.all)))
            for item in self.opened.let.reached
        )


def _names(found: Connectivity, bits: Bits) -> Iterator[str]:
    for number in numbers(bits & found.pods.all):
        yield from (group.name for group in found.pods.classes[number].members)
    if bits & ~found.pods.all:
        yield OUTSIDE


def _key(policy: TrafficPolicy) -> tuple[str, str, str | None, str]:
    return policy.base.group, policy.base.kind, policy.base.namespace, policy.base.name


def opened_connections(
    base: Sequence[Connectivity], revision: Sequence[Connectivity]
) -> Iterator[OpenedConnections]:
    """What a change opens in the clusters that both sides have, each cause once: of the same in several of
    them the one that opens most."""
    causes: dict[tuple[object, ...], OpenedConnections] = {}
    for item in _opened_anywhere(base, revision):
        place = item.node.place()
        key = (place.source.path, place.route, item.opened.let.direction, item.title)
        if key not in causes or causes[key].count < item.count:
            causes[key] = item
    yield from causes.values()


def _opened_anywhere(
    base: Sequence[Connectivity], revision: Sequence[Connectivity]
) -> Iterator[OpenedConnections]:
    by_name = {item.name: item for item in base}
    for now in revision:
        before = base[0] if len(base) == len(revision) == 1 else by_name.get(now.name)
        if before is not None:
            for opened in _Comparison(before, now).causes():
                yield OpenedConnections(now, opened)


class _Comparison:
    """Holds two clusters against each other, by the numbers of the newer one."""

    def __init__(self, before: Connectivity, now: Connectivity) -> None:
        self._before = before
        self._now = now
        old = {group.name: item.number for item in reversed(before.pods.classes) for group in item.members}
        self._old_of: dict[int, int] = {}
        """For classes of pods that were there, by any name, what they were."""
        self._new_of: dict[int, Bits] = defaultdict(int)
        for item in now.pods.classes[:-1]:
            known = {old[group.name] for group in item.members if group.name in old}
            if len(known) == 1 and all(group.name in old for group in item.members):
                (number,) = known
                self._old_of[item.number] = number
                self._new_of[number] |= item.bit
        self._kept = sum(1 << number for number in self._old_of)
        self._known: dict[Bits, Bits] = {}
        self._ranges = {way: _overlaps(before, now, way) for way in TrafficDirection}

    def causes(self) -> Iterator[Opened]:
        """What lets new connections through, each cause once: rules that are new first, then those that met
        these pods before in another way, then policies that restrict the pods no longer."""
        items = list(self._opened())
        if not items:
            return
        was = {_written(policy, rule) for policy, rule in _rules(self._before)}
        fresh = Blame(self._now, lambda policy, rule: _written(policy, rule) not in was)
        old = Blame(self._now, lambda policy, rule: _written(policy, rule) in was)
        for way, side in zip((_INGRESS, _EGRESS), self._by_side(items), strict=True):
            left = side
            for blame in (fresh, old):
                found, left = blame.by_rules(left, way)
                yield from (Opened(item, None) for item in found)
            yield from self._by_former(left, way)

    def _opened(self) -> Iterator[Reached]:
        """What is sure now and was impossible, in groups of sources of which the same is true."""
        rows = self._now.rows(Bound.SURE)
        groups: dict[tuple[ConnectionSet, Bits], Bits] = defaultdict(int)
        start = len(self._now.pods.classes)
        for number, old in self._old_of.items():
            own = self._kept & ~(1 << number) | self._shown(_EGRESS)
            for what, bits in self._left(rows[number], own, old).items():
                groups[what, bits] |= 1 << number
        for place, those in enumerate(self._ranges[_INGRESS]):
            number = start + place
            for old in those if self._shown(_INGRESS) >> number & 1 else ():
                for what, bits in self._left(rows[number], self._kept, old).items():
                    groups[what, bits] |= 1 << number
        for (what, bits), sources in groups.items():
            yield Reached(sources, bits, what)

    def _left(self, row: Row, meant: Bits, old: int) -> dict[ConnectionSet, Bits]:
        """What of a row a source of the base could not do, by the numbers of the newer cluster."""
        before = self._before.rows(Bound.POSSIBLE)[old]
        found: dict[ConnectionSet, Bits] = {}
        for what, bits in row.items():
            parts = {what: bits & meant & self._now.pods.all} if bits & meant & self._now.pods.all else {}
            for allowed, those in before.items():
                parts = refined(parts, self._moved(those), _without(allowed))
            for left, group in parts.items():
                if left:
                    found[left] = found.get(left, 0) | group
            for number in numbers(bits & meant & ~self._now.pods.all):
                for each in self._ranges[_EGRESS][number - len(self._now.pods.classes)]:
                    left = what - at(before, each)
                    if left:
                        found[left] = found.get(left, 0) | 1 << number
        return found

    def _moved(self, bits: Bits) -> Bits:
        """Classes of the base as those that they are now."""
        if bits not in self._known:
            found = 0
            for number in numbers(bits & self._before.pods.all):
                found |= self._new_of.get(number, 0)
            self._known[bits] = found
        return self._known[bits]

    def _shown(self, way: TrafficDirection) -> Bits:
        """The addresses that lists show."""
        external, start = self._now.external[way], len(self._now.pods.classes)
        return sum(1 << start + at for at in range(len(external.ranges)) if not external.is_hidden(at))

    def _by_side(self, items: Sequence[Reached]) -> tuple[list[Reached], list[Reached]]:
        """What the destinations did not let in before, and what they did, so that the sources opened it."""
        judge = self._before.judge(_INGRESS, as_taken=False)
        by_ingress: dict[tuple[Bits, ConnectionSet], Bits] = defaultdict(int)
        by_egress: dict[tuple[Bits, ConnectionSet], Bits] = defaultdict(int)
        for item in items:
            outside = item.destinations & ~self._now.pods.all
            if outside:
                by_egress[item.sources, item.connections] |= outside
            for number in numbers(item.destinations & self._now.pods.all):
                let_in = 0
                for allowed, peers in judge.allowed(self._old_of[number]).items():
                    if not item.connections - allowed.possibly:
                        let_in |= self._moved(peers) | self._outside_of(peers)
                for sources, side in ((~let_in, by_ingress), (let_in, by_egress)):
                    if item.sources & sources:
                        side[item.sources & sources, item.connections] |= 1 << number
        return _grouped(by_ingress), _grouped(by_egress)

    def _outside_of(self, bits: Bits) -> Bits:
        """The ranges that lie in some ranges of the base, as sources."""
        start = len(self._now.pods.classes)
        held = (
            place
            for place, those in enumerate(self._ranges[_INGRESS])
            if all(bits >> number & 1 for number in those)
        )
        return sum(1 << start + place for place in held) if bits & ~self._before.pods.all else 0

    def _by_former(self, items: Sequence[Reached], way: TrafficDirection) -> Iterator[Opened]:
        """What policies of the base shut, each with what nothing shuts now."""
        judge = self._before.judge(way, as_taken=False)
        groups: dict[int, tuple[TrafficPolicy, list[Reached]]] = {}
        for item in items:
            subjects = item.destinations if way is _INGRESS else item.sources
            for number in numbers(subjects & self._kept):
                policies = judge.selecting(self._old_of[number])
                if policies:
                    one = 1 << number
                    part = item._replace(destinations=one) if way is _INGRESS else item._replace(sources=one)
                    groups.setdefault(id(policies[0]), (policies[0], []))[1].append(part)
        for policy, reached in groups.values():
            yield Opened(LetThrough(way, None, None, reached), policy)


def _grouped(found: Mapping[tuple[Bits, ConnectionSet], Bits]) -> list[Reached]:
    return [Reached(sources, those, what) for (sources, what), those in found.items()]


def _rules(found: Connectivity) -> Iterator[tuple[TrafficPolicy, TrafficRule]]:
    return ((policy, rule) for policy in found.policies for rules in policy.rules.values() for rule in rules)


def _written(policy: TrafficPolicy, rule: TrafficRule) -> tuple[object, ...]:
    """A rule with the pods that it is for, as they are written."""
    spec = policy.base.get("spec")
    selectors = spec.get("podSelector").value, spec.get("subject").value
    return (*_key(policy), rule.direction, repr(selectors), repr(rule.node.value))


def _without(allowed: ConnectionSet) -> Callable[[ConnectionSet], ConnectionSet]:
    return lambda what: what - allowed


def _overlaps(before: Connectivity, now: Connectivity, way: TrafficDirection) -> list[list[int]]:
    """For each range of addresses the numbers of those of the base with which it shares some."""
    start = len(before.pods.classes)
    old = before.external[way].ranges
    return [
        [start + place for place, each in enumerate(old) if each.meets(item.version, item.first, item.last)]
        for item in now.external[way].ranges
    ]
