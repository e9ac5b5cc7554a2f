"""What keeps a service that fails, or is overloaded, from taking its callers with it.

A circuit breaker stops calls to what answers with errors, a bulkhead bounds how many calls are under way at a
time. Meshes have both, and libraries of callers.

Sources: Istio, OutlierDetection and ConnectionPoolSettings; Linkerd, "Circuit Breaking"; Kuma,
MeshCircuitBreaker; Consul, ``UpstreamConfig``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.istio.destination_rules import DestinationRule, destination_rules
from archlint.model.kubernetes import KubernetesObject
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.mesh_routes import MeshRoute
from archlint.model.services.meshes import meshes
from archlint.model.services.resolution import service_names
from archlint.model.system.libraries import builds_with
from archlint.model.world import World

_ACCRUAL = "balancer.linkerd.io/failure-accrual"
_LIBRARIES = (
    *("resilience4j", "hystrix", "sentinel", "failsafe", "fault-tolerance", "circuitbreaker", "gobreaker"),
    *("circuit-breaker", "opossum", "cockatiel", "polly", "pybreaker", "hystrix-go", "aiobreaker", "fortify"),
)
"""Words of libraries that break circuits in the caller."""
_OTHERS = frozenset({("kuma.io", "MeshCircuitBreaker"), ("consul.hashicorp.com", "ServiceDefaults")})
"""Kinds of other meshes that may break circuits, for services that are not followed here."""
_POOLS = (
    ("tcp", "maxConnections"),
    ("http", "http1MaxPendingRequests"),
    ("http", "http2MaxRequests"),
    ("http", "maxRequestsPerConnection"),
)
_RESOURCES = ("cpu", "memory")


@dataclass(frozen=True, eq=False)
class CalledService:
    """A service that others surely call, and what stands between it and them."""

    service: Service
    calls: tuple[Edge, ...]
    """One of each caller."""
    callers: tuple[GraphNode, ...]
    rules: Sequence[DestinationRule]
    """The destination rules for its host."""
    front: KubernetesObject

    @classmethod
    def all(cls, world: World) -> Iterable[CalledService]:
        """Every service behind a Service of Kubernetes that another one surely calls."""
        graph: ServiceGraph = world.fact(service_graph)
        known = world.fact(destination_rules)
        for node in graph.nodes.values():
            service = node.service if node.kind is NodeKind.SERVICE else None
            calls = tuple(_calls(graph, node)) if service is not None and service.fronts else ()
            if service is not None and calls:
                front = service.fronts[0]
                host = f"{front.name}.{front.namespace}.svc.cluster.local" if front.namespace else front.name
                rules = known.of_host(host, front.namespace).rules
                yield cls(service, calls, tuple(graph.nodes[edge.source] for edge in calls), rules, front)

    @property
    def source(self) -> Document:
        """The document of its Service."""
        return self.front.source

    @property
    def object(self) -> ObjectRef:
        """Its Service."""
        return self.front.object

    @property
    def breaks(self) -> bool:
        """Whether the mesh stops or bounds calls to it."""
        return self.is_bounded or any(
            policy.get("outlierDetection").is_map for rule in self.rules for policy in _policies(rule)
        )

    @property
    def is_bounded(self) -> bool:
        """Whether the mesh bounds how many calls are under way, or connections are open."""
        return any(
            policy.get("connectionPool", *way).is_set
            for rule in self.rules
            for policy in _policies(rule)
            for way in _POOLS
        )

    @property
    def accrual(self) -> bool:
        """Whether Linkerd stops calls to it."""
        return any(front.get("metadata", "annotations", _ACCRUAL).is_set for front in self.service.fronts)


def _calls(graph: ServiceGraph, node: GraphNode) -> Iterator[Edge]:
    seen: set[str] = set()
    for edge in graph.into(node.id):
        caller = graph.nodes[edge.source].name
        if caller not in seen and graph.is_service_call(edge):
            seen.add(caller)
            yield edge


def _policies(rule: DestinationRule) -> Iterator[Node]:
    spec = rule.base.get("spec")
    own = [spec.get("trafficPolicy"), *(item.get("trafficPolicy") for item in spec.get("subsets").elements())]
    for policy in own:
        yield policy
        yield from policy.get("portLevelSettings").elements()


class Means:
    """What a system has to break circuits with."""

    def __init__(self, world: World) -> None:
        self._world = world
        objects = world.all(KubernetesObject)
        self.is_elsewhere = any((item.group, item.kind) in _OTHERS for item in objects)
        """Whether a mesh that is not followed may do it."""
        self.is_linkerd = any(item.group.endswith("linkerd.io") for item in objects) or any(
            "linkerd.io/inject" in (*item.labels, *_notes(item))
            for item in objects
            if item.kind == "Namespace"
        )

    def breaks(self, caller: GraphNode) -> bool:
        """Whether a library of the caller may do it."""
        return caller.party is not None and builds_with(self._world, caller.party, _LIBRARIES)

    def is_routed(self, service: Service) -> bool:
        """Whether a route or a destination rule of a mesh is for a service."""
        return id(service) in self._world.fact(_routed)


def _routed(world: World) -> set[int]:
    """The services that mesh routes and destination rules are for, by identity."""
    routes = [route for route in world.all(MeshRoute) if route.carries_inside and not route.is_service]
    if not routes:
        return set()
    names, groups = world.fact(service_names), world.fact(service_groups)
    fronts = (front for route in routes for host in route.hosts for front in names.resolve(host, route.base))
    return {id(groups.of_front(front)) for front in fronts}


def is_meshed(caller: GraphNode, world: World) -> bool:
    """Whether a proxy stands beside a service that calls."""
    known = world.fact(meshes)
    return any(known.has(item) for item in (caller.service.workloads if caller.service else ()))


def means(world: World) -> Means:
    """The means of a world; ask with ``world.fact(means)``."""
    return Means(world)


def _notes(item: KubernetesObject) -> Iterator[str]:
    return (key for key, _ in item.get("metadata", "annotations").items())


def unlimited(service: Service) -> Node | None:
    """The first main container of a service without limits of its own; ``None`` if all have some."""
    for workload in service.workloads:
        for container in workload.containers:
            limits = container.get("resources", "limits")
            if container.role == "main" and not any(limits.get(name).is_set for name in _RESOURCES):
                return container.get("resources")
    return None
