"""Changes of migrations that a database, or the version that is running, does not survive."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.migration_histories import MigrationLate, MigrationRemoved
from archlint.comparison.migrations import ContractedAtOnce, MigrationEdited


@change(MigrationEdited)
def migration_edited(item: MigrationEdited, options: Options) -> Iterator[Observation]:
    """A migration of the base that says something else now."""
    message = {"Flyway": "flyway", "Liquibase": "liquibase"}.get(item.tool, "default")
    yield observe(
        item.place, message, object=item.object, identity=(), migration=item.name or basename(item.path)
    )


@change(ContractedAtOnce)
def migration_contracts_at_once(item: ContractedAtOnce, options: Options) -> Iterator[Observation]:
    """A column or a table that goes while the version that uses it is running."""
    taken = item.contraction
    told: dict[str, Any] = {"table": taken.table, "file": item.user}
    if taken.column:
        told["column"] = taken.column
    yield observe(
        item.place,
        taken.taking.value,
        related=[(item.used, "the running version uses it here")],
        object=item.object,
        identity=(taken.table, taken.column),
        **told,
    )


@change(MigrationRemoved)
def migration_removed(item: MigrationRemoved, options: Options) -> Iterator[Observation]:
    """A migration that databases look for and that is gone."""
    yield observe(item.place, item.tool, object=item.object, identity=(), migration=item.name)


@change(MigrationLate)
def migration_late(item: MigrationLate, options: Options) -> Iterator[Observation]:
    """A new migration whose version databases have passed."""
    yield observe(
        item.place,
        item.tool,
        object=item.object,
        identity=(),
        version=item.version,
        newest=item.newest,
    )
