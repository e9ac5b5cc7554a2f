"""What Docker Compose refuses to run."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.compose.cycles import StartCycle
from archlint.model.compose.differences import ComposeDifference
from archlint.model.compose.names import ComposeName, defined_names, templated_names
from archlint.model.compose.paths import NamedPath, is_surely_missing
from archlint.model.compose.services import ComposeService
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.sources.left_out import is_put_away
from archlint.model.world import World

NEEDS = ("compose",)


@join(StartCycle)
def compose_start_cycle(cycle: StartCycle, world: World, options: Options) -> Iterator[Observation]:
    """Services that wait for each other."""
    names = [service.name for service in cycle.services]
    steps = zip(names, cycle.dependencies[:-1], strict=False)
    yield observe(
        cycle.place,
        related=[(item.place, f"'{name}' waits for '{item.name}'") for name, item in steps],
        identity=(names[-1], names[0]),
        service=names[-1],
        needed=names[0],
        key=cycle.dependencies[-1].key,
        path=" -> ".join((*names, names[0])),
    )


@join(ComposeName)
def compose_name_undefined(name: ComposeName, world: World, options: Options) -> Iterator[Observation]:
    """A name that no Compose file defines."""
    if is_put_away(name.source.path):
        return
    known = world.fact(defined_names)[name.section]
    if name.name in known or name.service.project.is_open or name.name in world.fact(templated_names):
        return
    similar = world.fact(_similar_names)[name.section].nearest_or_beginning(name.name)
    yield observe(
        name.place,
        identity=(name.key, name.name),
        service=name.service.name,
        key=name.key,
        what=name.what,
        name=name.name,
        section=name.section,
        hint=f" ('{similar}'?)" if similar else "",
    )


@join(NamedPath)
def compose_file_undefined(named: NamedPath, world: World, options: Options) -> Iterator[Observation]:
    """A file that is named and not there."""
    if is_surely_missing(world, named.path):
        yield observe(
            named.node.value_place(),
            identity=(named.key, named.written),
            key=named.key,
            path=named.written,
            looked=named.path,
        )


@join(ComposeService)
def compose_service_without_image(
    service: ComposeService, world: World, options: Options
) -> Iterator[Observation]:
    """A service that nothing says what to run for."""
    if not service.is_main or service.project.is_open or not service.is_whole:
        return
    runs = (variant.setting(key) for variant in service.variants for key in ("image", "build", "provider"))
    if not any(runs):
        yield observe(service.node.place(), identity=(), service=service.name)


@join(ComposeDifference)
def compose_differs_from_manifests(
    difference: ComposeDifference, world: World, options: Options
) -> Iterator[Observation]:
    """A service that is tried otherwise than it runs."""
    there = difference.in_cluster
    yield observe(
        difference.place,
        difference.kind,
        related=[] if there is None else [(there, "what the manifests say")],
        identity=(difference.kind, difference.subject),
        service=difference.service.name,
        here=difference.here,
        there=difference.there,
        subject=difference.subject,
    )


def _similar_names(world: World) -> dict[str, SimilarNames]:
    return {section: SimilarNames(names) for section, names in world.fact(defined_names).items()}
