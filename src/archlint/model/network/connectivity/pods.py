"""The pods that files describe, as classes: pods of one namespace with equal labels and named ports.

Policies cannot tell the pods of a class apart, so everything is asked for classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.ports import container_ports
from archlint.model.network.connectivity.bounded import (
    BoundedIndex,
    BoundedSet,
    both,
    either,
    exactly,
)
from archlint.model.network.intervals import Intervals, intervals
from archlint.model.network.labels import NAMESPACE_NAME_LABEL, Bits, numbers
from archlint.model.network.selection import is_on_pod_network

DEFAULT_NAMESPACE = "default"
"""Where objects are taken to be that name no namespace."""
CONTROLLER = "{ingress-controller}"
"""What brings in the traffic of Ingresses and routes. Its labels and its namespace are not known."""
_ELSEWHERE = ""
"""The namespace of pods that no file describes."""

NamedPort = tuple[str, str]
"""A protocol and the name of a port."""


@dataclass(frozen=True)
class PodGroup:
    """The pods of one workload, or of one owner."""

    name: str
    """Such as ``shop/cart[Deployment]``."""
    workload: Workload | None
    """``None`` for the ingress controller, and for other pods that no file describes."""

    @property
    def paths(self) -> frozenset[str]:
        """The files in which it stands, and the kustomization or chart through which it was built."""
        if self.workload is None:
            return frozenset()
        source = self.workload.source
        nearest = self.workload.base.node.place().source
        return frozenset((source.path, nearest.path, *source.through))


@dataclass(frozen=True)
class Stranger:
    """Pods that no file describes, of which some labels are known all the same."""

    namespace: str
    labels: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Such as ``kube-system/[k8s-app=kube-dns]``."""
        said = ",".join(f"{key}={value}" for key, value in self.labels)
        return f"{self.namespace}/[{said or 'all pods'}]"


@dataclass(frozen=True)
class PodClass:
    """Pods that no policy can tell apart."""

    number: int
    namespace: str
    labels: Mapping[str, str]
    named_ports: Mapping[NamedPort, Intervals]
    on_host: bool
    """Whether they are on the network of their node, where policies are seldom in force."""
    members: tuple[PodGroup, ...]

    @property
    def bit(self) -> Bits:
        """The set with this class alone."""
        return 1 << self.number


def namespace_of(item: KubernetesObject) -> str:
    """The namespace of an object; the default one if it names none."""
    return item.namespace or DEFAULT_NAMESPACE


def group_of(workload: Workload) -> PodGroup:
    """What a workload's pods are called: by their owner if they have one. A node, which owns the static pods
    that run on it, says nothing about them."""
    kind, name = workload.kind, workload.name
    for owner in workload.base.get("metadata", "ownerReferences").elements():
        its_kind, its_name = owner.get("kind").text, owner.get("name").text
        if workload.kind == "Pod" and its_kind and its_name and its_kind != "Node":
            kind, name = its_kind, its_name
            break
    return PodGroup(f"{namespace_of(workload.base)}/{name}[{kind}]", workload)


