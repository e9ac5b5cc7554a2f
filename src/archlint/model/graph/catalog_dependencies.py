"""What a software catalog says that components depend on, beside what the graph shows.

Source: Backstage, "Well-known Relations between Catalog Entities" (``dependsOn``, ``consumesApis``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import Confidence, ObjectRef
from archlint.finding.records import dataclass
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.ownership.catalog import CatalogEntity, catalog
from archlint.model.services.protocols import EdgeKind
from archlint.model.world import World

_BROKERS = (NodeKind.BROKER, NodeKind.TOPIC)


@dataclass(frozen=True)
class StatedDependency:
    """An entry of ``dependsOn`` or ``consumesApis`` whose ends are both nodes of the graph."""

    entity: CatalogEntity
    node: Node
    """The entry."""
    target: CatalogEntity
    is_shown: bool
    """Whether the graph has an edge between them, either way, or by way of a broker."""
    is_source_known: bool
    """Whether the graph has edges of the component at all."""

    @classmethod
    def all(cls, world: World) -> Iterable[StatedDependency]:
        """Every such entry, in the order of the text."""
        return world.fact(_dependencies).stated

    @property
    def source(self) -> Document:
        """The document of the catalog."""
        return self.entity.source

    @property
    def object(self) -> ObjectRef:
        """The component."""
        return self.entity.object


@dataclass(frozen=True)
class UnstatedDependency:
    """A connection of a component that states its dependencies, to another entity that is not among them."""

    entity: CatalogEntity
    target: CatalogEntity
    edge: Edge

    @classmethod
    def all(cls, world: World) -> Iterable[UnstatedDependency]:
        """Every such connection, by entity."""
        return world.fact(_dependencies).unstated

    @property
    def source(self) -> Document:
        """The document of the catalog."""
        return self.entity.source

    @property
    def object(self) -> ObjectRef:
        """The component."""
        return self.entity.object


class _Dependencies:
    def __init__(self, world: World) -> None:
        self._graph: ServiceGraph = world.fact(service_graph)
        self._catalog = world.fact(catalog)
        self._nodes = _nodes_of(self._graph, self._catalog.components)
        self._between: set[tuple[str, str]] = set()
        self._brokers: dict[str, set[str]] = defaultdict(set)
        self._callers: set[str] = set()
        for edge in self._graph.edges:
            if edge.kind is not EdgeKind.DECLARED:
                self._note(edge)
        self._providers: dict[str, list[CatalogEntity]] = defaultdict(list)
        for entity in self._catalog.entities:
            for api in entity.node.get("spec", "providesApis").elements():
                self._providers[_bare(api.text or "")].append(entity)
        components = [item for item in self._catalog.entities if self._nodes.get(id(item))]
        self.stated = [found for entity in components for found in self._stated(entity)]
        self.unstated = [found for entity in components for found in self._unstated(entity)]

    def _note(self, edge: Edge) -> None:
        self._between.add((edge.source, edge.target))
        self._callers.add(edge.source)
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if self._graph.nodes[other].kind in _BROKERS:
                self._brokers[one].add(other)

    def _entries(self, entity: CatalogEntity) -> Iterator[tuple[Node, list[CatalogEntity]]]:
        """The entries of an entity, with the entities that they may mean."""
        for item in entity.node.get("spec", "dependsOn").elements():
            found = self._catalog.components.get(_bare(item.text or ""))
            yield item, [] if found is None else [found]
        for item in entity.node.get("spec", "consumesApis").elements():
            yield item, self._providers.get(_bare(item.text or ""), [])

    def _stated(self, entity: CatalogEntity) -> Iterator[StatedDependency]:
        sources = self._nodes[id(entity)]
        for item, targets in self._entries(entity):
            known = [target for target in targets if self._nodes.get(id(target)) and target is not entity]
            if known and len(known) == len(targets):
                is_shown = any(self._connect(sources, self._nodes[id(target)]) for target in known)
                is_known = not self._callers.isdisjoint(sources)
                yield StatedDependency(entity, item, known[0], is_shown, is_known)

    def _connect(self, sources: set[str], targets: set[str]) -> bool:
        pairs = ((one, other) for one in sources for other in targets)
        if any((one, other) in self._between or (other, one) in self._between for one, other in pairs):
            return True
        ours = {broker for node in sources for broker in self._brokers.get(node, ())}
        return any(not ours.isdisjoint(self._brokers.get(node, ())) for node in targets)

    def _unstated(self, entity: CatalogEntity) -> Iterator[UnstatedDependency]:
        spec = entity.node.get("spec")
        if not (spec.get("dependsOn").is_list or spec.get("consumesApis").is_list):
            return
        named = {id(target) for _, targets in self._entries(entity) for target in targets}
        sources = self._nodes[id(entity)]
        told: set[int] = set()
        for edge in self._graph.edges:
            is_sure = edge.kind is not EdgeKind.DECLARED and edge.confidence is Confidence.HIGH
            if not is_sure or edge.source not in sources:
                continue
            target = self._catalog.components.get(self._graph.nodes[edge.target].name)
            if target is not None and target is not entity and not {id(target)} & (named | told):
                told.add(id(target))
                yield UnstatedDependency(entity, target, edge)


def _nodes_of(graph: ServiceGraph, components: dict[str, CatalogEntity]) -> dict[int, set[str]]:
    """The nodes of each entity, by its ``id``: those of its name."""
    found: dict[int, set[str]] = defaultdict(set)
    for node in graph.nodes.values():
        entity = components.get(node.name)
        if entity is not None and _may_be(node):
            found[id(entity)].add(node.id)
    return found


def _may_be(node: GraphNode) -> bool:
    return node.kind in (NodeKind.SERVICE, NodeKind.DATASTORE, NodeKind.BROKER)


def _bare(reference: str) -> str:
    return reference.rpartition(":")[2].rpartition("/")[2]


def _dependencies(world: World) -> _Dependencies:
    return _Dependencies(world)
