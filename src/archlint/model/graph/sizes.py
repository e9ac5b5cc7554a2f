"""How large services are: what their contracts offer, whom they call and who calls them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.team_verdicts import node_place
from archlint.model.openapi import Contract, operations_of
from archlint.model.protobuf.schemas import ProtoService
from archlint.model.services.contracts import contracts
from archlint.model.services.protocols import EdgeKind
from archlint.model.system.names import stem
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class ServiceSize:
    """A service that runs for ever, with its sure calls and what it offers."""

    node: GraphNode
    place: Place
    """Where it is defined."""
    callers: tuple[Edge, ...]
    """One sure call of each service that calls it."""
    callees: tuple[Edge, ...]
    """One sure call to each service that it calls."""
    contracts: tuple[Place, ...]
    operations: int
    """What its contracts offer; none where it has no contract that is known."""
    is_sender: bool
    """Whether it keeps data, or works with topics or a broker."""

    @classmethod
    def all(cls, world: World) -> Iterable[ServiceSize]:
        """Every service once for each node of the graph."""
        graph: ServiceGraph = world.fact(service_graph)
        into, out = _calls(graph)
        kinds: dict[str, set[EdgeKind]] = defaultdict(set)
        for edge in graph.edges:
            kinds[edge.source].add(edge.kind)
            kinds[edge.target].add(edge.kind)
        for node in graph.nodes.values():
            workloads = node.service.workloads if node.kind is NodeKind.SERVICE and node.service else ()
            place = node_place(node) if any(item.is_long_running for item in workloads) else None
            if place is not None:
                offered = world.fact(_offered).get(stem(node.name), {})
                mixed = not kinds[node.id].isdisjoint((EdgeKind.DATA, EdgeKind.ASYNC))
                found = tuple(where for where, _ in offered.values())
                total = sum(count for _, count in offered.values())
                ends = tuple(into[node.id].values()), tuple(out[node.id].values())
                yield cls(node, place, *ends, found, total, mixed)

    @property
    def source(self) -> Source:
        """The file that defines it."""
        return self.place.source

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return ObjectRef("service", self.node.name, self.node.namespace)


_Ends = dict[str, dict[str, Edge]]


def _calls(graph: ServiceGraph) -> tuple[_Ends, _Ends]:
    """Sure calls between services, by callee and by caller; editions of one name are one end, and what
    only watches is none."""
    into: _Ends = defaultdict(dict)
    out: _Ends = defaultdict(dict)
    for edge in graph.edges:
        ends = graph.nodes[edge.source], graph.nodes[edge.target]
        if ends[1].kind is NodeKind.SERVICE and graph.is_service_call(edge):
            into[edge.target].setdefault(ends[0].name, edge)
            out[edge.source].setdefault(ends[1].name, edge)
    return into, out


def _offered(world: World) -> dict[str, dict[str, tuple[Place, int]]]:
    """The contracts of each service, by the stem of its name: by path, with how much they offer."""
    counts: dict[str, dict[str, tuple[Place, int]]] = defaultdict(dict)
    for contract in world.all(Contract):
        count = sum(1 for _ in operations_of(contract.path_items))
        counts[contract.source.path][""] = (contract.root.get("paths").place(), count)
    for service in world.all(ProtoService):
        counts[service.source.path][stem(service.name)] = (service.place(), len(service.rpcs))
    known = world.fact(contracts)
    found: dict[str, dict[str, tuple[Place, int]]] = defaultdict(dict)
    graph: ServiceGraph = world.fact(service_graph)
    for node in graph.nodes.values():
        name = stem(node.name)
        for path in known.of(node.name) if name not in found else ():
            offered = counts.get(path, {})
            own = offered.get("") or offered.get(name)
            if own is not None:
                found[name][path] = own
    return found
