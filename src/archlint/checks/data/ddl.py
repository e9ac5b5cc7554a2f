"""What squawk says of statements, by what they do to a version that is running."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.migrations.ddl import DdlRemark
from archlint.model.migrations.sections import tool_of
from archlint.model.world import World

_LOCKS = {
    "adding-field-with-default": (
        "the default may be volatile, and then every row is written while nobody reads or writes "
        "the table. Add the column without it, then set the default and fill the rows in batches"
    ),
    "adding-foreign-key-constraint": (
        "all rows are checked while nobody writes to either table. Add it NOT VALID, then validate it"
    ),
    "adding-not-nullable-field": (
        "all rows are checked while nobody reads or writes the table. Add a check NOT VALID, "
        "validate it, then set NOT NULL"
    ),
    "adding-serial-primary-key-field": (
        "the table is written anew while nobody reads or writes it. Build a unique index "
        "concurrently, then add the key with it"
    ),
    "changing-column-type": (
        "the table may be written anew while nobody reads or writes it. Add a column of the new "
        "type and fill it in batches"
    ),
    "constraint-missing-not-valid": (
        "all rows are checked while nobody writes to the table. Add it NOT VALID, then validate it"
    ),
    "disallowed-unique-constraint": (
        "its index is built while nobody reads or writes the table. Build a unique index "
        "concurrently, then add the constraint with it"
    ),
    "require-concurrent-index-creation": (
        "nobody writes to the table while the index is built. Create it CONCURRENTLY"
    ),
    "require-concurrent-index-deletion": (
        "nobody reads or writes the table while it waits for its lock. Drop it CONCURRENTLY"
    ),
    "require-concurrent-partition-detach": (
        "nobody reads or writes the table while it waits for its lock. Detach it CONCURRENTLY"
    ),
    "require-concurrent-reindex": (
        "nobody writes to the table while the index is built. Reindex CONCURRENTLY"
    ),
}
"""By rule: why the statement holds others up, and what to write."""
_OUTSIDE = {
    "goose": ", with '-- +goose NO TRANSACTION' at the top of the file",
    "dbmate": ", with 'transaction:false' behind '-- migrate:up'",
    "sql-migrate": ", with 'notransaction' behind '-- +migrate Up'",
}
"""By tool: how a migration is run outside a transaction, which such a statement asks for."""
_BREAKS = {
    "adding-required-field": (
        "rows that the running version writes lack the new column and are refused. Give it a "
        "default, or add it nullable"
    ),
    "ban-drop-column": (
        "the running version still reads and writes the column. Drop it in the release after the "
        "one that stops using it"
    ),
    "ban-drop-database": "all that it holds is lost. Take it out of the migration",
    "ban-drop-table": (
        "the running version still uses the table, and what it holds is lost. Drop it in the "
        "release after the one that stops using it"
    ),
    "ban-truncate-cascade": (
        "all rows of the table, and of all that refer to it, are lost. Delete what is meant"
    ),
    "renaming-column": (
        "the running version still uses the old name. Add a column of the new name, and drop the "
        "old one in a later release"
    ),
    "renaming-table": (
        "the running version still uses the old name. Keep a view of the old name until nobody uses it"
    ),
}
"""By rule: what the statement does to the version that runs until the rollout is done, and what to write."""


@join(DdlRemark)
def ddl_locks_table(remark: DdlRemark, world: World, options: Options) -> Iterator[Observation]:
    """A statement that keeps others waiting for as long as the table is large."""
    if remark.check in _LOCKS:
        why = _LOCKS[remark.check]
        if why.endswith("CONCURRENTLY"):
            why += _OUTSIDE.get(tool_of(world.text(remark.path) or ""), "")
        yield _told(remark, why)


@join(DdlRemark)
def ddl_breaks_running_version(remark: DdlRemark, world: World, options: Options) -> Iterator[Observation]:
    """A statement after which the version that is running fails, or data is gone."""
    if remark.check in _BREAKS:
        yield _told(remark, _BREAKS[remark.check])


@join(DdlRemark)
def ddl_remark(remark: DdlRemark, world: World, options: Options) -> Iterator[Observation]:
    """All else that squawk remarks."""
    if remark.check not in _LOCKS and remark.check not in _BREAKS:
        summary = remark.summary.strip().rstrip(".")
        advice = f" {remark.advice.strip().rstrip('.')}." if remark.advice.strip() else ""
        yield observe(
            remark.place,
            identity=(remark.check,),
            aliases=[f"squawk:{remark.check}"],
            check=remark.check,
            summary=summary,
            advice=advice,
        )


def _told(remark: DdlRemark, why: str) -> Observation:
    return observe(
        remark.place,
        identity=(remark.check,),
        aliases=[f"squawk:{check}" for check in (remark.check, *remark.also)],
        why=why,
    )
