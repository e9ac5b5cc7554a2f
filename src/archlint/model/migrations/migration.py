"""One migration of a database's schema, whatever tool runs it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Span
from archlint.finding.records import dataclass
from archlint.model.world import World


class WayBack(StrEnum):
    """What a migration has to undo it."""

    PRESENT = "present"
    MISSING = "missing"
    """There is no undo script, or no function for it."""
    EMPTY = "empty"
    """It is there and does nothing."""
    REFUSED = "refused"
    """It is there and only raises an error."""
    NOT_NEEDED = "not-needed"
    """The migration itself does nothing, or the tool is used without undo scripts."""


@dataclass(frozen=True)
class Migration:
    """One step forward, and its way back."""

    source: TextFile
    tool: str
    name: str
    """The file's name, or the revision that it declares."""
    way_back: WayBack
    span: Span
    """What to edit."""
    undo: str
    """Where the way back belongs: the name of a file or function."""

    @classmethod
    def all(cls, world: World) -> Iterable[Migration]:
        """Every migration of the world, by path."""
        paths = world.paths(Kind.MIGRATION)
        if not paths:
            return
        from archlint.model.migrations.alembic import alembic_migrations
        from archlint.model.migrations.scripts import script_migrations

        found = [*script_migrations(world, paths), *alembic_migrations(world, paths)]
        yield from sorted(found, key=lambda item: item.source.path)

    @property
    def object(self) -> ObjectRef:
        """Named by tool and migration."""
        return ObjectRef(f"{self.tool} migration", self.name)
