"""The ways to each service that files tell: how long they are open, and how often they repeat a call.

Sources: Istio, HTTPRoute (``timeout``); Gateway API, HTTPRouteTimeouts; Contour, TimeoutPolicy;
ingress-nginx, ``proxy-read-timeout``; Linkerd, ``timeout.linkerd.io/request``, ``retry.linkerd.io/limit``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.ingresses import GROUPS, Ingress
from archlint.model.resilience.route_times import (
    RouteTimes,
    contour_times,
    gateway_times,
    istio_times,
    linkerd_times,
    whole_number,
)
from archlint.model.services.grouping import service_groups
from archlint.model.services.resolution import service_names
from archlint.model.world import World

_READ_TIMEOUT = "nginx.ingress.kubernetes.io/proxy-read-timeout"


@dataclass(frozen=True, eq=False)
class TimedRoute:
    """One way to a service, and how long it is open."""

    base: KubernetesObject
    timeout: Node
    seconds: Fraction | None
    """``None`` where there is no end, or none that files tell."""
    hosts: tuple[str, ...]
    least: Fraction | None
    """What a caller waits at least for a callee that hangs; shorter where one try ends before."""
    is_inside: bool
    """Whether calls between services take it."""
    is_edge: bool
    retries: Node | None = None
    """What says how often a call is repeated that failed at the callee."""
    tries: int = 1
    """How often a call is made at most, with the first time."""


def timed_routes(world: World) -> Mapping[int, Sequence[TimedRoute]]:
    """The ways to each service, by its identity, if any ends; ask with ``world.fact(timed_routes)``."""
    found: Mapping[int, Sequence[TimedRoute]] = world.fact(service_routes)
    return found if any(way.seconds is not None for ways in found.values() for way in ways) else {}


def service_routes(world: World) -> Mapping[int, Sequence[TimedRoute]]:
    """The ways to each service, if any ends or is repeated; a fact of the world."""
    found: dict[int, list[TimedRoute]] = defaultdict(list)
    routes = [
        route
        for base in world.all(KubernetesObject)
        if (read := _READ.get((base.group, base.kind)))
        for route in read(base)
    ]
    if not any(route.seconds is not None or route.retries is not None for route in routes):
        return {}
    names, groups = world.fact(service_names), world.fact(service_groups)
    for route in routes:
        fronts = (front for host in route.hosts for front in names.resolve(host, route.base))
        for key in {id(groups.of_front(front)) for front in fronts}:
            found[key].append(route)
    return found


def _istio(base: KubernetesObject) -> Iterator[TimedRoute]:
    named = [item.text or "" for item in base.get("spec", "gateways").elements()]
    is_inside, is_edge = not named or "mesh" in named, any(name != "mesh" for name in named)
    for rule in base.get("spec", "http").elements():
        hosts = tuple(item.get("destination", "host").text or "" for item in rule.get("route").elements())
        times = istio_times(rule)
        yield _timed(base, times, hosts, times.least, (is_inside, is_edge))


def _timed(
    base: KubernetesObject,
    times: RouteTimes,
    hosts: tuple[str, ...],
    least: Fraction | None,
    sides: tuple[bool, bool],
) -> TimedRoute:
    """A route for calls from inside, from the edge, or both."""
    is_repeated = times.count > 0 and times.repeats_failures
    retries, tries = (times.told, 1 + times.count) if is_repeated else (None, 1)
    return TimedRoute(base, times.timeout, times.whole, hosts, least, *sides, retries, tries)


def _gateway_api(base: KubernetesObject) -> Iterator[TimedRoute]:
    kinds = {item.get("kind").text or "Gateway" for item in base.get("spec", "parentRefs").elements()}
    for rule in base.get("spec", "rules").elements():
        named = [
            (item.get("name").text or "", item.get("namespace").text)
            for item in rule.get("backendRefs").elements()
        ]
        hosts = tuple(f"{name}.{namespace}.svc" if namespace else name for name, namespace in named)
        times = gateway_times(rule)
        yield _timed(base, times, hosts, times.least, ("Service" in kinds, "Gateway" in kinds))


def _contour(base: KubernetesObject) -> Iterator[TimedRoute]:
    for rule in base.get("spec", "routes").elements():
        hosts = tuple(item.get("name").text or "" for item in rule.get("services").elements())
        yield _timed(base, contour_times(rule), hosts, None, (False, True))


def _ingress(base: KubernetesObject) -> Iterator[TimedRoute]:
    timeout = base.get("metadata", "annotations", _READ_TIMEOUT)
    seconds = whole_number(timeout)
    hosts = tuple(item.name.text or "" for item in Ingress(base).backends())
    yield TimedRoute(base, timeout, Fraction(seconds) if seconds else None, hosts, None, False, True)


def _linkerd(base: KubernetesObject) -> Iterator[TimedRoute]:
    """The last try that is made is only cut off by the timeout of all, so that is what a callee has."""
    notes = base.get("metadata", "annotations")
    times = linkerd_times(notes)
    if notes.is_map and (times.timeout.is_set or times.count):
        yield _timed(base, times, (base.name,), times.whole, (True, False))


_READ: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[TimedRoute]]] = {
    ("networking.istio.io", "VirtualService"): _istio,
    ("gateway.networking.k8s.io", "HTTPRoute"): _gateway_api,
    ("projectcontour.io", "HTTPProxy"): _contour,
    ("", "Service"): _linkerd,
    **{(group, "Ingress"): _ingress for group in GROUPS},
}
