"""What lets connections through: the rules of policies, or that nothing restricts the pods.

A connection needs both sides, and is shut at either. It is blamed on the destination's rules, as these say
whom it trusts; where no rule lets it in, on the source's; where no policy selects either, on the pods that
are open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import NONE, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.traffic import RuleAction, TrafficPolicy, TrafficRule
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import TrafficDirection


class Reached(NamedTuple):
    """What one or several sources may do to some destinations."""

    sources: Bits
    destinations: Bits
    connections: ConnectionSet


class LetThrough(NamedTuple):
    """One cause, and what it lets through."""

    direction: TrafficDirection
    """At which side it does so."""
    policy: TrafficPolicy | None
    rule: TrafficRule | None
    """``None`` for both where no policy restricts the pods."""
    reached: Sequence[Reached]

    @property
    def connections(self) -> ConnectionSet:
        """All that it lets through."""
        found = NONE
        for item in self.reached:
            found = found | item.connections
        return found

    @property
    def sources(self) -> Bits:
        """Who connects."""
        return _united(item.sources for item in self.reached)

    @property
    def destinations(self) -> Bits:
        """To whom."""
        return _united(item.destinations for item in self.reached)


def _united(several: Iterable[Bits]) -> Bits:
    found = 0
    for bits in several:
        found |= bits
    return found


def reached_by(
    found: Connectivity, sources: Bits, destinations: Bits, ports: ConnectionSet | None, bound: Bound
) -> list[Reached]:
    """What some sources may do to some destinations; sources of which the same is true stand together.

    Pods that are the only ones of their class do not count as connecting to themselves.
    """
    rows = found.rows(bound)
    alone = lone_classes(found)
    groups: dict[tuple[ConnectionSet, Bits], Bits] = defaultdict(int)
    for source in numbers(sources):
        own = destinations & ~(1 << source & alone)
        for what, those in rows[source].items():
            meant = what if ports is None else what & ports
            if meant and those & own:
                groups[meant, those & own] |= 1 << source
    return [Reached(those, reached, what) for (what, reached), those in groups.items()]


def lone_classes(found: Connectivity) -> Bits:
    """The classes with the pods of one workload alone, whose connections are to itself."""
    return sum(item.bit for item in found.pods.classes if len(item.members) == 1)


def without(items: Sequence[Reached], others: Sequence[Reached]) -> list[Reached]:
    """What is among the first, and no connection of it among the others."""
    by_source: dict[int, Bits] = defaultdict(int)
    for other in others:
        for source in numbers(other.sources):
            by_source[source] |= other.destinations
    found: dict[tuple[ConnectionSet, Bits], Bits] = defaultdict(int)
    for item in items:
        for source in numbers(item.sources):
            left = item.destinations & ~by_source.get(source, 0)
            if left:
                found[item.connections, left] |= 1 << source
    return [Reached(those, reached, what) for (what, reached), those in found.items()]


IsMeant = Callable[[TrafficPolicy, TrafficRule], bool]


class Blame:
    """Finds the causes of connections of one cluster."""

    def __init__(self, found: Connectivity, is_meant: IsMeant = lambda policy, rule: True) -> None:
        """``is_meant`` chooses the rules that may be blamed."""
        self._found = found
        self._rules = {
            direction: [
                (policy, rule)
                for policy in found.policies
                for rule in policy.rules[direction]
                if direction in policy.directions
                and rule.action is RuleAction.ALLOW
                and is_meant(policy, rule)
            ]
            for direction in TrafficDirection
        }

    def let_through(
        self,
        items: Sequence[Reached],
        order: Sequence[TrafficDirection] = (TrafficDirection.INGRESS, TrafficDirection.EGRESS),
    ) -> Iterator[LetThrough]:
        """The causes, those of the side first that is asked for first."""
        for direction in order:
            by_rules, items = self.by_rules(items, direction)
            yield from by_rules
        pods = self._found.pods.described
        to_pods = [
            item._replace(destinations=item.destinations & pods) for item in items if item.destinations & pods
        ]
        if to_pods:
            yield LetThrough(TrafficDirection.INGRESS, None, None, to_pods)
        outside = [
            item._replace(destinations=item.destinations & ~pods)
            for item in items
            if item.destinations & ~pods
        ]
        if outside:
            yield LetThrough(TrafficDirection.EGRESS, None, None, outside)

    def by_rules(
        self, items: Sequence[Reached], direction: TrafficDirection
    ) -> tuple[list[LetThrough], list[Reached]]:
        """What rules of one side let through, and what none of them does."""
        is_ingress = direction is TrafficDirection.INGRESS
        sources = _united(item.sources for item in items)
        destinations = _united(item.destinations for item in items)
        subjects, peers = (destinations, sources) if is_ingress else (sources, destinations)
        found: list[LetThrough] = []
        explained: list[Reached] = []
        for policy, rule in self._rules[direction]:
            own, others = policy.subjects[Bound.POSSIBLE] & subjects, rule.peers[Bound.POSSIBLE] & peers
            if not own or not others:
                continue
            ends = (others, own) if is_ingress else (own, others)
            let = [each for item in items for each in self._let(rule, item, *ends)]
            if let:
                explained += let
                found.append(LetThrough(direction, policy, rule, let))
        return found, without(items, explained)

    def _let(self, rule: TrafficRule, item: Reached, sources: Bits, destinations: Bits) -> Iterator[Reached]:
        """What of some connections a rule lets through: port names are those of the destinations."""
        those, reached = item.sources & sources, item.destinations & destinations
        if not those or not reached:
            return
        if not rule.names:
            what = rule.connections({}) & item.connections
            if what:
                yield Reached(those, reached, what)
            return
        for table, bits in self._found.pods.by_port_names(rule.names):
            what = rule.connections(dict(table)) & item.connections
            if what and reached & bits:
                yield Reached(those, reached & bits, what)
        outside = reached & ~self._found.pods.all
        what = rule.connections({}) & item.connections
        if outside and what:
            yield Reached(those, outside, what)
