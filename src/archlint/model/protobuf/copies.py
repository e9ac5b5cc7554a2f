"""Files of one repository that are copies of one contract: each service keeps its own to build from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from posixpath import basename

from archlint.documents.proto import ProtoFile
from archlint.files.folders import shows_or_tests, versions_in
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.protobuf.schemas import ProtoSchema, schemas
from archlint.model.world import World

_COMMON = 0.5
"""The share of the names in the smaller file that both copies have."""


@dataclass(frozen=True)
class ProtoCopy:
    """A file that defines what another one defines too, in the same package and with the same name."""

    schema: ProtoSchema
    """The one that holds less, and is taken for the older one."""
    other: ProtoSchema

    @classmethod
    def all(cls, world: World) -> Iterable[ProtoCopy]:
        """Each file with the largest of its copies, if it is not that one itself."""
        return world.fact(_copies)

    @property
    def source(self) -> ProtoFile:
        """The file that holds less."""
        return self.schema.source

    @property
    def object(self) -> ObjectRef:
        """The package."""
        return ObjectRef("package", self.schema.package)

    @property
    def through(self) -> tuple[str, ...]:
        """It is not about another file."""
        return ()


def _copies(world: World) -> tuple[ProtoCopy, ...]:
    groups: dict[tuple[object, ...], list[ProtoSchema]] = defaultdict(list)
    for schema in world.reading(schemas):
        if schema.package and not schema.is_empty and not shows_or_tests(schema.path):
            versions = versions_in(schema.path)
            groups[schema.package, basename(schema.path), versions].append(schema)
    found = []
    for members in groups.values():
        if len(members) > 1:
            first, *others = sorted(members, key=lambda schema: (-_size(schema), schema.path))
            known = _held(first)
            found += [ProtoCopy(item, first) for item in others if _is_copy(_held(item), known)]
    return tuple(sorted(found, key=lambda copy: copy.schema.path))


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


def _is_copy(own: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    """Whether two files hold the same for the most part, and not by chance a ``Request`` each."""
    return len(own & other) >= _COMMON * min(len(own), len(other))
