"""Parties: the parts of the system, each with everything that describes it.

A service of the cluster, a service of Docker Compose and a folder of source are one party if one of them is
built from the other, runs the same image, or has the same name. Definitions of one name in several namespaces
stay apart; what compose files and source say of a name holds for each of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import field

from archlint.finding.records import dataclass
from archlint.model.appconfig.application_names import application_names
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Workload
from archlint.model.services.grouping import Service, ServiceGroups, service_groups
from archlint.model.services.resolution import cluster_names, service_names
from archlint.model.sources.aspire import HostedResource, hosted_resources
from archlint.model.system.compose_systems import ComposeParty, compose_parties
from archlint.model.system.evidence import Unit
from archlint.model.system.folder_homes import FolderHomes, images_of, names_of
from archlint.model.system.folders import SourceFolder, source_folders
from archlint.model.system.hosted_systems import hosted_systems, names_apart
from archlint.model.system.images import image_repository
from archlint.model.system.modules import modules
from archlint.model.system.names import plain, without_kind, without_prefix
from archlint.model.system.web_projects import web_projects
from archlint.model.world import World

_OF_CONSUL = ".service.consul"
"""Behind the names of services in Consul's DNS."""
_MOST_USERS = 2
_MOST_ALIKE = 50
"""Parties of one name that a mention is taken to mean."""


@dataclass(eq=False)
class Party:
    """One part of the system: what people draw as one box."""

    name: str
    namespace: str | None = None
    service: Service | None = None
    """What the cluster runs."""
    composed: list[ComposeService] = field(default_factory=list)
    """What compose files say of it."""
    folders: list[SourceFolder] = field(default_factory=list)
    """Where its source is."""
    hosted: list[HostedResource] = field(default_factory=list)
    """What application hosts say of it."""
    is_program: bool = False
    """Whether its source alone says that it is a program, and nothing that it is deployed."""

    @property
    def is_deployed(self) -> bool:
        """Whether a file says that it runs."""
        return bool(self.composed or self.hosted) or (
            self.service is not None and bool(self.service.workloads)
        )

    @property
    def store_protocol(self) -> str | None:
        """What a database, cache or broker speaks; ``None`` for any other party."""
        own = self.service.store_protocol if self.service else None
        found = [item.store_protocol for item in self.composed]
        found += [item.store_protocol for item in self.hosted]
        return own or next(filter(None, found), None)


