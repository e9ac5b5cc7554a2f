"""The types of Avro schemas, as the specification has them, each with the place where it is written.

Source: Apache Avro 1.12, specification, "Schema Declaration" and "Names"
(https://avro.apache.org/docs/1.12.0/specification/).
"""

from __future__ import annotations

from dataclasses import field as declared

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass

PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
"""Names that need no definition and belong to no namespace."""


@dataclass(frozen=True, eq=False)
class Primitive:
    """A type without parts, such as ``long``, and what its values stand for."""

    node: Node
    name: str
    logical: LogicalType | None = None


@dataclass(frozen=True, slots=True)
class LogicalType:
    """What values stand for besides what they are written as; of decimals how exact they are."""

    name: str
    precision: int | None = None
    scale: int = 0


@dataclass(frozen=True, eq=False)
class RecordField:
    """One field of a record."""

    node: Node
    name: str
    type: AvroType
    aliases: tuple[str, ...] = ()

    def name_place(self) -> Place:
        """Its name."""
        return self.node.get("name").value_place()

    @property
    def default(self) -> Node:
        """What readers take where the writer has no such field; a default of null exists as well."""
        return self.node.get("default")

    @property
    def has_default(self) -> bool:
        """Whether the field may be missing in what is read."""
        return self.default.exists


@dataclass(frozen=True, eq=False)
class Record:
    """A record, or the error of a protocol, by its full name."""

    node: Node
    name: str
    aliases: tuple[str, ...] = ()
    fields: tuple[RecordField, ...] = declared(default=(), repr=False)


@dataclass(frozen=True, eq=False)
class EnumType:
    """An enumeration; ``default`` is the symbol for those that a reader does not know."""

    node: Node
    name: str
    aliases: tuple[str, ...]
    symbols: tuple[str, ...]
    default: str | None


@dataclass(frozen=True, eq=False)
class FixedType:
    """A fixed number of bytes."""

    node: Node
    name: str
    aliases: tuple[str, ...]
    size: int
    logical: LogicalType | None = None


@dataclass(frozen=True, eq=False)
class ArrayType:
    """A sequence of values of one type."""

    node: Node
    items: AvroType


@dataclass(frozen=True, eq=False)
class MapType:
    """Values of one type under keys that are texts."""

    node: Node
    values: AvroType


@dataclass(frozen=True, eq=False)
class Union:
    """One of several types."""

    node: Node
    branches: tuple[AvroType, ...]


@dataclass(frozen=True, eq=False)
class TypeReference:
    """The name of a type that is defined elsewhere: full, and as Avro's library also takes it.

    The specification completes a name with the namespace around it; the library falls back to the name
    itself where that names nothing.
    """

    node: Node
    name: str
    fallback: str


@dataclass(frozen=True, eq=False)
class Unreadable:
    """What is no schema; nothing is said of what it holds."""

    node: Node


NamedType = Record | EnumType | FixedType
AvroType = (
    Primitive | Record | EnumType | FixedType | ArrayType | MapType | Union | TypeReference | Unreadable
)


def place_of(type_: AvroType) -> Place:
    """What names a type where it is written: its name, else the word for what it is, else what holds it."""
    for key in ("name", "type"):
        if type_.node.get(key).text is not None:
            return type_.node.get(key).value_place()
    return type_.node.value_place() if type_.node.text is not None else type_.node.place()


def simple_name(name: str) -> str:
    """The last part of a full name, by which schemas are matched."""
    return name.rpartition(".")[2]
