"""What workflows build and deploy from, and whom they obey."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.workflows.dangers import Danger
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


@join(Danger)
def workflow_runs_foreign_code(danger: Danger, world: World, options: Options) -> Iterator[Observation]:
    """Code of a pull request that is run with the rights of the repository."""
    if danger.runs_code:
        yield from _told(danger)


@join(Danger)
def workflow_script_injected(danger: Danger, world: World, options: Options) -> Iterator[Observation]:
    """A script into which a text of strangers is put."""
    if not danger.runs_code:
        yield from _told(danger)


def _told(danger: Danger) -> Iterator[Observation]:
    yield observe(
        danger.place,
        related=[
            (danger.started_by, "who starts it"),
            *([(danger.step.place(), "runs it")] if danger.runs_code else []),
        ],
        identity=(danger.what, danger.step.get("name").text or ""),
        job=danger.job,
        trigger=danger.trigger,
        what=danger.what,
    )
