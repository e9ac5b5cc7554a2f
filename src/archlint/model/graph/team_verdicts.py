"""The graph held against what the team says of calls: by edges of which nothing is doubtful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import TextFile
from archlint.finding import Confidence, ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.graph.build import described_graph
from archlint.model.graph.cycles import strongly_connected
from archlint.model.graph.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.team_calls import CallExample, CallLimit, CallRule, CallRuleKind, NodePattern
from archlint.model.services.protocols import EdgeKind
from archlint.model.world import World


def node_place(node: GraphNode) -> Place | None:
    """Where a party is defined: its object, its compose entry, or its Dockerfile; ``None`` if nowhere."""
    party = node.party
    if party is None:
        return None
    if party.service is not None:
        return party.service.anchor.node.get("metadata", "name").value_place()
    if party.composed:
        return party.composed[0].node.place()
    dockerfiles = (path for folder in party.folders for path in folder.dockerfiles)
    first = next(dockerfiles, None)
    return None if first is None else TextFile(first).place()


@dataclass(frozen=True)
class JudgedCall:
    """An edge that a rule of the team is broken by."""

    rule: CallRule
    caller: GraphNode
    callee: GraphNode
    edge: Edge

    @classmethod
    def all(cls, world: World) -> Iterable[JudgedCall]:
        """Every sure edge that a rule forbids, or that no rule allows where some do for its source."""
        team = world.team_calls
        if team is None or not team.rules:
            return
        graph: ServiceGraph = world.fact(described_graph)
        for edge in _sure(graph):
            caller, callee = graph.nodes[edge.source], graph.nodes[edge.target]
            rule = team.verdict(caller, callee, edge.protocol)
            if rule is not None:
                yield cls(rule, caller, callee, edge)

    @property
    def place(self) -> Place:
        """The first place that surely shows the edge."""
        sure = (item.place for item in self.edge.evidence if item.confidence is Confidence.HIGH)
        return next(sure)

    @property
    def source(self) -> Source:
        """The file of that place."""
        return self.place.source

    @property
    def object(self) -> ObjectRef:
        """The service that calls."""
        return _object(self.caller)


@dataclass(frozen=True)
class MissingCall:
    """A service that has to call something and does not."""

    rule: CallRule
    caller: GraphNode
    place: Place

    @classmethod
    def all(cls, world: World) -> Iterable[MissingCall]:
        """One for each service that a rule means and that has no edge to what it requires."""
        rules = world.team_calls.of_kind(CallRuleKind.REQUIRE) if world.team_calls else []
        if not rules:
            return
        graph: ServiceGraph = world.fact(described_graph)
        for rule in rules:
            served = {
                edge.source
                for edge in graph.edges
                if edge.kind is not EdgeKind.DECLARED
                and rule.means(graph.nodes[edge.source], graph.nodes[edge.target], edge.protocol)
            }
            for node in graph.nodes.values():
                place = node_place(node)
                is_meant = node.kind is NodeKind.SERVICE and rule.source.means(node)
                if is_meant and node.id not in served and place is not None and not rule.target.means(node):
                    yield cls(rule, node, place)

    @property
    def source(self) -> Source:
        """The file that defines the service."""
        return self.place.source

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return _object(self.caller)


@dataclass(frozen=True)
class EmptySide:
    """A side of a rule that means nothing in the repository."""

    rule: CallRule
    side: str
    text: str
    place: Place

    @classmethod
    def all(cls, world: World) -> Iterable[EmptySide]:
        """Every side that means no node."""
        rules = world.team_calls.rules if world.team_calls else ()
        nodes = world.fact(described_graph).nodes.values() if rules else ()
        for rule in rules:
            sides = (("from", rule.source, rule.source_place), ("to", rule.target, rule.target_place))
            for name, pattern, place in sides:
                if pattern != NodePattern() and not any(map(pattern.means, nodes)):
                    yield cls(rule, name, pattern.text, place)

    @property
    def source(self) -> Source:
        """The configuration."""
        return self.place.source

    @property
    def object(self) -> None:
        """No object."""
        return


@dataclass(frozen=True)
class WrongExample:
    """An example of the configuration about which the rules say the opposite."""

    example: CallExample
    rule: CallRule | None
    """The rule that forbids it; ``None`` if nothing does."""

    @classmethod
    def all(cls, world: World) -> Iterable[WrongExample]:
        """Every example that does not hold."""
        team = world.team_calls
        if team is None or not team.examples:
            return
        nodes = {node.name: node for node in world.fact(described_graph).nodes.values() if node.party}
        for example in team.examples:
            caller, callee = (nodes.get(name) or _imagined(name) for name in (example.source, example.target))
            rule = team.verdict(caller, callee, "http")
            if (rule is None) is not example.is_allowed:
                yield cls(example, rule)

    @property
    def source(self) -> Source:
        """The configuration."""
        return self.example.place.source

    @property
    def object(self) -> None:
        """No object."""
        return


@dataclass(frozen=True)
class WideCaller:
    """A service that calls more services than the limit."""

    caller: GraphNode
    callees: tuple[Edge, ...]
    """One edge to each."""
    limit: CallLimit

    @classmethod
    def all(cls, world: World) -> Iterable[WideCaller]:
        """Every service above the limit."""
        limit = world.team_calls.fan_out if world.team_calls else None
        if limit is None:
            return
        graph: ServiceGraph = world.fact(described_graph)
        for node, edges in _calls(graph).items():
            if len(edges) > limit.most:
                yield cls(graph.nodes[node], tuple(edges.values()), limit)

    @property
    def place(self) -> Place:
        """Where the service is defined, else its first call."""
        return node_place(self.caller) or self.callees[0].proof.place

    @property
    def source(self) -> Source:
        """The file of that place."""
        return self.place.source

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return _object(self.caller)


@dataclass(frozen=True)
class LongChain:
    """Calls of which each causes the next, more of them than the limit."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[Edge, ...]
    limit: CallLimit

    @classmethod
    def all(cls, world: World) -> Iterable[LongChain]:
        """The longest chain above the limit of each service that nobody calls; cycles are not walked."""
        limit = world.team_calls.chain if world.team_calls else None
        if limit is None:
            return
        graph: ServiceGraph = world.fact(described_graph)
        for way in _longest_ways(_calls(graph)):
            if len(way) > limit.most:
                ids = (way[0].source, *(edge.target for edge in way))
                yield cls(tuple(graph.nodes[item] for item in ids), tuple(way), limit)

    @property
    def place(self) -> Place:
        """What shows the first call."""
        return self.edges[0].proof.place

    @property
    def source(self) -> Source:
        """The file of that place."""
        return self.place.source

    @property
    def object(self) -> ObjectRef:
        """The service that begins it."""
        return _object(self.nodes[0])


