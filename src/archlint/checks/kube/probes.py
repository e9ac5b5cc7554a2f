"""Probes: does Kubernetes know when a container can serve, and when it hangs?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.world import World

_HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")
_READINESS = ("kube-linter:no-readiness-probe", "polaris:readinessProbeMissing")
_MOST_RELATED = 10
"""Services that a finding lists."""


@dataclass(frozen=True)
class _Traffic:
    """Those of some Services that wait for readiness, and the ports that they lead to."""

    services: list[KubernetesService]
    targets: frozenset[str | int]


class _Traffics:
    """What is sent to workloads, computed once for those that the same Services select."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Sequence[KubernetesService], _Traffic]] = {}

    def of(self, services: Sequence[KubernetesService]) -> _Traffic:
        """The traffic of some Services, as ``routing`` lists them."""
        if id(services) not in self._known:
            waiting = [item for item in services if _waits_for_readiness(item)]
            targets = frozenset(target for item in waiting for target in _targets(item))
            self._known[id(services)] = (services, _Traffic(waiting, targets))
        return self._known[id(services)][1]


def _traffics(world: World) -> _Traffics:
    return _Traffics()


@join(Workload)
def readiness_probe_missing(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A container that a Service sends traffic to before it is ready."""
    traffic = world.fact(_traffics).of(world.fact(routing).services.get(workload, ()))
    services = traffic.services
    has_any = any(container.get("readinessProbe").is_set for container in workload.containers)
    for container in _called_too_early(workload, traffic):
        callers = [item for item in services if _has_any_port(container, set(_targets(item)))] or services
        yield observe(
            container.get("readinessProbe").place(),
            related=[(item.base.node.place(), "sends it traffic") for item in callers[:_MOST_RELATED]],
            aliases=[*_READINESS, *([] if has_any else ["kube-score:pod-probes"])],
            container=container.name,
            service=callers[0].name,
        )


@join(Workload)
def readiness_probe_missing_without_traffic(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """A container that no Service here calls, and of which a rollout does not know when it can work."""
    if not workload.is_long_running:
        return
    traffic = world.fact(_traffics).of(world.fact(routing).services.get(workload, ()))
    told = {container.name for container in _called_too_early(workload, traffic)}
    for container in workload.containers:
        probe = container.get("readinessProbe")
        if container.role == "main" and not probe.is_set and container.name not in told:
            yield observe(probe.place(), container=container.name)


def _called_too_early(workload: Workload, traffic: _Traffic) -> list[Container]:
    """The containers without a readiness probe that Services send traffic to."""
    if not workload.is_long_running or not traffic.services:
        return []
    found = _receivers(workload, traffic.targets)
    return [container for container in found if not container.get("readinessProbe").is_set]


def _waits_for_readiness(service: KubernetesService) -> bool:
    """Whether anybody notices: not if it lists pods before they are ready, or is there for metrics only."""
    lists_all = service.base.get("spec", "publishNotReadyAddresses").value is True
    return not lists_all and (not service.ports or bool(_targets(service)))


def _targets(service: KubernetesService) -> list[str | int]:
    """Where its ports lead, but for those that only a monitoring system or a developer asks."""
    if _is_about_metrics(service.name):
        return []
    ports = [port for port in service.ports if not _is_about_metrics(port.node.get("name").text or "")]
    targets = [port.target for port in ports if port.target is not None]
    return [target for target in targets if not _is_about_metrics(str(target))]


def _is_about_metrics(name: str) -> bool:
    words = ("metrics", "exporter", "prometheus-port", "monitoring-port", "profiling", "pprof")
    return any(word in name for word in words)


def _receivers(workload: Workload, targets: Set[str | int]) -> list[Container]:
    """The main containers that get the traffic; if their ports do not tell, the only or none with a probe."""
    mains = [container for container in workload.containers if container.role == "main"]
    found = [item for item in mains if _has_any_port(item, targets)]
    has_probe = any(item.get("readinessProbe").is_set for item in mains)
    if found:
        return [item for item in found if not _is_helper(item, beside_probe=has_probe)]
    return [] if has_probe else mains[:1]


def _has_any_port(container: Container, targets: Set[str | int]) -> bool:
    return any(not targets.isdisjoint((port.name, port.number)) for port in container_ports(container))


def _is_helper(container: Container, *, beside_probe: bool) -> bool:
    """Whether it is an exporter, or a proxy in front of a container that says when it is ready."""
    name = container.name
    return _is_about_metrics(name) or (
        beside_probe and any(word in name for word in ("proxy", "envoy", "auth"))
    )


@join(Container)
def liveness_probe_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A main container that nothing restarts when it hangs."""
    is_judged = container.role == "main" and container.workload.is_long_running
    if is_judged and not container.get("livenessProbe").is_set:
        yield observe(container.get("livenessProbe").place(), container=container.name)


@check(Container)
def probes_identical(container: Container, options: Options) -> Iterator[Observation]:
    """A liveness probe that fails as early as the readiness probe, as both ask the same."""
    readiness, liveness = container.get("readinessProbe"), container.get("livenessProbe")
    asked = _question(readiness, container)
    if asked is None or asked != _question(liveness, container):
        return
    if _patience(liveness) <= _patience(readiness):
        yield observe(
            liveness.place(),
            related=[(readiness.place(), "asks the same")],
            aliases=["kube-score:pod-probes-identical"] if _is_same_as_written(readiness, liveness) else [],
            container=container.name,
            seconds=_patience(liveness),
        )


def _question(probe: Node, container: Container) -> tuple[object, ...] | None:
    """What a probe asks, with defaults filled in and port names resolved; ``None`` if it asks nothing."""
    handler = next((name for name in _HANDLERS if probe.get(name).is_map), None)
    if handler is None:
        return None
    asks = probe.get(handler)
    if handler == "exec":
        return (handler, *(item.text for item in asks.get("command").elements()))
    port = _port_number(asks.get("port"), container)
    details = [asks.get(key).value or default for key, default in _DETAILS.get(handler, {}).items()]
    return (handler, port, *map(str, details))


_DETAILS: dict[str, dict[str, object]] = {
    "httpGet": {"path": "/", "scheme": "HTTP", "host": "", "httpHeaders": []},
    "tcpSocket": {"host": ""},
    "grpc": {"service": ""},
}
"""What a question consists of besides its port, with the API's defaults."""


def _port_number(port: Node, container: Container) -> object:
    for declared in container_ports(container):
        if port.text is not None and declared.name == port.text:
            return declared.number
    return port.text if port.integer is None else port.integer


def _patience(probe: Node) -> int:
    """Seconds of failing answers until Kubernetes acts; the API's defaults are 10 seconds, three times."""
    period, failures = probe.get("periodSeconds").integer, probe.get("failureThreshold").integer
    return (10 if period is None else period) * (3 if failures is None else failures)


def _is_same_as_written(readiness: Node, liveness: Node) -> bool:
    """Whether the probes are the same without resolving anything; kube-score does not compare gRPC."""
    return any(
        readiness.get(handler).is_map
        and readiness.get(handler, "port").value == liveness.get(handler, "port").value
        and readiness.get(handler, "path").value == liveness.get(handler, "path").value
        for handler in ("httpGet", "tcpSocket", "exec")
    )
