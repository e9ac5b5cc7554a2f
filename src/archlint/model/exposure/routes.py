"""Routes by path: what an Ingress, a route of the Gateway API, a VirtualService or an IngressRoute sends
where, and as what.

Sources: Kubernetes, Ingress v1 (``pathType``); Gateway API, HTTPRouteRule (``matches``, ``URLRewrite``);
Istio, HTTPMatchRequest and HTTPRewrite; annotations of ingress-nginx (``rewrite-target``, ``use-regex``);
Traefik, IngressRoute and the rules of its routers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.middlewares import (
    MIDDLEWARES,
    PLUGINS,
    STRIPS,
    TRAEFIK,
    Middlewares,
    middlewares,
)
from archlint.model.exposure.other_routes import of_contour, of_openshift
from archlint.model.exposure.path_matches import EVERYTHING, Mode, PathMatch
from archlint.model.exposure.router_rules import router_rule
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.ingresses import GATEWAYS, GROUPS, Ingress
from archlint.model.world import World

_ISTIO = "networking.istio.io"
_NGINX = "nginx.ingress.kubernetes.io/"
_REWRITES = regex(
    r"rewrite|strip|middleware|snippet|plugin|backend-path|transform|/actions\.|use-regex|konghq\.com/override"
)
_READ = frozenset({_NGINX + "rewrite-target", PLUGINS, STRIPS, MIDDLEWARES})
"""Annotations that rewrite paths, and are read here."""
_PATTERN = regex(r"[$()\[\]^*+?|\\{}]")


@dataclass(frozen=True, eq=False)
class PathRoute:
    """One path that an object of Kubernetes sends to Services."""

    base: KubernetesObject
    node: Node
    """The path; where none is named, or it is rewritten, what stands for it."""
    asked: PathMatch | None
    """What clients ask for; ``None`` where that is not known, as of a pattern."""
    sent: PathMatch | None
    """What arrives; ``None`` where that is not known."""
    hosts: tuple[str, ...]
    """The hosts that clients ask for; none for all."""
    targets: tuple[str, ...]
    is_public: bool
    """Whether it leads in from outside."""

    @classmethod
    def all(cls, world: World) -> Iterable[PathRoute]:
        """Every path of every such object."""
        for base in world.all(KubernetesObject):
            yield from routes_of(base, world)

    @property
    def source(self) -> Document:
        """The document that holds the route."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The object that holds the route."""
        return self.base.object

    def is_for(self, host: str) -> bool:
        """Whether it is a route of a host."""
        return not self.hosts or any(_is_host(pattern, host) for pattern in self.hosts)


def routes_of(base: KubernetesObject, world: World) -> Iterator[PathRoute]:
    """The routes of an object; none for one of a kind that is not read."""
    read = _ROUTES.get((base.group, base.kind))
    if read is not None:
        yield from read(base, world)


def leads_by_path(group: str, kind: str) -> bool:
    """Whether the paths of objects of a kind are read here."""
    return (group, kind) in _ROUTES


def _is_host(pattern: str, host: str) -> bool:
    return pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def _of_ingress(base: KubernetesObject, world: World) -> Iterator[PathRoute]:
    annotations = base.node.get("metadata", "annotations")
    rewritten = annotations.get(_NGINX + "rewrite-target")
    target = rewritten.text if rewritten.text and not _PATTERN.search(rewritten.text) else None
    others = {key for key, _ in annotations.items() if _REWRITES.search(key)} - _READ
    known: Middlewares = world.fact(middlewares)
    parts = known.of_object(base)
    strips = annotations.get(STRIPS).text == "true"
    for path in Ingress(base).paths():
        text, kind = path.node.get("path"), path.node.get("pathType").text
        asked = None if _NGINX + "use-regex" in others else _ingress_path(text, kind)
        sent = EVERYTHING if strips else asked
        if rewritten.exists:
            sent = PathMatch(target, Mode.EXACT) if target else None
        elif parts != []:
            sent = known.rewritten(parts, sent)
        backend = path.node.get("backend")
        names = (backend.get("service", "name").text, backend.get("serviceName").text)
        yield PathRoute(
            base,
            rewritten if rewritten.exists else text,
            asked,
            None if others else sent,
            () if path.host == "*" else (path.host.lower(),),
            tuple(filter(None, names)),
            True,
        )
    spec = base.get("spec")
    for name in (spec.get("defaultBackend", "service", "name"), spec.get("backend", "serviceName")):
        if name.text:
            yield PathRoute(base, name, EVERYTHING, None, (), (name.text,), True)


def _ingress_path(path: Node, kind: str | None) -> PathMatch | None:
    """What a path means; one of a controller's own type may be a pattern, as ``/*`` of AWS and Google."""
    text = path.text or "/"
    if kind == "Exact":
        return PathMatch(text, Mode.EXACT)
    if kind != "Prefix":
        text = text.removesuffix("*")
        if _PATTERN.search(text):
            return None
    return PathMatch(text, Mode.ELEMENTS)


