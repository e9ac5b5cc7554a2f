"""Retries at several places of one way of calls, which multiply.

If the last service of a way fails, each caller on the way makes its call as often as its retries allow, and
each of these has the next caller do the same: the last service gets the product of all.

Source: Google, "Site Reliability Engineering", chapter "Addressing Cascading Failures" (retries).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from archlint.documents import Node
from archlint.finding import ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.model.graph.build import service_graph
from archlint.model.graph.cycles import strongly_connected
from archlint.model.graph.graph import Edge, NodeKind, ServiceGraph
from archlint.model.resilience.environments import by_environment
from archlint.model.resilience.grpc_clients import GrpcClients, grpc_clients
from archlint.model.resilience.timed_routes import TimedRoute, service_routes
from archlint.model.world import World

MOST_COUNTED = 1_000_000
"""Calls up to which the product is counted."""


@dataclass(frozen=True, eq=False)
class Hop:
    """One call of a way that is repeated."""

    caller: str
    callee: str
    tries: int
    retries: Node
    """What says how often."""


@dataclass(frozen=True, eq=False)
class RetryProduct:
    """The way to a service on which one request becomes the most calls to it."""

    hops: tuple[Hop, ...]
    """Two or more, the first caller first."""

    @classmethod
    def all(cls, world: World) -> Iterable[RetryProduct]:
        """One for each service at the end of such a way, in the environment in which it becomes most; calls
        within a cycle are left out."""
        routes = world.fact(service_routes)
        clients = world.fact(grpc_clients)
        if not any(way.is_inside for ways in routes.values() for way in ways) and not clients.are_known:
            return
        calls = SureCalls(world.fact(service_graph))
        found: dict[str, RetryProduct] = {}
        for chosen in by_environment(routes, world):
            inside = _least(chosen, lambda way: way.is_inside)
            edge = _least(chosen, lambda way: way.is_edge)
            if not inside and not clients.are_known:
                continue
            ways = _Ways(calls, inside, edge, clients)
            passed = {target for node in ways.retried for target in ways.before(node)}
            for node in sorted(set(ways.retried) - passed):
                item = cls(tuple(ways.hops(node)))
                if len(item.hops) > 1 and (node not in found or item.product > found[node].product):
                    found[node] = item
        for _, item in sorted(found.items()):
            yield item

    @property
    def product(self) -> int:
        """How many calls one request becomes, counted up to a number."""
        total = 1
        for hop in self.hops:
            total = min(total * hop.tries, MOST_COUNTED)
        return total

    @property
    def source(self) -> Source:
        """The file of the last retries."""
        return self.hops[-1].retries.document

    @property
    def object(self) -> ObjectRef:
        """The service at the end."""
        return ObjectRef("service", self.hops[-1].callee)


def _least(
    routes: Mapping[int, Sequence[TimedRoute]], is_meant: Callable[[TimedRoute], bool]
) -> dict[int, TimedRoute]:
    """Of the ways to each service that which repeats least often; none where one does not repeat."""
    found = {}
    for key, ways in routes.items():
        least = min(filter(is_meant, ways), key=lambda way: way.tries, default=None)
        if least is not None and least.retries is not None:
            found[key] = least
    return found


class SureCalls:
    """Sure calls between services, by caller and callee, and the services, callers before what they call."""

    def __init__(self, graph: ServiceGraph) -> None:
        self.graph = graph
        self.targets = _calls(graph)
        self._homes = {
            node: at for at, group in enumerate(strongly_connected(self.targets)) for node in group
        }
        self.order = sorted(self._homes, key=lambda item: (-self._homes[item], item))

    def is_circular(self, source: str, target: str) -> bool:
        """Whether the callee calls back, itself or by others."""
        return self._homes[source] == self._homes[target]


class _Ways:
    """To each service the way on which retries multiply most."""

    def __init__(
        self,
        calls: SureCalls,
        inside: Mapping[int, TimedRoute],
        edge: Mapping[int, TimedRoute],
        clients: GrpcClients,
    ) -> None:
        graph = calls.graph
        self._graph, self._clients = graph, clients
        self._inside, self._edge = _by_node(graph, inside), _by_node(graph, edge)
        self._last: dict[str, Edge] = {}
        self._products = {node: way.tries for node, way in self._edge.items()}
        for node in calls.order:
            for target, call in sorted(calls.targets.get(node, {}).items()):
                if not calls.is_circular(node, target):
                    self._reach(node, target, call)
        self.retried = [node for node, call in self._last.items() if any(self._repeats(call.source, node))]

    def _reach(self, node: str, target: str, call: Edge) -> None:
        product = self._products.get(node, 1)
        for tries, _ in self._repeats(node, target):
            product = min(product * tries, MOST_COUNTED)
        if product > self._products.get(target, 1):
            self._products[target] = product
            self._last[target] = call

    def _repeats(self, node: str, target: str) -> Iterator[tuple[int, Node]]:
        """How often a call is made: by the client, and each time by the mesh."""
        tries, told = self._clients.retries(self._graph.nodes[node], self._graph.nodes[target])
        if told is not None:
            yield tries, told
        route = self._inside.get(target)
        if route is not None and route.retries is not None:
            yield route.tries, route.retries

    def before(self, node: str) -> Iterator[str]:
        """The services on the way to one, without itself."""
        while node in self._last:
            node = self._last[node].source
            yield node

    def hops(self, node: str) -> Iterator[Hop]:
        """The repeated calls on the way to a service, the first one first."""
        way = [node, *self.before(node)][::-1]
        names = [self._graph.nodes[item].name for item in way]
        entry = self._edge.get(way[0])
        if entry is not None and entry.retries is not None:
            yield Hop("the edge", names[0], entry.tries, entry.retries)
        for at, item in enumerate(way[1:], 1):
            for tries, told in self._repeats(way[at - 1], item):
                yield Hop(names[at - 1], names[at], tries, told)


def _by_node(graph: ServiceGraph, ways: Mapping[int, TimedRoute]) -> dict[str, TimedRoute]:
    found = ((node.id, ways.get(id(node.service))) for node in graph.nodes.values() if node.service)
    return {node: way for node, way in found if way is not None}


def _calls(graph: ServiceGraph) -> Mapping[str, Mapping[str, Edge]]:
    """Sure calls between services, by caller and callee."""
    found: dict[str, dict[str, Edge]] = defaultdict(dict)
    for edge in graph.edges:
        if graph.nodes[edge.target].kind is NodeKind.SERVICE and graph.is_service_call(edge):
            found[edge.source].setdefault(edge.target, edge)
    return found
