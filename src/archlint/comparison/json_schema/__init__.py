"""Changes between two revisions of JSON Schemas of events."""

from archlint.comparison.json_schema.changes import (
    EventDataRefused,
    EventEdit,
    EventSchemaRemoved,
    EventUndecided,
    RegistryRefused,
    UndeclaredDataRefused,
)
from archlint.comparison.json_schema.compare import compare

__all__ = [
    "EventDataRefused",
    "EventEdit",
    "EventSchemaRemoved",
    "EventUndecided",
    "RegistryRefused",
    "UndeclaredDataRefused",
    "compare",
]
