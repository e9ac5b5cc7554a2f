"""Namespaces whose pods are in the mesh without sidecars (ambient mode)."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.model.istio.injection import DATAPLANE_KEY, NAMESPACE_KEY, REVISION_KEY
from archlint.model.kubernetes.namespaces import namespace_objects
from archlint.model.world import World


def is_ambient(namespace: str, world: World) -> bool:
    """Whether every definition of a namespace puts it into ambient mode, and asks for no sidecars."""
    definitions = world.fact(namespace_objects).get(namespace, ())
    return bool(definitions) and all(_is_put_there(item.labels) for item in definitions)


def _is_put_there(labels: Mapping[str, str]) -> bool:
    has_sidecars = labels.get(NAMESPACE_KEY) == "enabled" or REVISION_KEY in labels
    return labels.get(DATAPLANE_KEY) == "ambient" and not has_sidecars
