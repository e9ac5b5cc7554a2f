"""Policies of all kinds in one form: whom they select, and what each rule does with which traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum, StrEnum
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.network.connectivity.bounded import BoundedSet
from archlint.model.network.connectivity.connections import (
    ALL,
    LAST_PORT,
    PROTOCOLS,
    ConnectionSet,
    all_of,
)
from archlint.model.network.connectivity.pods import NamedPort
from archlint.model.network.intervals import Intervals
from archlint.model.network.policies import TrafficDirection

PortTable = Mapping[NamedPort, Intervals]
"""The numbers that the port names of some pods stand for."""


class RuleAction(StrEnum):
    """What a rule does with the traffic that it matches."""

    ALLOW = "allow"
    DENY = "deny"
    PASS = "pass"
    """Leave it to the next tier."""


class PolicyTier(IntEnum):
    """In which order kinds of policies are asked."""

    ADMIN = 0
    NETWORK_POLICY = 1
    BASELINE = 2


@dataclass(frozen=True)
class PortMatch:
    """One entry of a rule's ports."""

    protocol: str | None
    """``None`` for a name that stands for itself in any protocol."""
    first: int = 0
    last: int = LAST_PORT
    name: str | None = None

    def connections(self, table: PortTable) -> ConnectionSet:
        """The connections that it means for pods with these port names."""
        if self.name is None:
            return ConnectionSet.to_port(self.protocol or "", self.first, self.last)
        wanted = PROTOCOLS if self.protocol is None else (self.protocol,)
        return ConnectionSet.of({key: table.get((key, self.name), ()) for key in wanted})


@dataclass(frozen=True)
class TrafficRule:
    """One rule of a policy."""

    node: Node
    direction: TrafficDirection
    action: RuleAction
    peers: BoundedSet
    """The pods, and ranges of addresses, on the other side."""
    ports: tuple[PortMatch, ...] | None
    """``None`` for every port."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The port names that it uses."""
        return frozenset(port.name for port in self.ports or () if port.name is not None)

    def connections(self, table: PortTable) -> ConnectionSet:
        """The connections to pods with these port names."""
        return ALL if self.ports is None else all_of(port.connections(table) for port in self.ports)


@dataclass(frozen=True)
class TrafficPolicy:
    """One policy; it restricts the pods that it selects in its directions."""

    base: KubernetesObject
    tier: PolicyTier
    priority: int
    """Less comes first; the same for all NetworkPolicies."""
    subjects: BoundedSet
    directions: frozenset[TrafficDirection]
    rules: Mapping[TrafficDirection, Sequence[TrafficRule]]

    @cached_property
    def names(self) -> frozenset[str]:
        """The port names that its rules for ingress use."""
        return frozenset(name for rule in self.rules[TrafficDirection.INGRESS] for name in rule.names)

    @property
    def title(self) -> str:
        """Such as ``NetworkPolicy shop/db``."""
        space = f"{self.base.namespace}/" if self.base.namespace else ""
        return f"{self.base.kind} {space}{self.base.name}"
