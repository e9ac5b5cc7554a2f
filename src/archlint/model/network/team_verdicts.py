"""Where what a team's rules say of connections is not so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from archlint.documents import Node, TextFile
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.network.connectivity.blame import (
    Blame,
    LetThrough,
    Reached,
    reached_by,
    without,
)
from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity, connectivities_with
from archlint.model.network.connectivity.explanation import Explanation, explained
from archlint.model.network.connectivity.listing import Connection, reason
from archlint.model.network.connectivity.picking import Picked, Picker, stranger_of
from archlint.model.network.connectivity.pods import PodGroup, Stranger
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import TrafficDirection
from archlint.model.network.team_rules import PeerPattern, RuleKind, TeamRule
from archlint.model.ownership.owners import owners
from archlint.model.services.grouping import service_groups
from archlint.model.world import World

_INGRESS, _EGRESS = TrafficDirection.INGRESS, TrafficDirection.EGRESS
_SYSTEM = "kube-system"


class Ruled(NamedTuple):
    """One cluster, with what the rules mean in it."""

    found: Connectivity
    picker: Picker


class Ends(NamedTuple):
    """Whom the two sides of a rule mean."""

    sources: Picked
    targets: Picked


def ruled_clusters(world: World) -> tuple[Ruled, ...]:
    """The clusters of a world, to be asked about rules; ask for it with ``world.fact(ruled_clusters)``.

    What a rule asks for may be no pod of the repository, such as the cluster's name server: such pods are
    added, with the labels that the rule tells.
    """
    if not world.team_rules:
        return ()
    known = connectivities_with(world, ())
    first = tuple(_ruled(found, world) for found in known)
    strangers = dict.fromkeys(
        stranger
        for rule in world.team_rules
        if rule.kind is RuleKind.REQUIRE and not _means_any(first, rule.target, _EGRESS)
        for stranger in stranger_of(rule.target)
        if stranger.namespace == _SYSTEM or not _is_here(known, stranger)
    )
    if not strangers:
        return first
    return tuple(_ruled(found, world) for found in connectivities_with(world, tuple(strangers)))


def _ruled(found: Connectivity, world: World) -> Ruled:
    def owner_of(workload: Workload) -> str | None:
        service = world.fact(service_groups).home_of(workload)
        owner = None if service is None else world.fact(owners).of(service)
        return None if owner is None else owner.name

    return Ruled(found, Picker(found, owner_of))


def _means_any(clusters: Iterable[Ruled], pattern: PeerPattern, direction: TrafficDirection) -> bool:
    return any(each.picker.picked(pattern, direction).bits for each in clusters)


def _is_here(clusters: Iterable[Connectivity], stranger: Stranger) -> bool:
    """Whether the repository describes what is in a namespace, so that other pods are a slip."""
    space = stranger.namespace
    return any(
        each.pods.is_defined(space) or any(item.namespace == space for item in each.pods.classes)
        for each in clusters
    )


def ends_of(ruled: Ruled, rule: TeamRule) -> Ends:
    """Whom a rule means in a cluster."""
    picker = ruled.picker
    return Ends(picker.picked(rule.source, _INGRESS), picker.picked(rule.target, _EGRESS))


@dataclass(frozen=True)
class ForbiddenOpening:
    """One cause for which connections are allowed that a rule forbids."""

    rule: TeamRule
    ruled: Ruled
    opening: LetThrough
    pods: tuple[Workload, ...]
    """The workloads that nothing restricts, where no policy's rule is the cause."""

    @classmethod
    def all(cls, world: World) -> Iterator[ForbiddenOpening]:
        """Every cause, rule by rule."""
        for ruled in world.fact(ruled_clusters):
            blame = Blame(ruled.found)
            for rule in world.team_rules:
                if rule.kind is RuleKind.FORBID:
                    ends = ends_of(ruled, rule)
                    allowed = _reached(ruled.found, ends, rule.ports, Bound.SURE)
                    for opening in blame.let_through(allowed):
                        yield from cls._of(rule, ruled, opening)

    @classmethod
    def _of(cls, rule: TeamRule, ruled: Ruled, opening: LetThrough) -> Iterator[ForbiddenOpening]:
        """The opening; of pods that nothing restricts, one for each namespace, as one policy shuts it."""
        if opening.policy is not None:
            yield cls(rule, ruled, opening, ())
            return
        is_ingress = opening.direction is _INGRESS
        subjects = opening.destinations if is_ingress else opening.sources
        spaces: dict[str, Bits] = defaultdict(int)
        for item in ruled.found.pods.classes:
            if subjects & item.bit:
                spaces[item.namespace] |= item.bit
        for bits in spaces.values():
            own = [
                item._replace(destinations=item.destinations & bits)
                if is_ingress
                else item._replace(sources=item.sources & bits)
                for item in opening.reached
            ]
            part = opening._replace(reached=[item for item in own if item.sources and item.destinations])
            picked = ends_of(ruled, rule)[is_ingress]
            pods = [
                peer.workload
                for number in numbers(bits & picked.pods)
                if isinstance(peer := picked.peer(number), PodGroup) and peer.workload is not None
            ]
            if pods:
                yield cls(rule, ruled, part, tuple(pods))

    @property
    def ends(self) -> Ends:
        """Whom the rule means."""
        return ends_of(self.ruled, self.rule)

    @property
    def node(self) -> Node:
        """Where it can be shut: the rule of a policy, or the first workload that is open."""
        rule = self.opening.rule
        return self.pods[0].base.node if rule is None else rule.node

    @property
    def object(self) -> ObjectRef:
        """The policy, or the first workload."""
        policy = self.opening.policy
        return self.pods[0].base.object if policy is None else policy.base.object

    @property
    def source(self) -> Source:
        """The document of that."""
        policy = self.opening.policy
        return self.pods[0].base.source if policy is None else policy.base.source

    @property
    def example(self) -> tuple[str, str, ConnectionSet]:
        """The first connection: source, destination, and what it may do."""
        first = self.opening.reached[0]
        source = next(self.ends.sources.names(first.sources))
        others = (name for name in self.ends.targets.names(first.destinations) if name != source)
        return source, next(others, source), first.connections

    @property
    def count(self) -> int:
        """How many connections there are, by names of workloads."""
        return sum(count_of(item, self.ends) for item in self.opening.reached)

    @property
    def proof(self) -> Explanation:
        """All that policies say about the first connection."""
        return proof_of(self.ruled, self.ends, self.opening.reached[0])