def _sure(graph: ServiceGraph) -> Iterator[Edge]:
    for edge in graph.edges:
        if edge.kind is not EdgeKind.DECLARED and edge.confidence is Confidence.HIGH:
            yield edge


def _calls(graph: ServiceGraph) -> dict[str, dict[str, Edge]]:
    """Sure calls between services, by caller and callee."""
    calls: dict[str, dict[str, Edge]] = defaultdict(dict)
    for edge in _sure(graph):
        ends = {graph.nodes[edge.source].kind, graph.nodes[edge.target].kind}
        if edge.kind is EdgeKind.SYNC and ends == {NodeKind.SERVICE}:
            calls[edge.source].setdefault(edge.target, edge)
    return calls


def _longest_ways(calls: dict[str, dict[str, Edge]]) -> Iterator[list[Edge]]:
    """The longest way from each node that nothing calls; calls within a cycle are left out."""
    homes = {node: at for at, group in enumerate(strongly_connected(calls)) for node in group}
    longest: dict[str, Edge | None] = {}
    lengths: dict[str, int] = {}
    # components come callees first, so what a node calls is known when it is reached
    for node in sorted(homes, key=lambda item: (homes[item], item)):
        best = max(
            (edge for edge in calls.get(node, {}).values() if homes[edge.target] != homes[node]),
            key=lambda edge: (lengths.get(edge.target, 0), edge.target),
            default=None,
        )
        longest[node] = best
        lengths[node] = 0 if best is None else lengths.get(best.target, 0) + 1
    called = {target for targets in calls.values() for target in targets}
    for start in sorted(node for node in calls if node not in called):
        way: list[Edge] = []
        edge = longest[start]
        while edge is not None:
            way.append(edge)
            edge = longest[edge.target]
        yield way


def _imagined(name: str) -> GraphNode:
    return GraphNode(name, NodeKind.SERVICE, name)


def _object(node: GraphNode) -> ObjectRef:
    return ObjectRef(node.kind.value, node.name, node.namespace)
