"""A change set of Liquibase, in whatever form it is written."""

from __future__ import annotations

from archlint.finding import Place, Span
from archlint.finding.records import dataclass

ROOT = "databaseChangeLog"
"""What a changelog in XML, YAML or JSON begins with."""
ALWAYS = ("runOnChange", "runAlways")
"""What makes a change set one that is run whenever it changes, or each time."""
NOT_INVERTED = frozenset(
    {
        *("addAutoIncrement", "alterSequence", "createProcedure", "delete", "dropAllForeignKeyConstraints"),
        *("dropColumn", "dropDefaultValue", "dropForeignKeyConstraint", "dropIndex", "dropPrimaryKey"),
        *("dropProcedure", "dropSequence", "dropTable", "dropUniqueConstraint", "dropView", "executeCommand"),
        *("insert", "loadData", "mergeColumns", "modifyDataType", "setColumnRemarks", "setTableRemarks"),
        *("sql", "sqlFile", "update"),
    }
)
"""The change types that Liquibase cannot take back by itself."""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A change set: the unit that Liquibase carries out and rolls back."""

    path: str
    name: str
    """Author and id."""
    changes: tuple[tuple[str, Span | Place], ...]
    """The names of its changes, and where they stand."""
    has_rollback: bool
    is_repeated: bool
    span: Span | Place
    may_be_edited: bool
    """Whether it says itself that another content than the one that was run is right."""
    content: str
    """What is done, without regard to how it is laid out: it is the same unless the change set was edited."""
