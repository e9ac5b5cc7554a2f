"""Ways in from outside by which anybody may send as many requests as they want.

Sources: ingress-nginx (``limit-rps`` and its like), HAProxy and Kong Ingress Controller (annotations, plugins
``rate-limiting``), Traefik (Middleware ``rateLimit``, ``inFlightReq``), Contour (``rateLimitPolicy``), Envoy
Gateway (BackendTrafficPolicy), Kuadrant and NGINX Gateway Fabric (RateLimitPolicy), Envoy (filters
``local_ratelimit`` and ``ratelimit``), Linkerd (HTTPLocalRateLimitPolicy); AWS WAF and Google Cloud Armor,
whose rules are elsewhere, count as limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.middlewares import KONG, Middlewares, middlewares
from archlint.model.exposure.routes import leads_by_path, routes_of
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import ServiceGraph
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.resolution import service_names
from archlint.model.system.libraries import builds_with
from archlint.model.world import World

_LIMITING = regex(
    r"(?i)rate-?limit|limit-(?:rps|rpm|rate|connections|req|count)|throttl|snippet|waf|security-policy|quota"
    r"|backend-config|frontend-config"
)
"""Matches annotations that limit requests, or may do so."""
_LIMITED_IN = regex(r"(?i)rate_?limit")
_POLICIES = frozenset(
    {
        *(("kuadrant.io", "RateLimitPolicy"), ("gateway.nginx.org", "RateLimitPolicy")),
        *(("networking.gke.io", "GCPBackendPolicy"), ("gateway.envoyproxy.io", "BackendTrafficPolicy")),
        *(("gateway.kgateway.dev", "TrafficPolicy"), ("gateway.envoyproxy.io", "EnvoyExtensionPolicy")),
    }
)
_WITH_FIELD = frozenset({"BackendTrafficPolicy", "TrafficPolicy"})
"""Kinds of policies that limit only where they have a field for it."""
_PLUGINS = frozenset(
    {"rate-limiting", "rate-limiting-advanced", "response-ratelimiting", "service-protection"}
)
_MIDDLEWARES = ("rateLimit", "inFlightReq", "plugin")
_LIBRARIES = (
    *(
        "rate-limit",
        "ratelimit",
        "rate_limit",
        "bucket4j",
        "throttler",
        "slowapi",
        "flask-limiter",
        "rack-attack",
    ),
    *("golang.org/x/time", "tollbooth", "limiter", "resilience4j", "sentinel"),
)
"""Words of libraries by which a service limits requests itself."""
_INSIDE = regex(r"(?i)internal|private|intern\b|intranet|cluster-local|mesh|tailscale|vpn")
_CLASS = "kubernetes.io/ingress.class"
_REMEDIES = {
    "nginx": "Add the annotation 'nginx.ingress.kubernetes.io/limit-rps'",
    "kong": "Add a KongPlugin 'rate-limiting', and name it in 'konghq.com/plugins'",
    "traefik": "Add a Middleware with 'rateLimit', and name it in the annotation 'router.middlewares'",
    "haproxy": "Add the annotation 'haproxy.org/rate-limit-requests'",
    "IngressRoute": "Add a Middleware with 'rateLimit' to its routes",
    "HTTPProxy": "Add 'rateLimitPolicy' to its virtual host",
    "VirtualService": "Add an EnvoyFilter with 'local_ratelimit' for its gateway",
    "HTTPRoute": "Add the policy of its gateway that limits requests, such as a BackendTrafficPolicy",
}


@dataclass(frozen=True)
class UnlimitedEntry(ObjectFacet):
    """An object that leads in from outside, and that nothing limits as far as files tell."""

    services: tuple[str, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[UnlimitedEntry]:
        """Every such object, but for those that are called internal."""
        entries = [base for base in world.all(KubernetesObject) if leads_by_path(base.group, base.kind)]
        limits = _Limits(world) if entries else None
        for base in entries:
            words = f"{base.namespace} {base.name} {_class(base)}"
            if limits is None or _INSIDE.search(words):
                continue
            routes = [route for route in routes_of(base, world) if route.is_public and route.targets]
            targets = tuple(dict.fromkeys(target for route in routes for target in route.targets))
            if targets and not limits.may_limit(base, targets):
                yield cls(base, targets)

    @property
    def remedy(self) -> str:
        """What to write for the gateway that reads it."""
        named = next((key for key in _REMEDIES if key in _class(self.base)), self.kind)
        return _REMEDIES.get(named, "Limit requests at the gateway that reads it")


def _class(base: KubernetesObject) -> str:
    stated = base.get("spec", "ingressClassName").text
    return (stated or base.get("metadata", "annotations", _CLASS).text or "").lower()


class _Limits:
    """What of a world limits requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._parts: Middlewares = world.fact(middlewares)
        self._targets: set[tuple[str, str]] = set()
        """Kinds and names that policies are for."""
        self._namespaces: set[str | None] = set()
        """Where Linkerd limits requests to servers."""
        self._is_filtered = False
        """Whether a filter of Envoy limits requests somewhere."""
        for base in world.all(KubernetesObject):
            spec = base.get("spec")
            if (base.group, base.kind) in _POLICIES:
                if base.kind not in _WITH_FIELD or spec.get("rateLimit").is_set:
                    self._targets.update(_targets(spec))
            elif base.kind == "HTTPLocalRateLimitPolicy":
                self._namespaces.add(base.namespace)
            elif base.kind in ("EnvoyFilter", "WasmPlugin"):
                self._is_filtered = self._is_filtered or any(map(_LIMITED_IN.search, spec.texts()))

    def may_limit(self, base: KubernetesObject, targets: tuple[str, ...]) -> bool:
        """Whether something on a way in limits requests, or may do so."""
        return (
            _is_noted(base)
            or base.namespace in self._namespaces
            or (self._is_filtered and base.kind in ("VirtualService", "HTTPRoute"))
            or self._has_policy(base)
            or self._has_part(base)
            or any(_LIMITED_IN.search(str(key)) for key in _keys(base.get("spec")))
            or any(self._may_limit_service(base, target) for target in targets)
        )

    def _has_policy(self, base: KubernetesObject) -> bool:
        parents = base.get("spec", "parentRefs").elements()
        keys = [(base.kind, base.name), *(("Gateway", item.get("name").text or "") for item in parents)]
        gateways = (item.text or "" for item in base.get("spec", "gateways").elements())
        keys += [("Gateway", name.rpartition("/")[2]) for name in gateways]
        return any(key in self._targets for key in keys)

    def _has_part(self, base: KubernetesObject) -> bool:
        """Whether a plugin or middleware limits, or one that is named is not here."""
        found = self._parts.of_object(base)
        parts = [*(found or ()), *self._parts.for_all]
        if found is None:
            return True
        if base.kind == "IngressRoute":
            for route in base.get("spec", "routes").elements():
                own = self._parts.of_route(base, route)
                if own is None:
                    return True
                parts += own
        return any(_limits(part) for part in self._parts.unchained(parts)) or any(
            item.get("type").text == "ExtensionRef"
            for rule in base.get("spec", "rules").elements()
            for item in rule.get("filters").elements()
        )

    def _may_limit_service(self, base: KubernetesObject, target: str) -> bool:
        names, groups = self._world.fact(service_names), self._world.fact(service_groups)
        known: dict[int, bool] = self._world.fact(_limiting_services)
        for front in names.resolve(target, base):
            parts = self._parts.of_object(front)
            if parts is None or _is_noted(front) or any(map(_limits, parts)):
                return True
            service: Service = groups.of_front(front)
            if known.get(id(service)):
                return True
        return False


def _limiting_services(world: World) -> dict[int, bool]:
    """Whether the source of each service is built with a library that limits requests."""
    graph: ServiceGraph = world.fact(service_graph)
    return {
        id(node.service): builds_with(world, node.party, _LIBRARIES)
        for node in graph.nodes.values()
        if node.service is not None and node.party is not None
    }


def _is_noted(base: KubernetesObject) -> bool:
    return any(_LIMITING.search(key) for key, _ in base.get("metadata", "annotations").items())


def _limits(part: KubernetesObject) -> bool:
    if part.group == KONG:
        return part.get("plugin").text in _PLUGINS
    return any(part.get("spec", key).is_set for key in (*_MIDDLEWARES, "chain"))


def _targets(spec: Node) -> Iterator[tuple[str, str]]:
    for target in (spec.get("targetRef"), *spec.get("targetRefs").elements()):
        if target.get("name").text:
            yield target.get("kind").text or "", target.get("name").text or ""


def _keys(spec: Node) -> Iterator[str]:
    """The keys of an object's specification, its virtual host and its routes."""
    for part in (spec, spec.get("virtualhost"), *spec.get("routes").elements()):
        yield from (key for key, _ in part.items())
