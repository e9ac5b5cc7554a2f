"""Services: do they lead anywhere?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.finding import Place, Severity
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Container, KubernetesObject, Workload
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.controller_labels import GIVERS, POD_NAME, owner_of
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.installed import installed_elsewhere
from archlint.model.kubernetes.operators import products
from archlint.model.kubernetes.ordinals import has_ordinal, ordinals_of
from archlint.model.kubernetes.ports import ContainerPort, container_ports
from archlint.model.kubernetes.references import is_made_elsewhere
from archlint.model.kubernetes.services import (
    KubernetesService,
    ServicePort,
    routing,
    with_label,
    workloads_by_label,
)
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

_COMMON_PREFIXES = ("app.kubernetes.io/", "k8s.io/")
_WORD = regex(r"[A-Za-z0-9][-A-Za-z0-9]*")


@join(KubernetesService)
def service_selects_nothing(
    service: KubernetesService, world: World, options: Options
) -> Iterator[Observation]:
    """A Service whose selector matches no pod of the repository."""
    if not service.has_endpoints:
        return
    selected = world.fact(routing).workloads[service]
    reason = _no_such_ordinal(service, selected, world) if selected else _why_nothing(service, world)
    if reason is None or any(map(is_placeholder, service.selector.values())):
        return
    if not selected and _is_served_elsewhere(service, world):
        return
    yield observe(
        service.base.get("spec", "selector").place(),
        reason.message,
        service=service.name,
        key=reason.key,
        value=reason.value,
        owner=reason.owner,
        pods=reason.pods,
        aliases=["kube-score:service-targets-pod", "kube-linter:dangling-service"],
    )


def _is_served_elsewhere(service: KubernetesService, world: World) -> bool:
    """Whether its pods may come from something that is not in the repository, or not as a workload.

    In ``kube-system`` they mostly are the cluster's own.
    """
    around = world.fact(_surroundings).of(service, world)
    patched = world.fact(_patch_words)
    if any(value in patched for value in service.selector.values()):
        return True
    if not around.has_workload or service.base.namespace == "kube-system":
        return True
    if any(_is_operators_label(key, world) for key in service.selector):
        return True
    names = [owner_of(value) if key == POD_NAME else value for key, value in service.selector.items()]
    if not world.fact(installed_elsewhere).isdisjoint(names):
        return True
    return any(
        name in around.makers or is_made_elsewhere(world, service.base, "Deployment", name) for name in names
    )


def _is_operators_label(key: str, world: World) -> bool:
    """A label that no pod template has, and that has a prefix of its own or is called as a product of which
    there are custom resources, is one that a controller sets."""
    if key in world.fact(_pod_label_keys):
        return False
    is_prefixed = "/" in key and not key.startswith(_COMMON_PREFIXES)
    return is_prefixed or key in world.fact(products)


def _pod_label_keys(world: World) -> frozenset[str]:
    return frozenset(key for workload in world.all(Workload) for key in workload.running_labels)


@dataclass(frozen=True)
class _Surrounding:
    """What is applied together with a Service."""

    has_workload: bool
    makers: frozenset[str]
    """Names, and kinds in small letters, of the custom resources."""


class _Surroundings:
    """The surroundings of Services, computed once for each combination of deployment sets."""

    def __init__(self) -> None:
        self._known: dict[int, _Surrounding] = {}

    def of(self, service: KubernetesService, world: World) -> _Surrounding:
        """What is applied together with a Service."""
        sets = world.fact(deployment_sets)
        group = sets.group_of(service.base)
        if group not in self._known:
            objects = [item for each in sets.of(service.base) for item in each.objects]
            bases = world.fact(_workload_bases)
            makers = (text for item in objects if _is_custom(item) for text in (item.name, item.kind.lower()))
            self._known[group] = _Surrounding(any(item in bases for item in objects), frozenset(makers))
        return self._known[group]


def _surroundings(world: World) -> _Surroundings:
    return _Surroundings()


def _workload_bases(world: World) -> frozenset[KubernetesObject]:
    return frozenset(workload.base for workload in world.all(Workload))


def _is_custom(item: KubernetesObject) -> bool:
    return "." in item.group and not item.group.endswith(".k8s.io")


@dataclass(frozen=True)
class _Reason:
    """Why a Service selects nothing: a message and its arguments."""

    message: str
    key: str = ""
    value: str = ""
    owner: str = ""
    pods: str = ""


def _why_nothing(service: KubernetesService, world: World) -> _Reason:
    """The label that no pod has, else that all labels occur, but on no pod together."""
    labels = world.fact(workloads_by_label)
    for key, value in service.selector.items():
        if not with_label(labels, key, value):
            return _missing_label(key, value)
    return _Reason("together")


def _missing_label(key: str, value: str) -> _Reason:
    if key not in GIVERS:
        return _Reason("default", key, value)
    owner = owner_of(value) if key == POD_NAME else value
    return _Reason("owner", key, value, f"{GIVERS[key]} '{owner}'")


def _no_such_ordinal(
    service: KubernetesService, selected: Sequence[Workload], world: World
) -> _Reason | None:
    """Why the pod that a selector names by its number is not among those of its StatefulSet."""
    pod = service.selector.get(POD_NAME)
    if pod is None or any(workload.kind != "StatefulSet" for workload in selected):
        return None
    owner, _, number = pod.rpartition("-")
    known = [ordinals_of(workload, world) for workload in selected]
    if any(ordinals is None or has_ordinal(ordinals, number) for ordinals in known) or known[0] is None:
        return None
    first, last = known[0][0], known[0][-1]
    pods = f"'{owner}-{first}'" if first == last else f"'{owner}-{first}' to '{owner}-{last}'"
    return _Reason("ordinal", POD_NAME, pod, f"StatefulSet '{owner}'", pods)


@join(KubernetesService)
def target_port_undefined(
    service: KubernetesService, world: World, options: Options
) -> Iterator[Observation]:
    """A port of a Service that leads to a port that no container of the selected pods has."""
    pods = world.fact(_all_pods).of(world.fact(routing).workloads[service])
    for port in service.ports:
        target = port.target
        if target is None or not pods.workloads or pods.is_open(target, port.protocol):
            continue
        if str(target) in world.fact(_patch_words) or is_placeholder(str(target)):
            continue
        if isinstance(target, str):
            yield _dead_end(service, port, target, pods)
        elif _is_clear(service, target, pods):
            yield _doubtful_number(service, port, target, pods)


def _is_clear(service: KubernetesService, target: int, pods: _Pods) -> bool:
    """Whether a number is a slip: one port here, one port there, and nothing else in the pods speaks of it.

    Containers may listen on ports that they do not declare, so more than that would be guessing.
    """
    if len(service.ports) != 1 or len(pods.numbers) != 1 or any(map(_is_about_health, pods.names)):
        return False
    return str(target) not in pods.words


def _is_about_health(port: str) -> bool:
    """Whether the name of a port says that only the kubelet or a monitoring system calls it."""
    return any(word in port for word in ("probe", "health", "metric", "live", "ready"))


class _Pods:
    """The pods that a Service selects."""

    def __init__(self, selected: Sequence[Workload]) -> None:
        self.workloads = [item for item in selected if item.containers]
        self._containers = [container for item in self.workloads for container in item.containers]

    @cached_property
    def _ports(self) -> list[ContainerPort]:
        """The ports of the containers that live as long as the pod: no others serve anybody."""
        return [port for item in self._containers if item.is_lasting for port in container_ports(item)]

    @cached_property
    def _open(self) -> frozenset[tuple[str | int | None, str]]:
        return frozenset((each, port.protocol) for port in self._ports for each in (port.name, port.number))

    def is_open(self, target: str | int, protocol: str) -> bool:
        """Whether a container that lasts has the port. Only a name is looked up with its protocol."""
        return (target, protocol) in self._open or (isinstance(target, int) and str(target) in self.numbers)

    def protocols(self, name: str) -> list[str]:
        """The protocols for which containers that last have a port of this name."""
        return sorted({port.protocol for port in self._ports if port.name == name})

    def brief(self, name: str) -> str | None:
        """The init container that has a port of this name, and ends before the others start."""
        for item in self._containers:
            if item.role == "init" and any(port.name == name for port in container_ports(item)):
                return item.name
        return None

    @cached_property
    def names(self) -> list[str]:
        """Names of all ports that they declare, each once, in the order of the text."""
        return list(dict.fromkeys(port.name for port in self._ports if port.name is not None))

    @cached_property
    def numbers(self) -> list[str]:
        """Numbers of all ports that they declare, each once, in the order of the text."""
        return list(dict.fromkeys(str(port.number) for port in self._ports if port.number is not None))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word and number in their containers."""
        return frozenset().union(*map(_words_of, self._containers))


