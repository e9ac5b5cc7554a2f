"""What Ingresses and routes let in from outside: connections of the ingress controller's pods.

A policy sees the controller, not the client, so the policies of the pods have to admit the controller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.ingresses import Backend, GatewayRoute, Ingress
from archlint.model.kubernetes.services import KubernetesService, ServicePort
from archlint.model.network.connectivity.connections import NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.pods import Pods, namespace_of
from archlint.model.network.connectivity.traffic import PortTable
from archlint.model.network.intervals import intervals
from archlint.model.network.labels import numbers
from archlint.model.world import World

_OPENSHIFT = "route.openshift.io"


@dataclass(frozen=True)
class Entrance:
    """One object that leads in from outside, and one of the Services that it leads to."""

    base: KubernetesObject
    backend: Backend
    to_pods: bool = False
    """Whether its port is one of the pods', as OpenShift's routes name it."""


def entrances(world: World) -> list[Entrance]:
    """All that leads in from outside through a controller."""
    found = [Entrance(item.base, backend) for item in world.all(Ingress) for backend in item.backends()]
    found += [Entrance(item.base, backend) for item in world.all(GatewayRoute) for backend in item.backends()]
    for base in world.all(KubernetesObject):
        if base.kind == "Route" and base.group in (_OPENSHIFT, ""):
            found += [Entrance(base, backend, to_pods=True) for backend in _of_openshift(base)]
    return found


def _of_openshift(base: KubernetesObject) -> Iterator[Backend]:
    spec = base.get("spec")
    for to in (spec.get("to"), *spec.get("alternateBackends").elements()):
        if to.get("name").text and to.get("kind").text in (None, "Service"):
            yield Backend(to.get("name"), spec.get("port", "targetPort"), base.namespace)


def let_in(
    found: Iterable[Entrance], services: Iterable[KubernetesService], pods: Pods
) -> dict[int, ConnectionSet]:
    """What entrances lead to: connections by class of pods."""
    by_name = {(namespace_of(item.base), item.name): item for item in services}
    reached: dict[int, ConnectionSet] = defaultdict(lambda: NONE)
    for entrance in found:
        namespace = entrance.backend.namespace or namespace_of(entrance.base)
        service = by_name.get((namespace, entrance.backend.name.text or ""))
        if service is None or not service.has_endpoints:
            continue
        ports = [port for port in service.ports if leads_to(entrance, port)]
        for number in numbers(pods.with_labels(namespace, service.selector)):
            for port in ports:
                reached[number] = reached[number] | target_of(port, pods.classes[number].named_ports)
    return dict(reached)


@dataclass(frozen=True)
class HidingService:
    """A Service that may show policies the address of a node in the place of the client's."""

    base: KubernetesObject
    connections: ConnectionSet
    """Those that it makes to a class of pods."""


def hiding(services: Iterable[KubernetesService], pods: Pods) -> dict[int, list[HidingService]]:
    """Services of the types NodePort and LoadBalancer by class of pods, but for those that hand on the
    client's address (``externalTrafficPolicy: Local``)."""
    found: dict[int, list[HidingService]] = defaultdict(list)
    for service in services:
        keeps = service.base.get("spec", "externalTrafficPolicy").text == "Local"
        if keeps or not service.is_open_outside or not service.has_endpoints:
            continue
        for number in numbers(pods.with_labels(namespace_of(service.base), service.selector)):
            table = pods.classes[number].named_ports
            what = all_of(target_of(port, table) for port in service.ports)
            if what:
                found[number].append(HidingService(service.base, what))
    return dict(found)


def leads_to(entrance: Entrance, port: ServicePort) -> bool:
    """Whether an entrance leads to a port of its Service; one that names no port leads to all."""
    wanted = entrance.backend.port
    if not wanted.is_set:
        return True
    said = _said(wanted)
    own: tuple[object, ...] = (port.node.get("port").integer, port.node.get("name").text)
    return said in own or (entrance.to_pods and said == port.target)


def _said(port: Node) -> int | str | None:
    """A port's number or name; a number that is written as a text is one."""
    if port.integer is not None:
        return port.integer
    text = port.text
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else text


def target_of(port: ServicePort, table: PortTable) -> ConnectionSet:
    """The connections that a Service's port makes to pods, by their port names; none if they have none of
    that name."""
    target = port.target
    if isinstance(target, int):
        return ConnectionSet.of({port.protocol: intervals([(target, target)])})
    return ConnectionSet.of({port.protocol: table.get((port.protocol, target or ""), ())})
