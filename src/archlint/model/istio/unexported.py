"""Services and settings of the mesh that are not exported to the namespaces of those who use them.

Sources: Istio's reference of VirtualService and DestinationRule, ``exportTo`` (which proxies, of sidecars and
of gateways, see an object), and of Resource Annotations, ``networking.istio.io/exportTo``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.arrivals import Arrival, mesh_arrivals
from archlint.model.istio.gateway_routes import MESH, gateways_of
from archlint.model.istio.gateways import Gateway
from archlint.model.istio.hosts import service_host
from archlint.model.istio.membership import Membership, Plane, membership
from archlint.model.istio.objects import of_kind
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.selection import MeshSelection
from archlint.model.istio.sidecar_scopes import SidecarScopes, sidecar_scopes
from archlint.model.istio.virtual_hosts import is_for_sidecars
from archlint.model.istio.visibility import EVERYWHERE, exports_of, is_visible_from, visible_in
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.world import World

_Name = tuple[str, str | None]
"""Name and namespace of a Service."""
_Arrivals = Mapping[_Name, Sequence[tuple[Arrival, ...]]]
_ENTRANCES = ("istio", "gateway", "ingress", "edge")
"""What the names of namespaces hold that have gateways, which call and show no call."""


@dataclass(frozen=True)
class HiddenService(ObjectFacet):
    """Calls from one namespace of a Service that is not exported there."""

    arrivals: tuple[Arrival, ...]
    """Each of another caller."""
    shut: Node | None
    """What keeps callers from what they do not see; without it they call past their proxies' settings."""

    @classmethod
    def all(cls, world: World) -> Iterator[HiddenService]:
        """Every such Service, once for each namespace that calls it."""
        alike: dict[tuple[int, str | None], dict[int, Arrival]] = defaultdict(dict)
        planes: Membership = world.fact(membership)
        for ends in world.fact(mesh_arrivals):
            if all(_is_hidden(end, end.service.base, planes) for end in ends):
                end = ends[0]
                alike[id(end.service.base), end.caller.namespace].setdefault(id(end.caller), end)
        for found in alike.values():
            arrivals = tuple(found.values())
            scopes: SidecarScopes = world.fact(sidecar_scopes)
            scope = scopes.of(arrivals[0].caller)
            yield cls(arrivals[0].service.base, arrivals, None if scope is None else scope.shut)


@dataclass(frozen=True)
class HiddenSettings(ObjectFacet):
    """A VirtualService or DestinationRule of a Service that is not exported to callers of it."""

    arrivals: tuple[Arrival, ...]
    """Each of another caller, none of which sees the object."""
    lost: tuple[str, ...]
    """What it sets, in the order of the text."""

    @classmethod
    def all(cls, world: World) -> Iterator[HiddenSettings]:
        """Every such object beside the Service that it is for: one elsewhere is meant for its own callers."""
        items = [item for item in of_kind(world, *_SETS) if _is_narrowed(item)]
        if not items:
            return
        judge = _Judge(world)
        for item in items:
            host = _host_of(item)
            lost = _SETS[item.kind](item)
            arrivals = judge.left_out(item, host) if host is not None and lost else ()
            if arrivals:
                yield cls(item, arrivals, lost)


@dataclass(frozen=True)
class HiddenRoute(ObjectFacet):
    """A VirtualService at a gateway whose pods are in a namespace to which it is not exported."""

    gateway: Gateway
    pods: Workload
    """Some of the gateway."""

    @classmethod
    def all(cls, world: World) -> Iterator[HiddenRoute]:
        """Every one of whose gateways no pods see it, as far as all of their pods are known."""
        for item in of_kind(world, "VirtualService"):
            names = [node.text for node in item.get("spec", "gateways").elements()]
            if not names or MESH in names or not _is_narrowed(item):
                continue
            gateways = gateways_of(VirtualService(item), world)
            pods = [MeshSelection(gateway.base).workloads(world) for gateway in gateways]
            spaces = {each.namespace for those in pods for each in those}
            if pods and all(pods) and not any(is_visible_from(item, name) for name in spaces):
                yield cls(item, gateways[0], pods[0][0])


def _is_narrowed(item: KubernetesObject) -> bool:
    """Whether an object surely says which namespaces see it, and these are not all."""
    if not exports_of(item).is_set or item.namespace is None:
        return False
    names = visible_in(item)
    return EVERYWHERE not in names and not any(is_placeholder(name) or "*" in name for name in names)


