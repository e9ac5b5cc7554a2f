"""Services: workloads together with what stands in front of them.

A workload and the Services that select it are one service; so are several workloads behind one Service whose
names begin with its name (a canary, versions, colours). Definitions of the same namespace and name in
several deployment sets are the same service.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import cached_property

from archlint.documents import Document
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.controller_labels import OF_SINGLE_PODS, POD_NAME
from archlint.model.kubernetes.names.similar import longest_beginning
from archlint.model.kubernetes.selectors import selects
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets, fits
from archlint.model.services import protocols
from archlint.model.services.resolution import ports_of
from archlint.model.world import World

ServiceKey = tuple[str | None, str]
"""Namespace and name."""

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

    @cached_property
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
        selected = [(workload, self._fronts.of(workload)) for workload in workloads]
        self._behind = _Behind(selected)
        for workload, fronts in selected:
            self._place(workload, fronts)
        self._home_fronts()
        self._merge_unknown_namespaces()
        self.services = sorted(self._found.values(), key=lambda item: (item.name, item.namespace or ""))

    def of_front(self, front: KubernetesObject) -> Service:
        """The service that a Kubernetes Service leads to; a Knative Service is its own workload."""
        return self._found[self._home[id(front)]]

    def of_workload(self, workload: Workload) -> Service:
        """The service that a workload belongs to."""
        return self._found[self._home[id(workload)]]

    def home_of(self, workload: Workload) -> Service | None:
        """The service that a workload belongs to; ``None`` for one without a name, or of a typed list."""
        key = self._home.get(id(workload))
        return None if key is None else self._found[key]

    def _place(self, workload: Workload, fronts: _Selected) -> None:
        alone = self._behind.is_alone(workload, fronts)
        shared = longest_beginning(workload.name + "-", fronts.names)
        name = workload.name if alone or shared is None else shared
        service = self._service((workload.namespace or fronts.namespace, name))
        service.workloads.append(workload)
        self._home[id(workload)] = self._home[id(workload.base)] = service.key

    def _home_fronts(self) -> None:
        known: dict[tuple[int, ...], dict[str, ServiceKey]] = {}
        for front in self._fronts.all:
            groups = self._behind.groups_of(front)
            if groups not in known:
                items = (item for group in groups for item in self._behind.workloads[group])
                homes = sorted({self._home[id(item)] for item in items}, key=lambda k: (k[1], k[0] or ""))
                by_name = {key[1]: key for key in reversed(homes)}
                known[groups] = {**by_name, "": homes[0]} if len(homes) == 1 else by_name
            homes_by_name = known[groups]
            key = homes_by_name.get(front.name) or homes_by_name.get("") or (front.namespace, front.name)
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


_Selecting = tuple[KubernetesObject, dict[str, str], str | None]
"""A Service, its selector, and the pod that it names."""
_Question = tuple[tuple[tuple[str, str], ...], tuple[str | None, int], str | None]
"""Labels, namespace and deployment sets of pods, and the workload's name if Services name its pods."""


