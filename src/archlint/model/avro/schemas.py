"""Files with schemas of Apache Avro, and which file defines what a name means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from archlint.documents import Document
from archlint.files import Kind
from archlint.files.folders import folders_above
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.avro.reading import SchemaReading, read_schema
from archlint.model.avro.types import NamedType, TypeReference, place_of
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class AvroSchema:
    """One file: a schema, or the types of a protocol."""

    document: Document
    reading: SchemaReading

    @classmethod
    def all(cls, world: World) -> Iterable[AvroSchema]:
        """Every schema, by path."""
        for document in world.documents(Kind.AVRO):
            yield cls(document, read_schema(document.root))

    @property
    def source(self) -> Document:
        """The document itself."""
        return self.document

    @property
    def name(self) -> str:
        """The full name of what the file is about; empty if that has no name."""
        protocol = self.document.root.get("protocol").text
        return protocol or str(getattr(next(iter(self.reading.types), None), "name", ""))

    @property
    def object(self) -> ObjectRef:
        """The schema by its full name."""
        return ObjectRef("schema", self.name)

    def place(self) -> Place:
        """The name of what the file is about."""
        protocol = self.document.root.get("protocol")
        return protocol.value_place() if protocol.exists else place_of(self.reading.types[0])

    def local(self, reference: TypeReference) -> NamedType | None:
        """What a name means in this file; ``None`` if the file does not define it."""
        named = self.reading.named
        return named.get(reference.name) or named.get(reference.fallback)


class Definitions:
    """What names mean in a world: in the file itself, else in the nearest that defines them."""

    def __init__(self, world: World) -> None:
        self._named: dict[str, dict[str, list[NamedType]]] = {}
        """By name, and by each file and folder, the first two that are defined there or below."""
        schemas = world.all(AvroSchema)
        for schema in schemas:
            for name, named in schema.reading.named.items():
                below = self._named.setdefault(name, {})
                for place in _around(named):
                    if len(known := below.setdefault(place, [])) < 2:
                        known.append(named)
        self._namespaces = {name.rpartition(".")[0] for name in self._named}
        self._missing: dict[str, set[str]] = {}
        for reference in (each for schema in schemas for each in schema.reading.references):
            if self(reference) is None:
                self._missing.setdefault(reference.fallback, set()).add(reference.name)

    def __call__(self, reference: TypeReference) -> NamedType | None:
        """The definition of a name; ``None`` if no file has one."""
        return next(iter(self._nearest(reference)), None)

    def certain(self, reference: TypeReference) -> NamedType | None:
        """As asked for, unless files that are equally near define the name."""
        found = self._nearest(reference)
        return found[0] if len(found) == 1 else None

    def _nearest(self, reference: TypeReference) -> Sequence[NamedType]:
        below = self._named.get(reference.name) or self._named.get(reference.fallback) or {}
        return next((below[place] for place in _around(reference) if place in below), ())

    def has(self, name: str) -> bool:
        """Whether any file defines a type of this full name."""
        return name in self._named

    def is_placeholder(self, reference: TypeReference) -> bool:
        """Whether a name that means nothing is written in several namespaces: a build fills it in."""
        return len(self._missing.get(reference.fallback, ())) > 1

    def has_namespace(self, namespace: str) -> bool:
        """Whether any file defines a type of a namespace."""
        return namespace in self._namespaces


def _around(type_: NamedType | TypeReference) -> Iterator[str]:
    """The file that a type stands in and the folders around it, the nearest first."""
    path = type_.node.document.path
    return chain((path,), folders_above(path))
