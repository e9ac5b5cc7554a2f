"""Liveness probes that fail when something else is down."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.resilience.liveness import DependentLiveness
from archlint.model.world import World


@join(DependentLiveness)
def liveness_depends_on_others(
    item: DependentLiveness, world: World, options: Options
) -> Iterator[Observation]:
    """A liveness probe that asks a database, a cache or a broker."""
    yield observe(
        item.place,
        "default" if item.path else "group",
        related=item.related,
        container=item.container,
        path=item.path,
        asked=item.asked,
        liveness=item.better_path,
    )
