"""Services of Docker Compose by system: projects that run the same program are editions of one system, and
what they say of one name is said of one service; else equal names in two projects are strangers.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import field

from archlint.finding.records import dataclass
from archlint.model.compose import ComposeService
from archlint.model.system.folders import named_folder
from archlint.model.system.images import image_repository
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
    """The number of the system of each project: projects that build the same folder, or run an image that
    one of them builds under the same name, are one."""
    built = _built_images(services)
    roots = joined(
        (item.project.folder, sign)
        for item in services
        for sign in (("project", item.project.folder), *_signs(item, built))
    )
    numbers = {name: number for number, name in enumerate(sorted(set(roots.values())))}
    return {project: numbers[root] for project, root in roots.items()}


def joined(signs: Iterable[tuple[str, tuple[str, str]]]) -> dict[str, str]:
    """What stands for each of some things, all of which have signs: the same for two that share one."""
    home: dict[str, str] = {}
    first: dict[tuple[str, str], str] = {}

    def root(name: str) -> str:
        while home[name] != name:
            home[name] = home[home[name]]
            name = home[name]
        return name

    for name, sign in signs:
        home.setdefault(name, name)
        home[root(name)] = root(first.setdefault(sign, name))
    return {name: root(name) for name in home}


def _built_images(services: Iterable[ComposeService]) -> frozenset[str]:
    """The repositories of images that are built from one folder of here. Everybody runs the others, and names
    without an owner (``web``) are everybody's as well."""
    homes: dict[str, set[str]] = {}
    for item in services:
        if item.image and "/" in item.image:
            homes.setdefault(image_repository(item.image), set()).update(built_folders(item))
    return frozenset(image for image, folders in homes.items() if len(folders) == 1)


def _signs(service: ComposeService, built: Container[str]) -> Iterator[tuple[str, str]]:
    for folder in built_folders(service):
        yield "built in", folder
    image = image_repository(service.image or "")
    if image in built and not service.store_protocol:
        yield service.name, image


def built_folders(service: ComposeService) -> Iterator[str]:
    """The folder of source that a service is built from: the Dockerfile's, where the context is a folder far
    above it that others are built from as well; else the context."""
    context, dockerfile = service.build_context, service.dockerfile
    if context is None:
        return
    home = dockerfile.rpartition("/")[0] if dockerfile else context
    is_below = home != context and (not context or home.startswith(context + "/"))
    yield named_folder(home if is_below else context)
