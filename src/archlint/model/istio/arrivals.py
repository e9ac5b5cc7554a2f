"""Calls between workloads as the proxies of the mesh see them: who calls whom, on which port of the pods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from archlint.finding.records import dataclass
from archlint.model.istio.direct_calls import PASSED_BY
from archlint.model.istio.hosts import service_host
from archlint.model.istio.objects import istio_objects
from archlint.model.istio.port_names import protocol_class, stated_protocol
from archlint.model.istio.requests import Caller, MeshRequest
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.truth import Truth
from archlint.model.istio.virtual_hosts import is_for_sidecars
from archlint.model.istio.visibility import EVERYWHERE, visible_in
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.services import KubernetesService, ServicePort, routing
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.kubernetes.workloads import account_of
from archlint.model.network.arrivals import arrival, called_ports
from archlint.model.network.connectivity.connections import ConnectionSet, all_of
from archlint.model.network.connectivity.editions import Company, company
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.services.calls import Call, sure_calls
from archlint.model.services.meshes import meshes
from archlint.model.world import World

T = TypeVar("T")
_MOST_PORTS = 20
_HTTP = frozenset({"http", "http2"})
_RAW = frozenset({"tcp", "tls", "mongo", "mysql", "redis"})
_SCHEMES = frozenset({"http", "ws", "grpc", "h2c"})
_GRPC = frozenset({"grpc", "grpc-web"})


@dataclass(frozen=True)
class Arrival:
    """A call that ends at the pods of one Service."""

    call: Call
    service: KubernetesService
    callees: tuple[Workload, ...]
    ports: tuple[ServicePort, ...]
    """The ports of the Service that are called."""
    wanted: ConnectionSet
    """The ports of the pods."""

    @property
    def caller(self) -> Workload:
        """Who calls."""
        return self.call.reference.workload

    @property
    def numbers(self) -> frozenset[int]:
        """The ports of the pods; none if they are too many."""
        ranges = self.wanted.tcp
        if sum(last - first + 1 for first, last in ranges) > _MOST_PORTS:
            return frozenset()
        return frozenset(number for first, last in ranges for number in range(first, last + 1))

    @property
    def is_http(self) -> Truth:
        """Whether proxies read it as HTTP: by what the ports state, else by the scheme of the address."""
        stated = [stated_protocol(port.node) for port in self.ports]
        kinds = {None if said is None else protocol_class(said) for said in stated}
        if kinds and kinds <= _HTTP:
            return True
        if kinds and kinds <= _RAW:
            return False
        is_found_out = kinds <= {None, *_HTTP} and self.call.reference.address.scheme in _SCHEMES
        return True if is_found_out else None

    @property
    def method(self) -> str | None:
        """The method of all its requests: calls of gRPC are made by POST."""
        stated = {stated_protocol(port.node) for port in self.ports}
        is_grpc = self.call.reference.address.scheme == "grpc" or (bool(stated) and stated <= _GRPC)
        return "POST" if is_grpc else None

    def request(self, shows_identity: Truth) -> MeshRequest:
        """What policies see of it."""
        account = account_of(self.caller).text or "default"
        caller = Caller(self.caller.namespace, account, shows_identity)
        return MeshRequest(caller, self.numbers, self.is_http, self.method)


class _Finder:
    def __init__(self, world: World) -> None:
        self._behind = world.fact(routing).workloads
        self._company: Company = world.fact(company)
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._led_away = world.fact(led_away)

    def ends(self, call: Call) -> tuple[Arrival, ...]:
        """Where a call may end; nothing if not all of that is known."""
        caller, found = call.reference.workload, []
        for front in call.fronts:
            if not self._company.may_meet(front, caller.base):
                continue
            arrived = self._end(call, KubernetesService(front)) if self._is_near(front, call) else None
            if arrived is None:
                return ()
            found.append(arrived)
        return tuple(found)

    def _is_near(self, front: KubernetesObject, call: Call) -> bool:
        """Whether a Service is surely the one that is meant."""
        if front.namespace is None and "." in call.reference.address.host:
            return False
        caller = call.reference.workload.base
        for key in ((front.name, front.namespace), (front.name, None)):
            where = self._led_away.get(key, frozenset())
            if where and (caller.namespace is None or {EVERYWHERE, caller.namespace} & where):
                return False
        return self._sets.are_applied_alike(front, caller)

    def _end(self, call: Call, service: KubernetesService) -> Arrival | None:
        address, caller = call.reference.address, call.reference.workload
        callees = self._behind.get(service, ())
        ports = called_ports(address, service)
        ends = [arrival(address, service, ports, named_ports(callee)) for callee in callees]
        is_own = any(callee is caller for callee in callees)
        if not ends or not all(ends) or is_own or not all(self._is_known(caller, one) for one in callees):
            return None
        return Arrival(call, service, tuple(callees), tuple(ports), all_of(ends))

    def _is_known(self, caller: Workload, callee: Workload) -> bool:
        """Whether both are of one cluster, and nothing leads calls past their proxies."""
        one, other = caller.base, callee.base
        is_apart = not self._sets.are_applied_alike(one, other) or not self._company.may_meet(one, other)
        is_past = any(key.startswith(PASSED_BY) for pod in (caller, callee) for key in pod.pod_annotations)
        return not is_apart and not is_past


def mesh_arrivals(world: World) -> Sequence[tuple[Arrival, ...]]:
    """For each call between workloads, which may be in the mesh, all the places where it may end; ask with
    ``world.fact(mesh_arrivals)``. Nothing is looked for where nothing speaks of
    a mesh."""
    if not world.fact(istio_objects) and not world.fact(meshes).is_used:
        return ()
    finder = _Finder(world)
    return tuple(ends for call in world.fact(sure_calls) if (ends := finder.ends(call)))


def at_all_ends(ends: Sequence[Arrival], judge: Callable[[Arrival], T | None]) -> T | None:
    """What is said of the first place where a call may end, if something is said of all of them."""
    first = judge(ends[0])
    return None if first is None or any(judge(end) is None for end in ends[1:]) else first


def each_at_all_ends(world: World, judge: Callable[[Arrival], T | None]) -> list[T]:
    """What is said of calls wherever they may end, once for each caller, Service and ports."""
    found: dict[tuple[object, ...], T] = {}
    for ends in world.fact(mesh_arrivals):
        said, first = at_all_ends(ends, judge), ends[0]
        if said is not None:
            found.setdefault((id(first.caller), id(first.service.base), first.wanted), said)
    return list(found.values())


def routed_services(world: World) -> frozenset[tuple[str, str | None]]:
    """Name and namespace of the Services that virtual services lead to; ask with ``world.fact`` of this."""
    ends = (
        service_host(item.host, service.namespace)
        for service in world.all(VirtualService)
        for item in service.destinations
    )
    return frozenset((host.name, host.namespace) for host in ends if host is not None)


def led_away(world: World) -> dict[tuple[str, str | None], frozenset[str]]:
    """Name and namespace of the Services whose calls a virtual service leads elsewhere, with the namespaces
    whose callers see it."""
    found: dict[tuple[str, str | None], frozenset[str]] = {}
    for key, where in _led_away(world):
        found[key] = found.get(key, frozenset()) | where
    return found


def _led_away(world: World) -> Iterator[tuple[tuple[str, str | None], frozenset[str]]]:
    for service in world.all(VirtualService):
        if not is_for_sidecars(service):
            continue
        ends = {service_host(item.host, service.namespace) for item in service.destinations}
        is_delegated = any(route.is_delegated for route in service.routes)
        for node in service.base.get("spec", "hosts").elements():
            host = service_host(node.text or "", service.namespace)
            if host is not None and (is_delegated or not ends <= {host}):
                yield (host.name, host.namespace), visible_in(service.base)
