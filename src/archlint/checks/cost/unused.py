"""What nobody uses."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.costs.unused import UnusedObject
from archlint.model.world import World


@join(UnusedObject)
def config_unused(item: UnusedObject, world: World, options: Options) -> Iterator[Observation]:
    """A ConfigMap or Secret of which nothing speaks."""
    if item.base.kind != "Service":
        yield observe(item.place, identity=(), kind=item.base.kind, name=item.base.name)


@join(UnusedObject)
def service_unused(item: UnusedObject, world: World, options: Options) -> Iterator[Observation]:
    """A Service of which nothing speaks."""
    if item.base.kind == "Service":
        yield observe(item.place, identity=(), name=item.base.name)
