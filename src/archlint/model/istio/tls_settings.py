"""How destination rules make callers check the certificate of who answers."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.destination_rules import DestinationRule
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World

_ORIGINATING = frozenset({"SIMPLE", "MUTUAL"})


@dataclass(frozen=True)
class OriginatedTls(ObjectFacet):
    """One ``tls`` of a destination rule by which callers begin TLS themselves."""

    node: Node
    is_for_port: bool
    is_for_subset: bool

    @classmethod
    def all(cls, world: World) -> Iterator[OriginatedTls]:
        """Every such setting."""
        for rule in world.all(DestinationRule):
            spec = rule.base.get("spec")
            policies = [(spec.get("trafficPolicy"), False)]
            policies += [(item.get("trafficPolicy"), True) for item in spec.get("subsets").elements()]
            for policy, is_subset in policies:
                nodes = [(policy.get("tls"), False)]
                nodes += [(item.get("tls"), True) for item in policy.get("portLevelSettings").elements()]
                for node, is_port in nodes:
                    if node.get("mode").text in _ORIGINATING:
                        yield cls(rule.base, node, is_port, is_subset)

    @property
    def names_authority(self) -> bool:
        """Whether it says which authority the certificate has to be from.

        Source: Istio's reference of DestinationRule, ClientTLSSettings: ``credentialName`` holds for
        gateways, and for sidecars only where the rule selects workloads.
        """
        has_secret = bool(self.node.get("credentialName").text)
        is_selected = self.base.get("spec", "workloadSelector").is_set
        return bool(self.node.get("caCertificates").text) or (has_secret and is_selected)

    @property
    def checks_nothing(self) -> bool:
        """Whether checking is switched off on purpose, which says it all."""
        return self.node.get("insecureSkipVerify").value is True
