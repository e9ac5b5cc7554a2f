"""Where objects are put: namespaces that are not for them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.namespaces import overridden_paths
from archlint.model.world import World

_OF_SYSTEM = ("kube-system", "kube-public", "kube-node-lease")


@join(KubernetesObject)
def namespace_default(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """Something in the namespace ``default``, on purpose."""
    if _is_put(item, world) and item.namespace == "default":
        yield observe(item.get("metadata", "namespace").place(), what=f"{item.kind} '{item.name}'")


def _is_put(item: KubernetesObject, world: World) -> bool:
    """Whether it is a workload or Service whose namespace nothing replaces."""
    is_service = (item.group, item.kind) == ("", "Service")
    if not item.namespace or not (is_service or item.object in world.fact(_workloads)):
        return False
    return item.source.path not in world.fact(overridden_paths)


def _workloads(world: World) -> frozenset[object]:
    return frozenset(workload.object for workload in world.all(Workload))


@join(Workload)
def namespace_of_system(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Pods among those that run the cluster."""
    if workload.namespace in _OF_SYSTEM and workload.source.path not in world.fact(overridden_paths):
        yield observe(
            workload.base.get("metadata", "namespace").place(),
            what=f"{workload.kind} '{workload.name}'",
            namespace=workload.namespace,
        )
