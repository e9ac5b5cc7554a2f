"""Outlier detection: pods that answer with errors get no calls for a while.

Source: Istio, OutlierDetection and LocalityLoadBalancerSetting, and how istiod hands them to Envoy: errors
are counted against ``consecutive5xxErrors`` (5 where nothing is said, off at 0); ``consecutiveGatewayErrors``
counts some of the same errors, and says nothing of its own from there upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.destination_rules import DestinationRule
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World

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

    @classmethod
    def all(cls, world: World) -> Iterable[EjectionPolicy]:
        """Every policy of every destination rule; what a subset takes from its host is looked at once."""
        for rule in world.all(DestinationRule):
            whole = rule.base.get("spec", "trafficPolicy")
            yield from _of(rule, whole, whole)
            for subset in rule.base.get("spec", "subsets").elements():
                yield from _of(rule, subset.get("trafficPolicy"), whole)

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


def _of(rule: DestinationRule, own: Node, whole: Node) -> Iterator[EjectionPolicy]:
    for policy in (own, *own.get("portLevelSettings").elements()):
        detection = policy.get("outlierDetection")
        balancing = policy.get("loadBalancer", "localityLbSetting")
        asked = [balancing.get(key) for key in ("failover", "failoverPriority")]
        failover = next((node for node in asked if any(node.elements())), None)
        if policy is own and not detection.is_set and own is not whole and failover is not None:
            yield EjectionPolicy(rule.base, rule, whole.get("outlierDetection"), failover)
        elif detection.is_set or failover is not None:
            yield EjectionPolicy(rule.base, rule, detection, failover)
