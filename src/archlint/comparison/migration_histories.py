"""Histories of migrations that a database that has run them as they were does not go on with.

Sources: Flyway, "Validate" (an applied migration that is not resolved; without ``outOfOrder`` a resolved one
below the version of the database); golang-migrate, "FAQ" (a database knows its version alone, whose file is
looked up, and whatever is below it is passed over); goose, "Out of order migrations" (an error by default);
Alembic, "Tutorial" (a database knows its head, which has to be found).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, dirname
from typing import TypeVar

from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.lines import lines_of
from archlint.model.migrations.versions import claim_of
from archlint.model.sources.left_out import is_left_out
from archlint.model.world import World

_SETTINGS = (
    *(".yml", ".yaml", ".properties", ".conf", ".toml", ".xml", ".gradle", ".kts", ".sh", ".env", ".json"),
    *(".java", ".kt", ".go", ".mod", "Dockerfile", "Makefile"),
)
_MOST_FILES = 5_000
_LARGEST = 1_000_000
_LATE_ALLOWED = {
    "flyway": regex(r"(?i)out[-_.]?of[-_.]?order|validate[-_.]?on[-_.]?migrate"),
    "goose": regex(r"(?i)allow[-_]?missing|allow[-_]?out[-_]?of[-_]?order"),
}
_USED = {"golang-migrate": regex(r"golang-migrate|migrate/migrate\b")}
"""How a repository names a tool whose scripts other tools (sqlx, pop) call likewise."""
_GONE_ALLOWED = regex(
    r"(?i)ignore[-_.]?missing[-_.]?migrations|ignore[-_.]?migration[-_.]?patterns|validate[-_.]?on[-_.]?migrate"
)

_Home = tuple[str, str]
"""A tool and a folder."""
_History = dict[tuple[int, ...], str]
"""The file of each version."""


@dataclass(frozen=True)
class MigrationRemoved:
    """A migration of the base that a database that has run it looks for."""

    tool: str
    name: str
    """The file, or the revision."""
    place: Place
    """Where the base has it."""

    @property
    def object(self) -> ObjectRef:
        """Named by itself."""
        return ObjectRef("Migration", self.name)


@dataclass(frozen=True)
class MigrationLate:
    """A new migration below the newest of the base."""

    path: str
    tool: str
    version: str
    newest: str
    """The file of the newest one of the base."""

    @property
    def object(self) -> ObjectRef:
        """Named by its file."""
        return ObjectRef("Migration", basename(self.path))

    @property
    def place(self) -> Place:
        """The file."""
        return TextFile(self.path).place(START)


_Found = TypeVar("_Found", MigrationRemoved, MigrationLate)


def removed_migrations(base: World, revision: World) -> Iterator[MigrationRemoved]:
    """What a database misses that has run all migrations of the base."""
    before, after = base.fact(_histories), revision.fact(_histories)
    moved = _only_in(after, base)
    unread = {item.path for item in revision.unread}
    found = []
    for (tool, folder), history in before.items():
        kept = [version for version in history if version in after.get((tool, folder), {})]
        for version, path in history.items() if kept and tool in ("flyway", "golang-migrate") else ():
            is_there = version in kept or (tool, version) in moved or path in revision.kinds or path in unread
            # Whoever tidies up takes the oldest; a database of golang-migrate looks for the newest alone.
            is_missed = version > min(kept) if tool == "flyway" else version == max(history)
            if is_missed and not is_there:
                place = TextFile(path, base.tree.revision).place(START)
                found.append(MigrationRemoved(tool, basename(path), place))
    yield from _certain(found, revision, {"flyway": _GONE_ALLOWED})
    yield from _removed_heads(base, revision)


def _removed_heads(base: World, revision: World) -> Iterator[MigrationRemoved]:
    """The last revisions of Alembic that are gone, while the ones before them are there."""
    names = {item.name for line in revision.fact(lines_of) for item in line.revisions}
    for line in base.fact(lines_of):
        heads = line.heads
        if line.tool != "alembic" or len(heads) != 1 or is_left_out(heads[0].path):
            continue
        head = heads[0]
        if head.parents and head.name not in names and names.issuperset(head.parents):
            place = TextFile(head.path, base.tree.revision).place(head.span)
            yield MigrationRemoved("alembic", head.name, place)


def late_migrations(base: World, revision: World) -> Iterator[MigrationLate]:
    """New migrations that a database at the newest version of the base refuses, or passes over."""
    before, after = base.fact(_histories), revision.fact(_histories)
    moved, found = _only_in(before, revision), []
    for (tool, folder), history in after.items():
        known = before.get((tool, folder), {})
        newest = max((version for version in known if version in history), default=())
        for version, path in history.items():
            if version < newest and version not in known and (tool, version) not in moved:
                written = ".".join(map(str, version))
                found.append(MigrationLate(path, tool, written, basename(history[newest])))
    yield from _certain(found, revision, _LATE_ALLOWED)


def _only_in(histories: Mapping[_Home, _History], other: World) -> set[tuple[str, tuple[int, ...]]]:
    """The versions of files that another world does not have: where a file moves, its version is known."""
    return {
        (tool, version)
        for (tool, _), history in histories.items()
        for version, path in history.items()
        if path not in other.kinds
    }


def _certain(
    found: Sequence[_Found], world: World, allowed: Mapping[str, re.Pattern[str]]
) -> Iterator[_Found]:
    """What is found of tools that are known to be used, and not told to go on."""
    silent = {
        tool
        for tool in {item.tool for item in found}
        if (tool in allowed and _is_said(world, allowed[tool]))
        or (tool in _USED and not _is_said(world, _USED[tool]))
    }
    yield from (item for item in found if item.tool not in silent)


def _histories(world: World) -> dict[_Home, _History]:
    """The migrations that are run by the order of their versions, those of tests left out."""
    found: dict[_Home, _History] = {}
    for path in world.paths(Kind.MIGRATION):
        claim = None if is_left_out(path) else claim_of(world, path)
        if claim is None or claim[0] not in ("flyway", "golang-migrate", "goose"):
            continue
        tool, version, way = claim
        if way in ("", "V", "forward"):
            found.setdefault((tool, dirname(path)), {}).setdefault(version, path)
    return found


def _is_said(world: World, words: re.Pattern[str]) -> bool:
    """Whether settings or a program name an option that lets a tool go on."""
    named = [path for path in sorted(world.kinds) if path.endswith(_SETTINGS)][:_MOST_FILES]
    texts = (world.text(path) or "" for path in named)
    return any(len(text) <= _LARGEST and words.search(text) for text in texts)