class Parties:
    """All parties of a world, and what each unit, host and folder means."""

    def __init__(self, world: World) -> None:
        self._groups: ServiceGroups = world.fact(service_groups)
        self.all: list[Party] = []
        self._of_service: dict[int, Party] = {}
        self._of_compose: dict[int, list[Party]] = {}
        self._of_hosted: dict[int, Party] = {}
        self._of_folder: dict[str, list[Party]] = {}
        self._systems: dict[int, set[int | str]] = defaultdict(set)
        self._hosts: dict[str, list[Party]] = defaultdict(list)
        self._spellings: dict[str, list[Party]] = defaultdict(list)
        self._applications: dict[str, list[Party]] = defaultdict(list)
        self._aliases: dict[int, dict[str, str]] = defaultdict(dict)
        self._folders = world.fact(source_folders)
        self._modules = world.fact(modules)
        self._users: dict[str, Sequence[Party]] = {}
        self._namespaces = world.fact(service_names).namespaces
        self._add_services()
        self._add_composed(world.fact(compose_parties))
        for party in self.all:
            if party.composed:
                self._spellings[plain(party.name)].append(party)
        self._add_hosted(world.fact(hosted_resources))
        names = world.fact(application_names)
        self._add_folders(FolderHomes(world, self.all), names)
        self._add_programs(world.fact(web_projects))
        self._add_applications(names)

    @property
    def hosts(self) -> frozenset[str]:
        """All names by which something of the repository may be reached, in lower case, without domains."""
        aliases = (name for known in self._aliases.values() for name in known)
        return frozenset({*self._hosts, *self._applications, *aliases})

    def of(self, unit: Unit) -> Sequence[Party]:
        """The parties that a unit describes; of a folder that is none, those of the nearest one around it."""
        if isinstance(unit, SourceFolder):
            return self.of_path(unit.path) or self._users_of(unit.path)
        if isinstance(unit, ComposeService):
            return self._of_compose.get(id(unit), ())
        if isinstance(unit, Workload):
            home = self._groups.home_of(unit)
            return () if home is None else (self.of_service(home),)
        if isinstance(unit, HostedResource):
            return (self._of_hosted[id(unit)],)
        return self._hosts.get(unit.name.lower(), ())

    def _users_of(self, path: str) -> Sequence[Party]:
        """Those that a module is built into, if they are few: what many share, not all of them use."""
        if path not in self._users:
            users = (party for user in self._modules.all_users(path) for party in self.of_path(user))
            found = list({id(party): party for party in users}.values())
            self._users[path] = found if len(found) <= _MOST_USERS else []
        return self._users[path]

    def of_service(self, service: Service) -> Party:
        """The party that a service of the cluster is."""
        return self._of_service[id(service)]

    def of_path(self, path: str) -> Sequence[Party]:
        """The parties whose source a path is part of: those of the innermost folder that is some party's."""
        return next(
            (
                self._of_folder[folder.path]
                for folder in self._folders.around(path)
                if folder.path in self._of_folder
            ),
            (),
        )

    def resolve(self, host: str, caller: Party) -> list[Party]:
        """What a host name means to a party: what its own compose files say first, then its namespace, then
        the names by which applications find each other."""
        host = self._aliases.get(id(caller), {}).get(host.lower(), host)
        return self._named(host, caller) or self._registered(host, caller) or self._spelt(host, caller)

    def _spelt(self, host: str, caller: Party) -> list[Party]:
        """Those whose name a host with dots is: ``cart.api`` of files that are older than ``cart-api``."""
        if "." not in host:
            return []
        return self.nearest(self._spellings.get(plain(host), []), caller)[:_MOST_ALIKE]

    def _registered(self, host: str, caller: Party) -> list[Party]:
        found = self._applications.get(host.lower().removesuffix(_OF_CONSUL), [])
        return self.nearest(found, caller)[:_MOST_ALIKE]

    def _named(self, host: str, caller: Party) -> list[Party]:
        whole = self._hosts.get(host.lower().rstrip("."), []) if "." in host else []
        if whole:  # Compose takes names with dots, which mean no namespace
            return self.nearest(whole, caller)[:_MOST_ALIKE]
        for reading in cluster_names(host):
            found = self._hosts.get(reading.name, []) if reading.is_certain or reading.namespace else []
            if reading.namespace is not None:
                # `example.com` is no Service `example` of a namespace that nobody knows
                is_known = reading.is_certain or reading.namespace in self._namespaces
                wanted = {reading.namespace, *([None] if is_known else [])}
                found = [item for item in found if item.service and item.namespace in wanted]
            if found:
                return self.nearest(found, caller)[:_MOST_ALIKE]
        return []

    def nearest(self, found: list[Party], caller: Party) -> list[Party]:
        """Those of some parties that are nearest to a caller: in its own compose files, in its namespace."""
        systems = self._systems.get(id(caller), set())
        beside = [item for item in found if not systems.isdisjoint(self._systems.get(id(item), ()))]
        chosen = beside or found
        inside = [item for item in chosen if item.namespace == caller.namespace]
        return inside if inside and caller.namespace is not None else chosen

    def _add_services(self) -> None:
        shortened = Counter((item.namespace, without_kind(item.name)) for item in self._groups.services)
        for service in self._groups.services:
            short = without_kind(service.name)
            name = short if shortened[service.namespace, short] == 1 else service.name
            party = Party(name, service.namespace, service)
            self.all.append(party)
            self._of_service[id(service)] = party
            for host in sorted({front.name.lower() for front in service.fronts}):
                self._hosts[host].append(party)

    def _add_composed(self, composed: Sequence[ComposeParty]) -> None:
        running = _Running(self.all)
        short = without_prefix(item.name for item in composed)
        taken = {plain(item.name) for item in composed}
        for item in composed:
            found = running.called(item.name) or running.only_one_of(item.images)
            if not found and plain(short.get(item.name, item.name)) not in taken - {plain(item.name)}:
                found = running.nearly_called(short.get(item.name, item.name), taken)
            self._tie(item, found or [self._new(item.name)])
        self._tell_apart()

    def _tell_apart(self) -> None:
        """Services of one name in several systems that are built here are called by their systems as well."""
        built = {
            number
            for party in self.all
            for number in self._systems.get(id(party), ())
            if any(item.build_context is not None for item in party.composed)
        }
        named: dict[str, list[Party]] = defaultdict(list)
        for party in self.all:
            if party.service is None and not built.isdisjoint(self._systems.get(id(party), ())):
                named[party.name].append(party)
        for alike in named.values():
            for party in alike if len(alike) > 1 else ():
                project = party.composed[0].project
                if project.name:
                    party.name = f"{project.name}-{party.name}"

    def _tie(self, composed: ComposeParty, found: list[Party]) -> None:
        for party in found:
            party.composed += composed.services
            self._systems[id(party)].add(composed.system)
            for service in composed.services:
                self._aliases[id(party)].update(service.aliases)
            for host in sorted(composed.hosts):
                if not any(item is party for item in self._hosts[host]):
                    self._hosts[host].append(party)
        for service in composed.services:
            self._of_compose[id(service)] = found

    def _new(self, name: str) -> Party:
        self.all.append(Party(name))
        return self.all[-1]

    def _add_hosted(self, resources: Sequence[HostedResource]) -> None:
        running = {plain(name): party for party in reversed(self.all) for name in names_of(party)}
        systems = hosted_systems(resources)
        apart = names_apart(resources, systems)
        known: dict[tuple[str, str], Party] = {}
        for resource in resources:
            system, name = systems[resource.host], plain(resource.name)
            if (system, name) not in known:
                found = None if id(resource) in apart else running.get(name)
                known[system, name] = found or self._new(apart.get(id(resource), resource.name))
            party = self._of_hosted[id(resource)] = known[system, name]
            party.hosted.append(resource)
            self._systems[id(party)].add(system)
            if not any(item is party for item in self._hosts[resource.name.lower()]):
                self._hosts[resource.name.lower()].append(party)

    def _add_folders(self, homes: FolderHomes, names: Mapping[str, Sequence[str]]) -> None:
        for folder in self._folders.by_path.values():
            found = list(homes.of(folder))
            if not found and folder.name and (folder.dockerfiles or folder.path in names):
                called = names.get(folder.path, ())
                found = [self._new(called[0] if len(called) == 1 else folder.name)]
                found[0].is_program = bool(called)
            for party in found:
                party.folders.append(folder)
            if found:
                self._of_folder[folder.path] = found

    def _add_programs(self, paths: Iterable[str]) -> None:
        is_deployed = any(party.is_deployed and party.folders for party in self.all)
        for path in sorted(paths):
            if not self.of_path(path):
                folder = self._folders.by_path[path]
                party = self._new(folder.name)
                party.is_program = True
                party.folders.append(folder)
                self._of_folder[path] = [party]
                if not is_deployed:
                    self._hosts[folder.name.lower()].append(party)

    def _add_applications(self, names: Mapping[str, Sequence[str]]) -> None:
        for path, called in names.items():
            for name in called:
                self._applications[name] += self._of_folder.get(path, ())


