"""How well the workloads of a deployment are covered by network policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets, may_be_elsewhere
from archlint.model.network.label_spaces import contradiction
from archlint.model.network.labels import Bits
from archlint.model.network.openness import selects_everything
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.selection import (
    PolicySelection,
    has_foreign_policy,
    is_on_pod_network,
    policy_selection,
)
from archlint.model.world import World

SetAndNamespace = tuple[str, str | None]
"""The name of a deployment set, and a namespace."""


@dataclass(frozen=True)
class Gap:
    """A workload without policy among others that have one."""

    covered: int
    others: int
    example: tuple[Workload, NetworkPolicy]
    """Another workload of the group, and a policy that selects it."""


class PolicyCoverage:
    """Which workloads of each set and namespace have a policy."""

    def __init__(self, world: World, selection: PolicySelection, sets: DeploymentSets) -> None:
        self._world = world
        self._selection = selection
        self._sets = sets
        self._counts: dict[SetAndNamespace, int] = defaultdict(int)
        self._covered: dict[SetAndNamespace, int] = defaultdict(int)
        self._examples: dict[SetAndNamespace, tuple[Workload, NetworkPolicy]] = {}
        for workload in selection.workloads:
            policy = selection.first_policy_of(workload)
            for group in self._groups(workload):
                self._counts[group] += 1
                if policy is not None:
                    self._covered[group] += 1
                    self._examples.setdefault(group, (workload, policy))

    def gap_of(self, workload: Workload, least_share: float) -> Gap | None:
        """The gap that a workload is, if at least ``least_share`` (0 to 1) of the others have a policy."""
        is_covered = self._selection.first_policy_of(workload) is not None
        if is_covered or has_foreign_policy(self._world, workload.namespace):
            return None
        for group in self._groups(workload):
            covered, others = self._covered.get(group, 0), self._counts[group] - 1
            if covered and covered >= least_share * others:
                return Gap(covered, others, self._examples[group])
        return None

    def _groups(self, workload: Workload) -> Iterator[SetAndNamespace]:
        """The groups in which a workload counts: what stays, not bare pods, one-time jobs and fragments."""
        is_lasting = workload.kind not in ("Pod", "Job", "PodTemplate")
        if is_lasting and workload.pod_labels and is_on_pod_network(workload):
            for deployment in self._sets.of(workload.base):
                yield deployment.name, workload.namespace


def policy_coverage(world: World) -> PolicyCoverage:
    """The coverage of a world; ask for it with ``world.fact(policy_coverage)``."""
    return PolicyCoverage(world, world.fact(policy_selection), world.fact(deployment_sets))


class Isolation:
    """Which directions of which workloads some policy restricts."""

    def __init__(self, selection: PolicySelection, policies: Sequence[NetworkPolicy]) -> None:
        self._numbers = {workload: number for number, workload in enumerate(selection.workloads)}
        self._on_pod_network = selection.on_pod_network
        self._selected: dict[TrafficDirection, Bits] = dict.fromkeys(TrafficDirection, 0)
        for policy in policies:
            for direction in policy.directions:
                self._selected[direction] |= selection.selected_by(policy)

    def open_directions(self, workload: Workload) -> list[TrafficDirection]:
        """The directions that no policy restricts; none for pods that policies do not reach."""
        number = self._numbers.get(workload)
        if number is None or not self._on_pod_network >> number & 1:
            return []
        return [direction for direction, bits in self._selected.items() if not bits >> number & 1]


def isolation(world: World) -> Isolation:
    """The isolation of a world's pods; ask for it with ``world.fact(isolation)``."""
    return Isolation(world.fact(policy_selection), world.all(NetworkPolicy))


def own_peers(policy: NetworkPolicy) -> Iterator[Node]:
    """The pod selectors of the peers that are in the policy's own namespace."""
    for direction in TrafficDirection:
        for rule in policy.rules(direction):
            for peer in rule.peers:
                selector = peer.get("podSelector")
                if selector.is_map and not peer.get("namespaceSelector").is_set:
                    yield selector


def selects_nothing_known(policy: NetworkPolicy, selector: Node, world: World) -> bool:
    """Whether a policy asks for labels that no workload of the repository has, though it should.

    That is certain enough only where the repository defines workloads of that namespace which use the same
    label keys, and nothing that makes pods by itself (an operator's resource, a chart) bears these labels.
    """
    if not selector.is_map or selects_everything(selector) or contradiction(selector, "pod") is not None:
        return False
    if world.fact(policy_selection).selected(policy.namespace, selector):
        return False
    wanted = set(string_map(selector.get("matchLabels"))) | {
        item.get("key").text or "" for item in selector.get("matchExpressions").elements()
    }
    is_usual = bool(wanted) and world.fact(neighbour_keys).are_used_beside(policy, wanted)
    return is_usual and not _may_be_made_elsewhere(policy, selector, world)


class NeighbourKeys:
    """The label keys of the workloads among which a policy belongs."""

    def __init__(self, selection: PolicySelection, sets: DeploymentSets) -> None:
        self._sets = sets
        self._in_namespace: dict[str | None, set[str]] = defaultdict(set)
        self._in_set: dict[tuple[int, str | None], set[str]] = defaultdict(set)
        for workload in selection.workloads:
            self._in_namespace[workload.namespace].update(workload.running_labels)
            for group in sets.of(workload.base):
                for namespace in {workload.namespace, _ANY}:
                    self._in_set[id(group), namespace].update(workload.running_labels)

    def are_used_beside(self, policy: NetworkPolicy, keys: Set[str]) -> bool:
        """Whether workloads of the policy's own sets and namespace have all these keys between them; if no
        workload there has any label, whether those of the namespace that it names do."""
        fitting = (policy.namespace, None) if policy.namespace is not None else (_ANY,)
        own = [
            self._in_set.get((id(group), namespace), set())
            for group in self._sets.of(policy.base)
            for namespace in fitting
        ]
        if not any(own) and policy.namespace is not None:
            own = [self._in_namespace.get(policy.namespace, set())]
        return all(any(key in used for used in own) for key in keys)


_ANY = "*"
"""Stands for all namespaces; no namespace can have this name."""


def neighbour_keys(world: World) -> NeighbourKeys:
    """The label keys of a world; ask for them with ``world.fact(neighbour_keys)``."""
    return NeighbourKeys(world.fact(policy_selection), world.fact(deployment_sets))


def _may_be_made_elsewhere(policy: NetworkPolicy, selector: Node, world: World) -> bool:
    made = world.fact(_names_of_custom_resources)
    values = set(string_map(selector.get("matchLabels")).values())
    values |= {
        text
        for item in selector.get("matchExpressions").elements()
        for value in item.get("values").elements()
        if (text := value.text)
    }
    return any(value in made or may_be_elsewhere(world, policy.base, "Pod", value) for value in values)


_BUILT_IN_GROUPS = frozenset({"", "apps", "batch", "extensions", "autoscaling", "policy"})


def _names_of_custom_resources(world: World) -> frozenset[str]:
    """Names and label values of resources that an operator may make pods for."""
    found: set[str] = set()
    for item in world.all(KubernetesObject):
        if item.group not in _BUILT_IN_GROUPS and not item.group.endswith((".k8s.io", ".istio.io")):
            found.add(item.name)
            found.update(_label_values(item.node))
    return frozenset(found)


def _label_values(node: Node) -> Iterator[str]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        for key, child in current.items():
            if key == "labels" or key.endswith("Labels"):
                yield from string_map(child).values()
            waiting.append(child)
        waiting.extend(current.elements())
