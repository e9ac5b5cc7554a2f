"""Whether what a release changes can be taken back, as far as files can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from posixpath import basename

from archlint.comparison.resources import ResourceChange, Verb, WorkloadChange
from archlint.engine.gate.families import ways_back
from archlint.engine.gate.going_back import GoingBack, going_back
from archlint.finding.records import dataclass
from archlint.finding.words import listed, quoted
from archlint.model.migrations import NO_WAY_BACK, steps_of
from archlint.model.world import World

_NOT_RENDERED = "chart-not-rendered"
_MOST_NAMED = 3
_MOST_TOGETHER = 5
_SCHEMA = "database schema"
"""The family of migrations among the resources that change."""
_WITH_HISTORY = frozenset(
    ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "DeploymentConfig", "CloneSet")
)
"""Kinds of which the cluster keeps revisions to go back to."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """Whether there is a way back, and why that is not known or not so."""

    is_available: bool | None
    reasons: tuple[str, ...]
    is_needed: bool = True
    """Whether the release changes anything that would have to be taken back."""
    times: GoingBack = GoingBack()
    """How long that takes at least."""
    besides: tuple[str, ...] = ()
    """What has to be done besides going back with the workloads."""


def rollback_of(
    base: World, revision: World, workloads: Sequence[WorkloadChange], resources: Sequence[ResourceChange]
) -> Rollback:
    """What stands in the way back: workloads whose history is not kept or whose former image is not known,
    migrations that nothing takes back, and what is deleted with all that is in it."""
    schemas = [item for item in resources if item.family == _SCHEMA]
    steps = _Steps(revision)
    blocked = [*_without_history(workloads), *steps.blocked(schemas)]
    times, ways = going_back(base, revision, workloads), ways_back(base, revision, workloads, resources)
    if blocked:
        return Rollback(False, tuple(blocked), times=times, besides=(*ways.unknown, *ways.told))
    unknown = [
        *_not_kept(workloads),
        *_unknown_images(workloads),
        *steps.unknown(schemas),
        *ways.unknown,
        *_unread(base),
        *_unread(revision),
    ]
    if unknown:
        return Rollback(None, tuple(dict.fromkeys(unknown)), times=times, besides=ways.told)
    if not workloads and not schemas:
        why = ("no workload and no database schema changes",)
        return Rollback(None, why, is_needed=False, besides=ways.told)
    return Rollback(True, (), times=times, besides=ways.told)


def _without_history(workloads: Sequence[WorkloadChange]) -> Iterator[str]:
    for change in workloads:
        if change.before is not None and change.after is not None and not change.after.keeps_history:
            yield f"{change.object} keeps no history (revisionHistoryLimit: 0)"


def _not_kept(workloads: Sequence[WorkloadChange]) -> Iterator[str]:
    """The workloads to whose former state the cluster knows no way back."""
    known = [change for change in workloads if change.before is not None]
    gone = [str(change.object) for change in known if change.after is None]
    forgotten = [
        str(change.object)
        for change in known
        if change.after is not None and change.object.kind not in _WITH_HISTORY
    ]
    yield from _together(gone, "{} is deleted, and the cluster keeps nothing of it", _DELETED)
    yield from _together(
        forgotten, "the cluster keeps no history of {}", "the cluster keeps no history of {}"
    )


_DELETED = "{} are deleted, and the cluster keeps nothing of them"


def _together(names: Sequence[str], one: str, several: str) -> Iterator[str]:
    """What is said of some things in one sentence: a release that deletes fifty says so once."""
    if names:
        yield (one if len(names) == 1 else several).format(listed(names, _MOST_TOGETHER))


def _unknown_images(workloads: Sequence[WorkloadChange]) -> Iterator[str]:
    images = [image for change in workloads if change.before for image in change.before.moving]
    if images:
        named = listed(quoted(dict.fromkeys(images)), _MOST_NAMED)
        yield f"images at the base have no fixed tag or digest to go back to: {named}"


class _Steps:
    """The migrations of a release, by the files that hold them."""

    def __init__(self, revision: World) -> None:
        steps = steps_of(revision, with_first=True)
        self._by_title = {step.title: step for step in steps}
        self._undoing = {step.undo for step in steps}

    def blocked(self, changes: Iterable[ResourceChange]) -> Iterator[str]:
        """The new migrations of which it is known that nothing takes them back."""
        for item in changes:
            step = self._by_title.get(item.object.name)
            if item.verb is Verb.CREATE and step is not None and step.way_back in NO_WAY_BACK:
                yield f"nothing takes back migration {step.name} ({step.path})"

    def unknown(self, changes: Iterable[ResourceChange]) -> Iterator[str]:
        """Those for which no undo script is written, and those that were there and are no longer the same:
        whoever has applied them has what no file shows."""
        paths: dict[Verb, list[str]] = {verb: [] for verb in Verb}
        for item in changes:
            path = item.object.name
            is_undone = path in self._by_title or basename(path) in self._undoing
            if item.verb is not Verb.CREATE or not is_undone:
                paths[item.verb].append(f"'{path}'")
        for verb, word in ((Verb.UPDATE, "edited"), (Verb.DELETE, "deleted")):
            one = f"migration {{}} is {word}, and may have been applied as it was"
            several = f"migrations {{}} are {word}, and may have been applied as they were"
            yield from _together(paths[verb], one, several)
        one, several = "{} has no script that takes it back", "{} have no scripts that take them back"
        yield from _together(paths[Verb.CREATE], f"migration {one}", f"migrations {several}")


def _unread(world: World) -> Iterator[str]:
    """What may change workloads and was not read."""
    folders = {item.path.partition("/templates/")[0] for item in world.unread if item.reason == _NOT_RENDERED}
    if folders:
        named = listed(quoted(sorted(folders)), _MOST_NAMED)
        yield f"not all that is deployed is known, as charts were not rendered: {named}"
