"""Changes of migrations that a database, or the version that is running, does not survive.

Sources: Flyway, "Validate" (the checksum of an applied migration); Liquibase, "Changeset checksums"; Fowler,
"Parallel change" (expand, move, contract).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from posixpath import basename, dirname

from archlint.comparison.migration_histories import (
    MigrationLate,
    MigrationRemoved,
    late_migrations,
    removed_migrations,
)
from archlint.comparison.schema_uses import is_use
from archlint.comparison.worlds import Change
from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.migrations import migration_units
from archlint.model.migrations.contractions import Contraction, contractions
from archlint.model.migrations.scripts import version_of
from archlint.model.migrations.sections import blanked
from archlint.model.migrations.statements import bare
from archlint.model.sources import language_of
from archlint.model.sources.left_out import is_left_out
from archlint.model.sources.literals import SourceCode
from archlint.model.system.images import image_name
from archlint.model.world import World

_MOST_FILES = 5_000
_LARGEST = 1_000_000
_MOST_NAMES = 200
"""Places of a file that are looked at."""
_ROLLED = frozenset({"Deployment", "DeploymentConfig", "Rollout"})
_HOMES = frozenset(
    {"src", "db", "database", "migrations", "migration", "migrate", "alembic", "prisma", "data"}
)
_COMMON = frozenset(
    {
        *("active", "code", "count", "created_at", "data", "date", "description", "email", "enabled", "key"),
        *("kind", "label", "name", "number", "order", "owner", "path", "position", "state", "status", "text"),
        *("title", "type", "updated_at", "url", "user", "value", "version"),
    }
)
"""Names that say nothing of a table where they stand in code."""


@dataclass(frozen=True)
class MigrationEdited:
    """A migration that databases may have applied as it was."""

    path: str
    name: str
    """The change set; empty where the file is the migration."""
    tool: str

    @property
    def object(self) -> ObjectRef:
        """Named by its file, or by the change set."""
        return ObjectRef("Migration", self.name or basename(self.path))

    @property
    def place(self) -> Place:
        """The file."""
        return TextFile(self.path).place(START)


@dataclass(frozen=True)
class ContractedAtOnce:
    """A column or table that goes in the same change as its last use, or before it."""

    path: str
    contraction: Contraction
    used: Place
    """Where the base uses it."""
    user: str
    """The file of that."""

    @property
    def object(self) -> ObjectRef:
        """Named by the file."""
        return ObjectRef("Migration", basename(self.path))

    @property
    def place(self) -> Place:
        """The name that is taken."""
        return TextFile(self.path).place(self.contraction.span)


def migration_changes(base: World, revision: World) -> dict[type, list[Change]]:
    """All of them, by class."""
    return {
        MigrationEdited: [*edited_migrations(base, revision)],
        MigrationLate: [*late_migrations(base, revision)],
        MigrationRemoved: [*removed_migrations(base, revision)],
        ContractedAtOnce: [*contracted_at_once(base, revision)],
    }


def edited_migrations(base: World, revision: World) -> Iterator[MigrationEdited]:
    """Scripts and change sets whose statements are not what they were."""
    before, after = base.fact(migration_units), revision.fact(migration_units)
    for key, new in sorted(after.items()):
        old = before.get(key)
        if old is None or old.content is None or new.content is None or old.content == new.content:
            continue
        name = basename(new.path)
        if new.may_be_edited:
            continue
        if new.name:
            yield MigrationEdited(new.path, new.name, "Liquibase")
        elif (version_of(new.path) or ())[::2] == ("flyway", "forward"):
            if _summed(old.content) != _summed(new.content):
                yield MigrationEdited(new.path, "", "Flyway")
        elif _is_forward(name) and bare(blanked(old.content)) != bare(blanked(new.content)):
            yield MigrationEdited(new.path, "", "")


def _summed(text: str) -> str:
    """What Flyway's checksum is taken of: the lines without their ends, so that blank lines are no edit."""
    return "".join(text.removeprefix("\ufeff").splitlines())


