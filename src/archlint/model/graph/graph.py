"""Nodes and edges of the service graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

from archlint.finding import Confidence, Place
from archlint.finding.records import dataclass
from archlint.model.services.grouping import Service
from archlint.model.services.protocols import EdgeKind
from archlint.model.system.evidence import strongest
from archlint.model.system.parties import Party


class NodeKind(StrEnum):
    """What a node of the graph is."""

    SERVICE = "service"
    DATASTORE = "datastore"
    BROKER = "broker"
    TOPIC = "topic"
    """A topic, queue or channel of a broker."""
    EXTERNAL = "external"
    GATEWAY = "gateway"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One box."""

    id: str
    """Kind, namespace and name: the same as long as these are."""
    kind: NodeKind
    name: str
    namespace: str | None = None
    owner: str | None = None
    contracts: tuple[str, ...] = ()
    party: Party | None = None
    """What is known about it, for boxes that the repository holds."""
    hosts: tuple[str, ...] = ()
    """Names of hosts under which gateways make it public."""
    answers: tuple[str, ...] = ()
    """Hosts that other graphs call outside of them, and that it is."""
    sources: tuple[str, ...] = ()
    """The graphs that have it, where several are merged."""

    @property
    def service(self) -> Service | None:
        """What the cluster runs of it."""
        return self.party.service if self.party else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows an edge."""

    place: Place
    text: str
    """What stands there, without user names and passwords."""
    confidence: Confidence = Confidence.HIGH
    database: str = ""
    """The database or schema that the address names."""
    origin: str = ""
    """The graph that it comes from, where it was added to that of the repository."""

    def sort_key(self) -> tuple[str, int, int, str]:
        """Path, line, column, text."""
        span = self.place.span()
        return (self.place.source.path, span.line, span.column, self.text)


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow, by the ids of its ends."""

    source: str
    target: str
    kind: EdgeKind
    protocol: str
    evidence: tuple[Evidence, ...]
    sources: tuple[str, ...] = ()
    """The graphs that have it, where several are merged."""
    is_telemetry: bool = False
    """Whether it only serves to watch the system: traces, metrics and logs that are sent, read or shown."""

    @property
    def confidence(self) -> Confidence:
        """That of the best evidence."""
        return strongest(item.confidence for item in self.evidence)

    @property
    def is_sure_call(self) -> bool:
        """Whether the one surely calls the other, and waits for an answer."""
        return self.kind is EdgeKind.SYNC and self.confidence is Confidence.HIGH

    @property
    def proof(self) -> Evidence:
        """The first of its best evidence: an address rather than an order in which things start."""
        best = self.confidence
        return next(item for item in self.evidence if item.confidence is best)


class ServiceGraph:
    """All nodes and edges, sorted."""

    def __init__(self, nodes: Iterable[GraphNode], edges: Iterable[Edge]) -> None:
        self.nodes: dict[str, GraphNode] = {node.id: node for node in sorted(nodes, key=lambda item: item.id)}
        self.edges: tuple[Edge, ...] = tuple(
            sorted(edges, key=lambda item: (item.source, item.target, item.kind, item.protocol))
        )
        self._ids = {id(node.service): node.id for node in self.nodes.values() if node.service is not None}
        self._into: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            self._into[edge.target].append(edge)

    @property
    def told(self) -> Sequence[Edge]:
        """What a picture shows: all edges but declared ones beside a call or data of the same ends."""
        shown = {(edge.source, edge.target) for edge in self.edges if edge.kind is not EdgeKind.DECLARED}
        return [
            edge
            for edge in self.edges
            if edge.kind is not EdgeKind.DECLARED or (edge.source, edge.target) not in shown
        ]

    @property
    def boxes(self) -> Sequence[GraphNode]:
        """What a picture shows: all nodes but owners without edges, whose names stand with what they own."""
        ends = {end for edge in self.edges for end in (edge.source, edge.target)}
        return [node for node in self.nodes.values() if node.kind is not NodeKind.OWNER or node.id in ends]

    def into(self, node: str) -> Sequence[Edge]:
        """The edges that end at a node, given by its id."""
        return self._into.get(node, ())

    def into_service(self, service: Service) -> Sequence[Edge]:
        """The edges that end at a service."""
        return self.into(self._ids.get(id(service), ""))

    def is_service_call(self, edge: Edge) -> bool:
        """Whether a service surely calls something and waits for it, other than to watch or be watched."""
        is_from_service = self.nodes[edge.source].kind is NodeKind.SERVICE
        return is_from_service and edge.is_sure_call and not edge.is_telemetry


def node_id(kind: NodeKind, name: str, namespace: str | None = None) -> str:
    """The id of a node: ``kind:namespace/name``, without the namespace where none is known."""
    return f"{kind}:{namespace}/{name}" if namespace else f"{kind}:{name}"
