"""Services with what people read about them: the README beside the source, the runbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, splitext

from archlint.documents import TextFile
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.team_verdicts import node_place
from archlint.model.ownership.catalog import catalog
from archlint.model.system.folders import SourceFolder
from archlint.model.system.names import stem
from archlint.model.system.observers import is_watching
from archlint.model.world import World

_README = regex(r"readme(?:\.[a-z]{2,8}){0,2}\Z")
_RUNBOOK = regex(r"(?:run|play)-?_?books?")
_WRITTEN = (".md", ".mdx", ".rst", ".adoc", ".txt", ".html", ".org")


@dataclass(frozen=True, eq=False)
class DocumentedService:
    """A service that runs, with its files for people."""

    node: GraphNode
    folder: SourceFolder | None
    """Its source; nothing if it is elsewhere, or shared with other services."""
    has_readme: bool
    has_runbook: bool

    @classmethod
    def all(cls, world: World) -> Iterable[DocumentedService]:
        """Every service that runs for ever and is no store, once for each name."""
        yield from world.fact(documented_services)

    @property
    def place(self) -> Place | None:
        """Where it is defined."""
        return node_place(self.node)

    @property
    def source_place(self) -> Place | None:
        """Where its source is: the file that builds it."""
        files = self.folder.dockerfiles if self.folder is not None else ()
        return TextFile(files[0]).place() if files else None

    @property
    def source(self) -> Source:
        """The file that defines it."""
        place = self.place
        return place.source if place is not None else TextFile("")

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return ObjectRef("service", self.node.name, self.node.namespace)


def documented_services(world: World) -> list[DocumentedService]:
    """The services of a world; ask with ``world.fact(documented_services)``."""
    nodes = list(_running(world))
    homes: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        for folder in node.party.folders if node.party else ():
            homes[folder.path].add(node.name)
    readmes = {dirname(path) for path in world.kinds if _README.match(basename(path).lower())}
    runbooks = set(_runbooks(world))
    found = []
    for node in nodes:
        own = _own_folder(node, homes)
        has_readme = own is not None and not readmes.isdisjoint((own.path, f"{own.path}/docs"))
        has_runbook = stem(node.name) in runbooks or (own is not None and f"/{own.path}" in runbooks)
        found.append(DocumentedService(node, own, has_readme, has_runbook))
    return found


def _running(world: World) -> Iterator[GraphNode]:
    graph: ServiceGraph = world.fact(service_graph)
    seen: set[str] = set()
    for node in graph.nodes.values():
        party = node.party
        if node.kind is not NodeKind.SERVICE or party is None or is_watching(party) or node.name in seen:
            continue
        workloads = party.service.workloads if party.service else ()
        if any(item.is_long_running for item in workloads) and node_place(node) is not None:
            seen.add(node.name)
            yield node


def _own_folder(node: GraphNode, homes: dict[str, set[str]]) -> SourceFolder | None:
    """The folder of source that is this service's alone, with the file that builds it; never the root."""
    folders = node.party.folders if node.party else ()
    own = [item for item in folders if item.path and item.dockerfiles and len(homes[item.path]) == 1]
    return own[0] if len(own) == 1 else None


def _runbooks(world: World) -> Iterator[str]:
    """The stems of the names of services that runbooks are for, and ``/folder`` of those beside source."""
    for path in world.kinds:
        name, ending = splitext(basename(path).lower())
        if ending not in _WRITTEN:
            continue
        folders = dirname(path).split("/")
        inside = [at for at, folder in enumerate(folders) if _RUNBOOK.fullmatch(folder.lower())]
        if inside:
            yield stem(name)
            yield from (stem(folder) for folder in folders[inside[0] + 1 :])
            yield f"/{'/'.join(folders[: inside[0]])}"
        elif _RUNBOOK.search(name):
            yield stem(_RUNBOOK.sub("", name))
            yield f"/{dirname(path)}"
    for entity in world.fact(catalog).entities:
        titles = (link.get("title").text or "" for link in entity.node.get("metadata", "links").elements())
        if any(_RUNBOOK.search(title.lower().replace(" ", "")) for title in titles):
            yield from map(stem, entity.names)
