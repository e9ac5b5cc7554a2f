"""What a change of migrations is told of: files of which each is a step, and change sets of Liquibase."""

from __future__ import annotations

from posixpath import basename

from archlint.files import Kind, is_alembic
from archlint.finding.records import dataclass
from archlint.model.migrations.changelogs import change_sets
from archlint.model.migrations.code import is_code_migration
from archlint.model.migrations.django import IS_DJANGO
from archlint.model.migrations.rails import IS_RAILS
from archlint.model.migrations.scripts import is_script
from archlint.model.migrations.sections import tool_of
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Unit:
    """One migration as it is written."""

    path: str
    name: str
    """The name of a change set; empty where the file is the migration."""
    content: str | None
    """The text of the file, or what the change set does."""
    may_be_edited: bool = False
    """Whether a change set says that it may be."""

    @property
    def title(self) -> str:
        """How people find it."""
        return f"{self.path} {self.name}" if self.name else self.path


def migration_units(world: World) -> dict[tuple[str, str], Unit]:
    """All of a world, by path and name."""
    found = {
        (item.path, item.name): Unit(item.path, item.name, item.content, item.may_be_edited)
        for item in world.fact(change_sets)
    }
    changelogs = {path for path, _ in found}
    for path in world.paths(Kind.MIGRATION):
        text = None if path in changelogs else world.text(path)
        if text is not None and _is_migration(path, text):
            found[path, ""] = Unit(path, "", text)
    return found


def _is_migration(path: str, text: str) -> bool:
    """Whether a file that is called like a migration is one, or takes one back."""
    suffix = path.rpartition(".")[2].lower()
    if suffix == "sql":
        is_named = is_script(path) or basename(path) in ("migration.sql", "down.sql")
        return is_named or bool(tool_of(text))
    if suffix == "py":
        return is_alembic(text) or IS_DJANGO.search(text) is not None
    if suffix == "rb":
        return IS_RAILS.search(text) is not None
    return suffix in ("java", "kt") or is_code_migration(path, text)
