"""Kustomizations that kustomize refuses to build."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes.building.kustomized import UnbuiltKustomization
from archlint.model.world import World


@join(UnbuiltKustomization)
def kustomization_not_built(
    item: UnbuiltKustomization, world: World, options: Options
) -> Iterator[Observation]:
    """A kustomization that stops with an error."""
    folder = item.folder or "."
    yield observe(item.place, folder=folder, reason=item.refusal.message, identity=())
