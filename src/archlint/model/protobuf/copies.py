"""Files of one repository that are copies of one proto file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from posixpath import basename

from archlint.finding import ObjectRef
from archlint.model.copies import Copy
from archlint.model.protobuf.schemas import ProtoSchema, schemas
from archlint.model.world import World

_COMMON = 0.5
"""The share of the names in the smaller file that both copies have."""


class ProtoCopy(Copy[ProtoSchema]):
    """A file that defines what another one defines too, in the same package and with the same name."""

    @classmethod
    def all(cls, world: World) -> Iterable[ProtoCopy]:
        """Each file with the largest of its copies, if it is not that one itself."""
        return cls.among(world.reading(schemas), _name, _size, _is_copy)

    @property
    def object(self) -> ObjectRef:
        """The package."""
        return ObjectRef("package", self.schema.package)


def _name(schema: ProtoSchema) -> tuple[str, str] | None:
    return (schema.package, basename(schema.path)) if schema.package and not schema.is_empty else None


def _size(schema: ProtoSchema) -> int:
    """How much a file defines."""
    return (
        sum(len(item.fields) for item in schema.messages)
        + sum(len(item.values) for item in schema.enums)
        + sum(len(item.rpcs) for item in schema.services)
    )


def _held(schema: ProtoSchema) -> frozenset[tuple[str, str]]:
    """The names of what a file defines, alone and with those of all that they hold."""
    fields = ((item.full_name, field.name) for item in schema.messages for field in item.fields)
    values = ((item.full_name, value.name) for item in schema.enums for value in item.values)
    rpcs = ((item.full_name, rpc.name) for item in schema.services for rpc in item.rpcs)
    messages, enums = (item.full_name for item in schema.messages), (item.full_name for item in schema.enums)
    alone = chain(messages, enums, (item.full_name for item in schema.services))
    return frozenset((*((name, "") for name in alone), *fields, *values, *rpcs))


def _is_copy(schema: ProtoSchema, other: ProtoSchema) -> bool:
    """Whether two files hold the same for the most part, and not by chance a ``Request`` each."""
    own, others = _held(schema), _held(other)
    return len(own & others) >= _COMMON * min(len(own), len(others))
