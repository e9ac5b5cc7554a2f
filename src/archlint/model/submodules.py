"""Submodules of git that are not checked out: nothing is missing that may stand in them."""

from __future__ import annotations

from archlint.files.submodules import submodule_of, unfilled_submodules
from archlint.model.world import World


def absent_submodules(world: World) -> tuple[str, ...]:
    """Their folders; ask with ``world.reading(absent_submodules)``."""
    return unfilled_submodules(world.tree)


def may_be_in_submodule(world: World, path: str) -> bool:
    """Whether a path that is not here may be one of a submodule."""
    world.referenced.add(".gitmodules")
    return submodule_of(path, world.reading(absent_submodules)) is not None
