"""Changes of migrations, for the rules in force that judge them."""

from __future__ import annotations

from archlint.comparison.worlds import Change
from archlint.engine.request import Request
from archlint.files import Kind
from archlint.model.world import World

RULES = frozenset({"migration-edited", "migration-contracts-at-once", "migration-late", "migration-removed"})


def add_migrations(changes: dict[type, list[Change]], base: World, revision: World, request: Request) -> None:
    """Add them if a rule in force asks for them and a side has migrations."""
    if not any(rule.name in RULES for rule in request.rules) or not revision.paths(Kind.MIGRATION):
        return
    from archlint.comparison.migrations import migration_changes

    changes.update(migration_changes(base, revision))