def proof_of(ruled: Ruled, ends: Ends, reached: Reached) -> Explanation:
    """All that policies say about the first of some connections."""
    source, target = next(numbers(reached.sources)), next(numbers(reached.destinations))
    return explained(ruled.found, ends.sources.peer(source), ends.targets.peer(target))


def count_of(item: Reached, ends: Ends) -> int:
    """How many connections these are, by names of workloads; those to oneself do not count."""
    same = ends.sources.count(item.sources & item.destinations & ends.targets.pods & ends.sources.pods)
    return ends.sources.count(item.sources) * ends.targets.count(item.destinations) - same


def _reached(found: Connectivity, ends: Ends, ports: ConnectionSet | None, bound: Bound) -> list[Reached]:
    return reached_by(found, ends.sources.bits, ends.targets.bits, ports, bound)


@dataclass(frozen=True)
class UnknownForbidden:
    """A rule of which nobody can tell from the files whether it is broken."""

    rule: TeamRule
    source_name: str
    target_name: str
    connections: ConnectionSet
    reason: str
    policies: tuple[Place, ...] = ()
    """Rules about the two, and selectors of policies without one: first those that may not apply."""

    @classmethod
    def all(cls, world: World) -> Iterator[UnknownForbidden]:
        """Each such rule once, with the first connection."""
        open_ones = [rule for rule in world.team_rules if rule.kind is RuleKind.FORBID]
        for ruled in world.fact(ruled_clusters):
            if not ruled.found.has_doubts:
                continue
            for rule in list(open_ones):
                ends = ends_of(ruled, rule)
                possible = _reached(ruled.found, ends, rule.ports, Bound.POSSIBLE)
                unsure = without(possible, _reached(ruled.found, ends, rule.ports, Bound.SURE))
                if unsure:
                    open_ones.remove(rule)
                    yield cls._of(rule, ruled, ends, unsure[0])

    @classmethod
    def _of(cls, rule: TeamRule, ruled: Ruled, ends: Ends, first: Reached) -> UnknownForbidden:
        start, end = next(numbers(first.sources)), next(numbers(first.destinations))
        source, target = ends.sources.peer(start), ends.targets.peer(end)
        found = explained(ruled.found, source, target)
        told = reason(ruled.found, Connection(source, target, found.allowed))
        said = sorted((each for side in found.sides for each in side.said), key=lambda each: each.is_sure)
        names = next(ends.sources.names(1 << start)), next(ends.targets.names(1 << end))
        return cls(rule, *names, first.connections, told, tuple(each.node.place() for each in said))

    @property
    def source(self) -> TextFile:
        """The configuration."""
        return TextFile(self.rule.path)

    @property
    def object(self) -> None:
        """It is about no single object."""


@dataclass(frozen=True)
class EmptyPattern:
    """A side of a rule that means nobody, or a name in it."""

    rule: TeamRule
    place: Place
    text: str

    @classmethod
    def all(cls, world: World) -> Iterator[EmptyPattern]:
        """Every such side, and of those that mean somebody every such name."""
        clusters = world.fact(ruled_clusters)
        for rule in world.team_rules:
            sides = ((rule.source, rule.source_span, _INGRESS), (rule.target, rule.target_span, _EGRESS))
            for pattern, span, direction in sides:
                place = TextFile(rule.path).place(span)
                if not _means_any(clusters, pattern, direction):
                    yield cls(rule, place, pattern.text)
                    continue
                for alone in pattern.parts():
                    if not _means_any(clusters, alone, direction):
                        yield cls(rule, place, alone.text)

    @property
    def source(self) -> TextFile:
        """The configuration."""
        return TextFile(self.rule.path)

    @property
    def object(self) -> None:
        """It is about no single object."""
