"""What gateways tell browsers about pages of other origins that call through them (CORS).

A browser takes no answer to a request with cookies that names all origins with ``*``. Some gateways send
that; others name the origin that asked, so that every page of the internet may read what its visitor may.

Sources: Fetch Standard, "CORS protocol and credentials"; ingress-nginx, annotations ``cors-*``; Istio,
CorsPolicy; Gateway API, HTTPCORSFilter; Envoy Gateway, SecurityPolicy; Kong, plugin ``cors``; Traefik,
middleware ``headers``; Contour, CORSPolicy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.objects import ObjectFacet
from archlint.model.world import World

_EVERY = frozenset(
    scheme + rest for scheme in ("", "https?://", "https://", "http://") for rest in (".*", ".+")
)
"""Expressions for all origins, or for all of a scheme."""
_SCHEMES = frozenset({"", "http", "https", "http://", "https://"})
"""What all origins, or all of a scheme, begin with."""
_NGINX = "nginx.ingress.kubernetes.io/"


@dataclass(frozen=True)
class OpenCors(ObjectFacet):
    """A setting that lets pages of all origins call with the credentials of their visitors."""

    credentials: Node
    """Where credentials are allowed."""
    origins: Node
    """Where all origins are; missing where that is the default."""
    names_asker: bool
    """Whether the gateway names the origin that asks; else it sends ``*``, which browsers refuse."""

    @classmethod
    def all(cls, world: World) -> Iterable[OpenCors]:
        """Every such setting."""
        for base in world.all(KubernetesObject):
            read = _READERS.get((base.group, base.kind))
            if read is not None:
                yield from read(base)


def _is_true(node: Node) -> bool:
    return node.value is True or (node.text or "").lower() == "true"


def _open(origins: Node, *, are_patterns: bool = False) -> Node | None:
    """The entry of a list that means all origins: a text, which may be an expression, or a match of
    Istio's."""
    for item in origins.elements():
        if item.text == "*" or (are_patterns and _is_every(item.text)):
            return item
        exact, prefix, pattern = (item.get(key) for key in ("exact", "prefix", "regex"))
        if exact.text == "*":
            return exact
        if prefix.text in _SCHEMES:
            return prefix
        if _is_every(pattern.text):
            return pattern
    return None


def _is_every(written: str | None) -> bool:
    """Whether an expression matches all origins."""
    return (written or "").removeprefix("^").removesuffix("$").replace("\\/", "/") in _EVERY


def _found(
    base: KubernetesObject, policy: Node, key: str, credentials: str, *, are_patterns: bool = False
) -> Iterator[OpenCors]:
    origin = _open(policy.get(key), are_patterns=are_patterns)
    if origin is not None and _is_true(policy.get(credentials)):
        yield OpenCors(base, policy.get(credentials), origin, names_asker=True)


def _of_ingress(base: KubernetesObject) -> Iterator[OpenCors]:
    annotations = base.get("metadata", "annotations")
    origin, credentials = (annotations.get(f"{_NGINX}cors-allow-{key}") for key in ("origin", "credentials"))
    is_on = _is_true(annotations.get(f"{_NGINX}enable-cors"))
    if is_on and _is_true(credentials) and (not origin.is_set or (origin.text or "").strip() == "*"):
        yield OpenCors(base, credentials, origin, names_asker=False)


def _of_istio(base: KubernetesObject) -> Iterator[OpenCors]:
    for rule in base.get("spec", "http").elements():
        policy = rule.get("corsPolicy")
        key = "allowOrigins" if _open(policy.get("allowOrigins")) is not None else "allowOrigin"
        yield from _found(base, policy, key, "allowCredentials")


def _of_gateway_api(base: KubernetesObject) -> Iterator[OpenCors]:
    for rule in base.get("spec", "rules").elements():
        for item in rule.get("filters").elements():
            if item.get("type").text == "CORS":
                yield from _found(base, item.get("cors"), "allowOrigins", "allowCredentials")


def _of_envoy_gateway(base: KubernetesObject) -> Iterator[OpenCors]:
    yield from _found(base, base.get("spec", "cors"), "allowOrigins", "allowCredentials")


def _of_contour(base: KubernetesObject) -> Iterator[OpenCors]:
    policy = base.get("spec", "virtualhost", "corsPolicy")
    yield from _found(base, policy, "allowOrigin", "allowCredentials", are_patterns=True)


def _of_kong(base: KubernetesObject) -> Iterator[OpenCors]:
    if base.get("plugin").text != "cors" or not _is_true(base.get("config", "credentials")):
        return
    origins = base.get("config", "origins")
    origin = origins if not list(origins.elements()) else _open(origins, are_patterns=True)
    if origin is not None and (origin is not origins or not origins.text):
        yield OpenCors(base, base.get("config", "credentials"), origin, names_asker=True)


def _of_traefik(base: KubernetesObject) -> Iterator[OpenCors]:
    headers = base.get("spec", "headers")
    credentials = headers.get("accessControlAllowCredentials")
    if not _is_true(credentials):
        return
    for key, is_regex in (
        ("accessControlAllowOriginListRegex", True),
        ("accessControlAllowOriginList", False),
    ):
        origin = _open(headers.get(key), are_patterns=is_regex)
        if origin is not None and (origin.text != "*" or not is_regex):
            yield OpenCors(base, credentials, origin, names_asker=is_regex)
            return


_READERS: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[OpenCors]]] = {
    ("networking.k8s.io", "Ingress"): _of_ingress,
    ("networking.istio.io", "VirtualService"): _of_istio,
    ("gateway.networking.k8s.io", "HTTPRoute"): _of_gateway_api,
    ("gateway.envoyproxy.io", "SecurityPolicy"): _of_envoy_gateway,
    ("projectcontour.io", "HTTPProxy"): _of_contour,
    ("configuration.konghq.com", "KongPlugin"): _of_kong,
    ("configuration.konghq.com", "KongClusterPlugin"): _of_kong,
    ("traefik.io", "Middleware"): _of_traefik,
    ("traefik.containo.us", "Middleware"): _of_traefik,
}
