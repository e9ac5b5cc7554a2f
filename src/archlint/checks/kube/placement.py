"""Where objects are put: namespaces that are not for them, or none."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents.kustomize.built import BuiltDocument
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.namespaces import overridden_paths
from archlint.model.world import World

_OF_SYSTEM = ("kube-system", "kube-public", "kube-node-lease")


@join(KubernetesObject)
def namespace_default(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """Something in the namespace ``default``, on purpose."""
    if item.namespace == "default" and _is_put(item, world):
        yield observe(item.get("metadata", "namespace").place(), what=f"{item.kind} '{item.name}'")


@join(KubernetesObject)
def namespace_not_stated(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """Something of which nothing here says into which namespace it goes."""
    if item.namespace is None and _is_put(item, world):
        is_knative = item.group == "serving.knative.dev"  # kube-linter does not read its Services
        yield observe(
            item.get("metadata", "namespace").place(),
            kind=item.kind,
            name=item.name,
            aliases=[] if is_knative else ["kube-linter:use-namespace"],
        )


def _is_put(item: KubernetesObject, world: World) -> bool:
    """Whether it is a workload or Service whose namespace nothing replaces."""
    is_service = (item.group, item.kind) == ("", "Service")
    if not is_service and item not in world.fact(_workloads):
        return False
    is_stated = isinstance(item.source, BuiltDocument) and item.source.is_in_namespace
    return not is_stated and item.source.path not in world.fact(overridden_paths)


def _workloads(world: World) -> frozenset[KubernetesObject]:
    return frozenset(workload.base for workload in world.all(Workload))


@join(Workload)
def namespace_of_system(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Pods among those that run the cluster."""
    if workload.namespace in _OF_SYSTEM and workload.source.path not in world.fact(overridden_paths):
        yield observe(
            workload.base.get("metadata", "namespace").place(),
            what=f"{workload.kind} '{workload.name}'",
            namespace=workload.namespace,
        )
