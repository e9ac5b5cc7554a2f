"""How long the workloads that a release changes take to go back, at least, with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archlint.comparison.resources import WorkloadChange
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.words import listed, quoted
from archlint.model.kubernetes import Workload
from archlint.model.rollback.times import UNTOLD, RollbackTime, rollback_time, spoken
from archlint.model.world import World

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class GoingBack:
    """The times that files tell, as words, and what they leave open."""

    told: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def going_back(base: World, revision: World, changes: Sequence[WorkloadChange]) -> GoingBack:
    """The times of the workloads that both sides have: the pods of before, replaced at the pace of now."""
    changed = {str(item.object) for item in changes if item.before is not None and item.after is not None}
    former = _by_object(base, changed)
    slowest: dict[str, RollbackTime] = {}
    for name, items in _by_object(revision, changed).items():
        times = [
            time
            for item in items
            for old in former.get(name, ())
            if (time := rollback_time(item, revision, pods_of=old)) is not None
        ]
        if times:
            slowest[name] = max(times, key=lambda time: time.least)
    told = [*_sentences(slowest)]
    if told:
        told.append(f"not counted, as files do not tell: {UNTOLD}")
    unprobed = [name for name, time in sorted(slowest.items()) if not time.times.is_probed]
    unknown = []
    if unprobed:
        named = listed(quoted(unprobed), _MOST_NAMED)
        unknown.append(f"no probe tells when the pods are ready, so the time has no bound: {named}")
    return GoingBack(tuple(told), tuple(unknown))


def _sentences(slowest: Mapping[str, RollbackTime]) -> Iterator[str]:
    """The slowest first; what goes back by the same arithmetic, such as copies of namespaces, in one."""
    alike: dict[tuple[int, str], list[str]] = {}
    for name, time in sorted(slowest.items(), key=lambda each: (-each[1].least, each[0])):
        if time.least:
            alike.setdefault((time.least, time.arithmetic), []).append(name)
    for (least, arithmetic), names in alike.items():
        verb = "is" if len(names) == 1 else "are"
        yield f"{listed(names, _MOST_NAMED)} {verb} back after {spoken(least)} at the least: {arithmetic}"


def _by_object(world: World, names: set[str]) -> dict[str, list[Workload]]:
    found: dict[str, list[Workload]] = {}
    for item in world.all(Workload):
        name = str(ObjectRef(item.kind, item.name, item.namespace))
        if name in names:
            found.setdefault(name, []).append(item)
    return found
