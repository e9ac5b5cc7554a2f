"""Whether what a release changes can be taken back, as far as files can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.comparison.resources import WorkloadChange
from archlint.files import Kind
from archlint.finding.records import dataclass
from archlint.finding.words import listed, quoted
from archlint.model.migrations import Migration, WayBack
from archlint.model.world import World

_NOT_RENDERED = "chart-not-rendered"
_MOST_NAMED = 3
_NO_WAY_BACK = (WayBack.MISSING, WayBack.EMPTY, WayBack.REFUSED)


@dataclass(frozen=True, slots=True)
class Rollback:
    """Whether there is a way back, and why that is not known or not so."""

    is_available: bool | None
    reasons: tuple[str, ...]
    is_needed: bool = True
    """Whether the release changes anything that would have to be taken back."""


def rollback_of(base: World, revision: World, workloads: Sequence[WorkloadChange]) -> Rollback:
    """What stands in the way back: workloads whose history is not kept or whose former image is not known,
    and new migrations that nothing takes back."""
    blocked = [*_without_history(workloads), *_migrations(base, revision)]
    if blocked:
        return Rollback(False, tuple(blocked))
    unknown = [*_unknown_images(workloads), *_unread(base), *_unread(revision)]
    if unknown:
        return Rollback(None, tuple(dict.fromkeys(unknown)))
    if not workloads and not _new_migrations(base, revision):
        return Rollback(None, ("no workload and no database schema changes",), is_needed=False)
    return Rollback(True, ())


def _without_history(workloads: Sequence[WorkloadChange]) -> Iterator[str]:
    for change in workloads:
        if change.before is not None and change.after is not None and not change.after.keeps_history:
            yield f"{change.object} keeps no history (revisionHistoryLimit: 0)"


def _unknown_images(workloads: Sequence[WorkloadChange]) -> Iterator[str]:
    images = [image for change in workloads if change.before for image in change.before.moving]
    if images:
        named = listed(quoted(dict.fromkeys(images)), _MOST_NAMED)
        yield f"images at the base have no fixed tag or digest to go back to: {named}"


def _new_migrations(base: World, revision: World) -> list[Migration]:
    known = set(base.paths(Kind.MIGRATION))
    return [item for item in revision.all(Migration) if item.step.path not in known]


def _migrations(base: World, revision: World) -> Iterator[str]:
    for item in _new_migrations(base, revision):
        if item.step.way_back in _NO_WAY_BACK:
            yield f"nothing takes back migration {item.step.name} ({item.step.path})"


def _unread(world: World) -> Iterator[str]:
    """What may change workloads and was not read."""
    folders = {item.path.partition("/templates/")[0] for item in world.unread if item.reason == _NOT_RENDERED}
    if folders:
        named = listed(quoted(sorted(folders)), _MOST_NAMED)
        yield f"not all that is deployed is known, as charts were not rendered: {named}"
