"""Databases that nothing in the repository saves.

Sources: Velero, Schedule; CloudNativePG, ScheduledBackup; Zalando's operator, ``enableLogicalBackup``;
VolSync, K8up, Longhorn, Kasten, Stash, SnapScheduler: the kinds that each makes backups by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.commands import script_texts
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.tried_out import is_tried_out
from archlint.model.services import protocols
from archlint.model.services.database_storage import is_scratch, runs_something_else
from archlint.model.services.velero import Schedules
from archlint.model.world import World

_KEPT = frozenset({"postgres", "mysql", "mongodb", "couchdb", "neo4j", "cassandra"})
_OPERATED = {("postgresql.cnpg.io", "Cluster"), ("acid.zalan.do", "postgresql")}
_OF_ALL = {
    ("config.kio.kasten.io", "Policy"),
    ("longhorn.io", "RecurringJob"),
    ("gemini.fairwinds.com", "SnapshotGroup"),
    ("velero.io", "Backup"),
}
"""What saves volumes wherever they are."""
_OF_NAMESPACES = {
    ("k8up.io", "Schedule"),
    ("backup.appuio.ch", "Schedule"),
    ("volsync.backube", "ReplicationSource"),
    ("snapscheduler.backube", "SnapshotSchedule"),
    ("snapshot.storage.k8s.io", "VolumeSnapshot"),
    ("stash.appscode.com", "BackupConfiguration"),
    ("core.kubestash.com", "BackupConfiguration"),
    ("addons.kubestash.com", "BackupConfiguration"),
}
"""What saves volumes of its own namespace."""
_SAVING = regex(
    r"(?i)backup|pg_dump|pg_basebackup|mysqldump|mariadb-dump|xtrabackup|mongodump|restic|kopia|wal-g|wal-e"
    r"|pgbackrest|barman|borg|rclone|medusa|dump"
)
_DUMPS = {
    "postgres": ("pg_dump", "pg_basebackup", "pgbackrest", "barman"),
    "mysql": ("mysqldump", "mariadb-dump", "xtrabackup"),
    "mongodb": ("mongodump",),
    "neo4j": ("neo4j-admin",),
    "couchdb": ("couchbackup",),
    "cassandra": ("nodetool snapshot", "medusa"),
}
"""Programs that copy the data of databases, by what these speak."""


@dataclass(frozen=True)
class UnsavedDatabase(ObjectFacet):
    """A database of which nothing in the repository makes a copy."""

    is_archived: bool = False
    """Whether it has a place for copies, and nothing that makes them."""

    @classmethod
    def all(cls, world: World) -> Iterable[UnsavedDatabase]:
        """Every database with data that is kept, but for those that are tried out."""
        found = _Backups(world)
        for workload in world.all(Workload):
            if _keeps_data(workload) and not found.save(workload) and not _is_scripted(workload, world):
                yield cls(workload.base)
        for base in world.all(KubernetesObject):
            is_meant = (base.group, base.kind) in _OPERATED and base.name and not is_tried_out(base)
            if is_meant and not found.save_operated(base):
                yield cls(base, base.get("spec", "backup", "barmanObjectStore").is_set)


def _keeps_data(workload: Workload) -> bool:
    if not (workload.name and workload.is_long_running) or is_tried_out(workload.base):
        return False
    main = [item for item in workload.containers if item.role == "main" and not runs_something_else(item)]
    speaking = {protocols.of_image(item.get("image").text or "") for item in main}
    has_volume = workload.base.get("spec", "volumeClaimTemplates").value or any(
        volume.get("persistentVolumeClaim").is_set for volume in workload.pod_spec.get("volumes").elements()
    )
    return bool(has_volume) and not speaking.isdisjoint(_KEPT) and not is_scratch(workload)


def _is_scripted(workload: Workload, world: World) -> bool:
    """Whether a script or pipeline of the repository copies data of what a workload runs."""
    speaking = (protocols.of_image(item.get("image").text or "") for item in workload.containers)
    return not world.fact(_scripted).isdisjoint(speaking)


def _scripted(world: World) -> frozenset[str]:
    """What the databases speak that scripts and pipelines copy the data of."""
    texts = list(script_texts(world))
    return frozenset(
        protocol
        for protocol, programs in _DUMPS.items()
        if any(program in text for text in texts for program in programs)
    )


class _Backups:
    """What makes copies, by what it makes them of."""

    def __init__(self, world: World) -> None:
        self._world = world
        objects = list(world.all(KubernetesObject))
        kinds = {(item.group, item.kind): item for item in objects}
        self._saves_all = any(key in kinds for key in _OF_ALL)
        self._namespaces = {item.namespace for item in objects if (item.group, item.kind) in _OF_NAMESPACES}
        self._schedules = Schedules(
            item.get("spec", "template")
            for item in objects
            if (item.group, item.kind) == ("velero.io", "Schedule")
            and item.get("spec", "paused").value is not True
        )
        self._scheduled: dict[str | None, set[str | None]] = defaultdict(set)
        for item in objects:
            if (item.group, item.kind) == ("postgresql.cnpg.io", "ScheduledBackup"):
                self._scheduled[item.get("spec", "cluster", "name").text].add(item.namespace)

    def save(self, workload: Workload) -> bool:
        """Whether something saves the data of a workload."""
        return self._saves(workload.base, workload.pod_labels) or _saves_itself(workload)

    def save_operated(self, base: KubernetesObject) -> bool:
        """Whether something saves the data of what an operator runs."""
        if base.kind == "Cluster":
            namespaces = self._scheduled.get(base.name, set())
            is_told = bool({base.namespace, None} & namespaces) or (
                base.namespace is None and bool(namespaces)
            )
            is_copy = base.get("spec", "replica", "enabled").value is True
        else:
            is_told = base.get("spec", "enableLogicalBackup").value is True
            is_copy = base.get("spec", "standby").is_set or "WAL" in str(base.get("spec", "env").value)
        return is_told or is_copy or self._saves(base, base.labels)

    def _saves(self, base: KubernetesObject, labels: dict[str, str]) -> bool:
        return (
            self._saves_all
            or base.namespace in self._namespaces
            or None in self._namespaces
            or (base.namespace is None and bool(self._namespaces))
            or self._schedules.take(base, labels)
            or self._is_dumped(base)
        )

    def _is_dumped(self, base: KubernetesObject) -> bool:
        """Whether a CronJob dumps it: one that names it, or one of its namespace that names no database."""
        is_near = base.namespace is None or not self._dumping.isdisjoint((base.namespace, None))
        return base.name in self._dumped or (bool(self._dumping) and is_near)

    @cached_property
    def _dumps(self) -> list[tuple[Workload, frozenset[str]]]:
        """The CronJobs that make copies, with their words."""
        jobs = (item for item in self._world.all(Workload) if item.kind == "CronJob")
        texts = ((job, _text(job)) for job in jobs)
        return [(job, frozenset(text.split())) for job, text in texts if _SAVING.search(f"{job.name} {text}")]

    @cached_property
    def _dumped(self) -> frozenset[str]:
        """What CronJobs that make copies name."""
        return frozenset(word for _, words in self._dumps for word in words)

    @cached_property
    def _dumping(self) -> frozenset[str | None]:
        """The namespaces of CronJobs that make copies and name no database."""
        return frozenset(job.namespace for job, words in self._dumps if words.isdisjoint(self._stores))

    @cached_property
    def _stores(self) -> frozenset[str]:
        return frozenset(item.name for item in self._world.all(Workload) if _keeps_data(item))


_NO_NAME = regex(r"[^a-z0-9-]+")
_LONGEST = 20_000


def _text(workload: Workload) -> str:
    """What a workload is told, with blanks for all that stands in no name."""
    texts = [str(item.node.value)[:_LONGEST] for item in workload.containers]
    return _NO_NAME.sub(" ", " ".join(texts))


def _saves_itself(workload: Workload) -> bool:
    """Whether a container, an annotation or a variable of the database makes copies."""
    names = [f"{item.name} {item.get('image').text}" for item in workload.containers]
    names += [*workload.pod_annotations, *workload.base.annotations]
    names += [
        entry.get("name").text or "" for item in workload.containers for entry in item.get("env").elements()
    ]
    return any(_SAVING.search(name) or name.startswith(("WAL_", "WALG_")) for name in names)
