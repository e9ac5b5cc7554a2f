"""Monitors that select nothing, beside what they were meant to select.

That nothing here has the labels is no proof, as charts, operators and other repositories make Services too.
So a monitor counts as one that misses only if something here is nearly what it selects: it has all labels and
stands in a namespace that the monitor does not look at; only its pods have the labels, where its own are
asked for; or it has the monitor's name, or is applied with it, and other labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from archlint.finding.records import dataclass
from archlint.model.kubernetes.controller_labels import spellings
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.installed import installed_elsewhere
from archlint.model.kubernetes.monitors import Monitor
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.objects import KubernetesObject, string_map
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_MOST = 300
"""What one label, or one name, may be on for a monitor to be judged."""


class Miss(StrEnum):
    """Why a monitor misses what it is meant for."""

    NAMESPACE = "namespace"
    OTHER_PLACE = "other-place"
    """The labels stand on the pods of a Service, or on the workload, and not where they are looked for."""
    LABELS = "labels"


@dataclass(frozen=True)
class Missed:
    """What a monitor was meant to select."""

    base: KubernetesObject
    cause: Miss
    labels: Mapping[str, str]
    """Those that it has."""


@dataclass(frozen=True)
class _Candidate:
    base: KubernetesObject
    labels: Mapping[str, str]
    others: tuple[Mapping[str, str], ...]
    """Labels that people take for those that are looked at."""


@dataclass(frozen=True)
class _Aim:
    """A monitor, with the labels that it asks for."""

    monitor: Monitor
    wanted: Mapping[str, Collection[str]]
    """The texts that each label may have."""
    candidates: frozenset[int]
    """What has one of them that it has to have, by identity; nothing else is taken."""

    def may_take(self, item: _Candidate) -> bool:
        """Whether its selector may match labels of something, before they are looked at."""
        return id(item) in self.candidates

    def takes(self, labels: Mapping[str, str]) -> bool:
        """Whether its selector matches labels."""
        if not all(labels.get(key) in texts for key, texts in self.wanted.items()):
            return False
        return label_selector_matches(self.monitor.selector, labels)


def missed(monitor: Monitor, world: World) -> Missed | None:
    """What a monitor that selects nothing was meant to select; ``None`` if that is not certain."""
    known = world.fact(_all_missed)
    key = id(monitor.base.node)
    if key not in known:
        known[key] = _missed_by(monitor, world)
    return known[key]


def _all_missed(world: World) -> dict[int, Missed | None]:
    """What monitors miss that were asked about, by the nodes of their objects."""
    return {}


def _missed_by(monitor: Monitor, world: World) -> Missed | None:
    wanted = string_map(monitor.selector.get("matchLabels"))
    if not wanted or any(is_placeholder(text) for pair in wanted.items() for text in pair):
        return None
    known = world.fact(_services if monitor.is_for_services else _pods)
    near = _near(monitor, wanted, known, world)
    if not world.fact(installed_elsewhere).isdisjoint(wanted.values()):
        return None
    aim = _aim(monitor, wanted, known)
    if near is None or any(
        aim.may_take(item) and aim.takes(item.labels) and monitor.sees(item.base.namespace) for item in near
    ):
        return None
    sets = world.fact(deployment_sets)
    found = next(iter(_reasons(aim, wanted, near, world)), None)
    bases = (monitor.base, *([found.base] if found else ()))
    is_known = all(group.is_complete for base in bases for group in sets.of(base))
    return found if is_known else None


def _aim(monitor: Monitor, wanted: Mapping[str, str], known: _Known) -> _Aim:
    texts = {key: spellings(key, value) for key, value in wanted.items()}
    first = next(iter(texts))
    having = (item for text in texts[first] for item in known.by_label.get((first, text), ()))
    return _Aim(monitor, texts, frozenset(map(id, having)))


class _Known:
    """What monitors may select, by labels and names."""

    def __init__(self, candidates: Sequence[_Candidate]) -> None:
        self.by_label: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
        self.by_name: dict[str, list[_Candidate]] = defaultdict(list)
        self.by_path: dict[str, list[_Candidate]] = defaultdict(list)
        for item in candidates:
            self.by_name[item.base.name].append(item)
            self.by_path[item.base.source.path].append(item)
            for pair in dict.fromkeys(
                pair for labels in (item.labels, *item.others) for pair in labels.items()
            ):
                self.by_label[pair].append(item)


def _services(world: World) -> _Known:
    behind = world.fact(routing).workloads
    found = []
    for service in world.all(KubernetesService):
        pods = tuple(item.running_labels for item in behind.get(service, ())[:_MOST])
        found.append(_Candidate(service.base, service.base.labels, (service.selector, *pods)))
    return _Known(found)


def _pods(world: World) -> _Known:
    return _Known(
        [
            _Candidate(item.base, item.running_labels, (item.base.labels,))
            for item in world.all(Workload)
            if item.name
        ]
    )


def _near(
    monitor: Monitor, wanted: Mapping[str, str], known: _Known, world: World
) -> Sequence[_Candidate] | None:
    """What has one of the labels, the monitor's name, or is applied with it; ``None`` if that is too much."""
    lists = [known.by_label.get(pair, []) for pair in wanted.items()]
    rarest = min(lists, key=len)
    paths = world.fact(deployment_sets).paths_beside(monitor.base)
    beside = [item for path in sorted(paths)[:_MOST] for item in known.by_path.get(path, ())]
    named = known.by_name.get(monitor.name, [])
    if max(len(rarest), len(named)) > _MOST:
        return None
    found = {id(item): item for item in (*rarest, *named, *beside[:_MOST])}
    return list(found.values())


def _reasons(
    aim: _Aim, wanted: Mapping[str, str], near: Sequence[_Candidate], world: World
) -> Iterator[Missed]:
    monitor, sets = aim.monitor, world.fact(deployment_sets)

    def is_own(item: _Candidate) -> bool:
        return item.base.name == monitor.name or sets.are_together(item.base, monitor.base)

    for item in filter(aim.may_take, near):
        if aim.takes(item.labels) and is_own(item):
            yield _missed(item, Miss.NAMESPACE)
    seen = [item for item in near if monitor.sees(item.base.namespace)]
    for item in filter(aim.may_take, seen):
        if any(map(aim.takes, item.others)) and is_own(item):
            yield _missed(item, Miss.OTHER_PLACE)
    for item in seen:
        if item.base.name == monitor.name and item.labels:
            yield _missed(item, Miss.LABELS)
    for item in seen:
        if _is_misspelt(wanted, item.labels) and sets.are_together(item.base, monitor.base):
            yield _missed(item, Miss.LABELS)


def _missed(item: _Candidate, cause: Miss) -> Missed:
    known = {key: value for key, value in item.labels.items() if "*" not in value}
    return Missed(item.base, cause, known)


def _is_misspelt(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether labels are those that are wanted, but for one value that is nearly the same."""
    if not labels:
        return False
    wrong = [key for key, value in wanted.items() if labels.get(key) != value]
    if len(wrong) != 1 or not labels.get(wrong[0]):
        return False
    return SimilarNames([labels[wrong[0]]]).nearest(wanted[wrong[0]]) is not None
