"""Database migrations, and whether each can be undone."""

from archlint.model.migrations.migration import Migration, steps_of
from archlint.model.migrations.steps import NO_WAY_BACK, WayBack
from archlint.model.migrations.units import Unit, migration_units

__all__ = ["NO_WAY_BACK", "Migration", "Unit", "WayBack", "migration_units", "steps_of"]
