"""Policies that keep pods from asking a name server, judged over all policies that select the same pods.

Policies add up: a pod may do what any of the policies that select it allows. A policy is to blame if it
restricts egress, lets something out, and the pods that it selects get DNS from no policy.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
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
        self._allowing: dict[str | None, list[NetworkPolicy]] = defaultdict(list)
        self._alike: dict[tuple[str | None, str], list[NetworkPolicy]] = defaultdict(list)
        for policy in self.policies:
            self._alike[_selected(policy)].append(policy)
            if self._allows(policy):
                self._allowing[policy.namespace].append(policy)
        self._own_names: dict[str, frozenset[str]] = {}

    def blocked(self, policy: NetworkPolicy) -> BlockedDns | None:
        """What the policy is to blame for; ``None`` if nothing, or if another one is reported for it."""
        if not policy.rules(Direction.EGRESS) or self._allows(policy):
            return None
        selected = self._selection.workloads_of(policy)
        if not selected:
            return None if self._may_be_allowed_beside(policy) else self._blocked_unseen(policy)
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

    def _blocked_unseen(self, policy: NetworkPolicy) -> BlockedDns | None:
        """The blame for pods that the repository does not show; alike are policies with the same selector."""
        alike = self._alike[_selected(policy)]
        others = tuple(other for other in alike if self._counts_beside(policy, other))
        return BlockedDns((), others) if self._is_first(policy, others) else None

    def _may_be_allowed_beside(self, policy: NetworkPolicy) -> bool:
        """Whether a policy that allows DNS may select the same pods."""
        own = policy.namespace
        namespaces = list(self._allowing) if own is None else [own, None]
        return any(
            self._counts_beside(policy, other)
            and may_select_same_pods(policy.pod_selector, other.pod_selector)
            for namespace in namespaces
            for other in self._allowing.get(namespace, ())
        )

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


def _selected(policy: NetworkPolicy) -> tuple[str | None, str]:
    """What a policy selects, in a form that can be compared."""
    return policy.namespace, json.dumps(policy.pod_selector.value or {}, sort_keys=True, default=str)


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
