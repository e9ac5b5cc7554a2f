"""Packages: the files of one folder that share a package name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from posixpath import dirname

from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.protobuf.schemas import ProtoSchema, schemas
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Package:
    """A package as far as one folder holds it: copies of the same files elsewhere are packages of their
    own."""

    name: str
    folder: str
    schemas: tuple[ProtoSchema, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[Package]:
        """Every named package of every folder."""
        found: dict[tuple[str, str], list[ProtoSchema]] = defaultdict(list)
        for schema in world.reading(schemas):
            if schema.package:
                found[dirname(schema.path), schema.package].append(schema)
        return [cls(name, folder, tuple(members)) for (folder, name), members in sorted(found.items())]

    @property
    def source(self) -> ProtoFile:
        """Its first file."""
        return self.schemas[0].source

    @property
    def object(self) -> ObjectRef:
        """The package by its name."""
        return ObjectRef("package", self.name)
