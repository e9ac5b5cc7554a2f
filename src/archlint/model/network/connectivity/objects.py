"""The objects of a world that say who can connect to whom, those of typed lists included.

The items of a ``PodList`` and the like, as the API server gives them, name neither kind nor version.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from archlint.documents import Document
from archlint.files import Kind
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.workloads import POD_TEMPLATES
from archlint.model.network.connectivity.admin_policies import GROUP, KINDS, AdminPolicy
from archlint.model.network.policies import GROUPS, NetworkPolicy
from archlint.model.world import World

_NOT_RUNNING = frozenset({"PodTemplate"})
"""Kinds that keep the description of a pod and run none."""


@dataclass(frozen=True)
class ClusterObjects:
    """What files say of one cluster."""

    workloads: tuple[Workload, ...]
    namespaces: tuple[KubernetesObject, ...]
    policies: tuple[NetworkPolicy, ...]
    admin_policies: tuple[AdminPolicy, ...]

    def of(self, holds: Callable[[KubernetesObject], bool]) -> ClusterObjects:
        """Those among them that belong to one edition."""
        return ClusterObjects(
            tuple(item for item in self.workloads if holds(item.base)),
            tuple(filter(holds, self.namespaces)),
            tuple(item for item in self.policies if holds(item.base)),
            tuple(item for item in self.admin_policies if holds(item.base)),
        )


def cluster_objects(world: World) -> ClusterObjects:
    """The objects of a world; ask for them with ``world.fact(cluster_objects)``."""
    parts = world.fact(builds).parts
    documents = (item for item in world.documents(Kind.KUBERNETES) if item.path not in parts)
    listed = [item for document in documents for item in _untyped_items(document)]
    workloads = [item for item in world.all(Workload) if item.kind not in _NOT_RUNNING]
    for base in listed:
        way = POD_TEMPLATES.get((base.group, base.kind))
        if way is not None:
            workloads.append(Workload(base, base.get(*way)))
    every = [*world.all(KubernetesObject), *listed]
    return ClusterObjects(
        tuple(item for item in workloads if item.pod_spec.is_map),
        tuple(item for item in every if item.kind == "Namespace" and item.group == ""),
        tuple(map(NetworkPolicy, _of(every, ("NetworkPolicy",), GROUPS))),
        tuple(map(AdminPolicy, _of(every, KINDS, (GROUP,)))),
    )


def _of(
    every: Iterable[KubernetesObject], kinds: Collection[str], groups: Collection[str]
) -> Iterator[KubernetesObject]:
    return (item for item in every if item.kind in kinds and item.group in groups)


_FOREIGN = {
    "cilium.io": ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"),
    "crd.projectcalico.org": ("NetworkPolicy", "GlobalNetworkPolicy"),
    "projectcalico.org": ("NetworkPolicy", "GlobalNetworkPolicy"),
    "crd.antrea.io": ("NetworkPolicy", "ClusterNetworkPolicy"),
    "security.istio.io": ("AuthorizationPolicy",),
    "policy.linkerd.io": ("AuthorizationPolicy", "ServerAuthorization"),
    "k8s.cni.cncf.io": ("MultiNetworkPolicy",),
}
"""Policies that allow and deny connections too, and whose meaning is not known here."""


def unjudged_policies(world: World) -> list[KubernetesObject]:
    """Objects that may deny connections that are called allowed, or allow more."""
    return [item for item in world.all(KubernetesObject) if item.kind in _FOREIGN.get(item.group, ())]


def _untyped_items(document: Document) -> Iterator[KubernetesObject]:
    """The items of a typed list that do not say what they are."""
    root = document.root
    kind, version = root.get("kind").text, root.get("apiVersion").text
    if not kind or not version or not kind.endswith("List") or kind == "List":
        return
    for item in root.get("items").elements():
        if item.is_map and item.get("kind").text is None:
            yield KubernetesObject(item, (version, kind.removesuffix("List")))
