"""Names in manifests that nothing in the repository defines."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.namespaces import (
    ALWAYS_THERE,
    UsedNamespace,
    defined_namespaces,
    is_of_platform,
    made_namespaces,
)
from archlint.model.kubernetes.operators import products
from archlint.model.kubernetes.references import is_missing
from archlint.model.world import World


@join(Workload)
def service_account_undefined(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Pods that run as a ServiceAccount that nobody defines, so that none of them is created."""
    named = workload.pod_spec.get("serviceAccountName")
    named = named if named.is_set else workload.pod_spec.get("serviceAccount")
    name = named.text
    if not name or name == "default" or is_placeholder(name):
        return
    if is_missing(world, workload.base, "ServiceAccount", name, workload.namespace):
        yield observe(named.place(), name=name, kind=workload.kind, workload=workload.name)


@join(UsedNamespace)
def namespace_undefined(used: UsedNamespace, world: World, options: Options) -> Iterator[Observation]:
    """A namespace that nobody defines, in a repository that defines its namespaces."""
    if used.name in world.fact(_known) or is_placeholder(used.name) or is_of_platform(used.name):
        return
    near = world.fact(_similar_names).nearest(used.name)
    is_usual = world.fact(_defined_share) >= options["defined-share"] and not used.is_of_installer
    if not near and not is_usual:
        return
    if used.name in world.fact(made_namespaces) or _is_of_operator(used, world):
        return
    defined = world.fact(_definitions).get(near, []) if near else []
    yield observe(
        used.uses[0].place(),
        "near" if near else "default",
        related=[
            *((item.get("metadata", "name").value_place(), "what is defined") for item in defined[:1]),
            *((node.place(), "also used here") for node in used.uses[1:6]),
        ],
        identity=(),
        name=used.name,
        near=near or "",
        others=f" It is used {len(used.uses)} times." if len(used.uses) > 1 else "",
    )


def _is_of_operator(used: UsedNamespace, world: World) -> bool:
    """Whether the program behind custom resources makes it, and the repository runs no pods there."""
    return not used.has_workload and any(
        used.name == product or used.name.startswith(f"{product}-") for product in world.fact(products)
    )


def _known(world: World) -> frozenset[str]:
    return ALWAYS_THERE | world.fact(defined_namespaces)


def _similar_names(world: World) -> SimilarNames:
    return SimilarNames(world.fact(defined_namespaces))


def _definitions(world: World) -> dict[str, list[KubernetesObject]]:
    """The namespaces that are defined, by name."""
    found: dict[str, list[KubernetesObject]] = {}
    for item in world.all(KubernetesObject):
        if item.kind == "Namespace":
            found.setdefault(item.name, []).append(item)
    return found


def _defined_share(world: World) -> float:
    """How many of the namespaces that are used are defined, from 0 to 1: only if most are, one that is not
    stands out. Less than 0 if none is."""
    used = {item.name for item in world.all(UsedNamespace)} - ALWAYS_THERE
    defined = used & world.fact(defined_namespaces)
    return len(defined) / len(used) if defined else -1.0
