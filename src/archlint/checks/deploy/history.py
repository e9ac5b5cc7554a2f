"""Going back to the release before."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.kubernetes import Workload


@check(Workload)
def revision_history_disabled(workload: Workload, options: Options) -> Iterator[Observation]:
    """A workload that keeps none of its old revisions."""
    limit = workload.base.get("spec", "revisionHistoryLimit")
    if limit.integer == 0 and workload.kind != "Pod":
        yield observe(limit.place(), kind=workload.kind, name=workload.name)
