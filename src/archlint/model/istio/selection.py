"""Which workloads an object of Istio is for: by labels in its own namespace, from the root one everywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.mesh_config import root_namespaces
from archlint.model.istio.objects import applied_together, of_kind
from archlint.model.kubernetes import ObjectFacet, Workload, string_map
from archlint.model.kubernetes.selectors import selects
from archlint.model.kubernetes.services import same_namespace, with_label, workloads_by_label
from archlint.model.world import World

_LABELS = {
    "AuthorizationPolicy": ("selector", "matchLabels"),
    "PeerAuthentication": ("selector", "matchLabels"),
    "RequestAuthentication": ("selector", "matchLabels"),
    "Telemetry": ("selector", "matchLabels"),
    "WasmPlugin": ("selector", "matchLabels"),
    "ProxyConfig": ("selector", "matchLabels"),
    "Sidecar": ("workloadSelector", "labels"),
    "EnvoyFilter": ("workloadSelector", "labels"),
    "Gateway": ("selector",),
}
"""Below ``spec``: where each kind says which workloads it is for."""
TARGETED = ("targetRef", "targetRefs")
"""Keys that name gateways or services instead of selecting workloads."""


@dataclass(frozen=True)
class MeshSelection(ObjectFacet):
    """One object of Istio that is for workloads."""

    @classmethod
    def all(cls, world: World) -> Iterable[MeshSelection]:
        """Every such object."""
        return [cls(item) for item in of_kind(world, *_LABELS)]

    @property
    def node(self) -> Node:
        """The map with the labels."""
        return self.base.get("spec", *_LABELS[self.kind])

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels that it asks for; none means all workloads."""
        return string_map(self.node)

    @property
    def is_targeted(self) -> bool:
        """Whether it names what it is for, and selects nothing."""
        return any(self.base.get("spec", key).is_set for key in TARGETED)

    def is_for_mesh(self, world: World) -> bool:
        """Whether it counts in all namespaces: from the root namespace, or a gateway, whose proxies may be
        anywhere."""
        return self.kind == "Gateway" or self.namespace in world.fact(root_namespaces)

    def workloads(self, world: World) -> list[Workload]:
        """The workloads with its labels where it counts; none if it has no labels."""
        known = world.fact(_known)
        key = (frozenset(self.labels.items()), self.is_for_mesh(world), self.namespace)
        if key not in known:
            known[key] = self._workloads(world) if self.labels else []
        return known[key]

    def _workloads(self, world: World) -> list[Workload]:
        by_label, is_for_mesh = world.fact(workloads_by_label), self.is_for_mesh(world)
        rarest = min((with_label(by_label, *pair) for pair in self.labels.items()), key=len)
        return [
            workload
            for workload in rarest
            if (is_for_mesh or same_namespace(self.base, workload.base))
            and selects(self.labels, workload.running_labels)
        ]


def _known(world: World) -> dict[tuple[frozenset[tuple[str, str]], bool, str | None], list[Workload]]:
    """The workloads that were found so far, by labels and where they count."""
    return {}


class Overlap(StrEnum):
    """Why two objects of one kind are for the same workloads."""

    WHOLE = "whole"
    """Both are for all of the namespace."""
    SAME = "same"
    """Both ask for the same labels."""
    WORKLOAD = "workload"
    """Both ask for labels that a workload has."""


@dataclass(frozen=True)
class SelectionOverlap:
    """Another object for the same workloads."""

    other: MeshSelection
    kind: Overlap
    workload: Workload | None = None


Overlaps = Mapping[int, SelectionOverlap]


def sidecar_overlaps(world: World) -> Overlaps:
    """For each Sidecar another one that is for the same workloads, by the identity of its object."""
    return dict(_overlaps("Sidecar", world))


def telemetry_overlaps(world: World) -> Overlaps:
    """For each Telemetry another one that is for the same workloads, by the identity of its object."""
    return dict(_overlaps("Telemetry", world))


def _overlaps(kind: str, world: World) -> Iterator[tuple[int, SelectionOverlap]]:
    for _, items in applied_together(world, kind):
        by_namespace: dict[str | None, list[MeshSelection]] = defaultdict(list)
        for item in map(MeshSelection, items):
            if not item.is_targeted:
                by_namespace[item.namespace].append(item)
        for selections in by_namespace.values():
            yield from _within(selections, world)


def _within(selections: Sequence[MeshSelection], world: World) -> Iterator[tuple[int, SelectionOverlap]]:
    """The overlaps of objects of one namespace that are applied together."""
    alike: dict[frozenset[tuple[str, str]], list[MeshSelection]] = defaultdict(list)
    for item in selections:
        alike[frozenset(item.labels.items())].append(item)
    found: dict[int, SelectionOverlap] = {}
    for labels, items in alike.items():
        kind = Overlap.SAME if labels else Overlap.WHOLE
        for item, other in _paired(items):
            found[id(item.base)] = SelectionOverlap(other, kind)
    on: dict[int, tuple[Workload, list[MeshSelection]]] = {}
    for items in alike.values():
        for workload in items[0].workloads(world) if len(alike) > 1 else ():
            on.setdefault(id(workload), (workload, []))[1].append(items[0])
    for workload, items in on.values():
        for item, other in _paired(items):
            found.setdefault(id(item.base), SelectionOverlap(other, Overlap.WORKLOAD, workload))
    yield from found.items()


def _paired(items: Sequence[MeshSelection]) -> Iterator[tuple[MeshSelection, MeshSelection]]:
    """Each with another one: the next, the last with the first."""
    names = {item.name for item in items}
    if len(names) > 1:
        yield from zip(items, (*items[1:], items[0]), strict=True)
