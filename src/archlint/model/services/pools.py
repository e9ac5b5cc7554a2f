"""Pools of connections: how many each replica of a workload opens, and to which database server.

Sources: HikariCP (``maximumPoolSize``), SQLAlchemy (``pool_size``, ``max_overflow``), pgx
(``pool_max_conns``), Npgsql and ADO.NET (``Maximum Pool Size``), Prisma (``connection_limit``), Rails
(``pool``), Go's ``SetMaxOpenConns``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Document
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import ConfigDocument, config_documents
from archlint.model.appconfig.units import environment_of
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.kubernetes.workloads import MOST_REPLICAS
from archlint.model.services.applications import is_tool
from archlint.model.services.configuration import configuration
from archlint.model.services.database_servers import DatabaseServer
from archlint.model.services.grouping import ServiceGroups, service_groups
from archlint.model.services.references import Reference, Variable, variables_of
from archlint.model.services.resolution import ServiceNames, cluster_names, service_names
from archlint.model.services.variable_names import names_a_peer, words_of
from archlint.model.system.evidence import Unit
from archlint.model.system.parties import Parties, parties
from archlint.model.world import World

_VARIABLE = regex(
    r"(?:\w{1,60}_)?(?:DB|DATABASE|PG|PGX|POSTGRES|POSTGRESQL|MYSQL|MARIADB|SQL|SQLALCHEMY|JDBC|DATASOURCE|HIKARI"
    r"|HIKARICP|R2DBC|TYPEORM|SEQUELIZE|PRISMA)_(?:POOL|POOL_?SIZE|POOL_?MAX(?:_?SIZE)?|MAX_?POOL(?:_?SIZE)?"
    r"|MAXIMUM_?POOL_?SIZE|MAX_?(?:OPEN_?)?CONN(?:ECTION)?S|CONN(?:ECTION)?S?_?MAX|CONNECTION_LIMIT)\Z"
)
_KINDS = {
    **dict.fromkeys(("PG", "PGX", "POSTGRES", "POSTGRESQL"), "postgres"),
    **dict.fromkeys(("MYSQL", "MARIADB"), "mysql"),
}
"""Which database a word in the name of a variable means."""
_OTHER_PEERS = frozenset(
    {
        *("REDIS", "VALKEY", "KAFKA", "AMQP", "RABBITMQ", "NATS", "MONGO", "MONGODB", "ELASTICSEARCH"),
        *("SENTRY", "SLACK", "SMTP", "MAIL", "S3", "WEBHOOK", "OTEL", "HTTP", "API"),
    }
)
_NO_ADDRESSES = frozenset({"PASSWORD", "PASS", "USER", "USERNAME", "NAME", "TOKEN", "KEY"})
"""How names of variables end that hold a part of a connection and not where it leads."""
_SETTING = regex(r"(?:^|\.)(?:hikari\.)?maximum-?pool-?size\Z|datasource\.tomcat\.max-?active\Z")
_IN_ADDRESS = regex(
    r"(?i)[?&;](?:pool_max_conns|connection_limit|maxPoolSize|maximumPoolSize|max(?:imum)? ?pool ?size)"
    r" ?= ?([0-9]{1,6})(?![0-9])"
)
_DEFAULT = regex(r"\$\{([A-Z][A-Z0-9_]{0,80}):([0-9]{1,6})\}\Z")
_LARGEST = 100_000
_MOST_OF_KEDA = 100
"""What KEDA takes for ``maxReplicaCount`` where it is not set."""


@dataclass(frozen=True)
class Pool:
    """The connections that the replicas of a workload open together."""

    name: str
    size: int
    replicas: int
    place: Place
    """Where the size is said."""
    replicas_place: Place | None

    @property
    def total(self) -> int:
        """How many that are at most."""
        return self.size * self.replicas


@dataclass(frozen=True)
class ExceededServer:
    """A database server whose clients may open more connections than it takes."""

    server: DatabaseServer
    pools: tuple[Pool, ...]
    """The largest first."""

    @classmethod
    def all(cls, world: World) -> Iterable[ExceededServer]:
        """Every such server."""
        servers = list(world.all(DatabaseServer))
        if not servers:
            return
        finder = _Finder(world, servers)
        for server in servers:
            pools = finder.pools_of(server)
            if sum(pool.total for pool in pools) > server.limit:
                yield cls(server, tuple(sorted(pools, key=lambda pool: (-pool.total, pool.name))))

    @property
    def place(self) -> Place:
        """The limit, else the size of the largest pool."""
        return self.server.place or self.pools[0].place

    @property
    def source(self) -> Document:
        """The document of the server."""
        return self.server.base.source

    @property
    def object(self) -> ObjectRef:
        """The server."""
        return self.server.object


class _Finder:
    def __init__(self, world: World, servers: list[DatabaseServer]) -> None:
        self._world = world
        self._groups: ServiceGroups = world.fact(service_groups)
        self._names: ServiceNames = world.fact(service_names)
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._parties: Parties = world.fact(parties)
        self._run: dict[int, list[DatabaseServer]] = defaultdict(list)
        self._operated: dict[str, list[DatabaseServer]] = defaultdict(list)
        for server in servers:
            home = self._groups.home_of(server.workload) if server.workload else None
            if home is not None:
                self._run[id(home)].append(server)
            for host in server.hosts:
                self._operated[host].append(server)
        self._clients: dict[int, list[tuple[Workload, Pool]]] = defaultdict(list)
        for workload in world.all(Workload):
            if workload.name and not is_tool(workload) and workload.kind != "DaemonSet":
                self._add(workload)

    def pools_of(self, server: DatabaseServer) -> list[Pool]:
        """One pool for each workload, of definitions that are applied together with the server if some are;
        where others differ, the smallest: it is there in any case."""
        found: dict[tuple[str, str, str], list[tuple[bool, Pool]]] = defaultdict(list)
        for workload, pool in self._clients.get(id(server), ()):
            is_near = self._sets.are_together(server.base, workload.base)
            found[workload.namespace or "", workload.kind, workload.name].append((is_near, pool))
        chosen = []
        for pools in found.values():
            near = [pool for is_near, pool in pools if is_near] or [pool for _, pool in pools]
            chosen.append(min(near, key=lambda pool: pool.total))
        return chosen

    def _add(self, workload: Workload) -> None:
        variables = [
            item
            for container in workload.containers
            if container.is_lasting
            for item in variables_of(container, self._world.fact(configuration))
        ]
        sizes = [*_sized(variables), *self._in_settings(workload)]
        in_addresses = {
            item.node.value_place(): int(match[1])
            for item in variables
            if (match := _IN_ADDRESS.search(item.value[:4096]))
        }
        if not (sizes or in_addresses):
            return
        replicas, place = self._replicas(workload)
        if replicas > MOST_REPLICAS:
            return
        meant: dict[int, DatabaseServer] = {}
        for reference in self._references.get(id(workload), ()):
            size = in_addresses.get(reference.node.value_place())
            for server in self._servers(reference):
                meant[id(server)] = server
                if size:
                    pool = Pool(workload.name, size, replicas, reference.node.value_place(), place)
                    self._clients[id(server)].append((workload, pool))
        is_sure = len(sizes) == 1 and not in_addresses and not _has_hidden_connection(workload, variables)
        if is_sure and meant and self._is_one(workload):
            size, where = sizes[0]
            kinds = _kinds_of_pools(variables)
            for key, server in meant.items():
                if kinds <= {server.protocol}:
                    self._clients[key].append((workload, Pool(workload.name, size, replicas, where, place)))

    @property
    def _references(self) -> dict[int, list[Reference]]:
        return self._world.fact(_references_by_workload)

    def _is_one(self, workload: Workload) -> bool:
        """Whether all addresses of databases that a workload is given lead to one host."""
        hosts = {item.address.host for item in self._references.get(id(workload), ()) if self._servers(item)}
        return len(hosts) == 1

    def _servers(self, reference: Reference) -> list[DatabaseServer]:
        """The servers that an address leads to."""
        workload = reference.workload
        fronts = self._names.resolve(reference.address.host, workload.base)
        if fronts:
            return [
                server for front in fronts for server in self._run.get(id(self._groups.of_front(front)), ())
            ]
        for reading in cluster_names(reference.address.host):
            namespace = reading.namespace or workload.namespace
            found = [
                server
                for server in self._operated.get(reading.name, ())
                if namespace is None or server.namespace in (None, namespace)
            ]
            if found:
                return found
        return []

    def _in_settings(self, workload: Workload) -> Iterator[tuple[int, Place]]:
        """Sizes in the files of the application, unless a variable or a profile says otherwise."""
        documents = self._world.fact(config_documents)
        units: list[Unit] = [
            workload,
            *(folder for party in self._parties.of(workload) for folder in party.folders),
        ]
        environment = environment_of(self._world, workload)
        for unit in units:
            own = [item for item in documents.get(unit, ()) if not (item.file.profile or item.profiles)]
            found = [each for document in own for each in _sizes(document, environment.keys())]
            if len({size for size, _ in found}) == 1:
                yield found[0]
                return

    def _replicas(self, workload: Workload) -> tuple[int, Place | None]:
        """How many replicas there may be, and where that is said."""
        node = workload.base.get("spec", "replicas")
        stated = (node.integer, node.value_place()) if node.integer is not None else (1, None)
        found: list[tuple[int, Place | None]] = []
        for scaler in self._world.fact(autoscaled).get(workload, ()):
            most = scaler.most_node
            if most.integer is not None:
                found.append((most.integer, most.value_place()))
            elif not scaler.is_horizontal and not most.is_set:
                found.append((_MOST_OF_KEDA, scaler.target.place()))
        return min(found, key=lambda item: item[0]) if found else stated


def _references_by_workload(world: World) -> dict[int, list[Reference]]:
    found: dict[int, list[Reference]] = defaultdict(list)
    for reference in world.all(Reference):
        if not reference.is_at_hand:
            found[id(reference.workload)].append(reference)
    return found


def _sized(variables: list[Variable]) -> Iterator[tuple[int, Place]]:
    for variable in variables:
        size = _number(variable.value)
        if size and not variable.is_at_hand and _VARIABLE.match(variable.name.upper()):
            yield size, variable.node.value_place()


def _kinds_of_pools(variables: list[Variable]) -> set[str]:
    """Which databases the names of variables say that hold the size of a pool."""
    names = (item.name.upper() for item in variables if _VARIABLE.match(item.name.upper()))
    return {_KINDS[word] for name in names for word in words_of(name) if word in _KINDS}


def _has_hidden_connection(workload: Workload, read: list[Variable]) -> bool:
    """Whether an address that the pool may belong to comes from a Secret that cannot be read."""
    known = {item.name for item in read}
    names = (
        entry.get("name").text or ""
        for container in workload.containers
        if container.is_lasting
        for entry in container.get("env").elements()
        if entry.get("valueFrom", "secretKeyRef").is_set
    )
    hidden = (name for name in names if name not in known and names_a_peer(name))
    return any(
        _OTHER_PEERS.isdisjoint(words) and words[-1] not in _NO_ADDRESSES
        for words in (words_of(name.upper()) for name in hidden)
    )


def _sizes(document: ConfigDocument, set_elsewhere: Iterable[str]) -> Iterator[tuple[int, Place]]:
    names = {name.replace("_", "") for name in set_elsewhere}
    for setting in document.settings:
        if not _SETTING.search(setting.key.lower()):
            continue
        if setting.key.upper().replace(".", "").replace("-", "").replace("_", "") in names:
            continue
        text = setting.value
        filled = _DEFAULT.match(text)
        if filled and filled[1] not in set(set_elsewhere):
            text = filled[2]
        size = _number(text)
        if size:
            yield size, setting.place(0, len(setting.value))


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 6
    return int(text) if is_number and 0 < int(text) <= _LARGEST else None
