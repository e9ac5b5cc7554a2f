"""Where policies cut what a team's rules require."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archlint.documents import Node
from archlint.finding import ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.model.network.connectivity.blame import Reached, lone_classes
from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import ALL, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.explanation import Explanation
from archlint.model.network.connectivity.traffic import PolicyTier, RuleAction, TrafficPolicy
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import TrafficDirection
from archlint.model.network.team_rules import RuleKind, TeamRule
from archlint.model.network.team_verdicts import Ends, Ruled, count_of, ends_of, proof_of, ruled_clusters
from archlint.model.world import World

_INGRESS, _EGRESS = TrafficDirection.INGRESS, TrafficDirection.EGRESS


class CutSide(NamedTuple):
    """Connections that one side does not allow."""

    direction: TrafficDirection
    policies: Sequence[TrafficPolicy]
    """Those that select the pods of this side."""
    reached: list[Reached]
    """Whom they cut off from whom, and from what."""


@dataclass(frozen=True)
class RequiredCut:
    """One cause for which connections are cut that a rule requires."""

    rule: TeamRule
    ruled: Ruled
    side: CutSide

    @classmethod
    def all(cls, world: World) -> Iterator[RequiredCut]:
        """Every cause, rule by rule."""
        for ruled in world.fact(ruled_clusters):
            for rule in world.team_rules:
                if rule.kind is RuleKind.REQUIRE:
                    ends = ends_of(ruled, rule)
                    for direction in (_EGRESS, _INGRESS):
                        for side in _cut_sides(ruled.found, ends, rule.ports, direction):
                            yield cls(rule, ruled, side)

    @property
    def ends(self) -> Ends:
        """Whom the rule means."""
        return ends_of(self.ruled, self.rule)

    @property
    def policy(self) -> TrafficPolicy:
        """The policy to mend: the one that denies it, else the first that selects the pods."""
        denying = self.denial
        return self.side.policies[0] if denying is None else denying[0]

    @property
    def denial(self) -> tuple[TrafficPolicy, Node] | None:
        """The rule of an administrator that denies the first connection, if one does."""
        for said in (said for side in self.proof.sides for said in side.said):
            if said.action is RuleAction.DENY and said.connections & self.side.reached[0].connections:
                return said.policy, said.node
        return None

    @property
    def proof(self) -> Explanation:
        """All that policies say about the first connection."""
        return proof_of(self.ruled, self.ends, self.side.reached[0])

    @property
    def object(self) -> ObjectRef:
        """The policy to mend."""
        return self.policy.base.object

    @property
    def source(self) -> Source:
        """The document of that policy."""
        return self.policy.base.source

    @property
    def example(self) -> tuple[str, str, ConnectionSet]:
        """The first connection: source, destination, and what is cut of it."""
        first = self.side.reached[0]
        source = next(self.ends.sources.names(first.sources))
        return source, next(self.ends.targets.names(first.destinations)), first.connections

    @property
    def count(self) -> int:
        """How many connections are cut, by names of workloads."""
        return sum(count_of(item, self.ends) for item in self.side.reached)


def _cut_sides(
    found: Connectivity, ends: Ends, ports: ConnectionSet | None, direction: TrafficDirection
) -> list[CutSide]:
    """What the policies of one side cut, by these policies."""
    judge = found.judge(direction, as_taken=False)
    own, others = ends if direction is _EGRESS else (ends.targets, ends.sources)
    blind = found.pods.hosts | found.pods.strangers
    alone = lone_classes(found)
    sides: dict[tuple[int, ...], CutSide] = {}
    for subject in numbers(own.pods & ~blind):
        policies = judge.selecting(subject)
        if not policies:
            continue
        left_out = found.pods.hosts | (1 << subject & alone) | _by_name_alone(found, policies, direction)
        peers = others.bits & ~left_out
        for allowed, bits in judge.allowed(subject).items():
            missing = _missing(allowed.possibly, ports)
            if missing and bits & peers:
                key = tuple(map(id, policies))
                ordered = sorted(policies, key=_rank)
                side = sides.setdefault(key, CutSide(direction, ordered, []))
                pair = (1 << subject, bits & peers)
                sources, destinations = pair if direction is _EGRESS else pair[::-1]
                side.reached.append(Reached(sources, destinations, missing))
    return list(sides.values())


def _rank(policy: TrafficPolicy) -> tuple[bool, str]:
    return policy.tier is not PolicyTier.NETWORK_POLICY, policy.title


def _missing(allowed: ConnectionSet, ports: ConnectionSet | None) -> ConnectionSet | None:
    """What is required and not allowed; without ports, something has to be."""
    if ports is None:
        return None if allowed else ALL
    return (ports - allowed) or None


def _by_name_alone(
    found: Connectivity, policies: Iterable[TrafficPolicy], direction: TrafficDirection
) -> Bits:
    """Pods that no file describes to which a rule leads by the name of a port, which may be any."""
    rules = (rule for policy in policies for rule in policy.rules[direction] if rule.names)
    hidden = 0
    for rule in rules if direction is _EGRESS else ():
        hidden |= rule.peers[Bound.POSSIBLE] & found.pods.strangers
    return hidden
