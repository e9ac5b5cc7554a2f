"""Calls that cross zones although a pod of the called service stands in the same one.

Source: Kubernetes, "Traffic distribution for Services" (``spec.trafficDistribution``, stable since 1.33) and
"Topology aware routing" (the annotation before it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archlint.documents import Document
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import Edge, NodeKind, ServiceGraph
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.spreading import is_spread_over_zones
from archlint.model.world import World

_ANNOTATIONS = ("service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints")


@dataclass(frozen=True, eq=False)
class ZoneCrossing:
    """A Service that leads its callers to pods of any zone, and the calls that are led there."""

    service: KubernetesService
    calls: Mapping[str, Edge]
    """One sure call of each service whose pods stand in several zones too, by its name."""

    @classmethod
    def all(cls, world: World) -> Iterable[ZoneCrossing]:
        """Every Service whose pods, and some of whose callers' pods, are spread over zones."""
        spread = {id(each) for each in world.all(Workload) if is_spread_over_zones(each)}
        if len(spread) < 2:
            return
        graph: ServiceGraph = world.fact(service_graph)
        zoned = {
            node.id
            for node in graph.nodes.values()
            if node.kind is NodeKind.SERVICE
            and node.service is not None
            and any(id(each) in spread for each in node.service.workloads)
        }
        for identifier in sorted(zoned):
            node = graph.nodes[identifier]
            calls = {
                graph.nodes[edge.source].name: edge
                for edge in graph.into(identifier)
                if edge.is_sure_call and edge.source in zoned and edge.source != identifier
            }
            assert node.service is not None
            for workload in node.service.workloads if calls else ():
                for service in world.fact(routing).services.get(workload, ()):
                    if not _keeps_near(service):
                        yield cls(service, calls)

    @property
    def source(self) -> Document:
        """The document of the Service."""
        return self.service.base.source

    @property
    def object(self) -> ObjectRef:
        """The Service."""
        return self.service.base.object


def _keeps_near(service: KubernetesService) -> bool:
    """Whether a Service prefers pods of the caller's zone, or callers choose pods themselves (headless)."""
    spec = service.base.get("spec")
    if spec.get("clusterIP").text == "None" or spec.get("internalTrafficPolicy").text == "Local":
        return True
    return spec.get("trafficDistribution").is_set or any(
        service.base.get("metadata", "annotations", key).is_set for key in _ANNOTATIONS
    )
