"""Selectors of network policies that fit no pod, though the pods that they mean should be known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets, may_be_elsewhere
from archlint.model.network.connectivity.bounded import broken_part
from archlint.model.network.connectivity.objects import cluster_objects
from archlint.model.network.label_spaces import contradiction
from archlint.model.network.labels import Bits, LabelIndex
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
    Selectors that the API server refuses, or that no pod could fit, are told as that.
    """
    if not selector.is_map or selects_everything(selector):
        return False
    if broken_part(selector) is not None or contradiction(selector, "pod") is not None:
        return False
    if world.fact(policy_selection).selected(policy.namespace, selector):
        return False
    if world.fact(unread_pods).has_any(policy.namespace, selector):
        return False
    wanted = set(string_map(selector.get("matchLabels"))) | {
        item.get("key").text or "" for item in selector.get("matchExpressions").elements()
    }
    if not wanted or not world.fact(neighbour_keys).are_used_beside(policy.base, policy.namespace, wanted):
        return False
    return not may_be_made_elsewhere(policy.base, _values_of(selector), world)


class UnreadPods:
    """Pods whose labels stand in a file, though no rule reads the rest of them: items of a typed list that do
    not say what they are, and templates whose ``spec`` is missing or misplaced."""

    def __init__(self, templates: Iterable[Workload]) -> None:
        self._labels = LabelIndex()
        self._in_namespace: dict[str | None, Bits] = defaultdict(int)
        for number, template in enumerate(templates):
            self._labels.add(number, template.running_labels)
            self._in_namespace[template.namespace] |= 1 << number

    def has_any(self, namespace: str | None, selector: Node) -> bool:
        """Whether a selector fits one of them in a namespace; an unknown one fits every other."""
        found = self._labels.selected(selector)
        if namespace is not None:
            found &= self._in_namespace.get(namespace, 0) | self._in_namespace.get(None, 0)
        return bool(found)


def unread_pods(world: World) -> UnreadPods:
    """Such pods of a world; ask for them with ``world.fact(unread_pods)``."""
    known = set(world.fact(policy_selection).workloads)
    every = (*world.all(Workload), *world.fact(cluster_objects).workloads)
    return UnreadPods(item for item in every if item not in known)


class NeighbourKeys:
    """The label keys of the workloads among which a policy belongs."""

    def __init__(self, selection: PolicySelection, sets: DeploymentSets) -> None:
        self._sets = sets
        self._in_namespace: dict[tuple[bool, str | None], set[str]] = defaultdict(set)
        self._in_set: dict[tuple[int, str | None], set[str]] = defaultdict(set)
        for workload in selection.workloads:
            place = (sets.is_plain(workload.base), workload.namespace)
            self._in_namespace[place].update(workload.running_labels)
            for group in sets.of(workload.base):
                for namespace in {workload.namespace, _ANY}:
                    self._in_set[id(group), namespace].update(workload.running_labels)

    def are_used_beside(self, asker: KubernetesObject, namespace: str | None, keys: Set[str]) -> bool:
        """Whether workloads of the asker's own sets in a namespace (``None``: in any) have all these keys
        between them; if no workload there has any label, whether those of the namespace do that are applied
        in the same way."""
        fitting = (namespace, None) if namespace is not None else (_ANY,)
        own = [self._in_set.get((id(group), fit), set()) for group in self._sets.of(asker) for fit in fitting]
        if not any(own) and namespace is not None:
            place = (self._sets.is_plain(asker), namespace)
            own = [self._in_namespace.get(place, set())]
        return all(any(key in used for used in own) for key in keys)


_ANY = "*"
"""Stands for all namespaces; no namespace can have this name."""


def neighbour_keys(world: World) -> NeighbourKeys:
    """The label keys of a world; ask for them with ``world.fact(neighbour_keys)``."""
    return NeighbourKeys(world.fact(policy_selection), world.fact(deployment_sets))


def may_be_made_elsewhere(asker: KubernetesObject, values: Set[str], world: World) -> bool:
    """Whether pods with some label values may be made by what is not read as pods: an operator's resource, a
    chart, a remote kustomization."""
    made = world.fact(_names_of_custom_resources)
    return any(
        value in made
        or _has_name_in_front(value, asker.namespace, world)
        or may_be_elsewhere(world, asker, "Pod", value)
        for value in values
    )


def _values_of(selector: Node) -> set[str]:
    """The label values that a selector asks for."""
    values = set(string_map(selector.get("matchLabels")).values())
    return values | {
        text
        for item in selector.get("matchExpressions").elements()
        for value in item.get("values").elements()
        if (text := value.text)
    }


def _has_name_in_front(value: str, namespace: str | None, world: World) -> bool:
    """Whether a label begins with the name of a custom resource of the namespace, as operators call the parts
    of what they run: ``orders-broker`` of the resource ``orders``."""
    names = world.fact(_operated)
    parts = value.split("-")
    fronts = ("-".join(parts[:count]) for count in range(1, len(parts)))
    return any((namespace, front) in names or (None, front) in names for front in fronts)


_BUILT_IN_GROUPS = frozenset({"", "apps", "batch", "extensions", "autoscaling", "policy"})


_RUN_NOTHING = frozenset({"monitoring.coreos.com", "cert-manager.io", "external-secrets.io"})
"""Groups of custom resources after which no pods are named."""


def _custom_resources(world: World) -> Iterator[KubernetesObject]:
    """Resources that an operator may make pods for."""
    for item in world.all(KubernetesObject):
        if item.group not in _BUILT_IN_GROUPS and not item.group.endswith((".k8s.io", ".istio.io")):
            yield item


def _names_of_custom_resources(world: World) -> frozenset[str]:
    """Their names and label values."""
    found: set[str] = set()
    for item in _custom_resources(world):
        found.add(item.name)
        found.update(_label_values(item.node))
    return frozenset(found)


def _operated(world: World) -> frozenset[tuple[str | None, str]]:
    """Namespaces and names of those that pods may be named after."""
    every = list(_custom_resources(world))
    named = {(item.namespace, item.name) for item in every if item.group not in _RUN_NOTHING}
    return frozenset(named | {(None, name) for item in every if (name := _provider_of(item)) is not None})


def _provider_of(item: KubernetesObject) -> str | None:
    """Whose pods hand out the secrets of a SecretProviderClass: they are installed with the driver, in a
    namespace that it does not name. Source: Secrets Store CSI Driver, "Providers"."""
    is_class = item.kind == "SecretProviderClass" and item.group == "secrets-store.csi.x-k8s.io"
    return item.get("spec", "provider").text if is_class else None


def _label_values(node: Node) -> Iterator[str]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        for key, child in current.items():
            if key == "labels" or key.endswith("Labels"):
                yield from string_map(child).values()
            waiting.append(child)
        waiting.extend(current.elements())
