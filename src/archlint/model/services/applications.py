"""Applications: workloads that belong together, however many Deployments they are cut into.

A service, its workers, its canary, what runs the same image, and the same service in another namespace or
stage are one application, and so are ``api`` and ``worker``: what they share is shared by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Protocol, TypeVar

from archlint.model.kubernetes import Workload

_TOOLS = (
    *("adminer", "pgadmin", "phpmyadmin", "mongo-express", "exporter", "backup", "restore"),
    *("dump", "pgbouncer", "proxy", "flyway", "liquibase", "migrat", "alembic"),
    *("seed", "metabase", "grafana", "debezium", "superset"),
)
"""Parts of images and names of tools that serve another service's database."""
_PARTS = frozenset(
    {
        *("api", "web", "app", "server", "backend", "worker", "workers", "consumer", "indexer", "background"),
        *("scheduler", "cron", "beat", "celery", "sidekiq", "queue", "queues", "job", "jobs"),
    }
)
"""What the processes of one application are called, alone or behind its name."""
_STAGES = ("dev-", "local-", "test-", "qa-", "stage-", "staging-", "prod-", "production-")


class Named(Protocol):
    """A service, as the cluster or anything else knows it."""

    @property
    def name(self) -> str:
        """What it is called."""


class Member(Protocol):
    """What a workload of a service uses."""

    @property
    def service(self) -> Named:
        """The service that the workload belongs to."""

    @property
    def signs(self) -> Set[str]:
        """What only workloads of one application have in common, such as their images."""


M = TypeVar("M", bound=Member)


def applications(members: Iterable[M]) -> list[list[M]]:
    """The members by application, those with the shortest names first."""
    found: list[list[M]] = []
    by_name: dict[str, int] = {}
    by_sign: dict[str, int] = {}
    by_root: dict[str | None, int] = {}
    for member in sorted(members, key=lambda item: (len(item.service.name), item.service.name)):
        name, signs = member.service.name, member.signs
        homes = [by_name[each] for each in _beginnings(name) if each in by_name]
        homes += [by_sign[sign] for sign in signs if sign in by_sign]
        root = _root(name)
        homes += [by_root[root]] if root in by_root else []
        home = min(homes, default=len(found))
        if home == len(found):
            found.append([])
        found[home].append(member)
        by_name[name] = min(home, by_name.get(name, home))
        if root is not None:
            by_root[root] = min(home, by_root.get(root, home))
        for sign in signs:
            by_sign[sign] = min(home, by_sign.get(sign, home))
    return found


def images_of(workload: Workload) -> frozenset[str]:
    """The images of a workload, without tags."""
    images = (container.get("image").text or "" for container in workload.containers)
    return frozenset(image.partition("@")[0].rpartition(":")[0] or image for image in images if image)


def is_tool(workload: Workload) -> bool:
    """Whether a workload serves another service: jobs, backups, exporters, consoles."""
    is_short = workload.kind in ("Job", "CronJob", "Pod")
    return is_short or serves_a_store([workload.name, *images_of(workload)])


def serves_a_store(names: Iterable[str]) -> bool:
    """Whether the name or an image of something says that it tends another service's database."""
    return any(tool in name.lower() for name in names for tool in _TOOLS)


def _root(name: str) -> str | None:
    """What stands before the word for a process, empty if nothing does; ``None`` if there is no such word."""
    words = _without_stage(name).split("-")
    kept = len(words)
    while kept and words[kept - 1] in _PARTS:
        kept -= 1
    return "-".join(words[:kept]) if kept < len(words) else None


def _without_stage(name: str) -> str:
    stage = next((each for each in _STAGES if name.startswith(each)), "")
    return name.removeprefix(stage)


def _beginnings(name: str) -> Iterator[str]:
    """The name, and what stands before each of its dashes, with and without the stage in front of it."""
    yield name
    bare = _without_stage(name)
    if bare != name:
        yield bare
    beginning, dash, _ = name.rpartition("-")
    while dash:
        yield beginning
        beginning, dash, _ = beginning.rpartition("-")
