"""Kustomizations that kustomize refuses to build."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from archlint.checks import Observation, Options, join, observe
from archlint.model.compose.paths import is_surely_missing
from archlint.model.kubernetes.building.kustomized import UnbuiltKustomization
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.world import World

_COPIED = frozenset(
    {
        *("template", "templates", "skeleton", "skeletons", "scaffold", "scaffolds", "scaffolding"),
        *("boilerplate", "boilerplates", "cookiecutter", "archetype", "archetypes"),
    }
)
"""Folders whose content is copied to where what it names is."""


@join(UnbuiltKustomization)
def kustomization_not_built(
    item: UnbuiltKustomization, world: World, options: Options
) -> Iterator[Observation]:
    """A kustomization that stops with an error."""
    if _is_made_elsewhere(item, world):
        return
    folder = item.folder or "."
    yield observe(item.place, folder=folder, reason=item.refusal.message, identity=())


def _is_made_elsewhere(item: UnbuiltKustomization, world: World) -> bool:
    """Whether what a kustomization lacks is made before anybody builds it: by a command or a generator, by
    each person, or by the program that fills the folder in and copies it."""
    path = item.refusal.path
    if path is None:
        return False
    if (
        is_placeholder(path)
        or "generated" in basename(path)
        or not _COPIED.isdisjoint(item.folder.split("/"))
    ):
        return True
    return not is_surely_missing(world, path)
