"""What the data of a database lies on, where it goes away with the pod.

Sources: the pages of the images at Docker Hub, for where each keeps its data and which variable moves it;
Kubernetes, "Volumes", ``emptyDir`` and generic ephemeral volumes.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.images import parse_image
from archlint.model.kubernetes.objects import ObjectFacet
from archlint.model.kubernetes.tried_out import is_tried_out
from archlint.model.kubernetes.workloads import Container
from archlint.model.world import World

_HOMES = {
    **dict.fromkeys(("postgres", "postgis", "pgvector", "timescaledb"), "/var/lib/postgresql"),
    **dict.fromkeys(("mysql", "mariadb", "percona", "percona-server", "mysql-server"), "/var/lib/mysql"),
    "mongo": "/data/db",
    "couchdb": "/opt/couchdb/data",
    "neo4j": "/data",
    "cassandra": "/var/lib/cassandra",
}
"""Where images keep their data, by the last part of their name."""
_OTHERWISE = ("bitnami", "sclorg", "rhscl", "rhel", "centos", "openshift", "crunchy", "supabase")
"""Parts of the names of images that keep their data elsewhere than the official ones."""
_MOVING = ("PGDATA", "MYSQL_DATADIR", "MARIADB_DATADIR")
_LONGEST = 20_000
_MOVED = regex(r"(?:--datadir|--dbpath|--data-dir|data_directory|\A-D\Z|\bcp |\bmv |\bln )")
_SERVERS = frozenset(
    {
        *("postgres", "mysqld", "mysqld_safe", "mariadbd", "mariadbd-safe", "mongod", "couchdb", "neo4j"),
        *("cassandra", "postmaster"),
    }
)
_ENTRYPOINTS = frozenset({"docker-entrypoint.sh", "docker-ensure-initdb.sh", "entrypoint.sh"})
"""What images begin with: it runs the program that follows, else the server."""
_WORDS = regex(r"[;&|(){}\n]++|[^\s;&|(){}'\"`]++")
_SEPARATORS = (";", "&", "|", "(", ")", "{", "}", "\n")
_BEFORE_PROGRAMS = frozenset({"exec", "--", "then", "do", "else", "nohup", "tini", "dumb-init"})
_AS_SOMEBODY = frozenset({"gosu", "su-exec", "runuser"})
_SCRIPT = regex(r"-[a-z]{0,5}c\Z")
"""The option of a shell before what it runs."""


@dataclass(frozen=True)
class ScratchDatabase(ObjectFacet):
    """A database whose data is gone when its pod is."""

    container: Container
    volume: Node
    """The volume on which the data lies; missing where none is mounted there."""
    directory: str

    @classmethod
    def all(cls, world: World) -> Iterable[ScratchDatabase]:
        """Every such database, but for those that are only tried out."""
        for workload in world.all(Workload):
            if not workload.name or not workload.is_long_running or is_tried_out(workload.base):
                continue
            for container in workload.containers:
                found = _scratch(container) if container.role == "main" else None
                if found is not None:
                    yield found


def is_scratch(workload: Workload) -> bool:
    """Whether the data of a container is gone with its pod."""
    return any(_scratch(item) is not None for item in workload.containers if item.role == "main")


def _home(container: Container) -> str | None:
    """Where the image of a container keeps its data; ``None`` if that is not known."""
    name = parse_image(container.get("image").text or "").name
    return None if any(word in name for word in _OTHERWISE) else _HOMES.get(name.rpartition("/")[2])


def runs_something_else(container: Container) -> bool:
    """Whether a container takes the image of a database for a client of it, or for nothing."""
    return _home(container) is not None and not _runs_server(container)


def _runs_server(container: Container) -> bool:
    """Whether a container of a database's image surely runs its server."""
    command, arguments = (
        [node.text or "" for node in container.get(key).elements()] for key in ("command", "args")
    )
    if not command and (not arguments or arguments[0].startswith("-")):
        return True
    words = [word for part in (*command, *arguments) for word in _WORDS.findall(part[:_LONGEST])]
    return any(_is_server(words, at) for at in range(len(words)))


def _is_server(words: list[str], at: int) -> bool:
    """Whether a word is a program, by what stands before it, and the server."""
    program = words[at].rpartition("/")[2]
    before = words[at - 1].rpartition("/")[2] if at else ";"
    is_program = (
        before in _BEFORE_PROGRAMS
        or before in _ENTRYPOINTS
        or before.startswith(_SEPARATORS)
        or _SCRIPT.match(before) is not None
        or (at > 1 and words[at - 2].rpartition("/")[2] in _AS_SOMEBODY)
    )
    if program in _ENTRYPOINTS:
        return is_program and (at + 1 == len(words) or words[at + 1].startswith("-"))
    return is_program and program in _SERVERS


def _scratch(container: Container) -> ScratchDatabase | None:
    home = _home(container)
    if home is None or _is_moved(container) or not _runs_server(container):
        return None
    directory = next((text for text in (_variable(container, name) for name in _MOVING) if text), home)
    mounts = [item for item in container.get("volumeMounts").elements() if item.get("mountPath").text]
    over = [item for item in mounts if _covers(item.get("mountPath").text or "", directory)]
    spec = container.workload.pod_spec
    if not over:
        is_told = container.get("volumeMounts").is_list or not container.get("volumeMounts").exists
        has_devices = container.get("volumeDevices").is_set
        missing = spec.get("volumes", "?")
        is_sure = is_told and not has_devices
        return ScratchDatabase(container.workload.base, container, missing, directory) if is_sure else None
    names = {item.get("name").text for item in over}
    if len(names) != 1 or _is_claimed(container.workload, names):
        return None
    volume = next((item for item in spec.get("volumes").elements() if item.get("name").text in names), None)
    if volume is None or not (volume.get("emptyDir").exists or volume.get("ephemeral").is_set):
        return None
    return ScratchDatabase(container.workload.base, container, volume, directory)


def _is_claimed(workload: Workload, names: set[str | None]) -> bool:
    claims = workload.base.get("spec", "volumeClaimTemplates").elements()
    return any(claim.get("metadata", "name").text in names for claim in claims)


def _covers(mounted: str, directory: str) -> bool:
    """Whether what is mounted holds the directory, or a part of it."""
    one, other = f"{mounted.rstrip('/')}/", f"{directory.rstrip('/')}/"
    return other.startswith(one) or one.startswith(other)


def _variable(container: Container, name: str) -> str | None:
    for entry in container.get("env").elements():
        if entry.get("name").text == name:
            return entry.get("value").text
    return None


def _is_moved(container: Container) -> bool:
    """Whether arguments, or variables from elsewhere, may put the data somewhere else."""
    texts = [node.text or "" for key in ("command", "args") for node in container.get(key).elements()]
    return any(_MOVED.search(text) for text in texts) or container.get("envFrom").is_set
