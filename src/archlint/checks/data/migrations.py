"""Migrations that cannot be undone."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.model.migrations import Migration, WayBack
from archlint.model.world import World


@join(Migration)
def migration_irreversible(migration: Migration, world: World, options: Options) -> Iterator[Observation]:
    """A migration without anything that takes it back."""
    step = migration.step
    if step.way_back in (WayBack.MISSING, WayBack.EMPTY, WayBack.REFUSED):
        forward = [(TextFile(step.forward).place(START), "what it has to undo")] if step.forward else []
        yield observe(
            migration.source.place(step.span),
            step.way_back.value,
            related=forward,
            identity=(),
            migration=step.name,
            undo=step.undo,
        )
