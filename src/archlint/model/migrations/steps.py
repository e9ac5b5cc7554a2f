"""What the files of a migration tool tell of one migration."""

from __future__ import annotations

from enum import StrEnum

from archlint.finding import Place, Span
from archlint.finding.records import dataclass


class WayBack(StrEnum):
    """What a migration has to undo it."""

    PRESENT = "present"
    MISSING = "missing"
    """There is no undo script, or no function for it."""
    EMPTY = "empty"
    """It is there and does nothing."""
    REFUSED = "refused"
    """It is there and only raises an error."""
    IMPOSSIBLE = "impossible"
    """The tool works out the way back by itself, and cannot do so for one of the operations."""
    NOT_NEEDED = "not-needed"
    """The migration itself does nothing, or the tool is used without undo scripts."""


NO_WAY_BACK = (WayBack.MISSING, WayBack.EMPTY, WayBack.REFUSED, WayBack.IMPOSSIBLE)
"""What a migration has of which it is certain that nothing takes it back."""

TOOL_NAMES = {
    "alembic": "Alembic",
    "dbmate": "dbmate",
    "django": "Django",
    "doctrine": "Doctrine",
    "ef-core": "EF Core",
    "flyway": "Flyway",
    "golang-migrate": "golang-migrate",
    "goose": "goose",
    "javascript": "the tool",
    "laravel": "Laravel",
    "liquibase": "Liquibase",
    "prisma": "Prisma",
    "rails": "Rails",
    "sql-migrate": "sql-migrate",
    "typeorm": "TypeORM",
}
"""By the name that findings go by: how people write the name of a tool. Knex, Sequelize and others that
export ``up`` and ``down`` look alike, and are one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step forward, and its way back."""

    path: str
    tool: str
    name: str
    """The file's name, or the revision that it declares."""
    way_back: WayBack
    span: Span
    """What to edit."""
    undo: str
    """Where the way back belongs: the name of a file or function, or what is missing."""
    forward: str = ""
    """The file of the step forward, if that is another one than the one to edit."""
    operation: str = ""
    """What cannot be taken back, where the way back is impossible."""
    at: Place | None = None
    """What to edit, where that stands in a document."""

    @property
    def title(self) -> str:
        """How a change of it is told: the file, and the name of a change set that is one of several in it."""
        path = self.forward or self.path
        return f"{path} {self.name}" if self.tool == "liquibase" else path
