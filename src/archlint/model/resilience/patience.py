"""How long callers of a service wait for it, beside how long it waits for what it calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from archlint.documents import Document
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.graph import ServiceGraph, service_graph
from archlint.model.graph.graph import Edge
from archlint.model.resilience.environments import by_environment
from archlint.model.resilience.timed_routes import TimedRoute, timed_routes
from archlint.model.services.grouping import Service
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class ImpatientRoute:
    """The longest of the ways to a service, which ends before the service itself gives up a call."""

    route: TimedRoute
    service: Service
    call: Edge
    callee: Service
    inner: TimedRoute
    """The shortest of the ways by which the service calls on."""

    @classmethod
    def all(cls, world: World) -> Iterable[ImpatientRoute]:
        """One for each service and side, inside and edge, with the call that takes longest."""
        timed = world.fact(timed_routes)
        if not timed:
            return
        graph: ServiceGraph = world.fact(service_graph)
        by_id = {id(item.service): item.service for item in graph.nodes.values() if item.service}
        found: dict[tuple[int, bool], list[ImpatientRoute]] = defaultdict(list)
        for routes in by_environment(timed, world):
            longest = {key: list(_outer(ways)) for key, ways in routes.items()}
            for key, ways in routes.items():
                inner = min((way for way in ways if way.is_inside), key=_least, default=None)
                if inner is None or inner.least is None or key not in by_id:
                    continue
                for call, caller in _calls(graph, by_id[key]):
                    for is_edge, outer in longest.get(id(caller), ()):
                        if _lasting(outer) < inner.least:
                            item = cls(outer, caller, call, by_id[key], inner)
                            found[id(caller), is_edge].append(item)
        for items in found.values():
            yield max(items, key=lambda item: (_least(item.inner), item.callee.name))

    @property
    def source(self) -> Document:
        """The document of the way that ends too soon."""
        return self.route.base.source

    @property
    def object(self) -> ObjectRef:
        """The object that ends it."""
        return self.route.base.object


def _calls(graph: ServiceGraph, callee: Service) -> Iterator[tuple[Edge, Service]]:
    for call in graph.into_service(callee):
        caller = graph.nodes[call.source].service
        if caller is not None and graph.is_service_call(call):
            yield call, caller


def _lasting(route: TimedRoute) -> float | Fraction:
    return float("inf") if route.seconds is None else route.seconds


def _least(route: TimedRoute) -> float | Fraction:
    return float("inf") if route.least is None else route.least


def _outer(ways: Sequence[TimedRoute]) -> Iterator[tuple[bool, TimedRoute]]:
    """The longest way from inside, and that from the edge if it is another one."""
    inside = max((way for way in ways if way.is_inside), key=_lasting, default=None)
    edge = max((way for way in ways if way.is_edge), key=_lasting, default=None)
    if inside is not None:
        yield False, inside
    if edge is not None and edge is not inside:
        yield True, edge
