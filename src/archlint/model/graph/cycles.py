"""Cycles of calls: services that, by way of others, call themselves."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from itertools import pairwise

from archlint.finding import Confidence, ObjectRef, Place, Source
from archlint.finding.records import dataclass, replace
from archlint.model.graph.build import owner_of, service_graph, tells_of_browsers
from archlint.model.graph.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph
from archlint.model.proxies.routes import forwards
from archlint.model.services.protocols import EdgeKind
from archlint.model.services.references import Reference
from archlint.model.system.folder_homes import images_of, runs_web_server
from archlint.model.world import World

Calls = dict[str, dict[str, Edge]]
_SERVICE = NodeKind.SERVICE


@dataclass(frozen=True)
class CallCycle:
    """A group of services of which each calls, directly or not, every other."""

    path: tuple[str, ...]
    """Names along a shortest cycle; the last call, back to the first name, is the one to remove."""
    members: tuple[str, ...]
    """All services of the group, sorted."""
    evidence: tuple[Evidence, ...]
    """What shows each call of the path; the last is that of the call back."""
    owners: tuple[str, ...]
    """Who owns the services of the path, each once; empty if one has no owner that is known."""
    object: ObjectRef
    """The object that holds the call back; where no object does, the service that makes it."""

    @classmethod
    def all(cls, world: World) -> Iterable[CallCycle]:
        """One cycle for each group."""
        graph = world.fact(service_graph)
        calls = _calls(graph, world)
        depths = _depths(graph, calls)
        holders = {_key(ref.node.value_place()): ref.object for ref in world.all(Reference)}
        for group in strongly_connected(calls):
            if len(group) > 1:
                back = _call_back(group, calls, depths)
                way = shortest_way(back[1], back[0], group, calls)
                steps = [*pairwise(way), back]
                evidence = tuple(_own_evidence(calls[source][target])[0] for source, target in steps)
                names = tuple(graph.nodes[node].name for node in way)
                members = tuple(sorted(graph.nodes[node].name for node in group))
                caller = graph.nodes[way[-1]]
                holder = holders.get(_key(evidence[-1].place))
                yield cls(
                    names,
                    members,
                    evidence,
                    _owners([graph.nodes[node] for node in way], world),
                    holder or ObjectRef("service", caller.name, caller.namespace),
                )

    @property
    def source(self) -> Source:
        """The document that holds the call back."""
        return self.evidence[-1].place.source


def _key(place: Place) -> tuple[object, ...]:
    return (place.source.path, place.source.index, place.route)


def _owners(nodes: list[GraphNode], world: World) -> tuple[str, ...]:
    found = [owner_of(node, world) for node in nodes]
    names = dict.fromkeys(owner.name for owner in found if owner is not None)
    return tuple(names) if all(found) else ()


def _own_evidence(edge: Edge) -> list[Evidence]:
    return [item for item in edge.evidence if item.confidence is Confidence.HIGH]


def _calls(graph: ServiceGraph, world: World) -> Calls:
    """Calls between services that their own configuration shows. Left out are lists of peers in files, what a
    proxy or gateway passes on for its clients, and where an API says that its pages are: who scrapes or
    proxies everybody, or names them in a link, is not in a cycle with them; nobody waits for what watches."""
    calls: Calls = defaultdict(dict)
    passed_on = {sent.forward.place for sent in world.fact(forwards)}
    for edge in graph.edges:
        caller, callee = graph.nodes[edge.source].party, graph.nodes[edge.target].party
        if edge.kind is not EdgeKind.SYNC or edge.is_telemetry or (caller and runs_web_server(caller)):
            continue
        if caller and callee and not images_of(caller).isdisjoint(images_of(callee)):
            continue  # instances of one program are peers
        if (graph.nodes[edge.source].kind, graph.nodes[edge.target].kind) == (_SERVICE, _SERVICE):
            shown = [item for item in _own_evidence(edge) if item.place not in passed_on]
            if not all(tells_of_browsers(item.text.partition("=")[0]) for item in shown):
                calls[edge.source].setdefault(edge.target, replace(edge, evidence=tuple(shown)))
    return calls


def _depths(graph: ServiceGraph, calls: Calls) -> dict[str, int]:
    """Calls from where requests come in (gateways, and services that nobody calls) to each service."""
    called = {target for targets in calls.values() for target in targets}
    entries = [edge.target for edge in graph.edges if graph.nodes[edge.source].kind is NodeKind.GATEWAY]
    starts = dict.fromkeys([*entries, *sorted(node for node in calls if node not in called)])
    depths = dict.fromkeys(starts, 0)
    waiting = deque(starts)
    while waiting:
        node = waiting.popleft()
        for target in sorted(calls.get(node, ())):
            if target not in depths:
                depths[target] = depths[node] + 1
                waiting.append(target)
    return depths


def _call_back(group: frozenset[str], calls: Calls, depths: dict[str, int]) -> tuple[str, str]:
    """The call that leads farthest back to where requests come in: among equals the one that ends nearest
    to it, then the first by name."""
    inside = [(source, target) for source in group for target in calls[source] if target in group]

    def rank(ends: tuple[str, str]) -> tuple[int, int, tuple[str, str]]:
        source, target = depths.get(ends[0], 0), depths.get(ends[1], 0)
        return (target - source, target, ends)

    return min(inside, key=rank)


def shortest_way(
    start: str, end: str, group: frozenset[str], calls: Mapping[str, Iterable[str]]
) -> list[str]:
    """The nodes on a shortest way from one node of a strongly connected group to another."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for target in sorted(calls[node]):
            if target in group and target not in before and target != start:
                before[target] = node
                waiting.append(target)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


def strongly_connected(calls: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """Strongly connected components, by Tarjan's algorithm without recursion."""
    found: list[frozenset[str]] = []
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in sorted(calls):
        work = [(root, iter(sorted(calls.get(root, ()))))] if root not in number else []
        while work:
            node, targets = work[-1]
            if node not in number:
                number[node] = low[node] = len(number)
                stack.append(node)
                on_stack.add(node)
            target = next(targets, None)
            if target is not None and target not in number:
                work.append((target, iter(sorted(calls.get(target, ())))))
            elif target is not None:
                if target in on_stack:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == number[node]:
                    group = [stack.pop()]
                    while group[-1] != node:
                        group.append(stack.pop())
                    found.append(frozenset(group))
                    on_stack.difference_update(group)
    return found
