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
_MOVED = regex(r"(?:--datadir|--dbpath|--data-dir|data_directory|\A-D\Z|\bcp |\bmv |\bln )")


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


def _scratch(container: Container) -> ScratchDatabase | None:
    image = parse_image(container.get("image").text or "")
    home = _HOMES.get(image.name.rpartition("/")[2])
    if home is None or any(word in image.name for word in _OTHERWISE) or _is_moved(container):
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
