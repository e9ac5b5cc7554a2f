"""Logs that are kept for a shorter time than a team has to."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.kubernetes.log_retention import LogRetention


@check(LogRetention)
def log_retention_short(found: LogRetention, options: Options) -> Iterator[Observation]:
    """Logs that are gone before the time that a policy asks for."""
    if found.days < options["days"]:
        yield observe(
            found.place, kind=found.kind, name=found.name, written=found.written, days=options["days"]
        )