def _of_gateway_api(base: KubernetesObject, world: World) -> Iterator[PathRoute]:
    kinds = [item.get("kind").text or "Gateway" for item in base.get("spec", "parentRefs").elements()]
    hosts = tuple((item.text or "*").lower() for item in base.get("spec", "hostnames").elements())
    known: Middlewares = world.fact(middlewares)
    parts = known.of_object(base)
    strips = base.get("metadata", "annotations", STRIPS).text == "true"
    for rule in base.get("spec", "rules").elements():
        backends = [item for item in rule.get("backendRefs").elements() if item.is_map]
        targets = tuple(filter(None, map(_backend, backends)))
        filters = [
            item
            for holder in (rule, *backends)
            for item in holder.get("filters").elements()
            if item.get("type").text in ("URLRewrite", "ExtensionRef", "RequestRedirect")
        ]
        for match in (
            rule.get("matches").elements() if rule.get("matches").is_list else (rule.get("matches"),)
        ):
            path = match.get("path", "value")
            asked = _gateway_path(match.get("path"))
            begun = EVERYTHING if strips else known.rewritten(parts, asked)
            sent, node = _with_filters(begun, filters, path if path.exists else rule)
            yield PathRoute(base, node, asked, sent, hosts, targets, "Gateway" in kinds)


def _backend(item: Node) -> str | None:
    name, namespace = item.get("name").text, item.get("namespace").text
    if not name or item.get("kind").text not in (None, "Service"):
        return None
    return f"{name}.{namespace}.svc" if namespace else name


def _gateway_path(path: Node) -> PathMatch | None:
    modes = {"Exact": Mode.EXACT, "PathPrefix": Mode.ELEMENTS, None: Mode.ELEMENTS}
    mode = modes.get(path.get("type").text)
    return PathMatch(path.get("value").text or "/", mode) if mode is not None else None


def _with_filters(asked: PathMatch | None, filters: list[Node], node: Node) -> tuple[PathMatch | None, Node]:
    """What arrives after the filters of a rule, and where that is written."""
    for item in filters:
        if item.get("type").text != "URLRewrite":
            return None, node
        path = item.get("urlRewrite", "path")
        whole, beginning = path.get("replaceFullPath"), path.get("replacePrefixMatch")
        if whole.text is not None:
            asked, node = PathMatch(whole.text, Mode.EXACT), whole
        elif beginning.text is not None and asked is not None and asked.mode is Mode.ELEMENTS:
            asked, node = PathMatch(beginning.text, Mode.ELEMENTS), beginning
        elif path.exists:
            return None, node
    return asked, node


def _of_istio(base: KubernetesObject, world: World) -> Iterator[PathRoute]:
    gateways = [item.text for item in base.get("spec", "gateways").elements()]
    is_public = any(name != "mesh" for name in gateways)
    hosts = tuple((item.text or "*").lower() for item in base.get("spec", "hosts").elements())
    for rule in base.get("spec", "http").elements():
        named = (item.get("destination", "host").text for item in rule.get("route").elements())
        targets = tuple(dict.fromkeys(filter(None, named)))
        for match in rule.get("match").elements() if rule.get("match").is_list else (rule.get("match"),):
            asked, node = _istio_path(match)
            sent, written = _rewritten(rule.get("rewrite"), asked, node if node.exists else rule)
            yield PathRoute(base, written, asked, sent, hosts, targets, is_public)
    for protocol in ("tcp", "tls"):
        for rule in base.get("spec", protocol).elements():
            yield PathRoute(base, rule, EVERYTHING, None, hosts, (), is_public)


def _istio_path(match: Node) -> tuple[PathMatch | None, Node]:
    uri = match.get("uri")
    if not uri.exists:
        return EVERYTHING, uri
    for key, mode in (("exact", Mode.EXACT), ("prefix", Mode.LETTERS)):
        text = uri.get(key).text
        if text is not None and match.get("ignoreUriCase").value is not True:
            return PathMatch(text, mode), uri.get(key)
    return None, uri


def _rewritten(rewrite: Node, asked: PathMatch | None, node: Node) -> tuple[PathMatch | None, Node]:
    if rewrite.get("uriRegexRewrite").exists:
        return None, node
    uri = rewrite.get("uri")
    if uri.text is None or asked is None:
        return (asked, node) if not uri.exists else (None, node)
    return PathMatch(uri.text, asked.mode), uri


def _of_traefik(base: KubernetesObject, world: World) -> Iterator[PathRoute]:
    known: Middlewares = world.fact(middlewares)
    for route in base.get("spec", "routes").elements():
        match = route.get("match")
        targets = tuple(filter(None, map(_backend, route.get("services").elements())))
        parts = known.of_route(base, route)
        hosts, paths = router_rule(match.text or "")
        for asked in paths:
            sent = known.rewritten(parts, asked)
            yield PathRoute(base, match, asked, sent, hosts, targets, True)


def _of_openshift(base: KubernetesObject, world: World) -> Iterator[PathRoute]:
    for item in of_openshift(base):
        yield PathRoute(base, item.node, item.asked, item.sent, item.hosts, item.targets, True)


def _of_contour(base: KubernetesObject, world: World) -> Iterator[PathRoute]:
    for item in of_contour(base):
        yield PathRoute(base, item.node, item.asked, item.sent, item.hosts, item.targets, True)


_ROUTES: dict[tuple[str, str], Callable[[KubernetesObject, World], Iterator[PathRoute]]] = {
    **{(group, "Ingress"): _of_ingress for group in GROUPS},
    (GATEWAYS, "HTTPRoute"): _of_gateway_api,
    (_ISTIO, "VirtualService"): _of_istio,
    **{(group, "IngressRoute"): _of_traefik for group in TRAEFIK},
    ("route.openshift.io", "Route"): _of_openshift,
    ("projectcontour.io", "HTTPProxy"): _of_contour,
}
