"""Logs that are kept for a shorter time than a team has to."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.telemetry.log_retention import LogRetention
from archlint.model.world import World


@join(LogRetention)
def log_retention_short(found: LogRetention, world: World, options: Options) -> Iterator[Observation]:
    """Logs that are gone before the time that a policy asks for."""
    if found.days is not None and found.days < options["days"]:
        yield observe(
            found.place,
            kind=found.object.kind,
            name=found.object.name,
            written=found.written,
            days=options["days"],
        )
