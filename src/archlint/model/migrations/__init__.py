"""Database migrations, and whether each can be undone."""

from archlint.model.migrations.migration import Migration, steps_of
from archlint.model.migrations.steps import WayBack

__all__ = ["Migration", "WayBack", "steps_of"]
