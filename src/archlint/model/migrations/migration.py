"""One migration of a database's schema, whatever tool runs it."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.migrations.alembic import alembic_steps
from archlint.model.migrations.changelogs import changelog_steps
from archlint.model.migrations.code import code_steps
from archlint.model.migrations.django import django_steps
from archlint.model.migrations.folders import folder_steps
from archlint.model.migrations.rails import rails_steps
from archlint.model.migrations.scripts import script_steps
from archlint.model.migrations.sections import section_steps
from archlint.model.migrations.steps import TOOL_NAMES, Step
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

    @property
    def tool(self) -> str:
        """The name of the tool, as people write it."""
        return TOOL_NAMES.get(self.step.tool, self.step.tool)

    @property
    def place(self) -> Place:
        """What to edit."""
        return self.step.at or self.source.place(self.step.span)


def steps_of(world: World, *, with_first: bool = False) -> list[Step]:
    """The steps of all tools; ``with_first`` also the first of Flyway's with an undo script."""
    found = [*changelog_steps(world, with_all=with_first)]
    paths = world.paths(Kind.MIGRATION)
    if paths:
        found += script_steps(world, paths, with_first=with_first)
        found += folder_steps(world, paths, with_first=with_first)
        for steps in (section_steps, alembic_steps, django_steps, rails_steps, code_steps):
            found += steps(world, paths)
    return found
