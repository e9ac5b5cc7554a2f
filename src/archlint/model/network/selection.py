"""Which network policies apply to which workloads.

An unset namespace is unknown and fits every other. Labels that a kustomization adds to pods count as well as
the labels in the manifest, since the same manifest may be applied with and without it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import reduce
from operator import or_

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.building.kustomizations import Kustomization
from archlint.model.kubernetes.sets import DeploymentSet, DeploymentSets, SetsKey, deployment_sets
from archlint.model.network.labels import Bits, LabelIndex
from archlint.model.network.policies import GROUPS, NetworkPolicy
from archlint.model.world import World

Labels = dict[str, str]
Selected = tuple[str | None, str]
"""A namespace, and a pod selector as text."""


def is_on_pod_network(workload: Workload) -> bool:
    """Whether policies apply to its pods; those on the network of their node are out of reach of them."""
    return workload.pod_spec.get("hostNetwork").value is not True


class PolicySelection:
    """The policies and workloads of a world, matched to each other.

    Sets of workloads are ``Bits`` over their positions in ``workloads``.
    """

    def __init__(
        self, policies: Sequence[NetworkPolicy], workloads: Sequence[Workload], sets: DeploymentSets
    ) -> None:
        self._sets = sets
        self._added: dict[int, Labels] = {}
        self._own_paths: dict[SetsKey, frozenset[str]] = {}
        self._own_workloads: dict[SetsKey, Bits] = {}
        self.workloads = [item for item in workloads if item.pod_spec.is_map]
        self._by_path: dict[str, Bits] = defaultdict(int)
        self._by_namespace: dict[str | None, Bits] = defaultdict(int)
        self._labels: list[LabelIndex] = []
        self.on_pod_network: Bits = 0
        self._plain: Bits = 0
        """The workloads of plain files."""
        for number, workload in enumerate(self.workloads):
            self._add(number, workload)
        self._known: dict[Selected, Bits] = {}
        self._selected = {policy: self.selected(policy.namespace, policy.pod_selector) for policy in policies}

    def selected_by(self, policy: NetworkPolicy) -> Bits:
        """All workloads of the world that a policy may select."""
        return self._selected.get(policy, 0)

    def selected(self, namespace: str | None, selector: Node) -> Bits:
        """All workloads of the world that a selector may select in a namespace."""
        asked = _selected_key(namespace, selector)
        if asked not in self._known:
            self._known[asked] = self._match(namespace, selector)
        return self._known[asked]

    def meant_by(self, policy: NetworkPolicy) -> Bits:
        """The workloads that a policy selects: of its own sets if there are any, else of the world. There a
        workload that names no namespace may be deployed to any, so it has to name the same, or none too."""
        found = self.selected_by(policy)
        own = found & self.workloads_beside(policy.base)
        return own or found & self._by_namespace.get(policy.namespace, 0)

    def surely_meant_by(self, policy: NetworkPolicy) -> Bits:
        """Those of them that nothing tells apart from the policy by how both are applied."""
        found = self.meant_by(policy)
        alike = self._plain if self._sets.is_plain(policy.base) else ~self._plain
        return found & (alike | self.workloads_beside(policy.base))

    def sets_key(self, item: KubernetesObject) -> SetsKey:
        """What is the same for all objects that belong to the same sets."""
        return tuple(map(id, self._sets.of(item)))

    def own_paths(self, item: KubernetesObject) -> frozenset[str]:
        """The files of the sets that an object belongs to."""
        key = self.sets_key(item)
        if key not in self._own_paths:
            self._own_paths[key] = frozenset().union(*(group.paths for group in self._sets.of(item)))
        return self._own_paths[key]

    def workloads_beside(self, item: KubernetesObject) -> Bits:
        """The workloads of the sets that an object belongs to."""
        key = self.sets_key(item)
        if key not in self._own_workloads:
            own = (self._by_path.get(path, 0) for path in self.own_paths(item))
            self._own_workloads[key] = reduce(or_, own, 0)
        return self._own_workloads[key]

    def _add(self, number: int, workload: Workload) -> None:
        bit = 1 << number
        self._by_path[workload.source.path] |= bit
        self._by_namespace[workload.namespace] |= bit
        if is_on_pod_network(workload):
            self.on_pod_network |= bit
        if self._sets.is_plain(workload.base):
            self._plain |= bit
        for position, labels in enumerate(self._variants(workload)):
            if position == len(self._labels):
                self._labels.append(LabelIndex())
            self._labels[position].add(number, labels)

    def _variants(self, workload: Workload) -> list[Labels]:
        """The different labels of a workload's pods: as written, and as each kustomization makes them."""
        found = {frozenset(workload.running_labels.items()): workload.running_labels}
        for group in self._sets.of(workload.base):
            labels = workload.running_labels | self._added_by(group)
            found.setdefault(frozenset(labels.items()), labels)
        return list(found.values())

    def _added_by(self, group: DeploymentSet) -> Labels:
        if id(group) not in self._added:
            added: Labels = {}
            for kustomization in group.kustomizations:
                added.update(_added_labels(kustomization))
            self._added[id(group)] = added
        return self._added[id(group)]

    def _match(self, namespace: str | None, selector: Node) -> Bits:
        if selector.is_set and not selector.is_map:
            return 0
        found = reduce(or_, (index.selected(selector) for index in self._labels), 0)
        if namespace is None:
            return found
        return found & (self._by_namespace.get(namespace, 0) | self._by_namespace.get(None, 0))


def selected_key(policy: NetworkPolicy) -> Selected:
    """What a policy selects, in a form that can be compared."""
    return _selected_key(policy.namespace, policy.pod_selector)


def _selected_key(namespace: str | None, selector: Node) -> Selected:
    return namespace, json.dumps(selector.value or {}, sort_keys=True, default=str)


def _added_labels(kustomization: Kustomization) -> Labels:
    """Labels that a kustomization puts on pods (kustomize's ``commonLabels`` and ``labels``)."""
    added = string_map(kustomization.node.get("commonLabels"))
    for entry in kustomization.node.get("labels").elements():
        if entry.get("includeSelectors").value is True or entry.get("includeTemplates").value is True:
            added |= string_map(entry.get("pairs"))
    return added


def policy_selection(world: World) -> PolicySelection:
    """What selects what; ask for it with ``world.fact(policy_selection)``."""
    return PolicySelection(world.all(NetworkPolicy), world.all(Workload), world.fact(deployment_sets))


def _foreign_namespaces(world: World) -> frozenset[str | None]:
    """Namespaces with policies of other makers, which are not read; ``None`` for the whole cluster."""
    return frozenset(
        item.namespace
        for item in world.all(KubernetesObject)
        if item.kind.endswith("NetworkPolicy") and item.group and item.group not in GROUPS
    )


def has_foreign_policy(world: World, namespace: str | None) -> bool:
    """Whether a policy of Cilium, Calico, Antrea or an administrator may apply in a namespace."""
    foreign = world.fact(_foreign_namespaces)
    return bool(foreign) and (namespace is None or bool({namespace, None} & foreign))
