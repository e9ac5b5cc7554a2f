"""Authorization policies and authentications that name what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.policy_sources import SourceNamespace
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(SourceNamespace)
def policy_namespace_undefined(
    source: SourceNamespace, world: World, options: Options
) -> Iterator[Observation]:
    """A namespace of callers whose name is a letter away from one that is defined."""
    meant = source.meant(world)
    if meant is not None:
        yield observe(
            source.node.value_place(),
            "negated" if source.is_negated else "default",
            related=[head(source.base)],
            identity=(source.pattern,),
            name=source.name,
            namespace=source.pattern,
            meant=meant,
        )