class _AllPods:
    """The pods of each Service, computed once for Services that select the same."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Sequence[Workload], _Pods]] = {}

    def of(self, selected: Sequence[Workload]) -> _Pods:
        """The pods of some workloads, as ``routing`` lists them."""
        if id(selected) not in self._known:
            self._known[id(selected)] = (selected, _Pods(selected))
        return self._known[id(selected)][1]


def _all_pods(world: World) -> _AllPods:
    return _AllPods()


def _words_of(container: Container) -> frozenset[str]:
    """Every word and number in a container, its probes, arguments and environment included."""
    return frozenset(_WORD.findall(json.dumps(container.node.value, default=str)))


def _dead_end(service: KubernetesService, port: ServicePort, target: str, pods: _Pods) -> Observation:
    """A name that no container has, or not for this protocol, or one that ends."""
    protocols, brief = pods.protocols(target), pods.brief(target)
    return observe(
        _target_of(port).place(),
        "protocol" if protocols else "init" if brief else "default",
        related=_selected(pods),
        service=service.name,
        target=target,
        workload=_in_words(pods),
        declared=", ".join(pods.names[:6]) or "none",
        protocol=port.protocol,
        protocols=" and ".join(protocols),
        container=brief,
    )


def _doubtful_number(service: KubernetesService, port: ServicePort, target: int, pods: _Pods) -> Observation:
    return observe(
        _target_of(port).place(),
        "number",
        severity=Severity.WARNING,
        related=_selected(pods),
        service=service.name,
        target=target,
        workload=_in_words(pods),
        declared=", ".join(pods.numbers[:6]),
    )


def _target_of(port: ServicePort) -> Node:
    node = port.node.get("targetPort")
    return node if node.is_set else port.node.get("port")


def _selected(pods: _Pods) -> list[tuple[Place, str]]:
    return [(item.base.node.place(), "selected by the Service") for item in pods.workloads[:3]]


def _in_words(pods: _Pods) -> str:
    return f"{pods.workloads[0].kind} '{pods.workloads[0].name}'"


def _patch_words(world: World) -> frozenset[str]:
    return frozenset(_WORD.findall(world.fact(patch_text)))
