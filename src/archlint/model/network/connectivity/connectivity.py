"""Who can connect to whom: the answer of all policies of a cluster together.

Ask for it with ``world.fact(connectivities)``: one for each edition of the repository. Everything is
numbered: the classes of pods first, in both directions by the same number, then the ranges of addresses
outside, which differ by direction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from archlint.model.kubernetes.services import KubernetesService
from archlint.model.network.connectivity.admin_policies import lowered_admin
from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import ALL, NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.editions import Edition, editions
from archlint.model.network.connectivity.entrances import HidingService, entrances, hiding, let_in
from archlint.model.network.connectivity.external import AddressRange, External
from archlint.model.network.connectivity.judging import Allowed, DirectionJudge, Partition
from archlint.model.network.connectivity.network_policies import blocks_of, lowered
from archlint.model.network.connectivity.objects import cluster_objects
from archlint.model.network.connectivity.pods import PodGroup, Pods, Stranger
from archlint.model.network.connectivity.traffic import PolicyTier, TrafficPolicy
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.world import World

Row = Mapping[ConnectionSet, Bits]
"""What one source may do, by the destinations to which it may do just that."""
_INGRESS, _EGRESS = TrafficDirection.INGRESS, TrafficDirection.EGRESS


class Connectivity:
    """All connections of a cluster."""

    def __init__(
        self,
        name: str,
        pods: Pods,
        external: Mapping[TrafficDirection, External],
        policies: Sequence[TrafficPolicy],
        entrances: Mapping[int, ConnectionSet],
        *,
        hiding: Mapping[int, Sequence[HidingService]],
    ) -> None:
        """``name`` is that of the edition; ``external`` are the sources of ingress and the destinations of
        egress, ``entrances`` what the ingress controller is told to connect to, by class of pods, and
        ``hiding`` the Services that may hide from these who connects."""
        self.name = name
        self.pods = pods
        self.external = external
        self.policies = policies
        self.entrances = entrances
        self.hiding = hiding
        self._rows: dict[Bound, list[Row]] = {}

    def judge(self, direction: TrafficDirection, *, as_taken: bool = True) -> DirectionJudge:
        """What judges one direction, as everything is usually taken, or with what is sure and possible."""
        return self._judges[direction, as_taken]

    @cached_property
    def _judges(self) -> dict[tuple[TrafficDirection, bool], DirectionJudge]:
        return {
            (direction, as_taken): DirectionJudge(
                direction,
                self.policies,
                self.pods,
                self.pods.all | self.external[direction].all,
                as_taken=as_taken,
            )
            for direction in TrafficDirection
            for as_taken in (True, False)
        }

    @cached_property
    def has_doubts(self) -> bool:
        """Whether anything about the pods of the files depends on what is not known."""
        seen = ~self.pods.controller.bit
        extents = [policy.subjects for policy in self.policies]
        for policy in self.policies:
            extents += [rule.peers for rules in policy.rules.values() for rule in rules]
        return any((one.possible ^ one.sure) & seen for one in extents) or self.has_ties

    @cached_property
    def has_ties(self) -> bool:
        """Whether nobody can tell which of two policies is asked first."""
        ranks = [
            (policy.tier, policy.priority)
            for policy in self.policies
            if policy.tier is not PolicyTier.NETWORK_POLICY
        ]
        return len(set(ranks)) < len(ranks)

    @cached_property
    def client_doubts(self) -> Mapping[tuple[int, int], ConnectionSet]:
        """By class of pods and IP version the connections that Services lead in, and that policies allow to
        some addresses outside alone: who may make them hangs on whose address arrives."""
        found: dict[tuple[int, int], ConnectionSet] = {}
        for number, services in self.hiding.items():
            row = _at_bound(self.judge(_INGRESS).allowed(number), Bound.TAKEN)
            led = all_of(service.connections for service in services)
            for version, those in self.external[_INGRESS].by_version.items():
                met = [what for what, peers in row.items() if peers & those]
                everywhere = ALL
                for what in met:
                    everywhere = everywhere & what
                doubt = led & (all_of(met) - everywhere)
                if doubt:
                    found[number, version] = doubt
        return found

    def between(self, source: int, destination: int, bound: Bound = Bound.TAKEN) -> ConnectionSet:
        """What one source may do to one destination, by their numbers."""
        return at(self.rows(bound)[source], destination)

    def number_of(self, peer: PodGroup | AddressRange, direction: TrafficDirection) -> int:
        """The number of a peer among those of a direction."""
        if isinstance(peer, PodGroup):
            return self.pods.class_of(peer).number
        return len(self.pods.classes) + self.external[direction].ranges.index(peer)

    def rows(self, bound: Bound) -> Sequence[Row]:
        """For each source what it may do: first each class of pods, the controller the last of them, then
        each range of addresses."""
        if bound not in self._rows:
            self._rows[bound] = self._rows_of(bound)
        return self._rows[bound]

    def _rows_of(self, bound: Bound) -> list[Row]:
        if bound is not Bound.TAKEN and not self.has_doubts:
            found = list(self.rows(Bound.TAKEN))
        else:
            admitted = self._admitted(bound)
            found = [self._row(item.number, admitted[item.number], bound) for item in self.pods.classes]
            count = len(found)
            found += [admitted[count + place] for place in range(len(self.external[_INGRESS].ranges))]
        controller = self.pods.controller.number
        found[controller] = self._row_of_controller(bound)
        return found

    def _admitted(self, bound: Bound) -> list[dict[ConnectionSet, Bits]]:
        """For each source what the destinations let in, whatever the source itself may send."""
        judge = self.judge(_INGRESS, as_taken=bound is Bound.TAKEN)
        alike: dict[int, tuple[Partition[Allowed], Bits]] = {}
        for item in self.pods.classes[:-1]:
            allowed = judge.allowed(item.number)
            known = alike.get(id(allowed), (allowed, 0))
            alike[id(allowed)] = (allowed, known[1] | item.bit)
        count = len(self.pods.classes) + len(self.external[_INGRESS].ranges)
        found: list[dict[ConnectionSet, Bits]] = [defaultdict(int) for _ in range(count)]
        for allowed, destinations in alike.values():
            for what, sources in _at_bound(allowed, bound).items():
                for source in numbers(sources) if what else ():
                    found[source][what] |= destinations
        return found

    def _row(self, source: int, admitted: Row, bound: Bound) -> Row:
        """What both sides allow."""
        hosts = self.pods.hosts
        if bound is Bound.POSSIBLE and hosts >> source & 1:
            return {ALL: self.pods.described | self.external[_EGRESS].all}
        judge = self.judge(_EGRESS, as_taken=bound is Bound.TAKEN)
        found: dict[ConnectionSet, Bits] = defaultdict(int)
        outside = self.external[_EGRESS].all
        for sent, peers in _at_bound(judge.allowed(source), bound).items():
            if sent and peers & outside:
                found[sent] |= peers & outside
            for taken, destinations in admitted.items():
                what = sent & taken
                if what and peers & destinations:
                    found[what] |= peers & destinations
        if bound is Bound.POSSIBLE and hosts:  # a node reaches its own pods, and they their node
            found = defaultdict(int, {what: those & ~hosts for what, those in found.items()})
            found[ALL] |= hosts
        return {what: those for what, those in found.items() if those}

    def _row_of_controller(self, bound: Bound) -> Row:
        """What the controller is told to connect to, and may."""
        controller = self.pods.controller
        as_taken = bound is Bound.TAKEN
        sent = _at_bound(self.judge(_EGRESS, as_taken=as_taken).allowed(controller.number), bound)
        found: dict[ConnectionSet, Bits] = defaultdict(int)
        for destination, wanted in self.entrances.items():
            taken = _at_bound(self.judge(_INGRESS, as_taken=as_taken).allowed(destination), bound)
            what = wanted & at(taken, controller.number) & at(sent, destination)
            if what:
                found[what] |= 1 << destination
        return dict(found)


def at(row: Row, number: int) -> ConnectionSet:
    """What a row says about one number."""
    return next((what for what, those in row.items() if those >> number & 1), NONE)


def _at_bound(parts: Partition[Allowed], bound: Bound) -> dict[ConnectionSet, Bits]:
    found: dict[ConnectionSet, Bits] = defaultdict(int)
    for allowed, peers in parts.items():
        found[allowed.possibly if bound is Bound.POSSIBLE else allowed.surely] |= peers
    return found


def connectivities(world: World) -> tuple[Connectivity, ...]:
    """The connections of each edition of a world; ask for them with ``world.fact(connectivities)``."""
    return tuple(_of_edition(world, edition) for edition in world.fact(editions))


def connectivities_with(
    world: World, strangers: Sequence[Stranger] = (), policies: Sequence[NetworkPolicy] = ()
) -> tuple[Connectivity, ...]:
    """As ``connectivities``, with pods that no file describes, and with more policies in each cluster."""
    if not strangers and not policies:
        return world.fact(connectivities)
    return tuple(_of_edition(world, edition, strangers, policies) for edition in world.fact(editions))


def _of_edition(
    world: World,
    edition: Edition,
    strangers: Sequence[Stranger] = (),
    more: Sequence[NetworkPolicy] = (),
) -> Connectivity:
    seen = world.fact(cluster_objects).of(edition.holds)
    its_policies = (*seen.policies, *more)
    pods = Pods(seen.workloads, seen.namespaces, strangers)
    start = len(pods.classes)
    blocks = {
        direction: [block for policy in its_policies for block in blocks_of(policy, direction)]
        for direction in TrafficDirection
    }
    blocks[_EGRESS] += [block for policy in seen.admin_policies for block in policy.networks()]
    external = {direction: External(found, start) for direction, found in blocks.items()}
    policies = [lowered(policy, pods, external) for policy in its_policies]
    admin = (lowered_admin(policy, pods, external) for policy in seen.admin_policies)
    policies += [policy for policy in admin if policy is not None]
    ways = [item for item in entrances(world) if edition.holds(item.base)]
    services = [item for item in world.all(KubernetesService) if edition.holds(item.base)]
    led, hidden = let_in(ways, services, pods), hiding(services, pods)
    return Connectivity(edition.name, pods, external, policies, led, hiding=hidden)
