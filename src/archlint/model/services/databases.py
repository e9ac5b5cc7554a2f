"""Databases that services use: a host with the name of a database on it, and who is given both."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.services import protocols
from archlint.model.services.addresses import Address, addresses_of_value, bare_host
from archlint.model.services.applications import applications, images_of, is_tool
from archlint.model.services.configuration import configuration
from archlint.model.services.grouping import Service, ServiceGroups, service_groups
from archlint.model.services.references import Channel, Reference, Variable, variables_of
from archlint.model.services.resolution import ServiceNames, service_names
from archlint.model.world import World

_HOSTS = ("HOST", "HOSTNAME", "HOST_NAME", "SERVER", "ADDR", "ADDRESS")
_NAMES = ("DB_NAME", "DBNAME", "DATABASE_NAME", "DATABASE", "NAME", "DB")
_STORE_PREFIXES = (
    *("DB", "DATABASE", "PG", "POSTGRES", "POSTGRESQL", "MYSQL", "MARIADB", "MONGO", "MONGODB"),
    *("SQL", "MSSQL"),
)
PlaceKey = tuple[object, ...]


@dataclass(frozen=True)
class DatabaseUse:
    """A workload that is given a database."""

    service: Service
    workload: Workload
    host: str
    database: str
    node: Node
    """The value to edit."""
    holder: ObjectRef
    """The object that holds the value."""

    @property
    def signs(self) -> Set[str]:
        """The images of the workload, without tags."""
        return images_of(self.workload)


@dataclass(frozen=True)
class SharedDatabase:
    """A database that workloads of several services are given."""

    host: str
    database: str
    uses: tuple[DatabaseUse, ...]
    """One for each service: first that of the database's own service, if its name tells which that is."""

    @classmethod
    def all(cls, world: World) -> Iterable[SharedDatabase]:
        """Every shared database, by host and name."""
        by_key: dict[tuple[str, str], list[DatabaseUse]] = defaultdict(list)
        for key, use in _Finder(world).uses():
            if not is_tool(use.workload):
                by_key[key].append(use)
        for key in sorted(by_key):
            uses = by_key[key]
            parties = applications(uses)
            if len(parties) > 1:
                first = [_representative(party) for party in parties]
                first.sort(key=lambda use: (not _owns(use), use.service.name, use.service.namespace or ""))
                yield cls(first[0].host, first[0].database, tuple(first))

    @property
    def source(self) -> Document:
        """The document of the place to edit."""
        return self.uses[1].node.document

    @property
    def object(self) -> ObjectRef:
        """The object to edit: of the first service that is not the database's own."""
        return self.uses[1].holder


def paired_databases(world: World) -> Mapping[PlaceKey, str]:
    """The database that is named beside a host, by the place of the host; ask with ``world.fact``."""
    return {place_key(use.node.value_place()): use.database for _, use in _Finder(world).uses()}


def place_key(place: Place) -> PlaceKey:
    """What tells a place from others."""
    return (place.source.path, place.source.index, place.route)


class _Finder:
    def __init__(self, world: World) -> None:
        self._world = world
        self._groups: ServiceGroups = world.fact(service_groups)
        self._names: ServiceNames = world.fact(service_names)

    def uses(self) -> Iterator[tuple[tuple[str, str], DatabaseUse]]:
        """Every use with the identity of its database."""
        for reference in self._world.all(Reference):
            is_used = reference.channel is not Channel.FILE and not reference.is_at_hand
            if is_used and reference.address.database:
                yield from self._use(
                    reference.workload, reference.address, reference.node, reference.object, is_store=False
                )
        known = self._world.fact(configuration)
        for workload in self._world.all(Workload):
            for container in workload.containers if workload.name else ():
                for address, variable in _split_pairs(variables_of(container, known)):
                    holder = _holder(variable.node, workload)
                    is_store = bool(address.scheme)
                    yield from self._use(workload, address, variable.node, holder, is_store=is_store)

    def _use(
        self, workload: Workload, address: Address, node: Node, holder: ObjectRef, *, is_store: bool
    ) -> Iterator[tuple[tuple[str, str], DatabaseUse]]:
        found = self._names.resolve(address.host, workload.base)
        callees = [self._groups.of_front(front) for front in found]
        stores = [callee.store_protocol for callee in callees]
        named = protocols.of_scheme(address.scheme) or protocols.of_port(address.port)
        is_relational = protocols.RELATIONAL.intersection(
            filter(None, (*stores, None if any(stores) else named))
        )
        if not (is_relational or (is_store and not any(stores))):
            return
        service = self._groups.of_workload(workload)
        if any(service is callee for callee in callees):
            return
        where = callees[0].key if callees else (None, address.host)
        identity = (f"{where[0] or ''}/{where[1]}", f"{address.database}/{address.schema}")
        yield identity, DatabaseUse(service, workload, address.host, address.database, node, holder)


def _split_pairs(variables: list[Variable]) -> Iterator[tuple[Address, Variable]]:
    """Databases that two variables name together, such as ``PGHOST`` with ``PGDATABASE``."""
    names: dict[str, str] = {}
    for variable in variables:
        if re.fullmatch(r"[\w.-]{1,63}", variable.value):
            for prefix in _prefixes(variable.name, _NAMES):
                names.setdefault(prefix, variable.value)
    for variable in variables:
        common = next((item for item in _prefixes(variable.name, _HOSTS) if item in names), None)
        if common is None:
            continue
        found = addresses_of_value(variable.value)
        host = found[0] if len(found) == 1 else bare_host(variable.value)
        if host is not None and not host.scheme and not variable.is_at_hand:
            scheme = "sql" if common.rpartition("_")[2] in _STORE_PREFIXES else ""
            yield Address(host.host, host.port, scheme, names[common]), variable


def _prefixes(name: str, endings: tuple[str, ...]) -> list[str]:
    """What is left of a variable's name without each ending that it has."""
    upper = name.upper()
    cut = (upper.removesuffix(ending).rstrip("_") for ending in endings if upper.endswith(ending))
    return [prefix for prefix in cut if prefix]


def _holder(node: Node, workload: Workload) -> ObjectRef:
    above = workload.base.node.route
    is_own = node.document is workload.source and node.route[: len(above)] == above
    return workload.object if is_own else KubernetesObject(node.document.at(node.route[:-2])).object


def _representative(party: list[DatabaseUse]) -> DatabaseUse:
    return min(party, key=lambda use: (use.node.document.path, use.node.document.index, str(use.node.route)))


def _owns(use: DatabaseUse) -> bool:
    """Whether the database or its host has the service's name."""
    name = use.service.name
    host = use.host.partition(".")[0]
    return name in (use.database, host) or host.startswith(name + "-")
