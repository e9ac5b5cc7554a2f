"""Who calls the service that offers a contract, by the edges of the graph, and what of it their source uses.

An operation is used where a literal of the consumer's source writes its path; a method, message or field of a
proto where its name stands in the code. What is found that way is told as a use; a consumer whose source
shows none, or that has no source here, is told by the place that shows the call.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from archlint.finding import Confidence, Place
from archlint.finding.records import dataclass
from archlint.model.consumers.changed import Changed
from archlint.model.consumers.generated_names import accessor_pattern, client_pattern, name_pattern
from archlint.model.consumers.routes import means_route
from archlint.model.exposure.path_matches import Segments, segments_of
from archlint.model.graph import GraphNode, NodeKind, ServiceGraph, service_graph
from archlint.model.services.contracts import Contracts, contracts
from archlint.model.services.protocols import EdgeKind
from archlint.model.sources.by_party import party_sources
from archlint.model.sources.reading import SourceFile
from archlint.model.system.names import stem
from archlint.model.system.parties import Party
from archlint.model.world import World

MOST_USES = 5
"""Places that are told of one consumer."""


@dataclass(frozen=True)
class Consumer:
    """A service that calls the one that offers a contract."""

    name: str
    places: tuple[Place, ...]
    """Where its source uses what is asked about; else where the call is configured."""
    is_use: bool
    """Whether the places are uses of what is asked about."""


class Consumers:
    """Looks up the consumers of a world's contracts."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._graph: ServiceGraph = world.fact(service_graph)
        self._offering: dict[str, list[GraphNode]] = defaultdict(list)
        self._named: dict[str, list[GraphNode]] = defaultdict(list)
        self._contracts: Contracts = world.fact(contracts)
        for node in self._graph.nodes.values():
            if node.party is not None:
                self._named[stem(node.name)].append(node)
                for path in self._contracts.of(node.name):
                    self._offering[path].append(node)

    def providers(self, path: str, changed: Changed) -> list[Party]:
        """The parties that offer what has changed of a contract."""
        return [node.party for node in self._offer(path, changed) if node.party is not None]

    def of(self, path: str, changed: Changed) -> list[Consumer]:
        """The consumers of what has changed of a contract, each with where it uses that."""
        found: dict[str, Consumer] = {}
        for edge in (edge for node in self._offer(path, changed) for edge in self._graph.into(node.id)):
            caller = self._graph.nodes[edge.source]
            is_call = edge.kind is EdgeKind.SYNC and edge.confidence is not Confidence.LOW
            if is_call and caller.kind is NodeKind.SERVICE and caller.party and caller.name not in found:
                uses = tuple(islice(self._uses(caller.party, changed), MOST_USES))
                if uses or not changed.is_carried_by_none:
                    places = uses or (edge.proof.place,)
                    found[caller.name] = Consumer(caller.name, places, bool(uses))
        return [found[name] for name in sorted(found)]

    def _offer(self, path: str, changed: Changed) -> list[GraphNode]:
        """The services that offer what has changed: of a proto file with several those that it names."""
        nodes = self._offering.get(path, [])
        if changed.services is None:
            return nodes
        wanted = set(map(stem, changed.services))
        named = [node for node in nodes if stem(node.name) in wanted]
        left = self._contracts.services(path)
        # the file does not name a service any more that is gone from it, and what runs may still be called so
        gone = [node for name in sorted(wanted - left) for node in self._named[name] if node not in nodes]
        named += [node for node in gone if not self._contracts.of(node.name)]
        return named or [node for node in nodes if stem(node.name) not in left]

    def _uses(self, party: Party, changed: Changed) -> Iterator[Place]:
        """Where the source of a party uses what has changed: the field, or else what holds it."""
        if changed.operations:
            routes = {segments_of(item.path) for item in changed.operations}
            fixed = [tuple(filter(None, route)) for route in routes]
            for file in self._files(party):
                if _may_write(file, fixed):
                    yield from _routes_in(file, routes)
        elif changed.name:
            name = name_pattern(changed.name)
            fields = list(self._fields(party, changed, name)) if changed.field else []
            yield from fields or (place for file in self._files(party) for place in _matches(file, name))

    def _fields(self, party: Party, changed: Changed, name: re.Pattern[str]) -> Iterator[Place]:
        """Where files that name a message, or a service that carries it, name a field of it."""
        holders = [name, *map(client_pattern, sorted(changed.services or ()))]
        field = accessor_pattern(changed.field)
        for file in self._files(party):
            text = file.text
            if not (field.search(text) and any(holder.search(text) for holder in holders)):
                continue
            code = file.code.plain
            if any(holder.search(code) for holder in holders):
                yield from _matches(file, field)

    def _files(self, party: Party) -> list[SourceFile]:
        return self._world.fact(party_sources).of(party)


def _may_write(file: SourceFile, fixed: Iterable[tuple[str, ...]]) -> bool:
    """Whether a text has all fixed parts of a path: to take a file apart costs much more."""
    text = file.text
    return any(parts and all(part in text for part in parts) for parts in fixed)


def _routes_in(file: SourceFile, routes: Iterable[Segments]) -> Iterator[Place]:
    """The literals of a file that write one of some paths."""
    for literal in file.code.literals:
        if any(means_route(literal.text, route) for route in routes):
            yield file.place(literal.inner, literal.inner + len(literal.text))


def _matches(file: SourceFile, pattern: re.Pattern[str]) -> Iterator[Place]:
    """The places of a pattern, one for each line."""
    if not pattern.search(file.text):
        return
    last = -1
    for match in pattern.finditer(file.code.plain):
        line = file.code.lines.position(match.start())[0]
        if line != last:
            yield file.place(match.start(), match.end())
        last = line


def consumers(world: World) -> Consumers:
    """The consumers of a world's contracts; ask with ``world.fact(consumers)``."""
    return Consumers(world)