class _Running:
    """What the cluster runs, by what compose files may call it."""

    def __init__(self, running: Sequence[Party]) -> None:
        self._named: dict[str, list[Party]] = defaultdict(list)
        self._short: dict[str, list[Party]] = defaultdict(list)
        self._images: dict[str, list[Party]] = defaultdict(list)
        short = without_prefix(party.name for party in running)
        for party in running:
            for name in sorted({plain(name) for name in names_of(party)}):
                self._named[name].append(party)
            if party.name in short:
                self._short[plain(short[party.name])].append(party)
            for image in sorted({image_repository(image) for image in images_of(party)}):
                self._images[image].append(party)

    def called(self, name: str) -> list[Party]:
        """The parties of a name."""
        return self._named.get(plain(name), [])

    def only_one_of(self, images: Iterable[str]) -> list[Party]:
        """The one party that runs one of some images; nobody if several do."""
        found = {id(party): party for image in sorted(images) for party in self._images.get(image, ())}
        return list(found.values()) if len(found) == 1 else []

    def nearly_called(self, name: str, taken: Set[str]) -> list[Party]:
        """The parties of a name with the system's own name before it, if nobody else has their whole name."""
        return [item for item in self._short.get(plain(name), ()) if plain(item.name) not in taken]


def parties(world: World) -> Parties:
    """The parties of a world; ask with ``world.fact(parties)``."""
    return Parties(world)
