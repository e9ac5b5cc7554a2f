"""Policies that keep pods from asking a name server, judged over all policies that select the same pods.

Policies add up: a pod may do what any of the policies that select it allows. A policy is to blame if it
restricts egress, lets something out for which a name is needed, and the pods that it selects get DNS from no
policy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice

from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload, string_map
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.sets import SetsKey, deployment_sets
from archlint.model.network.dns import DnsReach, asks_server_alone, policy_dns_reach
from archlint.model.network.labels import Bits, LabelIndex, numbers
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.selection import (
    PolicySelection,
    Selected,
    has_foreign_policy,
    policy_selection,
    selected_key,
)
from archlint.model.world import World

MOST_OTHERS = 5
"""No more other policies than this are told."""


@dataclass(frozen=True)
class BlockedDns:
    """What one policy keeps from DNS."""

    workloads: tuple[Workload, ...]
    """The workloads that cannot resolve names; empty if none that the policy selects is known."""
    others: tuple[NetworkPolicy, ...]
    """The first other policies that select the same pods and restrict their egress."""


@dataclass(frozen=True)
class _Part:
    """What one policy does about egress."""

    policy: NetworkPolicy
    number: int
    """Its place among the policies that restrict egress."""
    selected: Bits
    asked: Selected
    allows_dns: bool
    lets_out: bool

    @property
    def order(self) -> tuple[str, int, tuple[str, ...]]:
        """Which of several policies is reported for one cause: the first in the text."""
        source = self.policy.source
        return (source.path, source.index, tuple(map(str, self.policy.base.node.route)))


class _Beside:
    """Policies that are applied together, and so add up."""

    def __init__(self, parts: Iterable[_Part]) -> None:
        self.parts = sorted(parts, key=lambda part: part.number)

    @cached_property
    def allowed(self) -> Bits:
        """The workloads that some policy lets ask for names."""
        found = 0
        for part in self.parts:
            if part.allows_dns:
                found |= part.selected
        return found

    @cached_property
    def allowing(self) -> Bits:
        """The numbers of the policies that let pods ask for names."""
        return sum(1 << part.number for part in self.parts if part.allows_dns)

    @cached_property
    def to_blame(self) -> dict[int, Bits]:
        """By policy, the workloads for which it is the first that lets something out."""
        found, seen = {}, 0
        for part in sorted(self.parts, key=lambda part: part.order):
            if part.lets_out:
                found[part.number] = part.selected & ~seen
                seen |= part.selected
        return found

    @cached_property
    def first_policies(self) -> Mapping[int, Sequence[_Part]]:
        """By workload, the first policies that select it: one more than is told, as one is the asker."""
        found: dict[int, list[_Part]] = defaultdict(list)
        enough = 0
        for part in self.parts:
            for number in numbers(part.selected & ~enough):
                found[number].append(part)
                if len(found[number]) > MOST_OTHERS:
                    enough |= 1 << number
        return found

    @cached_property
    def alike(self) -> Mapping[Selected, Sequence[_Part]]:
        """The policies by what they select."""
        found: dict[Selected, list[_Part]] = defaultdict(list)
        for part in self.parts:
            found[part.asked].append(part)
        return found

    @cached_property
    def first_alike(self) -> dict[Selected, int]:
        """By selector, the first policy that lets something out."""
        found: dict[Selected, int] = {}
        for part in sorted(self.parts, key=lambda part: part.order):
            if part.lets_out:
                found.setdefault(part.asked, part.number)
        return found


class _Policies:
    """The policies of a world that restrict egress, and which of them are applied beside each other."""

    def __init__(self, world: World) -> None:
        self._sets = world.fact(deployment_sets)
        self._selection: PolicySelection = world.fact(policy_selection)
        found = (
            policy for policy in world.all(NetworkPolicy) if TrafficDirection.EGRESS in policy.directions
        )
        self.parts = [self._part(policy, number) for number, policy in enumerate(found)]
        self._by_name: dict[str | None, dict[str, list[_Part]]] = defaultdict(lambda: defaultdict(list))
        self._by_path: dict[str, list[_Part]] = defaultdict(list)
        for part in self.parts:
            self._by_name[part.policy.namespace][part.policy.name].append(part)
            self._by_path[part.policy.source.path].append(part)
        self._carriers = Counter(part.policy.name for part in self.parts)
        self._repeated: dict[SetsKey, frozenset[str]] = {}
        self._beside: dict[tuple[str | None, SetsKey | None], _Beside] = {}

    def beside(self, part: _Part) -> _Beside:
        """What is applied beside a policy (itself included): all that its namespace may hold, but no other
        edition of what its sets have."""
        namespace, key = part.policy.namespace, self._selection.sets_key(part.policy.base)
        repeated = self._repeated_names(part, key)
        place = (namespace, key if repeated else None)
        if place not in self._beside:
            groups = list(self._by_name) if namespace is None else [namespace, None]
            parts = {
                other.number: other
                for group in groups
                for name, others in self._by_name.get(group, {}).items()
                if name not in repeated
                for other in others
            }
            if repeated:
                parts |= {
                    other.number: other
                    for other in self._own(part)
                    if None in (namespace, other.policy.namespace) or namespace == other.policy.namespace
                }
            self._beside[place] = _Beside(parts.values())
        return self._beside[place]

    def _repeated_names(self, part: _Part, key: SetsKey) -> frozenset[str]:
        """The names of policies in the sets of a policy that policies elsewhere have as well."""
        if key not in self._repeated:
            names = {
                item.name
                for group in self._sets.of(part.policy.base)
                for item in group.by_kind.get("NetworkPolicy", ())
            }
            own = Counter(other.policy.name for other in self._own(part))
            self._repeated[key] = frozenset(name for name in names if self._carriers[name] > own[name])
        return self._repeated[key]

    def _own(self, part: _Part) -> Iterable[_Part]:
        for path in self._selection.own_paths(part.policy.base):
            yield from self._by_path.get(path, ())

    def _part(self, policy: NetworkPolicy, number: int) -> _Part:
        return _Part(
            policy,
            number,
            self._selection.selected_by(policy),
            selected_key(policy),
            policy_dns_reach(policy) is DnsReach.FULL,
            _lets_out(policy),
        )


def _lets_out(policy: NetworkPolicy) -> bool:
    """Whether its pods may call something by name."""
    rules = policy.rules(TrafficDirection.EGRESS)
    return bool(rules) and not asks_server_alone(rules)


class _Judge:
    """Tells for each policy of a world what it keeps from DNS."""

    def __init__(self, world: World, policies: _Policies) -> None:
        self._selection: PolicySelection = world.fact(policy_selection)
        self._policies = policies
        self._asked = LabelIndex()
        for part in policies.parts:
            if part.allows_dns:
                self._asked.add(part.number, _wanted(part))

    def blocked(self, part: _Part) -> BlockedDns | None:
        """What the policy is to blame for; ``None`` if nothing, or if another one is reported for it."""
        if not part.lets_out or part.allows_dns:
            return None
        beside = self._policies.beside(part)
        meant = self._selection.surely_meant_by(part.policy)
        if not meant:
            return self._blocked_unseen(part, beside)
        blocked = meant & self._selection.on_pod_network & beside.to_blame[part.number] & ~beside.allowed
        if not blocked:
            return None
        workloads = tuple(self._selection.workloads[number] for number in numbers(blocked))
        return BlockedDns(workloads, _others(part, beside, blocked))

    def _blocked_unseen(self, part: _Part, beside: _Beside) -> BlockedDns | None:
        """The blame for pods that the repository does not show.

        They may have DNS from a policy whose selector asks for no other value of the same label.
        """
        if beside.allowing & ~self._asked.contradicting(_wanted(part)):
            return None
        if beside.first_alike[part.asked] != part.number:
            return None
        alike = (other.policy for other in beside.alike[part.asked] if other is not part)
        return BlockedDns((), tuple(islice(alike, MOST_OTHERS)))


def _wanted(part: _Part) -> dict[str, str]:
    return string_map(part.policy.pod_selector.get("matchLabels"))


def _others(part: _Part, beside: _Beside, blocked: Bits) -> tuple[NetworkPolicy, ...]:
    """The first other policies of the first blocked workloads."""
    found: dict[NetworkPolicy, None] = {}
    for number in numbers(blocked):
        found.update((other.policy, None) for other in beside.first_policies[number] if other is not part)
        if len(found) >= MOST_OTHERS:
            break
    return tuple(found)[:MOST_OTHERS]


def blocked_dns(world: World) -> dict[NetworkPolicy, BlockedDns]:
    """The policies to blame, with what they block; ask for it with ``world.fact(blocked_dns)``."""
    policies = _Policies(world)
    judge = _Judge(world, policies)
    patches = world.fact(patch_text)
    found: dict[NetworkPolicy, BlockedDns] = {}
    for part in policies.parts:
        policy = part.policy
        is_patched = "NetworkPolicy" in patches and policy.name in patches
        if is_patched or has_foreign_policy(world, policy.namespace):
            continue
        blocked = judge.blocked(part)
        if blocked is not None:
            found[policy] = blocked
    return found
