"""Single points of failure: services of one pod that many others call.

By what is configured, no more: sure calls of different services, and the replicas that manifests and
autoscalers leave at least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import Confidence, ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.disruption import least_replicas
from archlint.model.kubernetes.workloads import REPLICATED
from archlint.model.system.observers import is_watching
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class SinglePoint:
    """A service of one pod, with the services that surely call it."""

    node: GraphNode
    workload: Workload
    count: Node
    """What says that there is one pod, or lacks it."""
    calls: tuple[Edge, ...]
    """One edge of each caller."""

    @classmethod
    def all(cls, world: World) -> Iterable[SinglePoint]:
        """Every service that one pod alone answers for, and that others call."""
        graph: ServiceGraph = world.fact(service_graph)
        for node in graph.nodes.values():
            workloads = node.service.workloads if node.kind is NodeKind.SERVICE and node.service else ()
            lasting = [item for item in workloads if item.is_long_running]
            if not lasting or len({item.name for item in lasting}) > 1:
                continue
            alone = next((item for item in lasting if _is_alone(item, world)), None)
            if alone is None or (node.party is not None and is_watching(node.party)):
                continue
            calls = tuple(_sure_calls(graph, node))
            if calls:
                yield cls(node, alone, _count(alone, world), calls)

    @property
    def callers(self) -> list[tuple[str, Place]]:
        """Who calls, and what surely shows it."""
        return [(edge.source, _shown(edge)) for edge in self.calls]

    @property
    def source(self) -> Document:
        """The document that says how many pods there are."""
        return self.count.document

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.workload.object


def _lasts(node: GraphNode) -> bool:
    """Whether a caller runs for ever, and is no job."""
    workloads = node.service.workloads if node.service else ()
    return not workloads or any(item.is_long_running for item in workloads)


def _is_alone(workload: Workload, world: World) -> bool:
    return workload.kind in REPLICATED and least_replicas(workload, world) == 1


def _count(workload: Workload, world: World) -> Node:
    scalers = world.fact(autoscaled).get(workload, ())
    lowest = min(scalers, key=lambda scaler: scaler.least, default=None)
    return lowest.least_node if lowest is not None else workload.base.get("spec", "replicas")


def _sure_calls(graph: ServiceGraph, node: GraphNode) -> Iterator[Edge]:
    seen: set[str] = set()
    for edge in graph.into(node.id):
        caller = graph.nodes[edge.source]
        is_call = edge.is_sure_call and caller.kind is NodeKind.SERVICE
        if is_call and _lasts(caller) and caller.name not in seen:
            seen.add(caller.name)
            yield edge


def _shown(edge: Edge) -> Place:
    return next(item.place for item in edge.evidence if item.confidence is Confidence.HIGH)
