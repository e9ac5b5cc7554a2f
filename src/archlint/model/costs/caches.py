"""Caches that let nothing go: of applications without a time to live, and servers without a limit of memory.

Sources: Spring Boot, "Caching" (``spring.cache.redis.time-to-live``: entries never expire unless it is set);
Redis, "Key eviction" (``maxmemory`` is unlimited and ``maxmemory-policy`` is ``noeviction`` unless set).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import config_documents
from archlint.model.appconfig.mounted import mounted_files
from archlint.model.appconfig.relaxed import leads_elsewhere, relaxed
from archlint.model.appconfig.settings import Setting
from archlint.model.appconfig.units import environment_of
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Container, Workload
from archlint.model.sources.by_party import party_sources
from archlint.model.system.evidence import Unit
from archlint.model.system.images import image_name, image_repository
from archlint.model.system.parties import parties
from archlint.model.world import World

_LIVES = "springcacheredistimetolive"
_IN_SOURCE = regex(r"entryTtl|RedisCacheConfiguration|RedisCacheManager|setDefaultExpiration|@TimeToLive")
_SERVERS = frozenset({"redis", "valkey", "keydb", "redis-stack-server"})
_LIMIT = regex(r"(?i)maxmemory[\s\"',=:]{1,9}([0-9]{1,15}[a-z]{0,2})(?![\w-])")
_POLICY = regex(r"(?i)maxmemory-policy[\s\"',=:]{1,9}([a-z-]{2,20})")
_KEEPS = regex(r"(?i)appendonly[\s\"',=:]{1,9}yes|cluster-enabled[\s\"',=:]{1,9}yes|--loadmodule")


@dataclass(frozen=True, eq=False)
class EndlessCache:
    """An application that caches in Redis, and nothing says for how long."""

    unit: Unit
    setting: Setting

    @classmethod
    def all(cls, world: World) -> Iterable[EndlessCache]:
        """Every such application, as far as its settings and source tell."""
        documents = world.fact(config_documents)
        for unit in documents:
            settings = [item for document in documents[unit] for item in document.settings]
            chosen = next(
                (
                    item
                    for item in settings
                    if relaxed(item.key) == "springcachetype" and item.value.strip().lower() == "redis"
                ),
                None,
            )
            if chosen is not None and not _says_how_long(unit, settings, world):
                yield cls(unit, chosen)

    @property
    def place(self) -> Place:
        """What says that Redis is the cache."""
        return self.setting.place(0, len(self.setting.value))

    @property
    def source(self) -> Source:
        """The file with the settings."""
        return self.setting.text.source

    @property
    def object(self) -> ObjectRef:
        """The application."""
        return ObjectRef("service", self.unit.name)


def _says_how_long(unit: Unit, settings: list[Setting], world: World) -> bool:
    names = {relaxed(item.key) for item in settings}
    names |= {relaxed(name) for name in environment_of(world, unit)}
    if any(name == _LIVES or leads_elsewhere(name) for name in names):
        return True
    sources = world.fact(party_sources)
    for party in world.fact(parties).of(unit):
        others: list[Unit] = [*party.composed, *party.folders]
        others += party.service.workloads if party.service else ()
        known = world.fact(config_documents)
        for other in others:
            keys = (item.key for document in known.get(other, ()) for item in document.settings)
            if any(relaxed(key) == _LIVES for key in keys):
                return True
        if any(_IN_SOURCE.search(file.text) for file in sources.of(party)):
            return True
    return False


@dataclass(frozen=True, eq=False)
class UnboundedCache:
    """A server that is called a cache, and drops nothing when it is full."""

    name: str
    place: Place
    object: ObjectRef
    """The server."""
    limit: str
    """The memory at which it refuses to write; empty if there is none."""

    @classmethod
    def all(cls, world: World) -> Iterable[UnboundedCache]:
        """Every server of an image that takes all that is said from arguments and mounted files."""
        yield from _of_workloads(world)
        for service in world.all(ComposeService):
            if "cache" not in service.name.lower() or not _is_server(service.image or ""):
                continue
            commands = [(text.text, setting.node.value_place()) for text, setting in service.commands]
            place = commands[0][1] if commands else service.node.place()
            mounts = any(variant.items("volumes") for variant in service.variants)
            text = " ".join(text for text, _ in commands)
            limit = None if mounts and ".conf" in text else _unbounded(text)
            if limit is not None:
                yield cls(service.name, place, service.object, limit)

    @property
    def source(self) -> Source:
        """The document of the server."""
        return self.place.source


def _is_server(image: str) -> bool:
    return image_name(image) in _SERVERS and "bitnami" not in image_repository(image)


def _of_workloads(world: World) -> Iterator[UnboundedCache]:
    files: dict[int, list[str]] | None = None
    for workload in world.all(Workload):
        main = [item for item in workload.containers if item.role == "main"]
        servers = [item for item in main if _is_server(item.get("image").text or "")]
        if "cache" not in workload.name.lower() or len(servers) != 1 or not workload.is_long_running:
            continue
        if files is None:
            files = defaultdict(list)
            for file in world.fact(mounted_files):
                files[id(file.workload)].append(file.node.text or "")
        told, place = _told(servers[0])
        known = files.get(id(workload), [])
        if servers[0].get("envFrom").is_set or (_takes_files(workload) and not known):
            continue
        limit = _unbounded(" ".join([told, *known]))
        if limit is not None:
            yield UnboundedCache(workload.name, place, workload.object, limit)


def _told(container: Container) -> tuple[str, Place]:
    parts = [container.get(key) for key in ("args", "command")]
    texts = [text for part in parts for text in _in_order(part)]
    texts += [entry.get("value").text or "" for entry in container.get("env").elements()]
    shown = next((part for part in parts if part.is_set), container.get("image"))
    return " ".join(texts), shown.place()


def _in_order(node: Node) -> Iterator[str]:
    for item in node.elements():
        yield item.text if item.text is not None else str(item.value)


def _takes_files(workload: Workload) -> bool:
    kinds = ("configMap", "secret", "projected", "hostPath")
    volumes = workload.pod_spec.get("volumes").elements()
    return any(volume.get(kind).is_set for volume in volumes for kind in kinds)


def _unbounded(told: str) -> str | None:
    """The limit at which a server refuses to write, empty for none; ``None`` if it drops what is old."""
    if _KEEPS.search(told):
        return None
    limit, policy = _LIMIT.search(told), _POLICY.search(told)
    if limit is None or limit[1].strip("0") == "":
        return None if "maxmemory " in told and limit is None else ""
    return limit[1] if policy is None or policy[1].lower() == "noeviction" else None