def _is_forward(name: str) -> bool:
    """Whether a script goes forward, once."""
    return name.endswith(".sql") and not re.search(r"(?i)\.down\.sql\Z|\A(?:U\d|R__|down\.sql)", name)


def contracted_at_once(base: World, revision: World) -> Iterator[ContractedAtOnce]:
    """What new migrations take although code of the base uses it, where pods are replaced one by one."""
    before, after = base.fact(migration_units), revision.fact(migration_units)
    new = [unit for key, unit in sorted(after.items()) if key not in before and not unit.name]
    taken = [(unit.path, item) for unit in new for item in contractions(unit.path, unit.content or "")]
    known = {path for path, _ in before}
    asked = [
        (_home(path), path, item)
        for path, item in taken
        if (item.column or item.table).lower() not in _COMMON and len(item.column or item.table) > 2
    ]
    homes = {home: is_rolling(home, revision) for home, _, _ in asked}
    asked = [one for one in asked if homes[one[0]]]
    found = _uses(base, [(home, item) for home, _, item in asked], known) if asked else {}
    for at, (_, path, item) in enumerate(asked):
        if at in found:
            yield ContractedAtOnce(path, item, *found[at])


def is_rolling(home: str, world: World) -> bool:
    """Whether the pods of the service in a folder are replaced one by one: its own workload where one bears
    its name, else whichever, if all are."""
    items = [item for item in world.all(Workload) if item.kind in _ROLLED]
    name = basename(home)
    own = [
        item
        for item in items
        if name == item.name
        or any(name == image_name(one.get("image").text or "") for one in item.containers)
    ]
    strategies = {item.base.get("spec", "strategy", "type").text for item in own or items}
    return bool(strategies) and "Recreate" not in strategies


def _home(path: str) -> str:
    """The folder of the service that a migration belongs to."""
    parts = dirname(path).split("/") if dirname(path) else []
    at = next((at for at, part in enumerate(parts) if part.lower() in _HOMES), len(parts))
    return "/".join(parts[:at])


def _uses(
    base: World, taken: Sequence[tuple[str, Contraction]], migrations: set[str]
) -> dict[int, tuple[Place, str]]:
    """The first place of the code that names each of what is taken; each file is read once."""
    named: dict[str, list[int]] = {}
    for at, (_, item) in enumerate(taken):
        forms = _spellings(item.column) if item.column else _of_rows(item.table)
        for name in forms:
            named.setdefault(name, []).append(at)
    word = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(map(re.escape, named))})(?![A-Za-z0-9_])")
    found: dict[int, tuple[Place, str]] = {}
    asked = 0
    for path in sorted(base.kinds):
        language = language_of(path)
        near = {at for at, (home, _) in enumerate(taken) if at not in found and _is_inside(path, home)}
        if language is None or not near or path in migrations or is_left_out(path) or asked >= _MOST_FILES:
            continue
        asked += 1
        text = base.text(path)
        if text is None or len(text) > _LARGEST:
            continue
        code = SourceCode(text, language)
        for match in islice(word.finditer(text), _MOST_NAMES):
            for at in named[match[0]]:
                if at in near and at not in found and is_use(code, match, taken[at][1]):
                    span = code.span_at(match.start(), len(match[0]))
                    found[at] = TextFile(path, base.tree.revision).place(span), path
    return found


def _is_inside(path: str, home: str) -> bool:
    return not home or path.startswith(f"{home}/")


def _spellings(name: str) -> list[str]:
    """A name as SQL and as classes write it."""
    words = [word for word in name.split("_") if word]
    pascal = "".join(word[:1].upper() + word[1:] for word in words)
    return list(dict.fromkeys([name, pascal, pascal[:1].lower() + pascal[1:]]))


def _of_rows(table: str) -> list[str]:
    """A table's names, and those of its rows."""
    return list(dict.fromkeys([*_spellings(table), *_spellings(_singular(table))]))


def _singular(table: str) -> str:
    return f"{table[:-3]}y" if table.endswith("ies") else table.removesuffix("s")
