"""Where Ingresses and routes of the Gateway API send what comes in.

Source: the Kubernetes API reference, Ingress in v1 and v1beta1, and the BackendObjectReference of the Gateway
API (``group`` is the core one and ``kind`` Service where nothing else is said).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.world import World

GROUPS = frozenset({"networking.k8s.io", "extensions"})
GATEWAYS = "gateway.networking.k8s.io"
ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})


@dataclass(frozen=True)
class Backend:
    """A Service, by name, and one of its ports."""

    name: Node
    port: Node
    """A number or a name; missing where the Service has one port alone, or nothing is said."""
    namespace: str | None


@dataclass(frozen=True)
class IngressPath:
    """One path of one host."""

    host: str
    """``*`` where no host is named."""
    node: Node


@dataclass(frozen=True)
class Ingress(ObjectFacet):
    """An Ingress, in any of its API versions."""

    @classmethod
    def all(cls, world: World) -> Iterable[Ingress]:
        """Every Ingress in the world."""
        for base in world.all(KubernetesObject):
            if base.kind == "Ingress" and base.group in GROUPS:
                yield cls(base)

    @property
    def is_old(self) -> bool:
        """Whether its backends are written as in v1beta1."""
        return self.base.api_version.endswith("v1beta1")

    def paths(self) -> Iterator[IngressPath]:
        """All paths, by host."""
        for rule in self.base.get("spec", "rules").elements():
            for path in rule.get("http", "paths").elements():
                yield IngressPath(rule.get("host").text or "*", path)

    def backend_nodes(self) -> Iterator[Node]:
        """What says where to send: of each path, and for all else."""
        for path in self.paths():
            yield path.node.get("backend")
        yield self.base.get("spec", "backend" if self.is_old else "defaultBackend")

    def backends(self) -> Iterator[Backend]:
        """The Services that it sends to; a backend that is a resource is none."""
        for node in self.backend_nodes():
            service = node.get("service")
            name = node.get("serviceName") if self.is_old else service.get("name")
            port = node.get("servicePort") if self.is_old else _port(service.get("port"))
            if name.text:
                yield Backend(name, port, self.namespace)

    def misspelt(self) -> Iterator[Node]:
        """Keys of backends that belong to the other API version, and so mean nothing."""
        for node in self.backend_nodes():
            yield from list(self._of_other_version(node))[:1]

    def keys_of_other_version(self) -> Iterator[Node]:
        """All such keys, where ``misspelt`` gives one for each backend."""
        for node in self.backend_nodes():
            yield from self._of_other_version(node)

    def _of_other_version(self, backend: Node) -> Iterator[Node]:
        wrong = ("service",) if self.is_old else ("serviceName", "servicePort")
        return (backend.get(key) for key in wrong if backend.get(key).is_set)


def _port(port: Node) -> Node:
    return port.get("number") if port.get("number").is_set else port.get("name")


@dataclass(frozen=True)
class GatewayRoute(ObjectFacet):
    """A route of the Gateway API."""

    @classmethod
    def all(cls, world: World) -> Iterable[GatewayRoute]:
        """Every route in the world."""
        for base in world.all(KubernetesObject):
            if base.group == GATEWAYS and base.kind in ROUTES:
                yield cls(base)

    def backends(self) -> Iterator[Backend]:
        """The Services that it sends to, mirrors included."""
        for rule in self.base.get("spec", "rules").elements():
            mirrors = (item.get("requestMirror", "backendRef") for item in rule.get("filters").elements())
            for node in (*rule.get("backendRefs").elements(), *mirrors):
                is_service = node.get("kind").text in (None, "Service") and not node.get("group").text
                if is_service and node.get("name").text:
                    yield Backend(
                        node.get("name"), node.get("port"), node.get("namespace").text or self.namespace
                    )
