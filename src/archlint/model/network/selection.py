"""Which network policies apply to which workloads.

An unset namespace is unknown and fits every other. Labels that a kustomization adds to pods count as well as
the labels in the manifest, since the same manifest may be applied with and without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.kustomizations import Kustomization
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.network.openness import selects_everything
from archlint.model.network.policies import GROUPS, NetworkPolicy
from archlint.model.world import World

Labels = dict[str, str]


def is_on_pod_network(workload: Workload) -> bool:
    """Whether policies apply to its pods; those on the network of their node are out of reach of them."""
    return workload.pod_spec.get("hostNetwork").value is not True


def same_namespace(one: str | None, other: str | None) -> bool:
    """Whether two namespaces may be the same."""
    return one is None or other is None or one == other


class PolicySelection:
    """The policies and workloads of a world, matched to each other in both directions."""

    def __init__(
        self, policies: Sequence[NetworkPolicy], workloads: Sequence[Workload], sets: DeploymentSets
    ) -> None:
        self._sets = sets
        self._paths: dict[str, frozenset[str]] = {}
        self._selected: dict[NetworkPolicy, list[Workload]] = {}
        self._selecting: dict[Workload, list[NetworkPolicy]] = defaultdict(list)
        self.workloads = [item for item in workloads if item.pod_spec.is_map]
        self._by_label: dict[tuple[str, str], list[tuple[Workload, Labels]]] = defaultdict(list)
        self._labels: list[tuple[Workload, Labels]] = []
        for workload in self.workloads:
            for labels in self._variants(workload):
                self._labels.append((workload, labels))
                for pair in labels.items():
                    self._by_label[pair].append((workload, labels))
        for policy in policies:
            self._selected[policy] = list(dict.fromkeys(self._match(policy)))
            for workload in self._selected[policy]:
                self._selecting[workload].append(policy)

    def workloads_of(self, policy: NetworkPolicy) -> Sequence[Workload]:
        """The workloads that a policy selects: of its own sets if there are any, else of the world."""
        found = self._selected.get(policy, ())
        own = self.own_paths(policy.base)
        return [item for item in found if item.source.path in own] or found

    def policies_of(self, workload: Workload) -> Sequence[NetworkPolicy]:
        """All policies that select a workload, in the order of the files."""
        return self._selecting.get(workload, ())

    def own_paths(self, item: KubernetesObject) -> frozenset[str]:
        """The files of the sets that an object belongs to."""
        path = item.source.path
        if path not in self._paths:
            self._paths[path] = frozenset().union(*(group.paths for group in self._sets.of(item)))
        return self._paths[path]

    def _variants(self, workload: Workload) -> Iterator[Labels]:
        """The labels of a workload's pods as written, and as each kustomization makes them."""
        yield workload.pod_labels
        for group in self._sets.of(workload.base):
            added: Labels = {}
            for kustomization in group.kustomizations:
                added.update(_added_labels(kustomization))
            if added:
                yield workload.pod_labels | added

    def _match(self, policy: NetworkPolicy) -> Iterator[Workload]:
        selector = policy.pod_selector
        if selector.is_set and not selector.is_map:
            return
        for workload, labels in self._candidates(selector):
            if same_namespace(policy.namespace, workload.namespace) and label_selector_matches(
                selector, labels
            ):
                yield workload

    def _candidates(self, selector: Node) -> Sequence[tuple[Workload, Labels]]:
        """Those with the rarest label that the selector asks for, so that matching stays near linear."""
        pairs = string_map(selector.get("matchLabels")).items()
        lists = [self._by_label.get(pair, ()) for pair in pairs]
        return min(lists, key=len, default=self._labels)


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


def may_select_same_pods(one: Node, other: Node) -> bool:
    """Whether two pod selectors may have pods in common: no label is asked for with two values."""
    if selects_everything(one) or selects_everything(other):
        return True
    wanted = string_map(one.get("matchLabels"))
    return all(wanted.get(key, value) == value for key, value in string_map(other.get("matchLabels")).items())


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