class _Fronts:
    """The Kubernetes Services, by the rarest label that each selects."""

    def __init__(self, world: World, sets: DeploymentSets) -> None:
        self._sets = sets
        self.all = [
            item
            for item in world.all(KubernetesObject)
            if item.kind == "Service" and not item.group and item.name
        ]
        selectors = [_stable(string_map(item.get("spec", "selector"))) for item in self.all]
        frequency = Counter(pair for selector in selectors for pair in selector.items())
        self._pairs = frozenset(frequency)
        self._by_label: dict[tuple[str, str], list[_Selecting]] = defaultdict(list)
        self._of_pod: dict[str, list[KubernetesObject]] = defaultdict(list)
        for item, selector in zip(self.all, selectors, strict=True):
            pod = item.get("spec", "selector", POD_NAME).text
            if pod is not None:
                self._of_pod[pod.rpartition("-")[0]].append(item)
            if selector:
                rarest = min(selector.items(), key=lambda p: (frequency[p], p))
                self._by_label[rarest].append((item, selector, pod))
        self._own: dict[_Question, _Selected] = {}
        self._strange: dict[_Question, dict[str, list[KubernetesObject]]] = {}
        """Services of other sets, by name."""
        self._named: dict[tuple[_Question, str], _Selected] = {}

    def of(self, workload: Workload) -> _Selected:
        """The Services that select a workload's pods. Labels such as ``app: web`` recur in parts of a
        repository that have nothing to do with each other, so outside of its sets only a Service of its name
        counts."""
        if workload.kind in ("Job", "CronJob"):
            return _NOTHING
        labels = tuple(pair for pair in workload.pod_labels.items() if pair in self._pairs)
        place = (workload.namespace, self._sets.group_of(workload.base))
        of_pod = self._of_pod.get(workload.name, ())
        key = (labels, place, workload.name if of_pod else None)
        if key not in self._own:
            found = [front for front in self._candidates(labels, workload.name) if fits(front, place[0])]
            paths = self._sets.paths_beside(workload.base)
            self._own[key] = _Selected([front for front in found if front.source.path in paths])
            self._strange[key] = defaultdict(list)
            for front in () if self._own[key].fronts else found:
                self._strange[key][front.name].append(front)
        own = self._own[key]
        if own.fronts or workload.name not in self._strange[key]:
            return own
        named = (key, workload.name)
        if named not in self._named:
            self._named[named] = _Selected(self._strange[key][workload.name])
        return self._named[named]

    def _candidates(self, labels: tuple[tuple[str, str], ...], name: str) -> Iterator[KubernetesObject]:
        wanted = dict(labels)
        for pair in labels:
            for front, selector, pod in self._by_label.get(pair, ()):
                if (pod is None or pod.rpartition("-")[0] == name) and selects(selector, wanted):
                    yield front


class _Selected:
    """The Services that select a workload; workloads that the same ones select share one."""

    def __init__(self, fronts: list[KubernetesObject]) -> None:
        self.fronts = fronts
        self.names = frozenset(front.name for front in fronts)
        self.namespace = next((front.namespace for front in fronts if front.namespace), None)


_NOTHING = _Selected([])


class _Behind:
    """The workloads behind each Service, in groups that the same Services select."""

    def __init__(self, selected: Iterable[tuple[Workload, _Selected]]) -> None:
        self.workloads: dict[int, list[Workload]] = defaultdict(list)
        self._groups: dict[int, list[int]] = defaultdict(list)
        self._sole: dict[int, str | None] = {}
        self._alone: dict[int, frozenset[str]] = {}
        groups: dict[int, _Selected] = {}
        for workload, found in selected:
            self.workloads[id(found)].append(workload)
            groups[id(found)] = found
        for group, found in groups.items():
            names = {item.name for item in self.workloads[group]}
            sole = next(iter(names)) if len(names) == 1 else None
            for front in found.fronts:
                self._groups[id(front)].append(group)
                is_sole = self._sole.setdefault(id(front), sole) == sole
                self._sole[id(front)] = sole if is_sole else None
        for group, found in groups.items():
            sole_names = (self._sole[id(front)] for front in found.fronts)
            self._alone[group] = frozenset(name for name in sole_names if name is not None)

    def groups_of(self, front: KubernetesObject) -> tuple[int, ...]:
        """The groups of workloads that a Service selects, as keys of ``workloads``."""
        return tuple(self._groups.get(id(front), ()))

    def is_alone(self, workload: Workload, fronts: _Selected) -> bool:
        """Whether one of the Services selects workloads of this name only."""
        return workload.name in self._alone[id(fronts)]


def service_groups(world: World) -> ServiceGroups:
    """The services of a world; ask with ``world.fact(service_groups)``."""
    return ServiceGroups(world)


def _stable(selector: dict[str, str]) -> dict[str, str]:
    """A selector without the labels that say which of a workload's pods is meant."""
    return {key: value for key, value in selector.items() if key not in OF_SINGLE_PODS}


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
