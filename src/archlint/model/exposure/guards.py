"""Guards: what a gateway demands of callers before it passes a call on.

Sources: annotations of ingress-nginx (``auth-url``, ``auth-type``), of the AWS Load Balancer Controller and
of HAProxy; Kong, KongPlugin; Traefik, Middleware; Envoy Gateway, SecurityPolicy; Gateway API,
HTTPExternalAuthFilter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.middlewares import KONG, Middlewares, middlewares
from archlint.model.exposure.routes import PathRoute
from archlint.model.kubernetes import KubernetesObject
from archlint.model.proxies.kong import ASKING_PLUGINS
from archlint.model.services.resolution import ServiceNames, service_names
from archlint.model.world import World

_ANNOTATIONS: dict[str, frozenset[str] | None] = {
    "nginx.ingress.kubernetes.io/auth-url": None,
    "nginx.ingress.kubernetes.io/auth-type": frozenset({"basic", "digest"}),
    "alb.ingress.kubernetes.io/auth-type": frozenset({"oidc", "cognito"}),
    "haproxy.org/auth-type": frozenset({"basic-auth"}),
    "haproxy-ingress.github.io/auth-url": None,
    "ingress.kubernetes.io/auth-type": frozenset({"basic", "digest"}),
}
"""Annotations of an Ingress that make it ask who calls, each with the values that do; ``None`` for any."""
_ROUTE = ("spec", "routes")
_ASKING_MIDDLEWARES = ("forwardAuth", "basicAuth", "digestAuth")
_ASKING_POLICIES = ("jwt", "oidc", "basicAuth", "apiKeyAuth", "extAuth")
_MAY_ASK = regex(
    r"(?i)auth|oauth|oidc|jwt|snippet|plugin|middleware|external-authori[sz]er|forward|policy|access"
)
"""Matches annotations and filters that may make a gateway ask who calls."""


@dataclass(frozen=True, eq=False)
class Guard:
    """Something that lets only those through who show who they are."""

    place: Place
    """What says it: a value, or the key of what has more below it."""
    what: str
    """What it is, for a message."""

    @classmethod
    def at(cls, node: Node, what: str) -> Guard:
        """The guard that an element is."""
        return cls(node.place() if node.is_map or node.is_list else node.value_place(), what)


class Guards:
    """What of a repository's gateways asks who calls."""

    def __init__(self, world: World) -> None:
        self._names: ServiceNames = world.fact(service_names)
        self._parts: Middlewares = world.fact(middlewares)
        self._policies: dict[tuple[str, str, str | None], list[KubernetesObject]] = {}
        for base in world.all(KubernetesObject):
            if (base.group, base.kind) == ("gateway.envoyproxy.io", "SecurityPolicy"):
                for kind, name in _targets(base):
                    self._policies.setdefault((kind, name, base.namespace), []).append(base)

    def of(self, route: PathRoute) -> Guard | None:
        """What guards a route at its gateway."""
        return next(self._of(route), None)

    def may_guard(self, route: PathRoute) -> bool:
        """Whether something guards a route, or may do so."""
        base = route.base
        keys = [key for key, _ in base.get("metadata", "annotations").items()]
        filters = [
            item.get("type").text or ""
            for rule in base.get("spec", "rules").elements()
            for item in rule.get("filters").elements()
        ]
        is_hidden = any(_MAY_ASK.search(key) for key in keys) or "ExtensionRef" in filters
        return is_hidden or self.of(route) is not None

    def _of(self, route: PathRoute) -> Iterator[Guard]:
        base = route.base
        annotations = base.get("metadata", "annotations")
        for key, values in _ANNOTATIONS.items() if base.kind == "Ingress" else ():
            node = annotations.get(key)
            if node.text and (values is None or node.text in values):
                yield Guard.at(node, f"'{key}'")
        yield from self._of_parts(self._parts_of(route))
        yield from self._of_policies(base)
        yield from self._of_filters(base)

    def _parts_of(self, route: PathRoute) -> Iterator[KubernetesObject]:
        """The plugins and middlewares that a route goes through."""
        base = route.base
        yield from self._parts.of_object(base) or ()
        if base.kind == "IngressRoute":
            yield from self._parts.of_route(base, base.get(*_ROUTE, *route.node.route[-2:-1])) or ()
        if base.kind == "Ingress" and base.get("spec", "ingressClassName").text == "kong":
            yield from self._parts.for_all
        for target in route.targets:
            for front in self._names.resolve(target, base):
                yield from self._parts.of_object(front) or ()

    def _of_parts(self, parts: Iterable[KubernetesObject]) -> Iterator[Guard]:
        for part in self._parts.unchained(parts):
            yield from _plugin(part) if part.group == KONG else _middleware(part)

    def issuers(self, route: PathRoute) -> list[Node]:
        """The issuers whose tokens are taken on a route, as far as its guards name them."""
        found = [
            part.get("config", "issuer")
            for part in self._parts.unchained(self._parts_of(route))
            if part.group == KONG and part.get("plugin").text in ASKING_PLUGINS
        ]
        for policy in self._policies_of(route.base):
            spec = policy.get("spec")
            found += [item.get("issuer") for item in spec.get("jwt", "providers").elements()]
            found.append(spec.get("oidc", "provider", "issuer"))
        return [node for node in found if node.text]

    def _policies_of(self, base: KubernetesObject) -> list[KubernetesObject]:
        keys = [(base.kind, base.name, base.namespace)]
        for parent in base.get("spec", "parentRefs").elements() if base.kind == "HTTPRoute" else ():
            name, namespace = parent.get("name").text or "", parent.get("namespace").text
            keys.append(("Gateway", name, namespace or base.namespace))
        return [policy for key in keys for policy in self._policies.get(key, ())]

    def _of_policies(self, base: KubernetesObject) -> Iterator[Guard]:
        for policy in self._policies_of(base):
            for field in _ASKING_POLICIES:
                node = policy.get("spec", field)
                if node.is_map and node.get("optional").value is not True:
                    yield Guard.at(node, f"'{field}' of SecurityPolicy '{policy.name}'")
                    break

    def _of_filters(self, base: KubernetesObject) -> Iterator[Guard]:
        """What the filters of all rules ask: a rule without one is open."""
        rules = list(base.get("spec", "rules").elements()) if base.kind == "HTTPRoute" else []
        found = [next(self._of_rule(rule, base), None) for rule in rules]
        if found and found[0] is not None and None not in found:
            yield found[0]

    def _of_rule(self, rule: Node, base: KubernetesObject) -> Iterator[Guard]:
        for item in rule.get("filters").elements():
            if item.get("type").text == "ExternalAuth":
                yield Guard.at(item.get("type"), "the filter 'ExternalAuth'")
            reference = item.get("extensionRef")
            kind, name = reference.get("kind").text or "", reference.get("name").text or ""
            part = self._parts.named(kind, base.namespace, name)
            yield from self._of_parts([] if part is None else [part])


def guards(world: World) -> Guards:
    """The guards of a world; ask with ``world.fact(guards)``."""
    return Guards(world)


def _targets(policy: KubernetesObject) -> Iterator[tuple[str, str]]:
    spec = policy.get("spec")
    for target in (spec.get("targetRef"), *spec.get("targetRefs").elements()):
        if target.get("name").text and not target.get("sectionName").exists:
            yield target.get("kind").text or "", target.get("name").text or ""


def _plugin(base: KubernetesObject) -> Iterator[Guard]:
    plugin = base.get("plugin")
    if plugin.text in ASKING_PLUGINS and not base.get("config", "anonymous").is_set:
        yield Guard.at(plugin, f"plugin '{plugin.text}'")


def _middleware(base: KubernetesObject) -> Iterator[Guard]:
    for field in _ASKING_MIDDLEWARES:
        if base.get("spec", field).is_map:
            yield Guard.at(base.get("spec", field), f"'{field}' of Middleware '{base.name}'")
