"""Services and the workloads whose pods they select."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.controller_labels import spellings
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet, string_map
from archlint.model.kubernetes.ports import protocol_of
from archlint.model.kubernetes.selectors import selects
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_LONGEST_PORT = 9
"""Digits of a text that is read as a port; what is longer is none, whatever it means."""


@dataclass(frozen=True)
class ServicePort:
    """One port of a Service."""

    node: Node

    @property
    def protocol(self) -> str:
        """Its protocol: TCP if nothing else is said."""
        return protocol_of(self.node)

    @property
    def target(self) -> str | int | None:
        """Where it leads: a port name or number; the port itself if ``targetPort`` is not set."""
        target = self.node.get("targetPort")
        chosen = target if target.is_set and target.value not in ("", 0) else self.node.get("port")
        if chosen.text is not None:
            is_number = chosen.text.isascii() and chosen.text.isdigit() and len(chosen.text) <= _LONGEST_PORT
            return int(chosen.text) if is_number else chosen.text
        return chosen.integer


@dataclass(frozen=True)
class KubernetesService(ObjectFacet):
    """A Service of the core API group."""

    @classmethod
    def all(cls, world: World) -> Iterable[KubernetesService]:
        """Every Service in the world."""
        return [
            cls(base) for base in world.all(KubernetesObject) if base.kind == "Service" and base.group == ""
        ]

    @cached_property
    def selector(self) -> dict[str, str]:
        """The labels it looks for; empty if it has no selector."""
        return string_map(self.base.get("spec", "selector"))

    @property
    def has_endpoints(self) -> bool:
        """Whether Kubernetes finds pods for it: it has a selector and is no alias of an outside name."""
        return bool(self.selector) and self.base.get("spec", "type").text != "ExternalName"

    @property
    def is_open_outside(self) -> bool:
        """Whether it is of a type for clients outside of the cluster."""
        return self.base.get("spec", "type").text in ("LoadBalancer", "NodePort")

    @cached_property
    def ports(self) -> tuple[ServicePort, ...]:
        """Its ports."""
        return tuple(ServicePort(node) for node in self.base.get("spec", "ports").elements() if node.is_map)


@dataclass(frozen=True)
class Routing:
    """Which Services select which workloads."""

    workloads: Mapping[KubernetesService, tuple[Workload, ...]]
    services: Mapping[Workload, tuple[KubernetesService, ...]]


def routing(world: World) -> Routing:
    """All selections in the world; ask for them with ``world.fact(routing)``.

    A Service means workloads of its own deployment sets if it selects any there, else those of the world.
    Services that select the same share one tuple, and so do workloads that the same Services select.
    """
    by_label = world.fact(workloads_by_label)
    sets = world.fact(deployment_sets)
    alike: dict[_Likeness, list[KubernetesService]] = defaultdict(list)
    chosen: dict[KubernetesService, tuple[Workload, ...]] = {}
    for service in world.all(KubernetesService):
        chosen[service] = ()
        if service.has_endpoints:
            selector = frozenset(service.selector.items())
            alike[selector, service.base.namespace, sets.group_of(service.base)].append(service)
    selected: dict[tuple[object, ...], list[Workload]] = {}
    selecting: dict[Workload, list[_Likeness]] = defaultdict(list)
    for likeness, services in alike.items():
        key = likeness[:2]
        if key not in selected:
            selected[key] = list(_selected(services[0], by_label))
        found = _nearest(sets, services[0], selected[key])
        chosen.update(dict.fromkeys(services, found))
        for workload in found:
            selecting[workload].append(likeness)
    return Routing(chosen, _turned(world, alike, selecting))


_Likeness = tuple[frozenset[tuple[str, str]], str | None, int]
"""Selector, namespace and deployment sets: Services in which they are the same select the same."""


def _turned(
    world: World,
    alike: Mapping[_Likeness, Sequence[KubernetesService]],
    selecting: Mapping[Workload, Sequence[_Likeness]],
) -> dict[Workload, tuple[KubernetesService, ...]]:
    """The Services of each workload in the order of the text."""
    order = {id(service): number for number, service in enumerate(world.all(KubernetesService))}
    merged: dict[tuple[_Likeness, ...], tuple[KubernetesService, ...]] = {}
    for keys in map(tuple, selecting.values()):
        if keys not in merged:
            services = [service for key in keys for service in alike[key]]
            merged[keys] = tuple(sorted(services, key=lambda service: order[id(service)]))
    return {workload: merged[tuple(keys)] for workload, keys in selecting.items()}


def workloads_by_label(world: World) -> dict[tuple[str, str], list[Workload]]:
    """The workloads by each label of their running pods; ask with ``world.fact(workloads_by_label)``."""
    by_label: dict[tuple[str, str], list[Workload]] = defaultdict(list)
    for workload in world.all(Workload):
        for pair in workload.running_labels.items():
            by_label[pair].append(workload)
    return dict(by_label)


def with_label(by_label: Mapping[tuple[str, str], list[Workload]], key: str, value: str) -> list[Workload]:
    """The workloads whose running pods have a label, or may have it."""
    return [workload for text in spellings(key, value) for workload in by_label.get((key, text), ())]


def _selected(
    service: KubernetesService, by_label: Mapping[tuple[str, str], list[Workload]]
) -> Iterator[Workload]:
    rarest = min((with_label(by_label, *pair) for pair in service.selector.items()), key=len)
    for workload in rarest:
        if same_namespace(service.base, workload.base) and selects(service.selector, workload.running_labels):
            yield workload


def _nearest(
    sets: DeploymentSets, service: KubernetesService, found: Sequence[Workload]
) -> tuple[Workload, ...]:
    own = sets.paths_beside(service.base)
    near = [item for item in found if item.source.path in own]
    return tuple(near or found)


def same_namespace(one: KubernetesObject, other: KubernetesObject) -> bool:
    """Whether two objects may share a namespace: an unset one is unknown."""
    return one.namespace is None or other.namespace is None or one.namespace == other.namespace
