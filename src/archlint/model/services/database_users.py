"""Users of database servers: as whom each service signs in, and which users several services have.

Sources: RFC 3986, "User Information"; libpq's ``user``; ADO.NET's ``User ID`` and ``Uid``; go-sql-driver;
Spring Boot's ``spring.datasource.username``; the variables that images and drivers take, such as ``PGUSER``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set

from archlint.documents import Document
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import config_documents
from archlint.model.appconfig.placeholders import fill
from archlint.model.appconfig.units import environment_of
from archlint.model.appconfig.values import MACHINE
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.services import protocols
from archlint.model.services.addresses import Address, addresses_of_value, bare_host
from archlint.model.services.applications import applications, images_of, is_tool, serves_a_store
from archlint.model.services.configuration import configuration
from archlint.model.services.databases import SharedDatabase
from archlint.model.services.references import Channel, variables_of
from archlint.model.services.resolution import cluster_names
from archlint.model.sources.used import reads_variable
from archlint.model.system.evidence import Unit
from archlint.model.system.images import image_repository
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World

POWERFUL = frozenset({"root", "postgres", "mysql", "sa", "admin", "administrator", "system", "sysadmin"})
"""Users that may do everything on a server, as servers come with them."""
_HOSTS = ("HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS", "URL", "URI", "DSN", "CONNECTION_STRING")
_USERS = ("USERNAME", "USER_NAME", "USER", "LOGIN")
_STORES = frozenset(
    {
        *("DB", "DATABASE", "PG", "POSTGRES", "POSTGRESQL", "MYSQL", "MARIADB", "MONGO", "MONGODB", "SQL"),
        *("MSSQL", "DATASOURCE", "JDBC", "RDS"),
    }
)
"""Words before ``_HOST`` that say that a database is meant."""
_IN_URL = regex(r"://([^\s:/?#@]{1,100})(?::[^\s/?#]*)?@")
_OF_GO = regex(r"([^\s:/@]{1,100}):[^\s@]*@(?:tcp|tcp4|tcp6)\(")
_IN_PAIRS = regex(r"(?i)(?:^|[\s;?&])(?:user|user ?id|user ?name|uid)\s?=\s?([^\s;&]{1,100})")
_NO_WORD = regex(r"[^A-Za-z0-9]")
_MOST_USES = 200
"""Services that one user is looked at for."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A text that a service is given under a name."""

    name: str
    """In capitals, with underscores."""
    text: str
    place: Place
    unit: Unit


@dataclass(frozen=True, eq=False)
class Login:
    """A service that signs in at a database server as some user."""

    service: Party
    unit: Unit
    host: str
    user: str
    database: str
    place: Place
    """Where the user is written."""

    @property
    def signs(self) -> Set[str]:
        """What only parts of one application have in common: images, and what they are built from."""
        found: set[str] = set()
        for workload in self.service.service.workloads if self.service.service else ():
            found |= images_of(workload)
        for composed in self.service.composed:
            found |= {image_repository(composed.image)} if composed.image else set()
            found |= {f"built from {composed.build_context}"} if composed.build_context else set()
        return found | {f"source in {folder.path}" for folder in self.service.folders}

    @property
    def holder(self) -> ObjectRef:
        """What is told the user."""
        if isinstance(self.unit, (Workload, ComposeService)):
            return self.unit.object
        return ObjectRef("service", self.service.name, self.service.namespace)


@dataclass(frozen=True, eq=False)
class SharedLogin:
    """A user as whom several services sign in at one database server."""

    server: str
    user: str
    uses: tuple[Login, ...]
    """One for each service; first that of the one whose user it is, if its name tells."""

    @classmethod
    def all(cls, world: World) -> Iterable[SharedLogin]:
        """Every such user; who shares a whole database is told of that."""
        together = [
            {(use.service.namespace, use.service.name) for use in shared.uses}
            for shared in world.all(SharedDatabase)
        ]
        for (server, user), found in sorted(_logins(world).items(), key=lambda item: str(item[0])):
            parts = applications(found[:_MOST_USES])
            first = [min(part, key=_order) for part in parts]
            keys = {
                (item.service.service.namespace, item.service.service.name)
                for item in first
                if item.service.service
            }
            if len(first) > 1 and not any(keys <= each for each in together if len(keys) == len(first)):
                first.sort(key=lambda item: (item.user != item.service.name, item.service.name))
                yield cls(server[-1], user, tuple(first))

    @property
    def source(self) -> Source:
        """The document to edit."""
        return self.uses[1].place.source

    @property
    def object(self) -> ObjectRef:
        """The first service that signs in as another one's user."""
        return self.uses[1].holder


def _order(use: Login) -> tuple[object, ...]:
    is_file = not isinstance(use.place.source, Document)
    return (is_file, use.place.source.path, use.place.source.index, str(use.place.route))


_Server = tuple[str, ...]


