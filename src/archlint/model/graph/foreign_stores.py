"""Data of other owners: services that reach into a datastore which is not theirs.

Whose data it is, three signs tell: a database, or a store, that bears the name of a service is that
service's; a store is its owner's if a service of that owner keeps the same data in it. Who merely operates
a store for others owns none of their data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archlint.finding import Confidence, ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.graph.build import owner_of, service_graph
from archlint.model.graph.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph
from archlint.model.ownership.owners import Owner
from archlint.model.ownership.teams import team
from archlint.model.services.applications import serves_a_store
from archlint.model.services.databases import PlaceKey, paired_databases, place_key
from archlint.model.services.protocols import EdgeKind
from archlint.model.services.references import Reference
from archlint.model.system.folder_homes import images_of
from archlint.model.system.names import stem
from archlint.model.world import World

_OF_STORES = regex(
    r"[-_](?:db|database|store|data|sql|pg|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|valkey"
    r"|cache|cassandra|elasticsearch|opensearch)\d{0,3}\Z"
)


@dataclass(frozen=True)
class ForeignStore:
    """A service that uses a datastore of another owner."""

    caller: GraphNode
    own: Owner
    store: GraphNode
    database: str
    owner: Owner
    evidence: Evidence
    user: Place | None
    """Where a service of the store's owner names it."""
    object: ObjectRef
    """The object that names the store."""

    @classmethod
    def all(cls, world: World) -> Iterable[ForeignStore]:
        """Each use of data of another owner: caller, store and database once."""
        finder = _Finder(world)
        for edge in finder.graph.edges:
            caller = finder.graph.nodes[edge.source]
            if edge.kind is EdgeKind.DATA and caller.kind is NodeKind.SERVICE and not _is_tool(caller):
                yield from finder.foreign(edge)

    @property
    def source(self) -> Source:
        """The document that names the store."""
        return self.evidence.place.source


class _Finder:
    def __init__(self, world: World) -> None:
        self.graph: ServiceGraph = world.fact(service_graph)
        self._world = world
        self._paired: Mapping[PlaceKey, str] = world.fact(paired_databases)
        self._owners: dict[str, Owner | None] = {}
        self._named: dict[str, list[GraphNode]] = defaultdict(list)
        for node in self.graph.nodes.values():
            if node.kind is NodeKind.SERVICE:
                self._named[stem(node.name)].append(node)
        self._holders = {place_key(item.node.value_place()): item.object for item in world.all(Reference)}

    def foreign(self, edge: Edge) -> Iterator[ForeignStore]:
        """What an edge shows of data of others."""
        caller, store = self.graph.nodes[edge.source], self.graph.nodes[edge.target]
        own = self._owner(caller)
        if own is None:
            return
        seen: set[str] = set()
        for evidence in _sure(edge):
            database = self._database(evidence)
            if database in seen or _bears(caller.name, store, database):
                continue
            seen.add(database)
            owner, user = self._owner_of_data(store, database, own)
            if owner is None:
                continue
            holder = self._holders.get(place_key(evidence.place))
            holder = holder or ObjectRef("service", caller.name, caller.namespace)
            yield ForeignStore(caller, own, store, database, owner, evidence, user, holder)

    def _owner_of_data(
        self, store: GraphNode, database: str, own: Owner
    ) -> tuple[Owner | None, Place | None]:
        """Another owner than ``own`` whose data a store holds, and where a service of theirs names it."""
        stated = self._owner(store)
        if stated is not None and team(stated.name) == team(own.name):
            return None, None
        users = [
            (user, evidence)
            for edge in self.graph.into(store.id)
            if edge.kind is EdgeKind.DATA and not _is_tool(self.graph.nodes[edge.source])
            for evidence in _sure(edge)
            if self._database(evidence) == database
            and (user := self._owner(self.graph.nodes[edge.source])) is not None
        ]
        named = [owner for node in self._bearers(store, database) if (owner := self._owner(node))]
        if len({team(owner.name) for owner in named}) > 1:
            return None, None
        for owner in [*named[:1], *([] if named or stated is None else [stated])]:
            places = [item.place for user, item in users if team(user.name) == team(owner.name)]
            if team(owner.name) != team(own.name) and (named or places):
                is_same = stated is not None and team(stated.name) == team(owner.name)
                return (stated if is_same else owner), next(iter(places), None)
        return None, None

    def _bearers(self, store: GraphNode, database: str) -> list[GraphNode]:
        """The services whose name a database bears, or else a store."""
        names = [_OF_STORES.sub("", database), _OF_STORES.sub("", store.name.partition(".")[0])]
        return next((found for name in names if name and (found := self._named.get(stem(name)))), [])

    def _owner(self, node: GraphNode) -> Owner | None:
        if node.id not in self._owners:
            owner = owner_of(node, self._world)  # who has all files that nobody names knows no data
            self._owners[node.id] = None if owner is None or owner.is_for_the_rest else owner
        return self._owners[node.id]

    def _database(self, evidence: Evidence) -> str:
        return evidence.database or self._paired.get(place_key(evidence.place), "")


def _sure(edge: Edge) -> list[Evidence]:
    return [item for item in edge.evidence if item.confidence is Confidence.HIGH]


def _bears(name: str, store: GraphNode, database: str) -> bool:
    """Whether a database, or where none is named a store, has the name of a service in its own."""
    return stem(name) in stem(database or store.name)


def _is_tool(node: GraphNode) -> bool:
    images = images_of(node.party) if node.party else ()
    return serves_a_store([node.name, *images])
