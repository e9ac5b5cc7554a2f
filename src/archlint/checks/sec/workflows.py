"""What workflows build and deploy from."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.workflows.paths import WorkflowPath
from archlint.model.world import World


@join(WorkflowPath)
def workflow_path_undefined(named: WorkflowPath, world: World, options: Options) -> Iterator[Observation]:
    """A path of a workflow that the repository does not have."""
    if named.is_missing(world):
        yield observe(
            named.place,
            identity=(named.what, named.path),
            job=named.step.job,
            what=named.what,
            written=named.written,
            path=named.path,
        )
