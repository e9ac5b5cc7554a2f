"""Files of one repository that define one schema of Avro."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import dirname

from archlint.model.avro.schemas import AvroSchema
from archlint.model.avro.types import Record
from archlint.model.copies import Copy
from archlint.model.world import World


class AvroCopy(Copy[AvroSchema]):
    """A schema that a file of another folder defines too, under the same full name."""

    @classmethod
    def all(cls, world: World) -> Iterable[AvroCopy]:
        """Each schema with the one of its copies that has most fields, if it is not that one itself."""
        schemas = (each for each in world.all(AvroSchema) if len(each.reading.types) == 1)
        return cls.among(schemas, lambda each: each.name, _size, _are_apart)


def _size(schema: AvroSchema) -> int:
    """How many fields a file defines."""
    return sum(len(each.fields) for each in schema.reading.named.values() if isinstance(each, Record))


def _are_apart(schema: AvroSchema, other: AvroSchema) -> bool:
    return dirname(schema.document.path) != dirname(other.document.path)
