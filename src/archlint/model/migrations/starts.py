"""Pods that bring a database up to date when they start.

Of these tools none takes a lock, so that two pods that start together run the same migration at once:
Alembic, Django, TypeORM, Sequelize, goose, dbmate and sql-migrate. Flyway, Liquibase, Rails, Prisma,
golang-migrate and Knex let one of them run and the others wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Workload
from archlint.model.rollback.times import most_replicas
from archlint.model.world import World

_COMMANDS = (
    (regex(r"\balembic\b[^;&|\n]{0,80}?\bupgrade\b"), "Alembic"),
    (regex(r"\bflask\b[^;&|\n]{0,40}?\bdb\s++upgrade\b"), "Alembic"),
    (regex(r"\b(?:manage\.py|django-admin)\s++migrate\b"), "Django"),
    (regex(r"\btypeorm\b[^;&|\n]{0,60}?\bmigration:run\b"), "TypeORM"),
    (regex(r"\bsequelize(?:-cli)?+\b[^;&|\n]{0,60}?\bdb:migrate\b(?!:)"), "Sequelize"),
    (regex(r"(?<![\w-])goose\s[^;&|\n]{0,120}?\bup\b"), "goose"),
    (regex(r"(?<![\w-])dbmate\s[^;&|\n]{0,120}?\b(?:up|migrate)\b"), "dbmate"),
    (regex(r"(?<![\w-])sql-migrate\s++up\b"), "sql-migrate"),
)
_LOCKED = regex(r"(?i)\b(?:flock|pg_(?:try_)?advisory\w*+|leader|lock)\b")
_IDLE = regex(r"[^;&|\n]*?\s--?(?:check|plan|sql|dryrun|dry-run)\b")
"""Options with which a command shows what it would do."""
_CONDITION = regex(r"\b(?:if|elif|case)\b[^;\n]*+")
_CLOSED = regex(r"\b(?:fi|esac)\b")
_TESTED = regex(r"(?:\[|\btest\b)[^;\n$\[]{0,80}+\$[^;\n\[]{0,200}?(?:&&|\|\|)[^;\n]{0,200}\Z")
_KINDS = ("Deployment", "DeploymentConfig", "Rollout", "ReplicaSet")


@dataclass(frozen=True)
class MigratingPod:
    """A workload of several pods, each of which runs the migrations."""

    workload: Workload
    node: Node
    """What holds the command."""
    command: str
    tool: str
    replicas: int
    stated: Node
    """Where it is said how many pods there may be."""

    @classmethod
    def all(cls, world: World) -> Iterable[MigratingPod]:
        """Each workload once, by the first of its containers that does so."""
        return [found for item in world.all(Workload) for found in _of(item, world)]

    @property
    def source(self) -> Document:
        """The manifest."""
        return self.workload.source

    @property
    def object(self) -> ObjectRef | None:
        """The workload."""
        return self.workload.object


def _of(workload: Workload, world: World) -> Iterator[MigratingPod]:
    if workload.kind not in _KINDS:
        return
    for container in workload.containers:
        for key in ("command", "args"):
            node = container.get(key)
            text = " ".join(item.text or "" for item in node.elements())[:4_000]
            found = _command(text)
            if found is None or _LOCKED.search(text):
                continue
            most = most_replicas(workload, world)
            if most is not None and most[0] > 1:
                yield MigratingPod(workload, node, " ".join(found[0].split()), found[1], *most)
                return


def _command(text: str) -> tuple[str, str] | None:
    """The first command that surely migrates in each pod, and its tool."""
    for pattern, tool in _COMMANDS:
        for match in pattern.finditer(text):
            if not _IDLE.match(text, match.end()) and not _is_guarded(text[: match.start()]):
                return match[0], tool
    return None


def _is_guarded(before: str) -> bool:
    """Whether what stands before a command lets it run only for some value of a variable, which may be that
    of one pod."""
    conditions = [match for match in _CONDITION.finditer(before) if "$" in match[0]]
    if conditions and not _CLOSED.search(before, conditions[-1].end()):
        return True
    return _TESTED.search(before.rpartition("\n")[2].rpartition(";")[2]) is not None
