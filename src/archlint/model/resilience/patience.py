"""How long callers of a service wait for it, beside how long it waits for what it calls.

Sources: Istio, HTTPRoute (``timeout``); Gateway API, HTTPRouteTimeouts; Contour, TimeoutPolicy;
ingress-nginx, ``proxy-read-timeout``; Linkerd, ``timeout.linkerd.io/request``, ``retry.linkerd.io/limit``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.graph import NodeKind, ServiceGraph, service_graph
from archlint.model.graph.graph import Edge
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.ingresses import GROUPS, Ingress
from archlint.model.resilience.retry_budgets import seconds_of, whole_number
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.resolution import service_names
from archlint.model.world import World

_READ_TIMEOUT = "nginx.ingress.kubernetes.io/proxy-read-timeout"
_AFTER_TIMEOUT = frozenset({"5xx", "gateway-error"})
"""Conditions of Istio under which a try that took too long is repeated."""
_LINKERD = "timeout.linkerd.io/request"
_RETRIED = ("retry.linkerd.io/http", "retry.linkerd.io/grpc")


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
    """What says how often a call is repeated."""
    tries: int = 1
    """How often a call is made at most, with the first time."""


@dataclass(frozen=True, eq=False)
class ImpatientRoute:
    """The longest of the ways to a service, which ends before the service itself gives up a call."""

    route: TimedRoute
    service: Service
    call: Edge
    callee: Service
    inner: TimedRoute
    """The shortest of the ways by which the service calls on."""

    @classmethod
    def all(cls, world: World) -> Iterable[ImpatientRoute]:
        """One for each service and side, inside and edge, with the call that takes longest."""
        timed = world.fact(timed_routes)
        if not timed:
            return
        graph: ServiceGraph = world.fact(service_graph)
        by_id = {id(item.service): item.service for item in graph.nodes.values() if item.service}
        longest = {key: list(_outer(ways)) for key, ways in timed.items()}
        found: dict[tuple[int, bool], list[ImpatientRoute]] = defaultdict(list)
        for key, ways in timed.items():
            inner = min((way for way in ways if way.is_inside), key=_least, default=None)
            if inner is None or inner.least is None or key not in by_id:
                continue
            for call in graph.into_service(by_id[key]):
                caller = graph.nodes[call.source]
                if not call.is_sure_call or call.is_telemetry or caller.kind is not NodeKind.SERVICE:
                    continue
                for is_edge, outer in longest.get(id(caller.service), ()):
                    if caller.service and _lasting(outer) < inner.least:
                        item = cls(outer, caller.service, call, by_id[key], inner)
                        found[id(caller.service), is_edge].append(item)
        for items in found.values():
            yield max(items, key=lambda item: (_least(item.inner), item.callee.name))

    @property
    def source(self) -> Document:
        """The document of the way that ends too soon."""
        return self.route.base.source

    @property
    def object(self) -> ObjectRef:
        """The object that ends it."""
        return self.route.base.object


def _lasting(route: TimedRoute) -> float | Fraction:
    return float("inf") if route.seconds is None else route.seconds


def _least(route: TimedRoute) -> float | Fraction:
    return float("inf") if route.least is None else route.least


def _outer(ways: Sequence[TimedRoute]) -> Iterator[tuple[bool, TimedRoute]]:
    """The longest way from inside, and that from the edge if it is another one."""
    inside = max((way for way in ways if way.is_inside), key=_lasting, default=None)
    edge = max((way for way in ways if way.is_edge), key=_lasting, default=None)
    if inside is not None:
        yield False, inside
    if edge is not None and edge is not inside:
        yield True, edge


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
        timeout = rule.get("timeout")
        hosts = tuple(item.get("destination", "host").text or "" for item in rule.get("route").elements())
        seconds, each = seconds_of(timeout), seconds_of(rule.get("retries", "perTryTimeout"))
        least = _of_tries(seconds, each, rule)
        repeated = _repeated(rule.get("retries", "attempts"))
        yield TimedRoute(base, timeout, seconds, hosts, least, is_inside, is_edge, *repeated)


def _repeated(node: Node, default: int = 0) -> tuple[Node | None, int]:
    """What says how often a call is repeated, and how often it is made then."""
    count = whole_number(node) if node.is_set else default
    return (node, 1 + count) if count and count > 0 else (None, 1)


def _of_tries(whole: Fraction | None, each: Fraction | None, rule: Node) -> Fraction | None:
    """How long a callee that hangs is waited for: a try that ends is only repeated where errors of the
    gateway are."""
    if whole is None or each is None:
        return whole
    on = {item.strip() for item in (rule.get("retries", "retryOn").text or "").split(",")}
    tries = 1 + (rule.get("retries", "attempts").integer or 0) if on & _AFTER_TIMEOUT else 1
    return min(whole, each * max(tries, 1))


def _gateway_api(base: KubernetesObject) -> Iterator[TimedRoute]:
    kinds = {item.get("kind").text or "Gateway" for item in base.get("spec", "parentRefs").elements()}
    is_inside, is_edge = "Service" in kinds, "Gateway" in kinds
    for rule in base.get("spec", "rules").elements():
        timeout = rule.get("timeouts", "request")
        seconds, each = seconds_of(timeout), seconds_of(rule.get("timeouts", "backendRequest"))
        least = min(seconds, each) if seconds and each and not rule.get("retry").exists else seconds
        named = [
            (item.get("name").text or "", item.get("namespace").text)
            for item in rule.get("backendRefs").elements()
        ]
        hosts = tuple(f"{name}.{namespace}.svc" if namespace else name for name, namespace in named)
        repeated = _repeated(rule.get("retry", "attempts"), 1 if rule.get("retry").is_set else 0)
        yield TimedRoute(base, timeout, seconds, hosts, least, is_inside, is_edge, *repeated)


def _contour(base: KubernetesObject) -> Iterator[TimedRoute]:
    for rule in base.get("spec", "routes").elements():
        timeout = rule.get("timeoutPolicy", "response")
        hosts = tuple(item.get("name").text or "" for item in rule.get("services").elements())
        policy = rule.get("retryPolicy")
        repeated = _repeated(policy.get("count"), 1 if policy.is_set else 0)
        yield TimedRoute(base, timeout, seconds_of(timeout), hosts, None, False, True, *repeated)


def _ingress(base: KubernetesObject) -> Iterator[TimedRoute]:
    timeout = base.get("metadata", "annotations", _READ_TIMEOUT)
    seconds = whole_number(timeout)
    hosts = tuple(item.name.text or "" for item in Ingress(base).backends())
    yield TimedRoute(base, timeout, Fraction(seconds) if seconds else None, hosts, None, False, True)


def _linkerd(base: KubernetesObject) -> Iterator[TimedRoute]:
    notes = base.get("metadata", "annotations")
    timeout = notes.get(_LINKERD)
    on = next((notes.get(key) for key in _RETRIED if notes.get(key).is_set), None) if notes.is_map else None
    if timeout.is_set or on is not None:
        seconds, limit = seconds_of(timeout), notes.get("retry.linkerd.io/limit")
        repeated = (None, 1) if on is None else _repeated(limit, 1)
        if on is not None and not limit.is_set:
            repeated = (on, repeated[1])
        yield TimedRoute(base, timeout, seconds, (base.name,), seconds, True, False, *repeated)


_READ: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[TimedRoute]]] = {
    ("networking.istio.io", "VirtualService"): _istio,
    ("gateway.networking.k8s.io", "HTTPRoute"): _gateway_api,
    ("projectcontour.io", "HTTPProxy"): _contour,
    ("", "Service"): _linkerd,
    **{(group, "Ingress"): _ingress for group in GROUPS},
}
