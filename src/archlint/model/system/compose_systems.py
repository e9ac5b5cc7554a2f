"""Services of Docker Compose by system: projects that run the same program are editions of one system, and
what they say of one name is said of one service; else equal names in two projects are strangers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from archlint.finding.records import dataclass
from archlint.model.compose import ComposeService
from archlint.model.system.folders import named_folder
from archlint.model.system.images import image_repository, is_own_image
from archlint.model.world import World


@dataclass(eq=False)
class ComposeParty:
    """One service of a system, as all files of its projects show it."""

    name: str
    system: int
    services: list[ComposeService] = field(default_factory=list)

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which the others reach it, in lower case."""
        given = {host.lower() for item in self.services for host in item.hostnames}
        projects = {item.project.name.lower() for item in self.services if item.project.name}
        made = {f"{project}{sign}{self.name.lower()}{sign}1" for project in projects for sign in "_-"}
        return frozenset(given | made)

    @property
    def images(self) -> frozenset[str]:
        """The repositories of its images."""
        return frozenset(image_repository(item.image) for item in self.services if item.image)


def compose_parties(world: World) -> tuple[ComposeParty, ...]:
    """The services of all systems, in the order of files; ask with ``world.fact(compose_parties)``."""
    services = world.all(ComposeService)
    systems = _systems(services)
    found: dict[tuple[int, str], ComposeParty] = {}
    for item in services:
        key = systems[item.project.folder], item.name
        found.setdefault(key, ComposeParty(item.name, key[0])).services.append(item)
    return tuple(found.values())


def _systems(services: list[ComposeService]) -> dict[str, int]:
    """The number of the system of each project: projects that build the same folder, or run an image of the
    same repository that is no store's under the same name, are one."""
    home = {item.project.folder: item.project.folder for item in services}

    def root(project: str) -> str:
        while home[project] != project:
            home[project] = home[home[project]]
            project = home[project]
        return project

    first: dict[tuple[str, str], str] = {}
    for item in services:
        for sign in _signs(item):
            home[root(item.project.folder)] = root(first.setdefault(sign, item.project.folder))
    numbers = {name: number for number, name in enumerate(sorted({root(project) for project in home}))}
    return {project: numbers[root(project)] for project in home}


def _signs(service: ComposeService) -> Iterator[tuple[str, str]]:
    for folder in built_folders(service):
        yield "built in", folder
    if service.image and not service.store_protocol and is_own_image(service.image):
        yield service.name, image_repository(service.image)


def built_folders(service: ComposeService) -> Iterator[str]:
    """The folder of source that a service is built from: the Dockerfile's, where the context is a folder far
    above it that others are built from as well; else the context."""
    context, dockerfile = service.build_context, service.dockerfile
    if context is None:
        return
    home = dockerfile.rpartition("/")[0] if dockerfile else context
    is_below = home != context and (not context or home.startswith(context + "/"))
    yield named_folder(home if is_below else context)
