"""Services: do they lead anywhere?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Severity
from archlint.model.kubernetes import Container, KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.patches import patch_text
from archlint.model.kubernetes.references import is_made_elsewhere
from archlint.model.kubernetes.services import Service, ServicePort, container_ports, declares_port, routing
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
    groups = world.fact(deployment_sets).of(service.base)
    neighbours = [item for group in groups for item in group.objects]
    workloads = {workload.base for workload in world.all(Workload)}
    if not any(item in workloads for item in neighbours) or service.base.namespace == "kube-system":
        return True
    if any(_is_operators_label(key, world) for key in service.selector):
        return True
    return any(
        _makes_pods(neighbours, value) or is_made_elsewhere(world, service.base, "Deployment", value)
        for value in service.selector.values()
    )


def _is_operators_label(key: str, world: World) -> bool:
    """A label with a prefix of its own that no pod template has is one that a controller sets."""
    return "/" in key and not key.startswith(_COMMON_PREFIXES) and key not in world.fact(_pod_label_keys)


def _pod_label_keys(world: World) -> frozenset[str]:
    return frozenset(key for workload in world.all(Workload) for key in workload.pod_labels)


def _makes_pods(neighbours: Sequence[KubernetesObject], value: str) -> bool:
    """Whether a custom resource beside the Service bears this name or is of this kind."""
    return any(
        "." in item.group and value in (item.name, item.kind.lower())
        for item in neighbours
        if _is_custom(item)
    )


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
    workloads = [item for item in world.fact(routing).workloads[service] if item.containers]
    for port in service.ports:
        target = port.target
        if target is None or not workloads or _is_open(target, workloads):
            continue
        if str(target) in world.fact(_patch_words) or is_placeholder(str(target)):
            continue
        declared = _declared(workloads, by_name=isinstance(target, str))
        if isinstance(target, str) or _is_clear(service, target, workloads, declared):
            yield _dead_end(service, port, target, workloads, declared)


def _is_clear(service: Service, target: int, workloads: Sequence[Workload], declared: Sequence[str]) -> bool:
    """Whether a number is a slip: one port here, one port there, and nothing else in the pods speaks of it.

    Containers may listen on ports that they do not declare, so more than that would be guessing.
    """
    if len(service.ports) != 1 or len(declared) != 1:
        return False
    return not any(str(target) in _words_of(container) for item in workloads for container in item.containers)


def _words_of(container: Container) -> frozenset[str]:
    """Every word and number in a container, its probes, arguments and environment included."""
    return frozenset(_WORD.findall(json.dumps(container.node.value, default=str)))


def _is_open(target: str | int, workloads: Sequence[Workload]) -> bool:
    return any(
        declares_port(container, target) for workload in workloads for container in workload.containers
    )


def _declared(workloads: Sequence[Workload], *, by_name: bool) -> list[str]:
    """Names or numbers of all ports that the pods declare, each once, in the order of the text."""
    ports = (
        port for item in workloads for container in item.containers for port in container_ports(container)
    )
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
