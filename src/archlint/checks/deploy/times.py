"""How long it takes to go back."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import number_of
from archlint.model.rollback.times import RollbackTime, spoken
from archlint.model.world import World


@join(RollbackTime)
def rollback_slow(item: RollbackTime, world: World, options: Options) -> Iterator[Observation]:
    """A workload that takes longer than the limit in any case."""
    if item.least > options["seconds"]:
        way = "in-turn" if item.waits_for_end else "default"
        yield observe(
            item.pace_node.place(),
            way if item.most_pods is None else "scaled-in-turn" if item.waits_for_end else "scaled",
            related=item.evidence,
            identity=(),
            most=item.most_pods,
            workload=f"{item.workload.kind} '{item.workload.name}'",
            time=spoken(item.least),
            limit=spoken(options["seconds"]),
            arithmetic=item.arithmetic,
        )


@join(RollbackTime)
def rollback_may_be_slow(item: RollbackTime, world: World, options: Options) -> Iterator[Observation]:
    """A workload that may take longer than the limit if its pods use what they are given."""
    if item.most is not None and item.least <= options["seconds"] < item.most:
        yield observe(
            item.pace_node.place(),
            related=item.evidence,
            identity=(),
            workload=f"{item.workload.kind} '{item.workload.name}'",
            time=spoken(item.most),
            limit=spoken(options["seconds"]),
            pods=number_of(item.pods, "pod"),
            at_once=item.at_once,
            start=spoken(item.times.start_budget or 0),
            grace=item.times.grace,
        )
