"""Files of one repository that hold one JSON Schema of events."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import basename

from archlint.model.copies import Copy
from archlint.model.json_schema.schemas import JsonSchema, names_events
from archlint.model.world import World


class JsonSchemaCopy(Copy[JsonSchema]):
    """A schema of events that another file holds too, under the same name in a file called the same."""

    @classmethod
    def all(cls, world: World) -> Iterable[JsonSchemaCopy]:
        """Each schema with the longest of its copies, if it is not that one itself."""
        return cls.among(world.all(JsonSchema), _name, lambda each: len(each.document.text), _is_copy)


def _name(schema: JsonSchema) -> tuple[str, str] | None:
    path = schema.document.path
    name = schema.identifier or schema.document.root.get("title").text
    return (name, basename(path)) if name and names_events(path) else None


def _is_copy(schema: JsonSchema, other: JsonSchema) -> bool:
    """Whether two schemas with one name are the same one, and not alike; a title such as ``Event`` tells
    little, so that without an identifier most of what the smaller one has stands in the other too."""
    if schema.document.data == other.document.data:
        return False
    names = [{name for name, _ in each.document.root.get("properties").items()} for each in (schema, other)]
    return bool(schema.identifier) or 2 * len(names[0] & names[1]) > min(map(len, names))
