"""Which objects of Istio are about the pods of a workload, surely or perhaps: policies, authentications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from archlint.finding.records import dataclass
from archlint.model.istio.mesh_config import root_namespaces
from archlint.model.istio.objects import of_kind
from archlint.model.istio.selection import MeshSelection
from archlint.model.istio.truth import Truth, every
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.controller_labels import spellings
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.selectors import may_select, selects
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.network.connectivity.editions import Company, company
from archlint.model.world import World

_ANYWHERE = "*"
"""Stands for all namespaces; no namespace can have this name."""
_MOST_UNSURE = 50
"""Objects that are looked at for pods whose namespace is not known."""
_Pair = tuple[str, str]
"""A label."""


@dataclass(frozen=True)
class Applied:
    """An object that is about a pod, surely or perhaps."""

    base: KubernetesObject
    is_sure: bool = True


class AppliedObjects:
    """The objects of one kind of Istio's in a world, by namespace and label."""

    def __init__(self, world: World, kind: str) -> None:
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._company: Company = world.fact(company)
        self._roots = world.fact(root_namespaces)
        self._patches = world.fact(patch_text)
        self._by_label: dict[tuple[str | None, _Pair | None], list[MeshSelection]] = defaultdict(list)
        self._known: dict[int, Sequence[Applied] | None] = {}
        for item in map(MeshSelection, of_kind(world, kind)):
            for namespace in (item.namespace, _ANYWHERE):
                for pair in _places_of(item):
                    self._by_label[namespace, pair].append(item)

    @property
    def has_any(self) -> bool:
        """Whether there is any object of the kind."""
        return bool(self._by_label)

    def of(self, workload: Workload) -> Sequence[Applied] | None:
        """Those that are or may be about a workload's pods; ``None`` if some cannot be read."""
        key = id(workload)
        if key not in self._known:
            most = None if workload.namespace is not None else _MOST_UNSURE + 1
            found = list(islice(self._of(workload), most))
            is_too_much = workload.namespace is None and len(found) > _MOST_UNSURE
            groups = self._sets.of(workload.base)
            is_open = any(
                not each.is_complete or (each.kustomizations and not each.is_built) for each in groups
            )
            is_unread = (
                len(self._roots) > 1
                or is_too_much
                or is_open
                or any(self._is_patched(item.base) for item in found)
            )
            self._known[key] = None if is_unread else found
        return self._known[key]

    def _of(self, workload: Workload) -> Iterator[Applied]:
        known = (
            (workload.namespace, None, *sorted(self._roots))
            if workload.namespace is not None
            else (_ANYWHERE,)
        )
        for namespace in dict.fromkeys(known):
            for pair in (None, *workload.running_labels.items()):
                for item in self._by_label.get((namespace, pair), ()):
                    meant = self._is_about(item, workload)
                    if meant is not False:
                        yield Applied(item.base, meant is True)

    def _is_about(self, item: MeshSelection, workload: Workload) -> Truth:
        if item.is_targeted:
            return False  # a gateway or waypoint asks it, and no sidecar
        if not self._company.may_meet(item.base, workload.base):
            return False
        is_near = self._sets.are_applied_alike(item.base, workload.base) or None
        return every((is_near, self._is_home(item, workload), _selects(item, workload)))

    def _is_home(self, item: MeshSelection, workload: Workload) -> Truth:
        """Whether it counts in the namespace of a workload."""
        if workload.namespace is None and item.namespace in (None, *self._roots):
            return True if self._sets.are_together(item.base, workload.base) else None
        return True if item.namespace in (workload.namespace, *self._roots) else None

    def _is_patched(self, base: KubernetesObject) -> bool:
        return base.kind in self._patches and base.name in self._patches


def _selects(item: MeshSelection, workload: Workload) -> Truth:
    if not item.labels or selects(item.labels, workload.running_labels):
        return True
    return None if may_select(item.labels, workload.running_labels) else False


def _places_of(item: MeshSelection) -> list[_Pair | None]:
    """Under which labels of pods it is looked up; ``None`` stands for all pods."""
    if any(is_placeholder(text) for pair in item.labels.items() for text in pair):
        return [None]
    first = min(item.labels.items(), default=None)
    return [None] if first is None else [(first[0], text) for text in spellings(*first)]
