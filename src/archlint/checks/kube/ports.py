"""Ports of containers and Services: names that are valid, and numbers that are there."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.finding.words import written
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.ports import MOST, container_ports, misnumbered_ports
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.validation.syntax import LONGEST_PORT_NAME, port_name
from archlint.model.world import World

_PROBES = {"livenessProbe": "liveness", "readinessProbe": "readiness", "startupProbe": "startup"}
_HANDLERS = ("httpGet", "tcpSocket", "grpc")
_SSH = 22
_PRIVILEGED = 1024


@check(Container)
def probe_port_undeclared(container: Container, options: Options) -> Iterator[Observation]:
    """A probe on a number that the container does not declare."""
    declared = {port.number for port in container_ports(container) if port.protocol == "TCP"}
    for kind, port in _probed(container):
        if port.integer is not None and port.integer not in declared:
            yield _uncalled(container, kind, port)


@check(Container)
def probe_port_undefined(container: Container, options: Options) -> Iterator[Observation]:
    """A probe on a name that no port of the container has."""
    protocols = {port.name: port.protocol for port in container_ports(container)}
    for kind, port in _probed(container):
        text = port.text or ""
        is_number = text.isascii() and text.isdigit()
        if not text or is_number or is_placeholder(text):
            continue
        if text not in protocols:
            yield _uncalled(container, kind, port)
        elif protocols[text] in _WITHOUT_CONNECTION:
            yield _uncalled(container, kind, port, "protocol", protocols[text])


def _probed(container: Container) -> Iterator[tuple[str, Node]]:
    """The ports that probes call, with the kind of probe."""
    for key, kind in _PROBES.items():
        for handler in _HANDLERS:
            port = container.get(key, handler, "port")
            if port.is_set:
                yield kind, port


_WITHOUT_CONNECTION = ("UDP", "SCTP")
"""Protocols that no probe speaks."""


def _uncalled(
    container: Container, kind: str, port: Node, message: str = "default", protocol: str = ""
) -> Observation:
    return observe(
        port.place(),
        message,
        kind=kind,
        container=container.name,
        port=port.value,
        protocol=protocol,
        aliases=[f"kube-linter:{kind}-port"],
    )


@check(Workload)
def port_name_invalid(workload: Workload, options: Options) -> Iterator[Observation]:
    """A name of a container's port that the API server refuses, or that two ports of a pod have."""
    seen: dict[str, Node] = {}
    for container in workload.containers:
        for port in container_ports(container):
            node, name = port.node.get("name"), port.name
            if not name or is_placeholder(name):
                continue
            wrong = port_name(name)
            if wrong:
                yield observe(
                    node.value_place(),
                    port=name,
                    where=f"container '{container.name}'",
                    problem=wrong,
                    aliases=["kube-linter:invalid-target-ports"]
                    + (["kube-score:container-ports-check"] if len(name) > LONGEST_PORT_NAME else []),
                )
            elif container.is_lasting and name in seen:
                yield observe(
                    node.value_place(),
                    "twice",
                    severity=None if seen[name].is_below(container.node) else Severity.WARNING,
                    related=[(seen[name].place(), "has the name as well")],
                    identity=("twice", name),
                    port=name,
                    where=f"{workload.kind} '{workload.name}'",
                    aliases=["kube-score:container-ports-check"]
                    if seen[name].is_below(container.node)
                    else [],
                )
            if container.is_lasting:
                seen.setdefault(name, node)


@check(KubernetesService)
def target_port_invalid(service: KubernetesService, options: Options) -> Iterator[Observation]:
    """A target of a Service's port that can be no port of a container."""
    for port in service.ports:
        node = port.node.get("targetPort")
        text = node.text
        if text is not None and (is_placeholder(text) or not text):
            continue
        wrong = _number_problem(node.integer) if text is None else port_name(text)
        if node.is_set and wrong:
            yield observe(
                node.value_place(),
                service=service.name,
                port=node.value,
                problem=wrong,
            )


def _number_problem(number: int | None) -> str | None:
    return None if number is None or 0 <= number <= MOST else f"is not between 1 and {MOST}"


@check(Container)
def container_port_missing(container: Container, options: Options) -> Iterator[Observation]:
    """An entry of ``ports`` without a number that can be one."""
    for number in misnumbered_ports(container):
        names = ["kube-score:container-ports-check"] if not number.value else []
        names += ["kube-linter:schema-validation"] if number.integer is None else []
        yield observe(
            number.place(),
            container=container.name,
            number=number.value if number.is_set else "nothing",
            aliases=names,
        )


@check(Container)
def ssh_port_open(container: Container, options: Options) -> Iterator[Observation]:
    """A container that declares the port of SSH."""
    for port in container_ports(container):
        if port.number == _SSH and port.protocol == "TCP":
            yield observe(port.node.get("containerPort").place(), container=container.name)


@check(Container)
def privileged_port(container: Container, options: Options) -> Iterator[Observation]:
    """A container that declares a port which only root may open."""
    for port in container_ports(container):
        if port.number is not None and 0 < port.number < _PRIVILEGED:
            yield observe(port.node.get("containerPort").place(), container=container.name, port=port.number)


@check(KubernetesService)
def service_exposed(service: KubernetesService, options: Options) -> Iterator[Observation]:
    """A Service that is reachable from outside of the cluster by its type."""
    kind = service.base.get("spec", "type")
    if kind.text in options["types"]:
        is_open = (
            kind.text == "LoadBalancer" and not service.base.get("spec", "loadBalancerSourceRanges").value
        )
        yield observe(
            kind.place(),
            "open" if is_open else "default",
            name=service.name,
            type=kind.text,
            aliases=["kube-linter:exposed-services"]
            + (["kube-score:service-type"] if kind.text == "NodePort" else []),
        )


@check(KubernetesService)
def external_addresses_claimed(service: KubernetesService, options: Options) -> Iterator[Observation]:
    """A Service that takes over addresses which are not the cluster's own."""
    addresses = service.base.get("spec", "externalIPs")
    if addresses.value:
        listed = ", ".join(written(item.value) for item in addresses.elements())
        yield observe(addresses.place(), name=service.name, addresses=listed)


@join(KubernetesService)
def services_select_the_same(
    service: KubernetesService, world: World, options: Options
) -> Iterator[Observation]:
    """Two Services with the same selector and ports that are applied together."""
    first = world.fact(_first_alike).get(_likeness(service, world))
    if service.has_endpoints and first is not None and first.name != service.name:
        yield observe(
            service.base.get("spec", "selector").place(),
            related=[(first.base.get("spec", "selector").place(), "selects the same")],
            name=service.name,
            other=first.name,
        )


def _likeness(service: KubernetesService, world: World) -> tuple[object, ...]:
    ports = frozenset(
        (port.protocol, str(port.target), str(port.node.get("port").value)) for port in service.ports
    )
    kind = service.base.get("spec", "type").text or "ClusterIP"
    is_headless = service.base.get("spec", "clusterIP").text == "None"
    return (
        service.namespace,
        frozenset(service.selector.items()),
        ports,
        kind,
        is_headless,
        world.fact(deployment_sets).group_of(service.base),
    )


def _first_alike(world: World) -> dict[tuple[object, ...], KubernetesService]:
    found: dict[tuple[object, ...], KubernetesService] = {}
    for service in sorted(world.all(KubernetesService), key=lambda service: service.name):
        found.setdefault(_likeness(service, world), service)
    return found
