"""Migrations that cannot be undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, join, observe
from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.model.migrations import NO_WAY_BACK, Migration
from archlint.model.world import World


@join(Migration)
def migration_irreversible(migration: Migration, world: World, options: Options) -> Iterator[Observation]:
    """A migration without anything that takes it back."""
    step = migration.step
    if step.way_back not in NO_WAY_BACK:
        return
    forward = [(TextFile(step.forward).place(START), "what it has to undo")] if step.forward else []
    told: dict[str, Any] = {"migration": step.name, "undo": step.undo}
    if step.operation:
        told |= {"tool": migration.tool, "operation": step.operation}
    yield observe(migration.place, step.way_back.value, related=forward, identity=(), **told)
