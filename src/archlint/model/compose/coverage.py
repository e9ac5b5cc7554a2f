"""Which services a Compose project and the manifests of the same system have, and which only one of them has.

Only services of the system itself are compared: those that are built from its source, or whose images stand
beside those of services that both have. Stores and tools are often others on a developer's machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from posixpath import dirname

from archlint.finding.records import dataclass
from archlint.model.compose.services import ComposeService
from archlint.model.kubernetes.names.similar import longest_beginning
from archlint.model.services.absence import absence
from archlint.model.system.folder_homes import images_of
from archlint.model.system.images import image_repository
from archlint.model.system.observers import is_watching
from archlint.model.system.parties import Party, parties
from archlint.model.world import World

_FEWEST = 3
"""Services that both have, below which they are not taken for one system."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A service that one side lacks."""

    party: Party
    service: ComposeService
    """The service itself, or one of the project that lacks it."""
    is_composed: bool


def uncovered(world: World) -> Iterator[Uncovered]:
    """Every service that one side has alone, by project."""
    known = world.fact(parties)
    projects: dict[str, dict[int, Party]] = defaultdict(dict)
    services: dict[tuple[str, int], ComposeService] = {}
    for party in known.all:
        for service in party.composed:
            if service.is_main and not service.profiles:
                projects[service.project.folder][id(party)] = party
                services.setdefault((service.project.folder, id(party)), service)
    for folder, found in sorted(projects.items()):
        here = {key: services[folder, key] for key in found}
        yield from _of_project(known.all, found, here, world)


def _of_project(
    everything: list[Party], found: dict[int, Party], here: dict[int, ComposeService], world: World
) -> Iterator[Uncovered]:
    both = [party for party in found.values() if _is_own(party) and _runs(party)]
    if len({party.name for party in both}) < _FEWEST:
        return
    families = {family for party in both for family in _families(party)}
    spaces = {party.namespace for party in both}
    composed = [party for party in found.values() if _is_own(party)]
    deployed = sorted({party.name for party in everything if _runs(party)})
    running = [
        party
        for party in everything
        if _runs(party) and _is_own(party) and party.namespace in spaces and _families(party) & families
    ]
    names = {party.name for party in both}
    called = names | {party.name for party in found.values()}
    if 2 * len(names) >= len({party.name for party in running}):
        for party in running:
            # `cart-v2` and `cart-canary` are editions of `cart`
            is_edition = longest_beginning(f"{party.name}-", called) is not None
            if not party.composed and party.name not in names and not is_edition:
                yield Uncovered(party, here[id(both[0])], False)
    if 2 * len(names) >= len({party.name for party in composed}):
        for party in composed:
            service = here[id(party)]
            is_own = service.build_context is not None or _families(party) & families
            is_absent = world.fact(absence).is_certain("Deployment", party.name, None, composed=False)
            is_absent = is_absent and not any(name.startswith(f"{party.name}-") for name in deployed)
            if not _runs(party) and party.service is None and is_own and is_absent:
                yield Uncovered(party, service, True)


def _runs(party: Party) -> bool:
    workloads = party.service.workloads if party.service else ()
    return any(workload.is_long_running for workload in workloads)


def _is_own(party: Party) -> bool:
    return party.store_protocol is None and not is_watching(party)


def _families(party: Party) -> set[str]:
    """Where the images of a party stand: ``shop`` of ``shop/cart``."""
    return {dirname(image_repository(image)) for image in images_of(party)} - {"", "library"}
