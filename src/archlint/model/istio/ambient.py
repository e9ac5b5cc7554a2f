"""Namespaces whose pods are in the mesh without sidecars (ambient mode)."""

from __future__ import annotations

from archlint.model.istio.injection import DATAPLANE_KEY, NAMESPACE_KEY, REVISION_KEY
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World


def is_ambient(namespace: str, world: World) -> bool:
    """Whether every definition of a namespace puts it into ambient mode, and asks for no sidecars."""
    return world.fact(_ambient).get(namespace, False)


def _ambient(world: World) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for item in world.all(KubernetesObject):
        if item.kind == "Namespace" and not item.group:
            has_sidecars = item.labels.get(NAMESPACE_KEY) == "enabled" or REVISION_KEY in item.labels
            is_here = item.labels.get(DATAPLANE_KEY) == "ambient" and not has_sidecars
            found[item.name] = found.get(item.name, True) and is_here
    return found
