"""Servers that applications find by their library alone: where a build file names a client and the system has
one server of that kind, the client calls it, though the address stands in no file here.

That is how Spring works: a starter on the class path connects to what its settings name, which may lie in a
repository of configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from archlint.finding import Confidence
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import mentions as of_settings
from archlint.model.services.addresses import Address
from archlint.model.system.built_with import BuildFile, build_files_of_folders
from archlint.model.system.evidence import Mention
from archlint.model.system.folder_homes import images_of
from archlint.model.system.folders import SourceFolder
from archlint.model.system.images import image_name
from archlint.model.system.modules import Modules, modules
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World

_LOCAL = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True)
class Platform:
    """A kind of server that clients find by their library."""

    scheme: str
    client: re.Pattern[str]
    """Matches the library of a client."""
    server: re.Pattern[str] | None = None
    """Matches the library that only the server has."""
    image: str = ""
    """The beginning of the name of its image."""
    store: str = ""
    """The protocol, if it is a store or broker."""
    keys: tuple[str, ...] = ()
    """Beginnings of the settings that name it, without separators and in lower case."""


def _library(names: str) -> re.Pattern[str]:
    return regex(rf"(?<![\w-])(?:{names})(?![\w-])")


_PLATFORMS = (
    Platform(
        "http",
        _library(r"spring-cloud-starter-(?:netflix-)?eureka(?:-client)?|spring-cloud-netflix-eureka-client"),
        server=_library(r"(?:spring-cloud-(?:starter-)?(?:netflix-)?)?eureka-server"),
        image="eureka",
        keys=("eurekaclientserviceurl",),
    ),
    Platform(
        "http",
        _library(r"spring-cloud-starter-config|spring-cloud-config-client"),
        server=_library(r"spring-cloud-(?:starter-)?config-server"),
        keys=("springcloudconfig", "springconfigimport"),
    ),
    Platform(
        "http",
        _library(
            r"spring-(?:cloud-(?:starter|sleuth)|boot-starter)-zipkin|zipkin-reporter-brave|opentelemetry-exporter-zipkin"
        ),
        server=_library(r"(?:spring-cloud-sleuth-)?zipkin-server"),
        image="zipkin",
        keys=("springzipkin", "managementzipkin"),
    ),
    Platform(
        "http",
        _library(r"spring-cloud-starter-alibaba-nacos-(?:discovery|config)"),
        image="nacos",
        keys=("springcloudnacos",),
    ),
    Platform(
        "http",
        _library(r"spring-cloud-starter-consul(?:-discovery|-config|-all)?"),
        image="consul",
        keys=("springcloudconsul",),
    ),
    Platform(
        "grpc",
        _library(r"axon-spring-boot-starter|axon-server-connector"),
        image="axonserver",
        keys=("axonaxonserver",),
    ),
    Platform(
        "amqp",
        _library(
            r"spring-boot-starter-amqp|spring-rabbit|spring-cloud-starter-(?:stream-rabbit|bus-amqp)"
            r"|spring-cloud-stream-binder-rabbit"
        ),
        store="amqp",
        keys=("springrabbitmq",),
    ),
    Platform(
        "kafka",
        _library(
            r"spring-kafka|spring-boot-starter-kafka|spring-cloud-starter-(?:stream|bus)-kafka|spring-cloud-stream-binder-kafka(?:-streams)?"
        ),
        store="kafka",
        keys=("springkafka", "springcloudstreamkafka"),
    ),
    Platform(
        "mongodb",
        _library(r"spring-boot-starter-data-mongodb(?:-reactive)?"),
        store="mongodb",
        keys=("springdatamongodb", "springmongodb"),
    ),
    *(
        Platform(store, _library(driver), store=store, keys=("springdatasource", "springr2dbc"))
        for store, driver in (
            ("postgres", r"postgresql|r2dbc-postgresql"),
            ("mysql", r"mysql-connector-(?:java|j)|mariadb-java-client|r2dbc-mysql"),
            ("sqlserver", r"mssql-jdbc"),
        )
    ),
    *(
        Platform(
            store,
            _library(rf"spring-boot-starter-data-{store}(?:-reactive)?|spring-data-{store}"),
            store=store,
            keys=(f"springdata{store}", f"spring{store}"),
        )
        for store in ("cassandra", "elasticsearch", "neo4j")
    ),
    Platform(
        "redis",
        _library(r"spring-boot-starter-data-redis(?:-reactive)?"),
        store="redis",
        keys=("springdataredis", "springredis"),
    ),
)


def mentions(world: World) -> Iterator[Mention]:
    """The calls of clients whose server no setting of theirs names."""
    built = world.fact(build_files_of_folders)
    if not built:
        return
    known: Parties = world.fact(parties)
    finder = _Finder(built, known, _named_by_settings(world, known), world.fact(modules))
    for party in known.all:
        yield from finder.of(party)


class _Finder:
    def __init__(
        self,
        built: Mapping[str, Sequence[BuildFile]],
        known: Parties,
        named: Mapping[int, frozenset[str]],
        together: Modules,
    ) -> None:
        self._modules = together
        self._built = built
        self._known = known
        self._named = named
        self._servers = [
            [party for party in known.all if self._is_server(party, platform)] for platform in _PLATFORMS
        ]

    def of(self, party: Party) -> Iterator[Mention]:
        """What a party finds by its libraries."""
        if party.store_protocol is not None:
            return
        keys = self._named.get(id(party), frozenset())
        for platform, servers in zip(_PLATFORMS, self._servers, strict=True):
            if not servers or any(item is party for item in servers):
                continue
            nearest = self._known.nearest(servers, party)
            if len({(item.name, item.namespace) for item in nearest}) != 1 or any(
                key.startswith(platform.keys) for key in keys
            ):
                continue
            for folder in party.folders:
                yield from self._in_folder(folder, platform, nearest[0])

    def _in_folder(self, folder: SourceFolder, platform: Platform, server: Party) -> Iterator[Mention]:
        # stores that a shared module may use are not used by all who share it
        shared = () if platform.store else self._modules.all_used(folder.path)
        paths = (folder.path, *shared)
        for file in (each for path in paths for each in self._built.get(path, ())):
            match = file.find(platform.client)
            if match is not None:
                address = Address(server.name.lower(), scheme=platform.scheme)
                place = file.place(match)
                yield Mention(folder, address, place, match.name, Confidence.MEDIUM, callee=server)
                return

    def _is_server(self, party: Party, platform: Platform) -> bool:
        if platform.store:
            return party.store_protocol == platform.store
        if platform.image and any(image_name(item).startswith(platform.image) for item in images_of(party)):
            return True
        files = (file for folder in party.folders for file in self._built.get(folder.path, ()))
        return platform.server is not None and any(file.find(platform.server) for file in files)


def _named_by_settings(world: World, known: Parties) -> dict[int, frozenset[str]]:
    """The keys of the settings of each party that name something, without separators."""
    found: dict[int, set[str]] = {}
    for mention in of_settings(world):
        if mention.confidence is Confidence.LOW or mention.address.host in _LOCAL:
            continue
        key = "".join(char for char in mention.variable.lower() if char.isalnum())
        for party in known.of(mention.unit):
            found.setdefault(id(party), set()).add(key)
    return {party: frozenset(keys) for party, keys in found.items()}
