"""The change of a schema that is known by its values alone."""

from __future__ import annotations

from dataclasses import field

from archlint.comparison.openapi.schema_changes import SchemaChange
from archlint.finding.records import dataclass


@dataclass(frozen=True, kw_only=True)
class ValuesChanged(SchemaChange):
    """The verdict on a schema is that values are refused or new, or it is not known."""

    edits: tuple[SchemaChange, ...] = field(compare=False)
    """The changes that were found in the schema; they may explain it, or not."""
    value: str = field(default="", compare=False)
    """A value to show as JSON, where it is no proof of what is marked."""
