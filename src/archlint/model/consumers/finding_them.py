"""Who calls the service that offers a contract, by the edges of the graph, and what of it their source uses.

An operation is used where a literal of the consumer's source writes its path, or its code calls a method of
its name; a message where its name stands in the code. What is found that way is told as a use; a consumer
whose source shows none, or that has no source here, is told by the place that shows the call.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from posixpath import dirname

from archlint.finding import Confidence, OperationName, Place
from archlint.finding.records import dataclass
from archlint.model.consumers.routes import means_route
from archlint.model.exposure.path_matches import Segments, segments_of
from archlint.model.graph import Edge, NodeKind, ServiceGraph, service_graph
from archlint.model.services.contracts import Contracts, contracts
from archlint.model.services.protocols import EdgeKind
from archlint.model.sources.reading import SourceFile, source_files
from archlint.model.system.parties import Parties, Party, parties
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
        self._edges: dict[str, list[Edge]] = defaultdict(list)
        self._providers: dict[str, list[Party]] = defaultdict(list)
        known: Contracts = world.fact(contracts)
        for node in self._graph.nodes.values():
            if node.party is None:
                continue
            for path in known.of(node.name):
                self._edges[path] += self._graph.into(node.id)
                self._providers[path].append(node.party)
        self._sources: dict[int, list[SourceFile]] | None = None

    def providers(self, path: str) -> list[Party]:
        """The parties that offer a contract."""
        return self._providers.get(path, [])

    def of(self, path: str, operations: Sequence[OperationName] = (), element: str = "") -> list[Consumer]:
        """The consumers of a contract, each with where it uses some operations, or an element of a proto."""
        found: dict[str, Consumer] = {}
        for edge in self._edges.get(path, ()):
            caller = self._graph.nodes[edge.source]
            is_call = edge.kind is EdgeKind.SYNC and edge.confidence is not Confidence.LOW
            if is_call and caller.kind is NodeKind.SERVICE and caller.party is not None:
                uses = tuple(islice(self._uses(caller.party, operations, element), MOST_USES))
                places = uses or (edge.evidence[0].place,)
                found.setdefault(caller.name, Consumer(caller.name, places, bool(uses)))
        return [found[name] for name in sorted(found)]

    def _uses(self, party: Party, operations: Sequence[OperationName], element: str) -> Iterator[Place]:
        routes = {segments_of(item.path) for item in operations}
        pattern = _name_pattern(element)
        for file in self._files(party) if routes or pattern else ():
            yield from _in_file(file, routes, pattern)

    def _files(self, party: Party) -> list[SourceFile]:
        """The source files of a party."""
        if self._sources is None:
            self._sources = defaultdict(list)
            known: Parties = self._world.fact(parties)
            for file in self._world.fact(source_files).files:
                for owner in known.of_path(dirname(file.path)):
                    self._sources[id(owner)].append(file)
        return self._sources.get(id(party), [])


def _in_file(file: SourceFile, routes: set[Segments], pattern: re.Pattern[str] | None) -> Iterator[Place]:
    for literal in file.code.literals if routes else ():
        if any(means_route(literal.text, route) for route in routes):
            yield file.place(literal.inner, literal.inner + len(literal.text))
    for match in pattern.finditer(file.code.plain) if pattern else ():
        yield file.place(match.start(), match.end())


def consumers(world: World) -> Consumers:
    """The consumers of a world's contracts; ask with ``world.fact(consumers)``."""
    return Consumers(world)


def _name_pattern(element: str) -> re.Pattern[str] | None:
    """Matches the last part of a name of a proto as generated code spells it."""
    name = element.rpartition(".")[2]
    if len(name) < 3 or not name.isidentifier():
        return None
    return re.compile(rf"\b[{name[0].upper()}{name[0].lower()}]{re.escape(name[1:])}\b")
