"""Ways past the gateway: services that are opened to the outside themselves, beside others that callers reach
through the gateway alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.graph.gateways import RoutedBackend
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.services import protocols
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.resolution import service_names
from archlint.model.system.images import image_name
from archlint.model.world import World

_ENTRANCE = regex(
    r"(?:gateway|ingress|edge|proxy|router|traefik|nginx|envoy|haproxy|kong|apisix|contour|ambassador|emissary"
    r"|istio|cilium|metallb|caddy|varnish|tunnel|vpn|bastion|dns|registry)"
)
"""Matches names and images of what lets calls in, or serves something else than calls to an API."""
_CARRIED = frozenset({"http", "https", "http2", "grpc", "grpcs", "h2c", "ws", "wss", "web", "grpc-web"})
_IN_CLUSTER = regex(r"nginx|traefik|haproxy|kong|contour|istio|cilium|envoy|apisix")
_ON_NODES = "type NodePort"
_MOST_ROUTES = 200
"""Routes of a namespace that are looked through for one that belongs to a service."""
_INTERNAL = regex(r"internal|private|mesh-only|intranet")


@dataclass(frozen=True, eq=False)
class Bypass:
    """One way past the gateway."""

    service: Service
    base: KubernetesObject
    """The object that opens it."""
    node: Node
    """What opens it."""
    how: str
    routes: tuple[RoutedBackend, ...]
    """Routes by which others, or the service too, are reached."""
    is_routed: bool
    """Whether the gateway leads to the service as well."""

    @classmethod
    def all(cls, world: World) -> Iterable[Bypass]:
        """Every service that is opened itself in a namespace of which the gateway serves others."""
        yield from _Finder(world).found()

    @property
    def source(self) -> Document:
        """The document that opens it."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The object that opens it."""
        return self.base.object


class _Finder:
    def __init__(self, world: World) -> None:
        self._world = world
        groups, names = world.fact(service_groups), world.fact(service_names)
        self._sets = world.fact(deployment_sets)
        self._routes: dict[int, list[RoutedBackend]] = defaultdict(list)
        self._of_namespace: dict[str | None, dict[int, RoutedBackend]] = defaultdict(dict)
        for route in world.all(RoutedBackend):
            for front in names.resolve(route.host, route.base):
                service = groups.of_front(front)
                self._routes[id(service)].append(route)
                self._of_namespace[service.namespace].setdefault(id(service), route)

    def found(self) -> Iterator[Bypass]:
        for service in self._world.all(Service):
            others = self._of_namespace[service.namespace]
            own = self._routes[id(service)]
            first = islice((route for key, route in others.items() if key != id(service)), _MOST_ROUTES)
            routes = own or list(first)
            if not routes or service.store_protocol is not None or _is_entrance(service):
                continue
            for base, node, how in (*_of_fronts(service, bool(own)), *_of_pods(service)):
                beside = self._sets.paths_beside(base)
                near = tuple(
                    route
                    for route in routes
                    if route.source.path in beside and (own or _are_one_system(route.base, base))
                )
                if near and not (how == _ON_NODES and own and all(map(_may_need_nodes, near))):
                    yield Bypass(service, base, node, how, near, bool(own))


def _of_fronts(service: Service, is_routed: bool) -> Iterator[tuple[KubernetesObject, Node, str]]:
    for front in service.fronts:
        kind = front.get("spec", "type")
        is_open = kind.text in ("NodePort", "LoadBalancer") and not _is_internal(front)
        if is_open and service.workloads and (is_routed or _is_carried(front)):
            yield front, kind, f"type {kind.text}"


def _of_pods(service: Service) -> Iterator[tuple[KubernetesObject, Node, str]]:
    for workload in service.workloads:
        if workload.kind == "DaemonSet" or not workload.is_long_running:
            continue
        for entry in (
            entry for item in workload.containers for entry in item.get("ports").elements() if item.is_lasting
        ):
            port = entry.get("hostPort")
            if port.integer and entry.get("protocol").text in (None, "TCP"):
                yield workload.base, port, f"hostPort {port.integer}"


def _is_carried(front: KubernetesObject) -> bool:
    """Whether a gateway of HTTP could carry what a Service offers, as each of its ports says."""
    entries = list(front.get("spec", "ports").elements())
    return bool(entries) and all(_speaks_http(entry) for entry in entries)


def _speaks_http(entry: Node) -> bool:
    said = (entry.get("appProtocol").text or entry.get("name").text or "").lower()
    return said.partition("-")[0] in _CARRIED or protocols.of_port_name(said) in ("http", "grpc")


def _are_one_system(one: KubernetesObject, other: KubernetesObject) -> bool:
    """Whether two objects surely belong together: in a namespace that both name, else in one folder."""
    folders = [item.source.path.rpartition("/")[0] for item in (one, other)]
    return folders[0] == folders[1] or None is not one.namespace == other.namespace


def _may_need_nodes(route: RoutedBackend) -> bool:
    """Whether the gateway may be a load balancer of a cloud, which reaches pods by the ports of nodes."""
    if route.base.kind != "Ingress":
        return False
    named = route.base.get("spec", "ingressClassName").text or ""
    named += route.base.annotations.get("kubernetes.io/ingress.class", "")
    return _IN_CLUSTER.search(named.lower()) is None


def _is_internal(front: KubernetesObject) -> bool:
    texts = (
        *front.annotations,
        *front.annotations.values(),
        front.get("spec", "loadBalancerClass").text or "",
    )
    return any(_INTERNAL.search(text.lower()) for text in texts)


def _is_entrance(service: Service) -> bool:
    return any(_ENTRANCE.search(text.lower()) for text in _words(service))


def _words(service: Service) -> Iterator[str]:
    yield service.name
    for workload in service.workloads:
        yield workload.name
        yield from _images(workload)


def _images(workload: Workload) -> Iterator[str]:
    for container in workload.containers:
        if container.is_lasting:
            yield image_name(container.get("image").text or "")
