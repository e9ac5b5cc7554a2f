"""JSON Schema: which keywords a draft has, and which files are schemas of events."""

from archlint.model.json_schema.drafts import Draft, draft_of
from archlint.model.json_schema.schemas import Identified, JsonSchema, names_events
from archlint.model.json_schema.views import LISTS, MAPS, ONE, Slot, View, Views

__all__ = [
    "LISTS",
    "MAPS",
    "ONE",
    "Draft",
    "Identified",
    "JsonSchema",
    "Slot",
    "View",
    "Views",
    "draft_of",
    "names_events",
]