def _is_hidden(end: Arrival, item: KubernetesObject, planes: Membership) -> bool:
    """Whether a caller that follows what sidecars see does not see an object."""
    is_seen = not _is_narrowed(item) or is_visible_from(item, end.caller.namespace)
    return not is_seen and planes.of(end.caller) is Plane.SIDECAR


def _host_of(item: KubernetesObject) -> _Name | None:
    """The Service of its own namespace that an object is for, if it is for one alone."""
    if item.kind == "DestinationRule":
        hosts = [item.get("spec", "host").text or ""]
    elif is_for_sidecars(VirtualService(item)):
        hosts = [node.text or "" for node in item.get("spec", "hosts").elements()]
    else:
        return None
    found = {service_host(host, item.namespace) for host in hosts}
    only = found.pop() if len(found) == 1 else None
    return (only.name, only.namespace) if only is not None and only.namespace == item.namespace else None


def _lost_rule(item: KubernetesObject) -> tuple[str, ...]:
    """What a DestinationRule sets."""
    keys = [key for key, _ in item.get("spec", "trafficPolicy").items()]
    return (*keys, *(["subsets"] if item.get("spec", "subsets").is_set else []))


def _lost_routes(item: KubernetesObject) -> tuple[str, ...]:
    """What a VirtualService sets, besides that calls go where they would go without it."""
    service, host = VirtualService(item), _host_of(item)
    keys: dict[str, None] = {}
    for route in service.routes:
        for key, _ in route.node.items():
            keys[key] = None
        ends = [(service_host(end.host, item.namespace), end.subset) for end in route.destinations]
        is_plain = all(end and (end.name, end.namespace) == host and not subset for end, subset in ends)
        if is_plain and len(ends) <= 1 and not route.is_delegated:
            keys.pop("route", None)
    return tuple(key for key in keys if key not in ("name", "match"))


_SETS = {"VirtualService": _lost_routes, "DestinationRule": _lost_rule}


class _Judge:
    def __init__(self, world: World) -> None:
        self._planes: Membership = world.fact(membership)
        self._arrivals: _Arrivals = world.fact(_arrivals_by_name)
        self._others: dict[tuple[str, _Name | None], list[KubernetesObject]] = defaultdict(list)
        self._used = {item.namespace for item in world.all(KubernetesObject)}
        for item in of_kind(world, *_SETS):
            self._others[item.kind, _host_anywhere(item)].append(item)

    def left_out(self, item: KubernetesObject, host: _Name) -> tuple[Arrival, ...]:
        """The callers that do not see an object, if it seems to be meant for them: no other is theirs, and it
        is for nobody else."""
        calls = self._arrivals.get(host, ())
        callers = {end.caller.namespace for ends in calls for end in ends}
        if None in callers or not self._is_meant_for_callers(item, callers):
            return ()
        found: dict[int, Arrival] = {}
        for ends in calls:
            end = ends[0]
            if all(_is_hidden(each, item, self._planes) for each in ends) and not self._has_other(
                item, host, end.caller.namespace
            ):
                found.setdefault(id(end.caller), end)
        return tuple(found.values())

    def _is_meant_for_callers(self, item: KubernetesObject, callers: set[str | None]) -> bool:
        """Whether an object is exported to nobody who calls, or is to some callers of other namespaces, as a
        list of the callers. One that is for its own namespace is for callers there, if there are any."""
        names = visible_in(item)
        foreign = names - {item.namespace or ""}
        if foreign & callers:
            return True
        if names & callers:
            return False
        return not any(name in self._used or any(word in name for word in _ENTRANCES) for name in foreign)

    def _has_other(self, item: KubernetesObject, host: _Name, namespace: str | None) -> bool:
        """Whether another object of the kind is for the same Service, and callers of a namespace see it."""
        return any(
            other is not item and is_visible_from(other, namespace) for other in self._others[item.kind, host]
        )


def _host_anywhere(item: KubernetesObject) -> _Name | None:
    """The Service that an object is for, of whatever namespace."""
    nodes = [item.get("spec", "host"), *item.get("spec", "hosts").elements()]
    for node in nodes:
        found = service_host(node.text or "", item.namespace)
        if found is not None:
            return (found.name, found.namespace)
    return None


def _arrivals_by_name(world: World) -> _Arrivals:
    """The calls of each Service."""
    found: dict[_Name, list[tuple[Arrival, ...]]] = defaultdict(list)
    for ends in world.fact(mesh_arrivals):
        service = ends[0].service
        found[service.name, service.namespace].append(ends)
    return found
