"""Files of one repository that define one schema of Avro: each service keeps its own to build from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from posixpath import dirname

from archlint.documents import Document
from archlint.files import Kind
from archlint.files.folders import shows_or_tests, versions_in
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.avro.schemas import AvroSchema
from archlint.model.avro.types import Record
from archlint.model.world import World


@dataclass(frozen=True)
class AvroCopy:
    """A schema that another file defines too, under the same full name."""

    schema: AvroSchema
    """The one with fewer fields, which is taken for the older one."""
    other: AvroSchema

    @classmethod
    def all(cls, world: World) -> Iterable[AvroCopy]:
        """Each schema with the largest of its copies, if it is not that one itself."""
        return world.fact(_copies) if world.paths(Kind.AVRO) else ()

    @property
    def source(self) -> Document:
        """The file that holds less."""
        return self.schema.document

    @property
    def object(self) -> ObjectRef:
        """The schema."""
        return self.schema.object


def _copies(world: World) -> tuple[AvroCopy, ...]:
    """Copies of the same version in different folders; those in folders of tests and examples are none."""
    groups: dict[tuple[object, ...], list[AvroSchema]] = defaultdict(list)
    for schema in world.all(AvroSchema):
        path = schema.document.path
        if len(schema.reading.types) == 1 and schema.name and not shows_or_tests(path):
            groups[schema.name, versions_in(path)].append(schema)
    found = []
    for members in groups.values():
        first, *others = sorted(members, key=lambda each: (-_size(each), each.document.path))
        folder = dirname(first.document.path)
        found += [AvroCopy(each, first) for each in others if dirname(each.document.path) != folder]
    return tuple(sorted(found, key=lambda copy: copy.schema.document.path))


def _size(schema: AvroSchema) -> int:
    """How many fields a file defines."""
    return sum(len(each.fields) for each in schema.reading.named.values() if isinstance(each, Record))
