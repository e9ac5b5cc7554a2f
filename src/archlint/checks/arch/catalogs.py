"""What catalogs say of dependencies, against those that the files show."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.graph.catalog_dependencies import StatedDependency, UnstatedDependency
from archlint.model.world import World


@join(StatedDependency)
def catalog_dependency_unfounded(
    stated: StatedDependency, world: World, options: Options
) -> Iterator[Observation]:
    """An entry for which nothing in the files stands."""
    if not stated.is_shown and stated.is_source_known:
        yield observe(
            stated.node.value_place(),
            identity=(stated.node.text or "",),
            component=stated.entity.name,
            target=stated.target.name,
        )


@join(UnstatedDependency)
def catalog_dependency_missing(
    unstated: UnstatedDependency, world: World, options: Options
) -> Iterator[Observation]:
    """A call that the entries do not have."""
    spec = unstated.entity.node.get("spec")
    listed = spec.get("dependsOn") if spec.get("dependsOn").exists else spec.get("consumesApis")
    evidence = unstated.edge.proof
    yield observe(
        listed.place(),
        related=[(evidence.place, f"'{unstated.entity.name}' calls '{unstated.target.name}'")],
        identity=(unstated.target.name,),
        component=unstated.entity.name,
        target=unstated.target.name,
        text=evidence.text,
        kind=unstated.target.kind.lower(),
    )
