"""Services that are too large, too small, or in the middle of everything."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.finding.words import listed, quoted
from archlint.model.graph.graph import Edge
from archlint.model.graph.sizes import ServiceSize
from archlint.model.world import World

_MOST_RELATED = 10


@join(ServiceSize)
def hub_service(size: ServiceSize, world: World, options: Options) -> Iterator[Observation]:
    """A service that many call, and that calls many."""
    into, out = len(size.callers), len(size.callees)
    if into >= options["callers"] and out >= options["callees"]:
        yield observe(
            size.place,
            related=[*_shown(size.callers, "calls it"), *_shown(size.callees, "is what it calls")],
            identity=("hub",),
            service=size.node.name,
            callers=into,
            callees=out,
            names=listed(quoted(sorted(_name(edge.source) for edge in size.callers)), 4),
        )


@join(ServiceSize)
def service_too_large(size: ServiceSize, world: World, options: Options) -> Iterator[Observation]:
    """A service whose contracts offer more than one team oversees."""
    if size.operations > options["operations"]:
        yield observe(
            size.place,
            related=[(place, "what it offers") for place in size.contracts[:_MOST_RELATED]],
            identity=("operations",),
            service=size.node.name,
            count=size.operations,
            most=options["operations"],
        )


@join(ServiceSize)
def service_too_small(size: ServiceSize, world: World, options: Options) -> Iterator[Observation]:
    """A service of one operation that one other calls, without data of its own."""
    is_alone = len(size.callers) == 1 and not size.callees and not size.is_sender
    if is_alone and size.operations == 1:
        yield observe(
            size.place,
            related=[*_shown(size.callers, "calls it"), *((place, "offers it") for place in size.contracts)],
            identity=("operations",),
            service=size.node.name,
            caller=_name(size.callers[0].source),
        )


def _shown(edges: tuple[Edge, ...], what: str) -> Iterator[tuple[Place, str]]:
    for edge in edges[:_MOST_RELATED]:
        other = edge.source if what == "calls it" else edge.target
        yield edge.evidence[0].place, f"'{_name(other)}' {what}"


def _name(node: str) -> str:
    return node.rpartition(":")[2].rpartition("/")[2]
