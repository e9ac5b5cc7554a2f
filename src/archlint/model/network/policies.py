"""Network policies: which direction they restrict, and their rules."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.network.ports import PortRange, ports_of
from archlint.model.world import World

GROUPS = ("networking.k8s.io", "extensions")


class TrafficDirection(StrEnum):
    """A direction of traffic; the value is the key of its rules."""

    INGRESS = "ingress"
    EGRESS = "egress"

    @property
    def policy_type(self) -> str:
        """The word in ``policyTypes``."""
        return self.value.capitalize()

    @property
    def peers_key(self) -> str:
        """The key that names the other side in a rule."""
        return "from" if self is TrafficDirection.INGRESS else "to"


@dataclass(frozen=True)
class NetworkPolicy(ObjectFacet):
    """One NetworkPolicy of Kubernetes itself."""

    @classmethod
    def all(cls, world: World) -> Iterable[NetworkPolicy]:
        """Every network policy in the world."""
        for item in world.all(KubernetesObject):
            if item.kind == "NetworkPolicy" and item.group in GROUPS:
                yield cls(item)

    @property
    def pod_selector(self) -> Node:
        """``spec.podSelector``; a missing or empty one selects all pods of the namespace."""
        return self.base.get("spec", "podSelector")

    @property
    def policy_types(self) -> Node:
        """``spec.policyTypes``."""
        return self.base.get("spec", "policyTypes")

    @cached_property
    def directions(self) -> frozenset[TrafficDirection]:
        """The directions that the policy restricts.

        Without ``policyTypes`` (or with an empty one) that is ingress, and egress where there are egress
        rules. Source: the Kubernetes API reference, NetworkPolicySpec.
        """
        named = {item.text for item in self.policy_types.elements()}
        if named:
            return frozenset(direction for direction in TrafficDirection if direction.policy_type in named)
        has_egress = bool(self.rules_node(TrafficDirection.EGRESS).value)
        return frozenset(TrafficDirection) if has_egress else frozenset({TrafficDirection.INGRESS})

    def rules_node(self, direction: TrafficDirection) -> Node:
        """The list of rules of a direction, in force or not."""
        return self.base.get("spec", direction.value)

    def rules(self, direction: TrafficDirection) -> tuple[PolicyRule, ...]:
        """The rules of a direction that are in force; those of a direction it does not restrict are not."""
        if direction not in self.directions:
            return ()
        nodes = self.rules_node(direction).elements()
        return tuple(PolicyRule(direction, node) for node in nodes if node.is_map or not node.is_set)


@dataclass(frozen=True)
class PolicyRule:
    """One rule: what it lists may connect, on the ports that it lists. A null rule is an empty one."""

    direction: TrafficDirection
    node: Node

    @property
    def peers_node(self) -> Node:
        """``from`` or ``to``."""
        return self.node.get(self.direction.peers_key)

    @property
    def admits_everyone(self) -> bool:
        """Whether it names no other side at all, which means everyone, inside and outside of the cluster."""
        return not self.peers_node.is_set or (self.peers_node.is_list and not self.peers_node.value)

    @property
    def peers(self) -> tuple[Node, ...]:
        """The entries of ``from`` or ``to``."""
        return tuple(node for node in self.peers_node.elements() if node.is_map)

    @cached_property
    def ports(self) -> tuple[PortRange, ...] | None:
        """The ports; ``None`` means every port."""
        return ports_of(self.node.get("ports"))
