"""Database migrations, and whether each can be undone."""

from archlint.model.migrations.migration import Migration, WayBack

__all__ = ["Migration", "WayBack"]
