"""Files of one repository that are copies of one contract: each service keeps its own to build from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from posixpath import basename

from archlint.documents.proto import ProtoFile
from archlint.files.folders import shows_or_tests, version_folders
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.protobuf.schemas import ProtoSchema, schemas
from archlint.model.world import World


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
            versions = version_folders(schema.path)
            groups[schema.package, basename(schema.path), versions].append(schema)
    found = []
    for members in groups.values():
        if len(members) > 1:
            first, *others = sorted(members, key=lambda schema: (-_size(schema), schema.path))
            names = _names(first)
            found += [ProtoCopy(item, first) for item in others if names & _names(item)]
    return tuple(sorted(found, key=lambda copy: copy.schema.path))


def _size(schema: ProtoSchema) -> int:
    """How much a file defines."""
    return (
        sum(len(item.fields) for item in schema.messages)
        + sum(len(item.values) for item in schema.enums)
        + sum(len(item.rpcs) for item in schema.services)
    )


def _names(schema: ProtoSchema) -> frozenset[str]:
    messages, enums = (item.full_name for item in schema.messages), (item.full_name for item in schema.enums)
    return frozenset((*messages, *enums, *(item.full_name for item in schema.services)))
