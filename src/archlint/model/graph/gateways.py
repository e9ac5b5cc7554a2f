"""Routes from outside: Ingress, Gateway API, Istio, OpenShift, as pairs of a gateway and a host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World


@dataclass(frozen=True)
class RoutedBackend:
    """One backend that a gateway sends calls to."""

    base: KubernetesObject
    gateway: str
    namespace: str | None
    host: str
    """A Service's name, or a host as Istio's routes name it."""
    port: int | None
    node: Node
    """The value that names the backend."""

    @classmethod
    def all(cls, world: World) -> Iterable[RoutedBackend]:
        """Every route of every object that leads into the cluster."""
        for base in world.all(KubernetesObject):
            routes = _ROUTES.get((base.group, base.kind))
            if routes is not None:
                yield from routes(base)

    @property
    def source(self) -> Document:
        """The document that holds the route."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The object that holds the route."""
        return self.base.object


def _of_ingress(base: KubernetesObject) -> Iterator[RoutedBackend]:
    spec = base.get("spec")
    backends = [spec.get("defaultBackend"), spec.get("backend")]
    for rule in spec.get("rules").elements():
        backends += [path.get("backend") for path in rule.get("http", "paths").elements()]
    for backend in backends:
        for name, port in (
            (backend.get("service", "name"), backend.get("service", "port", "number")),
            (backend.get("serviceName"), backend.get("servicePort")),
        ):
            if name.text:
                yield RoutedBackend(base, base.name, base.namespace, name.text, port.integer, name)


def _of_gateway_api(base: KubernetesObject) -> Iterator[RoutedBackend]:
    for parent in base.get("spec", "parentRefs").elements():
        name = parent.get("name").text
        if name is None or parent.get("kind").text not in (None, "Gateway"):
            continue
        for rule in base.get("spec", "rules").elements():
            for backend in rule.get("backendRefs").elements():
                target = backend.get("name")
                if target.text and backend.get("kind").text in (None, "Service"):
                    namespace = backend.get("namespace").text
                    host = f"{target.text}.{namespace}.svc" if namespace else target.text
                    where = parent.get("namespace").text or base.namespace
                    yield RoutedBackend(base, name, where, host, backend.get("port").integer, target)


def _of_istio(base: KubernetesObject) -> Iterator[RoutedBackend]:
    gateways = [item.text for item in base.get("spec", "gateways").elements()]
    for gateway in gateways:
        if gateway is None or gateway == "mesh":
            continue
        namespace, slash, name = gateway.rpartition("/")
        for destination in destinations(base):
            host, port = destination.get("host"), destination.get("port", "number").integer
            if host.text:
                yield RoutedBackend(base, name, namespace if slash else base.namespace, host.text, port, host)


def _of_openshift(base: KubernetesObject) -> Iterator[RoutedBackend]:
    for target in (base.get("spec", "to"), *base.get("spec", "alternateBackends").elements()):
        name = target.get("name")
        if name.text and target.get("kind").text in (None, "Service"):
            yield RoutedBackend(base, base.name, base.namespace, name.text, None, name)


def destinations(base: KubernetesObject) -> Iterator[Node]:
    """The destinations of an Istio VirtualService."""
    for protocol in ("http", "tcp", "tls"):
        for rule in base.get("spec", protocol).elements():
            for target in rule.get("route").elements():
                yield target.get("destination")


_ROUTES: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[RoutedBackend]]] = {
    ("networking.k8s.io", "Ingress"): _of_ingress,
    ("extensions", "Ingress"): _of_ingress,
    ("gateway.networking.k8s.io", "HTTPRoute"): _of_gateway_api,
    ("gateway.networking.k8s.io", "GRPCRoute"): _of_gateway_api,
    ("gateway.networking.k8s.io", "TLSRoute"): _of_gateway_api,
    ("gateway.networking.k8s.io", "TCPRoute"): _of_gateway_api,
    ("networking.istio.io", "VirtualService"): _of_istio,
    ("route.openshift.io", "Route"): _of_openshift,
    ("", "Route"): _of_openshift,
}
