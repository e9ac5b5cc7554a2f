"""Services of Docker Compose that wait for each other in a circle: none of them can be started first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise

from archlint.documents import Document
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.compose.dependencies import Dependency, needed
from archlint.model.compose.layers import Layers
from archlint.model.compose.services import ComposeService
from archlint.model.graph.cycles import strongly_connected
from archlint.model.world import World

_Waits = Mapping[str, Mapping[str, Dependency]]


@dataclass(frozen=True, eq=False)
class StartCycle:
    """A shortest circle of services of which each is started after the next."""

    services: tuple[ComposeService, ...]
    dependencies: tuple[Dependency, ...]
    """What each of them waits for: the next one, and the last one for the first."""

    @classmethod
    def all(cls, world: World) -> Iterable[StartCycle]:
        """One for each group of services that wait for each other."""
        by_folder: dict[str, list[ComposeService]] = {}
        for service in world.all(ComposeService):
            by_folder.setdefault(service.project.folder, []).append(service)
        for services in by_folder.values():
            yield from _of_project(services)

    @property
    def place(self) -> Place:
        """Where the circle is closed."""
        return self.dependencies[-1].place

    @property
    def source(self) -> Document:
        """The document that closes it."""
        document = self.place.source
        return document if isinstance(document, Document) else self.services[-1].source

    @property
    def object(self) -> ObjectRef:
        """The service that closes it."""
        return self.services[-1].object


def _of_project(services: list[ComposeService]) -> Iterator[StartCycle]:
    """The circles in what is run by default, and in files that stand for themselves: what a person may run
    together else is not known."""
    by_name = {service.name: service for service in services}
    ways: list[_Waits] = [{item.name: _waits(item.main) for item in services if item.is_main}]
    ways += _waits_by_file(services).values()
    seen: set[frozenset[str]] = set()
    for waits in ways:
        for group in strongly_connected(waits):
            is_circle = len(group) > 1 or any(name in waits.get(name, ()) for name in group)
            if is_circle and group not in seen:
                seen.add(group)
                way = _shortest(min(group), group, waits)
                steps = [waits[name][after] for name, after in pairwise((*way, way[0]))]
                yield StartCycle(tuple(by_name[name] for name in way), tuple(steps))


def _waits(variant: Layers) -> dict[str, Dependency]:
    return {item.name: item for item in needed(variant)}


def _waits_by_file(services: list[ComposeService]) -> dict[str, dict[str, dict[str, Dependency]]]:
    """What each further file itself says that services wait for."""
    found: dict[str, dict[str, dict[str, Dependency]]] = {}
    further = {file.document.path for file in services[0].project.further}
    for service in services:
        for item in chain.from_iterable(map(needed, service.variants)):
            path = item.place.source.path
            if path in further:
                found.setdefault(path, {}).setdefault(service.name, {})[item.name] = item
    return found


def _shortest(start: str, group: frozenset[str], waits: _Waits) -> list[str]:
    """The names on a shortest way from a service back to itself."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        for after in sorted(waits.get(name, ())):
            if after == start:
                way = [name]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if after in group and after not in before:
                before[after] = name
                waiting.append(after)
    return [start]