def _logins(world: World) -> dict[tuple[_Server, str], list[Login]]:
    """Who signs in, by server and user."""
    known: Parties = world.fact(parties)
    found: dict[tuple[_Server, str], list[Login]] = defaultdict(list)
    numbers = {id(party): str(number) for number, party in enumerate(known.all)}
    for party, given in _given_to(world):
        for user, address, place, unit in _signing_in(given):
            servers = known.resolve(address.host, party)
            stores = [item for item in servers if item.store_protocol in protocols.RELATIONAL]
            if address.host in MACHINE or party in servers or (servers and len(stores) != 1):
                continue
            key = ("", numbers[id(stores[0])], stores[0].name) if stores else _elsewhere(address, party, unit)
            found[key, user].append(Login(party, unit, address.host, user, address.database, place))
    return found


def _elsewhere(address: Address, party: Party, unit: Unit) -> _Server:
    """What tells a server that is not here from others: a name without dots is one of its surroundings."""
    is_near = any(reading.is_certain for reading in cluster_names(address.host))
    home = unit.project.folder if isinstance(unit, ComposeService) else party.namespace or ""
    return ("elsewhere", home if is_near else "", address.host)


def _given_to(world: World) -> Iterator[tuple[Party, list[_Given]]]:
    """What each application is given: variables, and settings that no variable stands for."""
    known: Parties = world.fact(parties)
    settings = world.fact(config_documents)
    units: dict[int, list[Unit]] = defaultdict(list)
    for unit in settings:
        for party in known.of(unit):
            units[id(party)].append(unit)
    for party in known.all:
        names = [party.name, *(composed.image or "" for composed in party.composed)]
        if party.store_protocol is not None or serves_a_store(names):
            continue
        variables = list(_variables(world, party))
        taken = {item.name for item in variables}
        written = (item for unit in units[id(party)] for item in _settings(world, unit))
        yield party, [*variables, *(item for item in written if item.name not in taken)]


def _variables(world: World, party: Party) -> Iterator[_Given]:
    known = world.fact(configuration)
    for workload in party.service.workloads if party.service else ():
        for container in workload.containers if not is_tool(workload) else ():
            for item in variables_of(container, known) if container.is_lasting else ():
                is_used = not item.is_at_hand or reads_variable(world, party, item.name)
                if is_used and item.channel is not Channel.SECRET:  # what share a Secret is told of that
                    yield _Given(item.name.upper(), item.value, item.node.value_place(), workload)
    for composed in party.composed:
        for variable in composed.variables:
            if variable.value.is_known:
                yield _Given(variable.name.upper(), variable.text, variable.place, composed)


def _settings(world: World, unit: Unit) -> Iterator[_Given]:
    environment = environment_of(world, unit)
    for document in world.fact(config_documents)[unit]:
        if document.profiles or document.file.profile or document.file.is_of_developers:
            continue
        for setting in document.settings:
            name = _NO_WORD.sub("_", setting.key).upper()
            if name.endswith(_USERS) or name.endswith(_HOSTS) or "://" in setting.value:
                text = fill(setting.value, environment.get).text
                yield _Given(name, text, setting.place(0, len(setting.value)), unit)


_SignIn = tuple[str, Address, Place, Unit]


def _signing_in(given: list[_Given]) -> Iterator[_SignIn]:
    """The users in addresses, and those beside an address whose name begins alike."""
    users: dict[tuple[int, str], _Given] = {}
    for item in given:
        for prefix in _prefixes(item.name, _USERS):
            users.setdefault((id(item.unit), prefix), item)
    for item in given:
        addresses = [each for each in addresses_of_value(item.text) if _is_of_database(each, item.name)]
        inside = _user_inside(item.text) if addresses else ""
        if addresses and inside:
            yield inside, addresses[0], item.place, item.unit
            continue
        beside = next(
            (
                users[id(item.unit), prefix]
                for prefix in _prefixes(item.name, _HOSTS)
                if (id(item.unit), prefix) in users
            ),
            None,
        )
        alone = bare_host(item.text) if beside is not None and not addresses else None
        if alone is not None and _is_of_database(alone, item.name):
            addresses = [alone]
        if beside is not None and addresses and _is_user(beside.text):
            yield beside.text, addresses[0], beside.place, item.unit


def _is_of_database(address: Address, name: str) -> bool:
    named = protocols.of_scheme(address.scheme) or protocols.of_port(address.port)
    if named is not None:
        return named in protocols.RELATIONAL
    words = _NO_WORD.sub("_", name).split("_")
    return not address.scheme and (not _STORES.isdisjoint(words) or words[0].startswith(("PG", "MYSQL")))


def _user_inside(text: str) -> str:
    found = _IN_URL.search(text) or _OF_GO.match(text) or _IN_PAIRS.search(text)
    return found[1] if found and _is_user(found[1]) else ""


def _is_user(text: str) -> bool:
    return bool(text.strip()) and not is_placeholder(text) and not {*text} & {*"$%{}<>*()[] "}


def _prefixes(name: str, endings: Iterable[str]) -> list[str]:
    cut = (name.removesuffix(ending).rstrip("_") for ending in endings if name.endswith(ending))
    return [prefix for prefix in cut if prefix]
