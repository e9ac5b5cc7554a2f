"""Changes of migrations, for the rules in force that judge them."""

from __future__ import annotations

from archlint.comparison.worlds import Change
from archlint.engine.request import Request
from archlint.files import Kind
from archlint.model.migrations.changelogs import has_changelogs
from archlint.model.world import World

RULES = frozenset({"migration-edited", "migration-contracts-at-once", "migration-late", "migration-removed"})


def reads_changelogs(request: Request, world: World) -> bool:
    """Whether changes of migrations in YAML or JSON are asked for, so that their older selves are read."""
    return _is_asked(request) and world.fact(has_changelogs)


def judges_migrations(request: Request, world: World) -> bool:
    """Whether changes of migrations are asked for and there are any, in whatever kind of file."""
    return _is_asked(request) and (bool(world.paths(Kind.MIGRATION)) or world.fact(has_changelogs))


def _is_asked(request: Request) -> bool:
    return any(rule.name in RULES for rule in request.rules)


def add_migrations(changes: dict[type, list[Change]], base: World, revision: World) -> None:
    """Add them; ``judges_migrations`` is asked before."""
    from archlint.comparison.migrations import migration_changes

    changes.update(migration_changes(base, revision))
