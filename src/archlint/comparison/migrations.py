"""Changes of migrations that a database, or the version that is running, does not survive.

Sources: Flyway, "Validate" (the checksum of an applied migration); Liquibase, "Changeset checksums"; Fowler,
"Parallel change" (expand, move, contract).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from archlint.comparison.worlds import Change
from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.files import LineIndex
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.migrations import migration_units
from archlint.model.migrations.contractions import Contraction, contractions
from archlint.model.migrations.sections import blanked
from archlint.model.migrations.statements import bare
from archlint.model.sources import comments, language_of
from archlint.model.sources.left_out import is_left_out
from archlint.model.world import World

_MOST_FILES = 5_000
_LARGEST = 1_000_000
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
        elif re.fullmatch(r"(?i)(?>V\d[\d._]*?__).+\.sql", name):
            if old.content.splitlines() != new.content.splitlines():
                yield MigrationEdited(new.path, "", "Flyway")
        elif _is_forward(name) and bare(blanked(old.content)) != bare(blanked(new.content)):
            yield MigrationEdited(new.path, "", "")


def _is_forward(name: str) -> bool:
    """Whether a script goes forward, once."""
    return name.endswith(".sql") and not re.search(r"(?i)\.down\.sql\Z|\A(?:U\d|R__|down\.sql)", name)


def contracted_at_once(base: World, revision: World) -> Iterator[ContractedAtOnce]:
    """What new migrations take although code of the base uses it, where pods are replaced one by one."""
    before, after = base.fact(migration_units), revision.fact(migration_units)
    new = [unit for key, unit in sorted(after.items()) if key not in before and not unit.name]
    taken = [(unit.path, item) for unit in new for item in contractions(unit.path, unit.content or "")]
    if not taken or not any(map(_is_rolling, revision.all(Workload))):
        return
    known = {path for path, _ in before}
    for path, item in taken:
        found = _use(base, _home(path), item, known)
        if found is not None:
            yield ContractedAtOnce(path, item, *found)


def _is_rolling(item: Workload) -> bool:
    strategy = item.base.get("spec", "strategy", "type").text
    return item.kind in ("Deployment", "DeploymentConfig", "Rollout") and strategy != "Recreate"


def _home(path: str) -> str:
    """The folder of the service that a migration belongs to."""
    parts = dirname(path).split("/") if dirname(path) else []
    at = next((at for at, part in enumerate(parts) if part.lower() in _HOMES), len(parts))
    return "/".join(parts[:at])


def _use(base: World, home: str, item: Contraction, migrations: set[str]) -> tuple[Place, str] | None:
    """The first place of the code that names what is taken."""
    if (item.column or item.table).lower() in _COMMON or len(item.column or item.table) < 3:
        return None
    names = _spellings(item.column or item.table)
    word = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(map(re.escape, names))})(?![A-Za-z0-9_])")
    stem = _stem(item.table)
    inside = f"{home}/" if home else ""
    asked = 0
    for path in sorted(base.kinds):
        language = language_of(path) if path.startswith(inside) else None
        if language is None or path in migrations or is_left_out(path) or asked >= _MOST_FILES:
            continue
        asked += 1
        text = base.text(path)
        if text is None or len(text) > _LARGEST or stem not in text.lower().replace("_", ""):
            continue
        left_out = comments(text, language) if word.search(text) else ()
        hidden = [*left_out]
        for match in word.finditer(text):
            if not any(start <= match.start() < end for start, end in hidden):
                lines = LineIndex(text)
                span = Span(*lines.position(match.start()), *lines.position(match.end()))
                return TextFile(path, base.tree.revision).place(span), path
    return None


def _spellings(name: str) -> list[str]:
    """A name as SQL and as classes write it."""
    words = [word for word in name.split("_") if word]
    pascal = "".join(word[:1].upper() + word[1:] for word in words)
    return list(dict.fromkeys([name, pascal, pascal[:1].lower() + pascal[1:]]))


def _stem(table: str) -> str:
    """What a table and the class of its rows have in common."""
    plain = table.lower().replace("_", "")
    return plain[:-3] if plain.endswith("ies") else plain[:-1] if plain.endswith("s") else plain
