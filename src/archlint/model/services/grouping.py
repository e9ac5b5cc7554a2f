"""Services: workloads together with what stands in front of them.

A workload and the Services that select it are one service; so are several workloads behind one Service whose
names begin with its name (a canary, versions, colours). Definitions of the same namespace and name in
several deployment sets are the same service.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archlint.documents import Document
from archlint.finding import ObjectRef
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.selectors import selects
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.services import protocols
from archlint.model.services.nearness import fits
from archlint.model.services.resolution import ports_of
from archlint.model.world import World

ServiceKey = tuple[str | None, str]
"""Namespace and name."""

_POD_NAME = "statefulset.kubernetes.io/pod-name"
"""A label that the controller puts on each pod of a StatefulSet."""
_HELPER_IMAGE = (
    "exporter",
    "proxy",
    "envoy",
    "agent",
    "sidecar",
    "metrics",
    "backup",
    "sentinel",
    "reloader",
)


@dataclass
class Service:
    """A service of the system: what people draw as one box."""

    name: str
    namespace: str | None
    workloads: list[Workload] = field(default_factory=list)
    fronts: list[KubernetesObject] = field(default_factory=list)
    """The Kubernetes Services that lead to it."""

    @classmethod
    def all(cls, world: World) -> Iterable[Service]:
        """Every service of the world, by name and namespace."""
        return world.fact(service_groups).services

    @property
    def key(self) -> ServiceKey:
        """Namespace and name."""
        return (self.namespace, self.name)

    @property
    def anchor(self) -> KubernetesObject:
        """The object that stands for the service: its first workload, else its Kubernetes Service."""
        return self.workloads[0].base if self.workloads else self.fronts[0]

    @property
    def source(self) -> Document:
        """The document of the object that stands for it."""
        return self.anchor.source

    @property
    def object(self) -> ObjectRef:
        """The object that stands for it."""
        return self.anchor.object

    @property
    def store_protocol(self) -> str | None:
        """What a database, cache or broker speaks; ``None`` for any other service."""
        if self.workloads:
            return next(filter(None, map(_store_protocol, self.workloads)), None)
        ports = [port for front in self.fronts for port in ports_of(front)]
        found = [protocols.of_port(port) for port in ports]
        return found[0] if found and all(found) else None


class ServiceGroups:
    """All services of a world, and which of them each Kubernetes Service leads to."""

    def __init__(self, world: World) -> None:
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._fronts = _Fronts(world, self._sets)
        self._found: dict[ServiceKey, Service] = {}
        self._home: dict[int, ServiceKey] = {}
        workloads = [workload for workload in world.all(Workload) if workload.name]
        selected = {id(workload): self._fronts.of(workload) for workload in workloads}
        behind: dict[int, list[Workload]] = defaultdict(list)
        for workload in workloads:
            for front in selected[id(workload)]:
                behind[id(front)].append(workload)
        for workload in workloads:
            self._place(workload, selected[id(workload)], behind)
        self._home_fronts(behind)
        self._merge_unknown_namespaces()
        self.services = sorted(self._found.values(), key=lambda item: (item.name, item.namespace or ""))

    def of_front(self, front: KubernetesObject) -> Service:
        """The service that a Kubernetes Service leads to; a Knative Service is its own workload."""
        return self._found[self._home[id(front)]]

    def of_workload(self, workload: Workload) -> Service:
        """The service that a workload belongs to."""
        return self._found[self._home[id(workload)]]

    def _place(
        self, workload: Workload, fronts: list[KubernetesObject], behind: dict[int, list[Workload]]
    ) -> None:
        alone = any({item.name for item in behind[id(front)]} == {workload.name} for front in fronts)
        shared = [front for front in fronts if _begins(workload.name, front.name)]
        name = workload.name if alone or not shared else max((f.name for f in shared), key=len)
        namespaces = (workload.namespace, *(front.namespace for front in fronts))
        service = self._service((next(filter(None, namespaces), None), name))
        service.workloads.append(workload)
        self._home[id(workload)] = self._home[id(workload.base)] = service.key

    def _home_fronts(self, behind: dict[int, list[Workload]]) -> None:
        for front in self._fronts.all:
            homes = sorted(
                {self._home[id(item)] for item in behind[id(front)]}, key=lambda k: (k[1], k[0] or "")
            )
            same = [key for key in homes if key[1] == front.name]
            key = (same or homes)[0] if same or len(homes) == 1 else (front.namespace, front.name)
            service = self._service(key)
            service.fronts.append(front)
            self._home[id(front)] = key

    def _service(self, key: ServiceKey) -> Service:
        if key not in self._found:
            self._found[key] = Service(key[1], key[0])
        return self._found[key]

    def _merge_unknown_namespaces(self) -> None:
        """A service whose namespace is unknown is the one of that name, if just one has a namespace."""
        known: dict[str, list[ServiceKey]] = defaultdict(list)
        for namespace, name in self._found:
            if namespace is not None:
                known[name].append((namespace, name))
        for key in [key for key in self._found if key[0] is None]:
            if len(known[key[1]]) == 1:
                gone, kept = self._found.pop(key), self._found[known[key[1]][0]]
                kept.workloads += gone.workloads
                kept.fronts += gone.fronts
                for item in (*gone.workloads, *(each.base for each in gone.workloads), *gone.fronts):
                    self._home[id(item)] = kept.key


class _Fronts:
    """The Kubernetes Services, by the rarest label that each selects."""

    def __init__(self, world: World, sets: DeploymentSets) -> None:
        self._sets = sets
        self.all = [
            item
            for item in world.all(KubernetesObject)
            if item.kind == "Service" and not item.group and item.name
        ]
        selectors = [_without_pod_name(string_map(item.get("spec", "selector"))) for item in self.all]
        frequency = Counter(pair for selector in selectors for pair in selector.items())
        self._by_label: dict[tuple[str, str], list[KubernetesObject]] = defaultdict(list)
        for item, selector in zip(self.all, selectors, strict=True):
            if selector:
                self._by_label[min(selector.items(), key=lambda p: (frequency[p], p))].append(item)

    def of(self, workload: Workload) -> list[KubernetesObject]:
        """The Services that select a workload's pods. Labels such as ``app: web`` recur in parts of a
        repository that have nothing to do with each other, so outside of its sets only a Service of its name
        counts."""
        if workload.kind in ("Job", "CronJob"):
            return []
        found = [front for front in self._candidates(workload) if fits(front, workload.namespace)]
        paths = frozenset[str]().union(*(group.paths for group in self._sets.of(workload.base)))
        own = [front for front in found if front.source.path in paths]
        return own or [front for front in found if front.name == workload.name]

    def _candidates(self, workload: Workload) -> Iterator[KubernetesObject]:
        labels = workload.pod_labels
        for pair in labels.items():
            for front in self._by_label.get(pair, ()):
                selector = string_map(front.get("spec", "selector"))
                pod = selector.get(_POD_NAME)
                if pod is not None and pod.rpartition("-")[0] != workload.name:
                    continue
                if selects(_without_pod_name(selector), labels):
                    yield front


def service_groups(world: World) -> ServiceGroups:
    """The services of a world; ask with ``world.fact(service_groups)``."""
    return ServiceGroups(world)


def _without_pod_name(selector: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in selector.items() if key != _POD_NAME}


def _begins(name: str, front: str) -> bool:
    return name == front or name.startswith(front + "-")


def _store_protocol(workload: Workload) -> str | None:
    """What a workload speaks if it is nothing but a store: every main container is one, or helps one."""
    if workload.kind in ("Job", "CronJob"):
        return None
    found: list[str | None] = []
    for container in workload.containers:
        image = container.get("image").text or ""
        if container.role != "main" or any(word in image for word in _HELPER_IMAGE):
            continue
        ports = [entry.get("containerPort").integer for entry in container.get("ports").elements()]
        by_port = [protocols.of_port(port) for port in ports]
        found.append(protocols.of_image(image) or (by_port[0] if by_port and all(by_port) else None))
    return found[0] if found and all(found) else None
