"""Selectors of network policies that fit no pod, though the pods that they mean should be known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject, string_map
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets, may_be_elsewhere
from archlint.model.network.label_spaces import contradiction
from archlint.model.network.openness import selects_everything
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.selection import (
    PolicySelection,
    policy_selection,
)
from archlint.model.world import World


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
