"""Where the TLS that a destination rule makes callers speak ends, and whether the pods there answer it."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.hosts import service_host
from archlint.model.istio.membership import Membership, Plane, membership
from archlint.model.istio.mutual_tls import PeerAuthentication, TlsSetting, strict_peer_of
from archlint.model.istio.peer_modes import Demand, Level, PeerModes, peer_modes
from archlint.model.kubernetes import Workload, string_map
from archlint.model.kubernetes.selectors import selects
from archlint.model.kubernetes.services import KubernetesService, ServicePort, routing
from archlint.model.kubernetes.sets import find_objects
from archlint.model.network.connectivity.connections import all_of
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.world import World

_PORTS = "portLevelSettings"


@dataclass(frozen=True)
class TlsEnd:
    """Pods that answer, and the ports at which they do."""

    workload: Workload
    ports: frozenset[int]


def ends_of(setting: TlsSetting, world: World) -> tuple[TlsEnd, ...]:
    """The pods to which a TLS mode of a destination rule is spoken; none where not all are known."""
    base = setting.base
    host = service_host(base.get("spec", "host").text or "", base.namespace)
    if host is None:
        return ()
    found: list[TlsEnd] = []
    behind = world.fact(routing).workloads
    for front in find_objects(world, base, "Service", host.name, host.namespace):
        service = KubernetesService(front)
        ports = _ports_of(setting, service)
        callees = _of_subset(setting, behind.get(service, ()))
        ends = [TlsEnd(callee, _numbers(ports, callee)) for callee in callees]
        if not ends or not all(end.ports for end in ends):
            return ()
        found += ends
    return tuple(found)


def _policy_of(setting: TlsSetting) -> tuple[Node, tuple[str | int, ...]]:
    """The traffic policy that a mode stands in, and the way to the mode from there."""
    route = setting.mode.route[len(setting.base.node.route) :]
    at = route.index("trafficPolicy") + 1
    return setting.base.get(*route[:at]), route[at:]


def _ports_of(setting: TlsSetting, service: KubernetesService) -> list[ServicePort]:
    """The ports of a Service that a mode is for: one, or all that have no settings of their own, which take
    nothing over. Source: Istio's reference of DestinationRule, TrafficPolicy."""
    policy, way = _policy_of(setting)
    own = {item.get("port", "number").integer for item in policy.get(_PORTS).elements()}
    if way[0] == _PORTS:
        wanted = policy.get(*way[:2], "port", "number").integer
        return [port for port in service.ports if port.node.get("port").integer == wanted]
    return [port for port in service.ports if port.node.get("port").integer not in own]


def _of_subset(setting: TlsSetting, callees: Iterable[Workload]) -> list[Workload]:
    route = setting.mode.route[len(setting.base.node.route) :]
    if route[1] != "subsets":
        return list(callees)
    labels = string_map(setting.base.get(*route[:3], "labels"))
    return [callee for callee in callees if selects(labels, callee.running_labels)]


def _numbers(ports: Iterable[ServicePort], callee: Workload) -> frozenset[int]:
    ranges = all_of(target_of(port, named_ports(callee)) for port in ports).tcp
    return frozenset(first for first, last in ranges if first == last)


def strict_peer(setting: TlsSetting, world: World) -> PeerAuthentication | None:
    """The peer authentication that surely demands mutual TLS where a destination rule makes callers speak
    otherwise: of the pods and ports behind its host if they are known, else of the host's namespace."""
    ends = ends_of(setting, world)
    if not ends:
        return strict_peer_of(setting.base, world)
    demands = [_felt(end, world) for end in ends]
    first = demands[0]
    return first.peer if first is not None and all(demands) else None


def _felt(end: TlsEnd, world: World) -> Demand | None:
    """What demands mutual TLS of pods, by a proxy: nothing for the whole mesh does of those of which is not
    known whether they are in it."""
    modes: PeerModes = world.fact(peer_modes)
    planes: Membership = world.fact(membership)
    demand, plane = modes.demands(end.workload, end.ports), planes.of(end.workload)
    if demand is None or plane is Plane.NONE:
        return None
    return demand if plane is not None or demand.level is not Level.MESH else None


@dataclass(frozen=True)
class Unanswered:
    """Why mutual TLS is not answered."""

    workload: Workload
    demand: Demand | None
    """What switches it off; ``None`` if the pods are outside of the mesh."""

    @property
    def other_side(self) -> Node:
        """What to look at beside the rule."""
        if self.demand is None or self.demand.peer is None:
            return self.workload.base.get("kind")
        return self.demand.peer.mode if self.demand.peer.mode.exists else self.demand.peer.base.get("spec")


def unanswered(setting: TlsSetting, world: World) -> Unanswered | None:
    """Why all pods behind a host refuse the mutual TLS that a destination rule makes callers speak."""
    modes: PeerModes = world.fact(peer_modes)
    planes: Membership = world.fact(membership)
    found = None
    for end in ends_of(setting, world):
        demand = modes.refuses(end.workload, end.ports)
        if demand is None and planes.of(end.workload) is not Plane.NONE:
            return None
        found = found or Unanswered(end.workload, demand)
    return found
