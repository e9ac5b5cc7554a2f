"""Diagrams, against the services that the files describe."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.diagrams.drift import DriftKind
from archlint.model.diagrams.drifts import DiagramDrift
from archlint.model.world import World


@join(DiagramDrift)
def diagram_arrow_unfounded(drift: DiagramDrift, world: World, options: Options) -> Iterator[Observation]:
    """An arrow for which the graph has no edge, from a service whose other edges it has."""
    item = drift.difference
    if item.kind is DriftKind.ARROW_WITHOUT_EDGE and item.is_source_known:
        yield observe(
            item.place,
            "turned" if item.evidence else "default",
            related=[(each.place, f"'{item.target}' calls '{item.source}'") for each in item.evidence],
            identity=(item.source, item.target),
            source=item.source,
            target=item.target,
        )


@join(DiagramDrift)
def diagram_call_missing(drift: DiagramDrift, world: World, options: Options) -> Iterator[Observation]:
    """A call between two boxes without an arrow."""
    item = drift.difference
    if item.kind is DriftKind.EDGE_NOT_DRAWN:
        yield observe(
            item.place,
            related=[(each.place, f"'{item.source}' calls '{item.target}'") for each in item.evidence[:1]],
            identity=(item.source, item.target),
            source=item.source,
            target=item.target,
            text=item.evidence[0].text,
        )


@join(DiagramDrift)
def diagram_box_unknown(drift: DiagramDrift, world: World, options: Options) -> Iterator[Observation]:
    """A box that means no service."""
    item = drift.difference
    if item.kind is DriftKind.BOX_WITHOUT_NODE:
        yield observe(item.place, identity=(item.source,), name=item.source)


@join(DiagramDrift)
def diagram_service_missing(drift: DiagramDrift, world: World, options: Options) -> Iterator[Observation]:
    """A service that has no box."""
    item = drift.difference
    if item.kind is DriftKind.SERVICE_NOT_DRAWN:
        yield observe(
            item.place,
            related=[(each.place, f"a connection of '{item.source}'") for each in item.evidence],
            identity=(item.source,),
            name=item.source,
        )
