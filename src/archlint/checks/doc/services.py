"""What people find about a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.model.documented.services import DocumentedService, documented_services
from archlint.model.world import World

_FEWEST = 3
"""Other services that have it, below which nobody can tell that it is usual."""


@join(DocumentedService)
def service_without_readme(item: DocumentedService, world: World, options: Options) -> Iterator[Observation]:
    """A folder of source without README, where most others have one."""
    place = item.source_place
    if item.folder is None or item.has_readme or place is None:
        return
    others = [
        other.has_readme
        for other in world.fact(documented_services)
        if other.folder is not None and other is not item
    ]
    if _is_usual(others, options):
        yield observe(
            place,
            identity=("readme",),
            service=item.node.name,
            having=sum(others),
            others=len(others),
        )


@join(DocumentedService)
def service_without_runbook(item: DocumentedService, world: World, options: Options) -> Iterator[Observation]:
    """A service without runbook, where most others have one."""
    place = item.place
    if item.has_runbook or place is None:
        return
    others = [other.has_runbook for other in world.fact(documented_services) if other is not item]
    if _is_usual(others, options):
        yield observe(
            place, identity=("runbook",), service=item.node.name, having=sum(others), others=len(others)
        )


def _is_usual(others: Sequence[bool], options: Options) -> bool:
    having = sum(others)
    return having >= _FEWEST and having >= options["minimum-share"] * len(others)
