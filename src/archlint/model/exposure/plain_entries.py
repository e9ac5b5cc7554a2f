"""Entries from outside that take calls without encryption, and do not send them on to an encrypted one.

Sources: Gateway API, Listener; Istio, Gateway (``servers[].tls.httpsRedirect``); OpenShift, Route; Contour,
HTTPProxy; Traefik, IngressRoute. Ingresses are told by ``ingress-without-tls``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.tried_out import is_tried_out
from archlint.model.world import World

_PLAIN = frozenset({"HTTP", "HTTP2", "GRPC", "GRPC-WEB"})
_INSIDE = regex(
    r"(?i)internal|private|intern\b|cluster-local|mesh|egress|eastwest|east-west|waypoint|tailscale"
)
_PLAIN_ENTRIES = frozenset({"web", "http"})


@dataclass(frozen=True)
class PlainEntry(ObjectFacet):
    """One entry that is not encrypted."""

    node: Node
    """The protocol, or what lacks ``tls``."""
    what: str
    """What the object does, for a message."""
    remedy: str
    """What to write."""

    @classmethod
    def all(cls, world: World) -> Iterable[PlainEntry]:
        """Every such entry, but for those that are called internal, or are tried out."""
        for base in world.all(KubernetesObject):
            read = _READERS.get((base.group, base.kind))
            if read is None or is_tried_out(base) or _INSIDE.search(f"{base.namespace} {base.name}"):
                continue
            if read is not _of_istio or not _is_redirected(base, world):
                yield from read(base)


def _of_gateway_api(base: KubernetesObject) -> Iterator[PlainEntry]:
    """A Gateway all of whose listeners are plain: with an encrypted one beside it, that may redirect."""
    protocols = [item.get("protocol") for item in base.get("spec", "listeners").elements()]
    is_inside = _INSIDE.search(base.get("spec", "gatewayClassName").text or "") is not None
    if protocols and not is_inside and all(node.text == "HTTP" for node in protocols):
        yield PlainEntry(base, protocols[0], "listens for HTTP alone", "a listener with 'protocol: HTTPS'")


def _of_istio(base: KubernetesObject) -> Iterator[PlainEntry]:
    if _INSIDE.search(str(base.get("spec", "selector").value)):
        return
    for server in base.get("spec", "servers").elements():
        protocol = server.get("port", "protocol")
        hosts = [host.text or "" for host in server.get("hosts").elements()]
        is_plain = (protocol.text or "").upper() in _PLAIN and not server.get("tls").is_set
        if is_plain and not all(host.endswith((".local", ".cluster.local")) for host in hosts):
            what = f"takes {protocol.text} without 'tls'"
            yield PlainEntry(base, protocol, what, "'tls.httpsRedirect: true'")


def _is_redirected(base: KubernetesObject, world: World) -> bool:
    """Whether a VirtualService of a gateway of Istio sends calls on to an encrypted entry."""
    namespaces: set[str | None] = world.fact(_redirected).get(base.name, set())
    return bool(namespaces) and (base.namespace is None or bool(namespaces & {None, base.namespace}))


def _redirected(world: World) -> dict[str, set[str | None]]:
    """The namespaces of the gateways that VirtualServices redirect at, by name; ``None`` if unknown."""
    found: dict[str, set[str | None]] = {}
    for base in world.all(KubernetesObject):
        if (base.group, base.kind) != ("networking.istio.io", "VirtualService"):
            continue
        rules = base.get("spec", "http").elements()
        if any((rule.get("redirect", "scheme").text or "").lower() == "https" for rule in rules):
            for item in base.get("spec", "gateways").elements():
                namespace, _, name = (item.text or "").rpartition("/")
                stated = namespace if namespace not in ("", ".") else base.namespace
                found.setdefault(name, set()).add(stated)
    return found


def _of_openshift(base: KubernetesObject) -> Iterator[PlainEntry]:
    spec = base.get("spec")
    if spec.is_map and spec.get("to").is_set and not spec.get("tls").is_set:
        yield PlainEntry(base, spec, "has no 'tls'", "'tls.termination: edge' or 'reencrypt'")


def _of_contour(base: KubernetesObject) -> Iterator[PlainEntry]:
    host = base.get("spec", "virtualhost")
    if host.get("fqdn").text and not host.get("tls").is_set:
        yield PlainEntry(base, host, "has a virtual host without 'tls'", "'tls.secretName'")


def _of_traefik(base: KubernetesObject) -> Iterator[PlainEntry]:
    spec = base.get("spec")
    entries = spec.get("entryPoints")
    names = {item.text for item in entries.elements()}
    redirects = any(
        "redirect" in (item.get("name").text or "").lower()
        or "https" in (item.get("name").text or "").lower()
        for route in spec.get("routes").elements()
        for item in route.get("middlewares").elements()
    )
    if names and names <= _PLAIN_ENTRIES and not spec.get("tls").is_set and not redirects:
        yield PlainEntry(base, entries, "is for plain entry points alone", "the entry point 'websecure'")


_READERS: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[PlainEntry]]] = {
    ("gateway.networking.k8s.io", "Gateway"): _of_gateway_api,
    ("networking.istio.io", "Gateway"): _of_istio,
    ("route.openshift.io", "Route"): _of_openshift,
    ("", "Route"): _of_openshift,  # as versions before 3.6 wrote it
    ("projectcontour.io", "HTTPProxy"): _of_contour,
    ("traefik.io", "IngressRoute"): _of_traefik,
    ("traefik.containo.us", "IngressRoute"): _of_traefik,
}
