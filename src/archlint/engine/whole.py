"""All that a side holds as one world, where no rules run over single files."""

from __future__ import annotations

from archlint.config import Settings
from archlint.engine.charts import chart_terms, rendering
from archlint.engine.reading import read_world
from archlint.engine.request import Side
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World


def world_of(side: Side, settings: Settings, helm: str | None) -> World:
    """The world of a side, with its kustomizations built and its charts rendered."""
    world = read_world(side.tree, side.paths, side.named)
    world.charts = chart_terms(settings, helm, world)
    return as_built(world)


def as_built(world: World) -> World:
    """A world, once its kustomizations are built and its charts rendered."""
    with rendering(world):
        world.fact(builds)
    return world
