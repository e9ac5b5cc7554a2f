"""One migration of a database's schema, whatever tool runs it."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.migrations.alembic import alembic_steps
from archlint.model.migrations.scripts import script_steps
from archlint.model.migrations.steps import Step
from archlint.model.world import World


@dataclass(frozen=True)
class Migration:
    """A step forward in a repository that may hold several tools' migrations."""

    step: Step

    @classmethod
    def all(cls, world: World) -> Iterable[Migration]:
        """Every migration of the world, by path, from which a way back can be asked."""
        steps = steps_of(world)
        return [cls(step) for step in sorted(steps, key=lambda step: step.path)]

    @property
    def source(self) -> TextFile:
        """The file to edit."""
        return TextFile(self.step.path)

    @property
    def object(self) -> ObjectRef:
        """Named by tool and migration."""
        return ObjectRef(f"{self.step.tool} migration", self.step.name)


def steps_of(world: World, *, with_first: bool = False) -> list[Step]:
    """The steps of all tools; ``with_first`` also the first of Flyway's with an undo script."""
    paths = world.paths(Kind.MIGRATION)
    if not paths:
        return []
    return [*script_steps(world, paths, with_first=with_first), *alembic_steps(world, paths)]
