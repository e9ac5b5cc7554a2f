"""Files with schemas of Apache Avro, and which file defines what a name means."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from archlint.documents import Document
from archlint.files import Kind
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
        self._named: dict[str, list[NamedType]] = {}
        schemas = world.all(AvroSchema)
        for schema in schemas:
            for name, named in schema.reading.named.items():
                self._named.setdefault(name, []).append(named)
        self._namespaces = {name.rpartition(".")[0] for name in self._named}
        self._missing: dict[str, set[str]] = {}
        for reference in (each for schema in schemas for each in schema.reading.references):
            if self(reference) is None:
                self._missing.setdefault(reference.fallback, set()).add(reference.name)

    def __call__(self, reference: TypeReference) -> NamedType | None:
        """The definition of a name; ``None`` if no file has one."""
        here = reference.node.document.path
        known = self._named.get(reference.name) or self._named.get(reference.fallback) or ()
        return max(known, key=lambda each: _nearness(here, each.node.document.path), default=None)

    def has(self, name: str) -> bool:
        """Whether any file defines a type of this full name."""
        return name in self._named

    def is_placeholder(self, reference: TypeReference) -> bool:
        """Whether a name that means nothing is written in several namespaces: a build fills it in."""
        return len(self._missing.get(reference.fallback, ())) > 1

    def has_namespace(self, namespace: str) -> bool:
        """Whether any file defines a type of a namespace."""
        return namespace in self._namespaces


def _nearness(here: str, there: str) -> int:
    """How many steps two paths have in common, from the top; the same path has most."""
    pairs = zip(here.split("/"), there.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
