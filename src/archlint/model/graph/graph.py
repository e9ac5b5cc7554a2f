"""Nodes and edges of the service graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.services.grouping import Service
from archlint.model.services.protocols import EdgeKind


class NodeKind(StrEnum):
    """What a node of the graph is."""

    SERVICE = "service"
    DATASTORE = "datastore"
    TOPIC = "topic"
    """A message broker or a topic."""
    EXTERNAL = "external"
    GATEWAY = "gateway"


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
    service: Service | None = None
    """What is known about it, for boxes that the repository deploys."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows an edge."""

    place: Place
    text: str
    """What stands there, without user names and passwords."""
    is_written_for_one: bool = True
    """Whether it configures this caller alone (a variable, an argument): no list of peers in a file, no value
    that several services take from one ConfigMap."""

    is_at_hand: bool = False
    """Whether it only shows that the caller could read the address: several services take it all from one
    ConfigMap, and nothing says which of them uses it."""

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

    @property
    def is_doubtful(self) -> bool:
        """Whether nothing shows that the source uses the address."""
        return bool(self.evidence) and all(item.is_at_hand for item in self.evidence)


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

    def into_service(self, service: Service) -> Sequence[Edge]:
        """The edges that end at a service."""
        return self._into.get(self._ids.get(id(service), ""), ())


def node_id(kind: NodeKind, name: str, namespace: str | None = None) -> str:
    """The id of a node: ``kind:namespace/name``, without the namespace where none is known."""
    return f"{kind}:{namespace}/{name}" if namespace else f"{kind}:{name}"
