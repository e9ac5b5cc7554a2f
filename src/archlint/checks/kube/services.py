"""Services: do they lead anywhere?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Severity
from archlint.model.kubernetes import Container, KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.patches import patch_text
from archlint.model.kubernetes.references import is_made_elsewhere
from archlint.model.kubernetes.services import Service, ServicePort, container_ports, routing
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

_COMMON_PREFIXES = ("app.kubernetes.io/", "k8s.io/")
_WORD = re.compile(r"[A-Za-z0-9][-A-Za-z0-9]*")


@join(Service)
def service_selects_nothing(service: Service, world: World, options: Options) -> Iterator[Observation]:
    """A Service whose selector matches no pod of the repository."""
    if not service.has_endpoints or world.fact(routing).workloads[service]:
        return
    if any(map(is_placeholder, service.selector.values())) or _is_served_elsewhere(service, world):
        return
    key, value, reason = _why_nothing(service, world)
    yield observe(
        service.base.get("spec", "selector").place(),
        reason,
        service=service.name,
        key=key,
        value=value,
        aliases=["kube-score:service-targets-pod", "kube-linter:dangling-service"],
    )


def _is_served_elsewhere(service: Service, world: World) -> bool:
    """Whether its pods may come from something that is not in the repository, or not as a workload.

    In ``kube-system`` they mostly are the cluster's own.
    """
    around = world.fact(_surroundings).of(service, world)
    if not around.has_workload or service.base.namespace == "kube-system":
        return True
    if any(_is_operators_label(key, world) for key in service.selector):
        return True
    return any(
        value in around.makers or is_made_elsewhere(world, service.base, "Deployment", value)
        for value in service.selector.values()
    )


def _is_operators_label(key: str, world: World) -> bool:
    """A label with a prefix of its own that no pod template has is one that a controller sets."""
    return "/" in key and not key.startswith(_COMMON_PREFIXES) and key not in world.fact(_pod_label_keys)


def _pod_label_keys(world: World) -> frozenset[str]:
    return frozenset(key for workload in world.all(Workload) for key in workload.pod_labels)


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

    def of(self, service: Service, world: World) -> _Surrounding:
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


def _why_nothing(service: Service, world: World) -> tuple[str, str, str]:
    """The label that no pod has, else that all labels occur, but on no pod together."""
    labels = world.fact(_pod_labels)
    for key, value in service.selector.items():
        if (key, value) not in labels:
            return key, value, "default"
    return "", "", "together"


def _pod_labels(world: World) -> frozenset[tuple[str, str]]:
    return frozenset(pair for workload in world.all(Workload) for pair in workload.pod_labels.items())


@join(Service)
def target_port_undefined(service: Service, world: World, options: Options) -> Iterator[Observation]:
    """A port of a Service that leads to a port that no container of the selected pods has."""
    pods = world.fact(_all_pods).of(world.fact(routing).workloads[service])
    for port in service.ports:
        target = port.target
        if target is None or not pods.workloads or target in pods.open:
            continue
        if str(target) in world.fact(_patch_words) or is_placeholder(str(target)):
            continue
        declared = pods.names if isinstance(target, str) else pods.numbers
        if isinstance(target, str) or _is_clear(service, target, pods):
            yield _dead_end(service, port, target, pods.workloads, declared)


def _is_clear(service: Service, target: int, pods: _Pods) -> bool:
    """Whether a number is a slip: one port here, one port there, and nothing else in the pods speaks of it.

    Containers may listen on ports that they do not declare, so more than that would be guessing.
    """
    if len(service.ports) != 1 or len(pods.numbers) != 1:
        return False
    return str(target) not in pods.words


class _Pods:
    """The pods that a Service selects."""

    def __init__(self, selected: Sequence[Workload]) -> None:
        self.workloads = [item for item in selected if item.containers]
        self._containers = [container for item in self.workloads for container in item.containers]

    @cached_property
    def open(self) -> frozenset[str | int | None]:
        """Names and numbers of the ports that they declare."""
        return frozenset(
            each for container in self._containers for port in container_ports(container) for each in port
        )

    @cached_property
    def names(self) -> list[str]:
        """Names of all ports that they declare, each once, in the order of the text."""
        return _declared(self._containers, by_name=True)

    @cached_property
    def numbers(self) -> list[str]:
        """Numbers of all ports that they declare, each once, in the order of the text."""
        return _declared(self._containers, by_name=False)

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


def _declared(containers: Sequence[Container], *, by_name: bool) -> list[str]:
    ports = (port for container in containers for port in container_ports(container))
    chosen = (name if by_name else number for name, number in ports)
    return list(dict.fromkeys(str(item) for item in chosen if item is not None))


def _dead_end(
    service: Service, port: ServicePort, target: str | int, workloads: Sequence[Workload], declared: list[str]
) -> Observation:
    node = port.node.get("targetPort")
    node = node if node.is_set else port.node.get("port")
    return observe(
        node.place(),
        "default" if isinstance(target, str) else "number",
        severity=None if isinstance(target, str) else Severity.WARNING,
        related=[(item.base.node.place(), "selected by the Service") for item in workloads[:3]],
        service=service.name,
        target=target,
        workload=f"{workloads[0].kind} '{workloads[0].name}'",
        declared=", ".join(declared[:6]) or "none",
    )


def _patch_words(world: World) -> frozenset[str]:
    return frozenset(_WORD.findall(world.fact(patch_text)))