class Pods:
    """All classes of pods, with the namespaces, to be asked with selectors; the last is the controller."""

    def __init__(
        self,
        workloads: Iterable[Workload],
        namespaces: Iterable[KubernetesObject],
        strangers: Iterable[Stranger] = (),
    ) -> None:
        self.classes: tuple[PodClass, ...] = _classes(workloads, strangers)
        self._namespaces = BoundedIndex()
        self._pods = BoundedIndex()
        self._within: dict[int, Bits] = defaultdict(int)
        self._number_of: dict[str, int] = {}
        self.hosts: Bits = 0
        """Classes on the network of their node."""
        self.strangers: Bits = 0
        """Classes that no file describes, the controller among them."""
        defined = {item.name: item for item in namespaces if item.name}
        self._defined = frozenset(defined)
        self.labels_of_namespaces: dict[str, dict[str, str]] = {
            name: item.labels for name, item in defined.items()
        }
        """What files say of each namespace that they define."""
        for item in self.classes:
            number = self._namespace(item.namespace, defined)
            self._within[number] |= item.bit
            is_stranger = item.members[0].workload is None
            self._pods.add(item.number, item.labels, vague=is_stranger, known=tuple(item.labels))
            if is_stranger:
                self.strangers |= item.bit
            if item.on_host:
                self.hosts |= item.bit
        self._by_names: dict[frozenset[str], list[tuple[tuple[tuple[NamedPort, Intervals], ...], Bits]]] = {}

    @property
    def all(self) -> Bits:
        """All classes."""
        return self._pods.all

    @cached_property
    def described(self) -> Bits:
        """All classes that files describe: without the ingress controller."""
        return self.all & ~self.strangers

    @property
    def controller(self) -> PodClass:
        """The ingress controller's pods."""
        return self.classes[-1]

    def class_of(self, group: PodGroup) -> PodClass:
        """The class of some pods; the first, if one owner has pods that are not alike."""
        return self._class_of[group.name]

    @cached_property
    def _class_of(self) -> dict[str, PodClass]:
        return {group.name: item for item in reversed(self.classes) for group in item.members}

    def is_defined(self, namespace: str) -> bool:
        """Whether a file defines a namespace, so that its labels are known."""
        return namespace in self._defined

    def is_picked(self, namespace: str, selector: Node) -> bool:
        """Whether a selector surely picks a namespace in which there are pods."""
        number = self._number_of.get(namespace)
        return number is not None and bool(self._namespaces.selected(selector).sure >> number & 1)

    def in_namespace(self, name: str, pods: Node) -> BoundedSet:
        """The pods of one namespace that a selector picks."""
        number = self._number_of.get(name)
        inside = self._within.get(number, 0) if number is not None else 0
        return self._sighted(both(exactly(inside), self._pods.selected(pods)))

    def in_namespaces(self, namespaces: Node, pods: Node) -> BoundedSet:
        """The pods that one selector picks, in the namespaces that another one picks."""
        picked = self._namespaces.selected(namespaces)
        found = BoundedSet(*map(self._inside, picked))
        return self._sighted(both(found, self._pods.selected(pods)))

    def with_labels(self, namespace: str, labels: Mapping[str, str]) -> Bits:
        """The pods of a namespace that have some labels, as a Service looks for them."""
        number = self._number_of.get(namespace)
        found = self._within.get(number, 0) if number is not None and labels else 0
        for key, value in labels.items():
            found &= self._pods.with_any(key, (value,)).taken
        return found & self.described

    def by_port_names(
        self, names: frozenset[str]
    ) -> list[tuple[tuple[tuple[NamedPort, Intervals], ...], Bits]]:
        """The classes by what some port names stand for in them."""
        if names not in self._by_names:
            found: dict[tuple[tuple[NamedPort, Intervals], ...], Bits] = defaultdict(int)
            for item in self.classes:
                own = tuple(sorted(pair for pair in item.named_ports.items() if pair[0][1] in names))
                found[own] |= item.bit
            self._by_names[names] = list(found.items())
        return self._by_names[names]

    def _inside(self, namespaces: Bits) -> Bits:
        if namespaces == self._namespaces.all:
            return self.all
        found = 0
        for number in numbers(namespaces):
            found |= self._within[number]
        return found

    def _sighted(self, extent: BoundedSet) -> BoundedSet:
        """Pods on the network of their node are seldom known to a policy: nothing is sure about them."""
        return extent._replace(sure=extent.sure & ~self.hosts)

    def _namespace(self, name: str, defined: Mapping[str, KubernetesObject]) -> int:
        if name in self._number_of:
            return self._number_of[name]
        number = self._number_of[name] = len(self._number_of)
        item = defined.get(name)
        own = {} if name == _ELSEWHERE else {NAMESPACE_NAME_LABEL: name}
        labels = own if item is None else {**item.labels, **own}
        self._namespaces.add(number, labels, vague=item is None, known=tuple(own))
        return number


def _classes(workloads: Iterable[Workload], strangers: Iterable[Stranger]) -> tuple[PodClass, ...]:
    members: dict[tuple[object, ...], dict[str, PodGroup]] = defaultdict(dict)
    facts: dict[tuple[object, ...], tuple[str, Mapping[str, str], Mapping[NamedPort, Intervals], bool]] = {}
    for workload in workloads:
        group, namespace = group_of(workload), namespace_of(workload.base)
        ports = named_ports(workload)
        on_host = not is_on_pod_network(workload)
        labels = workload.running_labels
        key = (namespace, frozenset(labels.items()), frozenset(ports.items()), on_host)
        members[key].setdefault(group.name, group)
        facts.setdefault(key, (namespace, labels, ports, on_host))
    found = [
        PodClass(number, *facts[key], tuple(groups.values()))
        for number, (key, groups) in enumerate(members.items())
    ]
    for each in strangers:
        group = PodGroup(each.name, None)
        found.append(PodClass(len(found), each.namespace, dict(each.labels), {}, False, (group,)))
    controller = PodGroup(CONTROLLER, None)
    found.append(PodClass(len(found), _ELSEWHERE, {}, {}, False, (controller,)))
    return tuple(found)


def named_ports(workload: Workload) -> dict[NamedPort, Intervals]:
    """The numbers of each port name; several containers may use one name."""
    found: dict[NamedPort, list[int]] = defaultdict(list)
    for container in workload.containers:
        if container.is_lasting:
            for port in container_ports(container):
                if port.name and port.number is not None:
                    found[port.protocol, port.name].append(port.number)
    return {key: intervals((number, number) for number in ports) for key, ports in found.items()}


def any_of(extents: Sequence[BoundedSet]) -> BoundedSet:
    """What any of some extents is about."""
    found = exactly(0)
    for each in extents:
        found = either(found, each)
    return found
