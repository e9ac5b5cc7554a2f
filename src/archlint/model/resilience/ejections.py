"""Outlier detection: pods that answer with errors get no calls for a while.

Source: Istio, OutlierDetection and LocalityLoadBalancerSetting, and how istiod hands them to Envoy: errors
are counted against ``consecutive5xxErrors`` (5 where nothing is said, off at 0); ``consecutiveGatewayErrors``
counts some of the same errors, and says nothing of its own from there upwards. No pod is ejected that would
make the ejected ones more than ``maxEjectionPercent`` (10 where nothing is said) of all; Envoy, before 1.28,
ejected one in any case (pull requests 27909 and 34796).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.destination_rules import DestinationRule
from archlint.model.istio.subsets import Subset
from archlint.model.kubernetes import ObjectFacet
from archlint.model.rollback.times import most_replicas
from archlint.model.world import World

_SHARE = 10
"""Of all pods in percent, how many may be ejected where nothing is said."""
_UNSAID = 5
"""Errors in a row after which a pod is ejected, where nothing is said."""


@dataclass(frozen=True)
class EjectionPolicy(ObjectFacet):
    """What a destination rule says of a host, a subset or a port: its own, and what holds besides."""

    rule: DestinationRule
    detection: Node
    """``outlierDetection`` as it is in force."""
    failover: Node | None
    """What asks for another zone or region where pods are ejected; ``None`` if nothing does."""
    subset: Node | None
    """The subset that it is for; ``None`` if it is for the host as a whole."""

    @classmethod
    def all(cls, world: World) -> Iterable[EjectionPolicy]:
        """Every policy of every destination rule; what a subset takes from its host is looked at once."""
        for rule in world.all(DestinationRule):
            whole = rule.base.get("spec", "trafficPolicy")
            yield from _of(rule, whole, whole, None)
            for subset in rule.base.get("spec", "subsets").elements():
                yield from _of(rule, subset.get("trafficPolicy"), whole, subset)

    @property
    def is_off(self) -> bool:
        """Whether no number of errors ejects a pod."""
        gateway = self.detection.get("consecutiveGatewayErrors").integer
        local = self.detection.get("splitExternalLocalOriginErrors").value is True
        old = self.detection.get("consecutiveErrors").integer
        return (
            self.detection.get("consecutive5xxErrors").integer == 0 and not gateway and not local and not old
        )

    @property
    def unheard(self) -> Node | None:
        """A number of gateway errors that is never reached, as as many errors of any kind come first."""
        gateway, others = (self.detection.get(f"consecutive{kind}Errors") for kind in ("Gateway", "5xx"))
        most = others.integer if others.is_set else _UNSAID
        counted = gateway.integer
        return gateway if counted and most and counted >= most else None

    @property
    def most(self) -> int:
        """Errors of any kind in a row that eject a pod."""
        stated = self.detection.get("consecutive5xxErrors").integer
        return _UNSAID if stated is None else stated


def _of(rule: DestinationRule, own: Node, whole: Node, subset: Node | None) -> Iterator[EjectionPolicy]:
    for policy in (own, *own.get("portLevelSettings").elements()):
        detection = policy.get("outlierDetection")
        balancing = policy.get("loadBalancer", "localityLbSetting")
        asked = [balancing.get(key) for key in ("failover", "failoverPriority")]
        is_off = balancing.get("enabled").value is False
        failover = None if is_off else next((node for node in asked if any(node.elements())), None)
        if policy is own and not detection.is_set and own is not whole and failover is not None:
            yield EjectionPolicy(rule.base, rule, whole.get("outlierDetection"), failover, subset)
        elif detection.is_set or failover is not None:
            yield EjectionPolicy(rule.base, rule, detection, failover, subset)


@dataclass(frozen=True)
class EjectionRoom(ObjectFacet):
    """Outlier detection beside the number of pods of which it may eject a share."""

    policy: EjectionPolicy
    pods: int
    counted: tuple[Node, ...]
    """What says how many there are."""

    @classmethod
    def all(cls, world: World) -> Iterable[EjectionRoom]:
        """Every policy that ejects pods of which the number is known."""
        for policy in world.all(EjectionPolicy):
            if policy.detection.is_map and not policy.is_off:
                found = _pods(policy, world)
                if found:
                    nodes = tuple(node for _, node in found.values() if node.is_set)
                    yield cls(policy.base, policy, sum(count for count, _ in found.values()), nodes)

    @property
    def share(self) -> int:
        """How many pods in a hundred may be ejected."""
        stated = self.policy.detection.get("maxEjectionPercent").integer
        return _SHARE if stated is None else stated

    @property
    def is_enough(self) -> bool:
        """Whether the share is one pod at least."""
        return self.pods * self.share >= _ALL

    @property
    def needed(self) -> int:
        """The least share by which one pod may be ejected."""
        return -(-_ALL // self.pods)


_ALL = 100


def _pods(policy: EjectionPolicy, world: World) -> dict[str, tuple[int, Node]]:
    """The most pods of each workload that a policy is for, by name; none where one is not known."""
    subset = Subset(policy.base, policy.rule, policy.subset or policy.rule.base.node)
    behind = subset.candidates(world)[1]
    found: dict[str, tuple[int, Node]] = {}
    for workload in behind if policy.subset is None else filter(subset.fits, behind):
        count = most_replicas(workload, world) if workload.kind in _COUNTED else None
        if count is None or count[0] < 1:
            return {}
        before = found.get(workload.name)
        found[workload.name] = count if before is None or count[0] > before[0] else before
    return found


_COUNTED = frozenset({"Deployment", "StatefulSet"})
