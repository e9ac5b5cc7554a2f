"""Environments of one system, and what production lacks of that which is before it.

Two deployment sets are the same system in two environments if their folders are the same but for the words
that name these: ``overlays/staging`` and ``overlays/production``, ``values-qa.yaml`` and ``values-prod.yaml``
of one chart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.documents import Document
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.finding.words import written
from archlint.model.delivery.gradual import GradualRelease
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.sets import DeploymentSet, deployment_sets
from archlint.model.world import World

_TRIAL = regex(
    r"(?<![a-z0-9])(?:stage|staging|stg|qa|uat|preprod|pre-prod|acceptance|test|testing|tst)(?![a-z0-9])"
)
_REAL = regex(r"(?<![a-z0-9])(?:prod|production|prd|live)(?![a-z0-9])")
_ANY = "*"
_PROBES = ("readinessProbe", "livenessProbe")
_SELECTED = (
    ("PodDisruptionBudget", "policy", "selector"),
    ("NetworkPolicy", "networking.k8s.io", "podSelector"),
)
"""Kinds of object that are about pods, with their groups and where they say which."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing that a workload has in the environment before and lacks in production."""

    what: str
    place: Place
    """Where it is to be added."""
    there: Place
    """What the other environment has."""
    said: str = ""
    other: str = ""


@dataclass(frozen=True, eq=False)
class DriftedWorkload:
    """One workload in production, beside itself in the environment before."""

    workload: Workload
    former: Workload
    environment: str
    """What production is called."""
    other: str
    home: DeploymentSet
    before: DeploymentSet

    @classmethod
    def all(cls, world: World) -> Iterable[DriftedWorkload]:
        """Each workload that both have."""
        pairs = world.fact(_environments)
        running: dict[int, list[Workload]] = defaultdict(list)
        for workload in world.all(Workload) if pairs else ():
            for group in world.fact(deployment_sets).of(workload.base):
                running[id(group)].append(workload)
        for (real, name), (trial, other) in pairs:
            former = {(item.kind, item.object.name): item for item in running[id(trial)]}
            for workload in running[id(real)]:
                old = former.get((workload.kind, workload.object.name))
                if old is not None:
                    yield cls(workload, old, name, other, real, trial)

    @property
    def source(self) -> Document:
        """The document of the workload."""
        return self.workload.source

    @property
    def object(self) -> ObjectRef:
        """The workload in production."""
        return self.workload.object

    def lacking(self) -> Iterator[Lacking]:
        """What production lacks of it."""
        yield from self._replicas()
        yield from self._fields()
        if self.home.is_complete and self.before.is_complete:
            yield from self._objects()

    def _replicas(self) -> Iterator[Lacking]:
        now, old = (item.base.get("spec", "replicas") for item in (self.workload, self.former))
        least, before = _least(self.workload, self.home), _least(self.former, self.before)
        if least is not None and before is not None and 0 < least < before:
            yield Lacking("replicas", now.place(), old.place(), str(least), str(before))

    def _fields(self) -> Iterator[Lacking]:
        before = {item.name: item for item in self.former.containers if item.is_lasting}
        for item in self.workload.containers:
            old = before.get(item.name)
            if old is None or not item.is_lasting:
                continue
            for key in _PROBES:
                if old.get(key).is_map and not item.get(key).is_set:
                    yield Lacking("probe", item.node.place(), old.get(key).place(), key, item.name)
            limit = old.get("resources", "limits", "memory")
            if limit.is_set and not item.get("resources", "limits", "memory").is_set:
                place = item.get("resources", "limits", "memory").place()
                yield Lacking("limit", place, limit.place(), written(limit.value), item.name)

    def _objects(self) -> Iterator[Lacking]:
        for kind, group, key in _SELECTED:
            old = _about(self.former, self.before, kind, group, key)
            if old is not None and _about(self.workload, self.home, kind, group, key) is None:
                yield Lacking(
                    "object", self._own_place(), old.get("metadata", "name").value_place(), kind, old.name
                )
        if self.workload.kind == "Rollout":
            release, judged = GradualRelease(self.workload.base), GradualRelease(self.former.base)
            unjudged = release.unjudged
            if judged.is_staged and judged.unjudged is None and unjudged is not None:
                there = judged.base.get("spec", "strategy").place()
                yield Lacking("analysis", unjudged[1].place(), there)

    def _own_place(self) -> Place:
        """Where production says what belongs to it: its kustomization, else the name of the workload."""
        if self.home.kustomizations:
            return self.home.kustomizations[0].node.get("resources").place()
        return self.workload.base.get("metadata", "name").value_place()


def _least(workload: Workload, home: DeploymentSet) -> int | None:
    """How many pods there are at least, as far as it is written."""
    for item in home.by_kind.get("HorizontalPodAutoscaler", ()):
        target = item.get("spec", "scaleTargetRef")
        if (target.get("kind").text, target.get("name").text) == (workload.kind, workload.name):
            return item.get("spec", "minReplicas").integer
    if any(kind in home.by_kind for kind in ("ScaledObject", "VerticalPodAutoscaler")):
        return None
    return workload.replicas


def _about(
    workload: Workload, home: DeploymentSet, kind: str, group: str, key: str
) -> KubernetesObject | None:
    """An object of a kind that selects the pods of a workload."""
    return next(
        (
            item
            for item in home.by_kind.get(kind, ())
            if item.group == group and label_selector_matches(item.get("spec", key), workload.running_labels)
        ),
        None,
    )


_Called = tuple[DeploymentSet, str]


def _environments(world: World) -> Sequence[tuple[_Called, _Called]]:
    """Each production with the environment before it, by names that differ in nothing else."""
    labels = dict(world.fact(builds).charts.labels)
    trials: dict[str, list[_Called]] = defaultdict(list)
    reals: dict[str, list[_Called]] = defaultdict(list)
    for item in world.fact(deployment_sets).sets:
        name = _name_of(item, labels).lower()
        real, trial = _REAL.search(name), _TRIAL.search(name)
        if real is not None and trial is None:
            reals[_REAL.sub(_ANY, name)].append((item, real[0]))
        elif trial is not None and real is None:
            trials[_TRIAL.sub(_ANY, name)].append((item, trial[0]))
    return [
        (own, before) for stem, found in reals.items() for own in found for before in trials.get(stem, ())[:1]
    ]


def _name_of(item: DeploymentSet, labels: Mapping[str, str]) -> str:
    """The folder of a deployment set, or what people call the values of a chart."""
    return next((labels[path] for path in sorted(item.paths) if path in labels), item.name)
