"""Policies that keep pods from asking a name server, judged over all policies that select the same pods.

Policies add up: a pod may do what any of the policies that select it allows. A policy is to blame if it
restricts egress, lets something out, and the pods that it selects get DNS from no policy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.patches import patch_text
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.network.dns import DnsReach, policy_dns_reach
from archlint.model.network.policies import Direction, NetworkPolicy
from archlint.model.network.selection import (
    has_foreign_policy,
    is_on_pod_network,
    may_select_same_pods,
    policy_selection,
    same_namespace,
)
from archlint.model.world import World


@dataclass(frozen=True)
class BlockedDns:
    """What one policy keeps from DNS."""

    workloads: tuple[Workload, ...]
    """The workloads that cannot resolve names; empty if none that the policy selects is known."""
    others: tuple[NetworkPolicy, ...]
    """The other policies that select the same pods and restrict their egress."""


class _Judge:
    """Looks up, for one world, what the policies do about DNS."""

    def __init__(self, world: World) -> None:
        self._sets = world.fact(deployment_sets)
        self._selection = world.fact(policy_selection)
        self.policies = [p for p in world.all(NetworkPolicy) if Direction.EGRESS in p.directions]
        self._reach = {policy: policy_dns_reach(policy) for policy in self.policies}
        self._by_namespace: dict[str | None, list[NetworkPolicy]] = defaultdict(list)
        for policy in self.policies:
            self._by_namespace[policy.namespace].append(policy)
        self._own_names: dict[str, frozenset[str]] = {}

    def blocked(self, policy: NetworkPolicy) -> BlockedDns | None:
        """What the policy is to blame for; ``None`` if nothing, or if another one is reported for it."""
        if not policy.rules(Direction.EGRESS) or self._allows(policy):
            return None
        selected = self._selection.workloads_of(policy)
        if not selected:
            others = tuple(self._maybe_same_pods(policy))
            is_blocked = not any(map(self._allows, others)) and self._is_first(policy, others)
            return BlockedDns((), others) if is_blocked else None
        blocked: list[Workload] = []
        seen: dict[NetworkPolicy, None] = {}
        for workload in filter(is_on_pod_network, selected):
            applied = self._selection.policies_of(workload)
            others = tuple(other for other in applied if self._counts_beside(policy, other))
            if not any(map(self._allows, others)) and self._is_first(policy, others):
                blocked.append(workload)
                seen.update(dict.fromkeys(others))
        return BlockedDns(tuple(blocked), tuple(seen)) if blocked else None

    def _allows(self, policy: NetworkPolicy) -> bool:
        return self._reach[policy] is DnsReach.FULL

    def _is_first(self, policy: NetworkPolicy, others: Sequence[NetworkPolicy]) -> bool:
        """Whether it is the first of those that let something out, so that one cause is reported once."""
        mine = _order(policy)
        return not any(other.rules(Direction.EGRESS) and _order(other) < mine for other in others)

    def _maybe_same_pods(self, policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
        namespaces = [policy.namespace, None] if policy.namespace is not None else list(self._by_namespace)
        for namespace in dict.fromkeys(namespaces):
            for other in self._by_namespace.get(namespace, ()):
                if self._counts_beside(policy, other) and may_select_same_pods(
                    policy.pod_selector, other.pod_selector
                ):
                    yield other

    def _counts_beside(self, policy: NetworkPolicy, other: NetworkPolicy) -> bool:
        """Whether ``other`` is applied beside ``policy``, and is no edition of what its set has."""
        if other == policy or other not in self._reach:
            return False
        if not same_namespace(policy.namespace, other.namespace):
            return False
        is_own = other.source.path in self._selection.own_paths(policy.base)
        return is_own or other.name not in self._names_beside(policy)

    def _names_beside(self, policy: NetworkPolicy) -> frozenset[str]:
        """The names of all policies in the sets of a policy."""
        path = policy.source.path
        if path not in self._own_names:
            self._own_names[path] = frozenset(
                item.name
                for group in self._sets.of(policy.base)
                for item in group.by_kind.get("NetworkPolicy", ())
            )
        return self._own_names[path]


def _order(policy: NetworkPolicy) -> tuple[str, int, tuple[str, ...]]:
    return (policy.source.path, policy.source.index, tuple(map(str, policy.base.node.route)))


def blocked_dns(world: World) -> dict[NetworkPolicy, BlockedDns]:
    """The policies to blame, with what they block; ask for it with ``world.fact(blocked_dns)``."""
    judge = _Judge(world)
    patches = world.fact(patch_text)
    found: dict[NetworkPolicy, BlockedDns] = {}
    for policy in judge.policies:
        is_patched = "NetworkPolicy" in patches and policy.name in patches
        if is_patched or has_foreign_policy(world, policy.namespace):
            continue
        blocked = judge.blocked(policy)
        if blocked is not None:
            found[policy] = blocked
    return found
