"""Services and workloads as the proxies see them: protocols of ports, and the proxy's own user."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.mesh.heads import head
from archlint.documents import Node
from archlint.model.istio.port_names import stated_protocol
from archlint.model.istio.proxies import wants_no_proxy
from archlint.model.istio.shared_ports import SharedPort
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService, ServicePort
from archlint.model.services.meshes import meshes
from archlint.model.world import World

_MANAGED = "gateway.istio.io/managed"
_SYSTEM = frozenset({"istio-system", "kube-system", "kube-public", "kube-node-lease"})
_PROXY_USER = 1337
_PROXIES = frozenset({"istio-proxy", "istio-init", "istio-validation"})


@join(SharedPort)
def service_protocols_differ(shared: SharedPort, world: World, options: Options) -> Iterator[Observation]:
    """Two Services that lead to one port of a workload with different protocols."""
    if shared.have_other_protocols:
        yield _told(
            shared, shared.other.word, "istio:IST0137" if shared.have_other_ports else "istio:IST0116"
        )


@join(SharedPort)
def service_ports_differ(shared: SharedPort, world: World, options: Options) -> Iterator[Observation]:
    """Two Services that lead to one port of a workload from different ports."""
    if not shared.have_other_protocols:
        yield _told(shared, shared.other.port.node.get("port"), "istio:IST0137")


def _told(shared: SharedPort, place: Node, alias: str) -> Observation:
    one, other = shared.one, shared.other
    return observe(
        place.value_place(),
        related=[
            (one.word.value_place(), f"Service '{one.service.name}' leads there too"),
            head(shared.workload.base),
        ],
        object=other.service.object,
        identity=(shared.name, str(shared.target)),
        aliases=[alias] if shared.kind == "Deployment" else [],
        kind=shared.kind,
        name=shared.name,
        target=shared.target,
        one=one.service.name,
        first=one.protocol,
        first_port=one.number,
        other=other.service.name,
        second=other.protocol,
        second_port=other.number,
    )


@check(KubernetesService)
def port_name_without_protocol(service: KubernetesService, options: Options) -> Iterator[Observation]:
    """A port whose protocol the proxies have to guess."""
    if _is_external(service) or service.namespace in _SYSTEM or _MANAGED in service.base.labels:
        return
    for port in service.ports:
        if port.protocol == "TCP" and stated_protocol(port.node) is None:
            yield _port_told(service, port, "named" if port.node.get("name").text else "default")


@check(KubernetesService)
def external_port_name_wrong(service: KubernetesService, options: Options) -> Iterator[Observation]:
    """A port of an alias of an outside name that the proxies take for plain TCP."""
    for port in service.ports if _is_external(service) else ():
        if stated_protocol(port.node) in (None, "tcp"):
            yield _port_told(service, port, "named" if port.node.get("name").text else "default")


def _is_external(service: KubernetesService) -> bool:
    return service.base.get("spec", "type").text == "ExternalName"


def _port_told(service: KubernetesService, port: ServicePort, message: str) -> Observation:
    number = port.node.get("port").integer
    return observe(
        port.node.get("name").value_place(),
        message,
        related=[head(service.base)],
        identity=("port", str(number)),
        service=service.name,
        port=number if number is not None else "?",
        name=port.node.get("name").text or "",
    )


@join(Workload)
def runs_as_proxy_user(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """An application that runs under the user of Istio's proxy."""
    known = world.fact(meshes)
    if wants_no_proxy(workload) or (known.is_used and known.has(workload) is False):
        return
    pod = workload.pod_spec.get("securityContext", "runAsUser")
    if pod.integer == _PROXY_USER and any(item.name not in _PROXIES for item in workload.containers):
        yield _user_told(workload, pod, "pod", "")
    for container in workload.containers:
        user = container.get("securityContext", "runAsUser")
        if user.integer == _PROXY_USER and container.name not in _PROXIES:
            yield _user_told(workload, user, "default", container.name)


def _user_told(workload: Workload, user: Node, message: str, container: str) -> Observation:
    return observe(
        user.value_place(),
        message,
        related=[head(workload.base)],
        kind=workload.kind,
        name=workload.name,
        container=container,
    )
