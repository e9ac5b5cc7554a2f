"""Files of one repository that hold one JSON Schema of events: each service keeps its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from posixpath import basename

from archlint.documents import Document
from archlint.files import Kind
from archlint.files.folders import shows_or_tests, versions_in
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.json_schema.schemas import JsonSchema, names_events
from archlint.model.world import World


@dataclass(frozen=True)
class JsonSchemaCopy:
    """A schema of events that another file holds too, under the same name in a file called the same."""

    schema: JsonSchema
    """The shorter one, which is taken for the older one."""
    other: JsonSchema

    @classmethod
    def all(cls, world: World) -> Iterable[JsonSchemaCopy]:
        """Each schema with the longest of its copies, if it is not that one itself."""
        return world.fact(_copies) if world.paths(Kind.JSON_SCHEMA) else ()

    @property
    def source(self) -> Document:
        """The shorter file."""
        return self.schema.document

    @property
    def object(self) -> ObjectRef:
        """The schema."""
        return self.schema.object


def _copies(world: World) -> tuple[JsonSchemaCopy, ...]:
    """Copies in folders of the same version; those in folders of tests and examples are none."""
    groups: dict[tuple[object, ...], list[JsonSchema]] = defaultdict(list)
    for schema in world.all(JsonSchema):
        path, root = schema.document.path, schema.document.root
        named = schema.identifier or root.get("title").text
        if named and names_events(path) and not shows_or_tests(path):
            groups[named, basename(path), versions_in(path)].append(schema)
    found = []
    for members in groups.values():
        first, *others = sorted(members, key=lambda each: (-len(each.document.text), each.document.path))
        found += [JsonSchemaCopy(each, first) for each in others if _is_copy(each, first)]
    return tuple(sorted(found, key=lambda copy: copy.schema.document.path))


def _is_copy(schema: JsonSchema, other: JsonSchema) -> bool:
    """Whether two schemas with one name are the same one, and not alike; a title such as ``Event`` tells
    little, so that without an identifier most of what the smaller one has stands in the other too."""
    if schema.document.data == other.document.data:
        return False
    names = [{name for name, _ in each.document.root.get("properties").items()} for each in (schema, other)]
    return bool(schema.identifier) or 2 * len(names[0] & names[1]) > min(map(len, names))
