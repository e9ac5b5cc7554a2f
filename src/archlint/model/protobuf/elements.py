"""The elements of proto files. Names are full and without a leading dot; each knows its place."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef, Place, Route
from archlint.finding.records import dataclass
from archlint.model.world import World


class Label(StrEnum):
    """How often a field occurs, and whether its absence can be told from its zero value."""

    SINGULAR = "singular"
    """At most once: a message, a member of a oneof, or a scalar whose absence reads as zero."""
    OPTIONAL = "optional"
    """At most once, a scalar with presence."""
    REQUIRED = "required"
    REPEATED = "repeated"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Reserved:
    """Numbers and names that a message or enum keeps from being used again."""

    ranges: tuple[tuple[int, int], ...] = ()
    """First and last number of each range, both inclusive."""
    names: frozenset[str] = frozenset()

    def has_number(self, number: int) -> bool:
        """Whether a number is reserved."""
        return any(first <= number <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message, or an extension."""

    source: ProtoFile
    route: Route
    name: str
    number: int
    label: Label
    type: str
    """A scalar type as written, or ``message``, ``group``, ``enum``; of a map that of its values."""
    type_name: str
    """The full name of the message or enum; empty for scalars."""
    json_name: str
    key_type: str = ""
    """The type of the keys of a map."""
    oneof: str | None = None
    """The oneof that it is a member of."""
    default: str = ""

    def place(self, part: str | None = None) -> Place:
        """The name, or a part such as ``type``, ``number``, ``label``, ``json_name``."""
        return Place(self.source, self.route if part is None else (*self.route, part))

    @property
    def type_text(self) -> str:
        """The type as one would write it, with the full name of a message or enum."""
        own = self.type_name or self.type
        return f"map<{self.key_type}, {own}>" if self.label is Label.MAP else own

    @property
    def is_type_known(self) -> bool:
        """Whether the definition of its type could be read; if not, its full name is a guess."""
        return self.type_name not in self.source.stand_ins


@dataclass(frozen=True, slots=True)
class Message:
    """A message; maps' entries are none."""

    source: ProtoFile
    route: Route
    full_name: str
    fields: tuple[Field, ...]
    oneofs: tuple[str, ...]
    reserved: Reserved

    @classmethod
    def all(cls, world: World) -> Iterable[Message]:
        """Every message, nested ones after the one that holds them."""
        from archlint.model.protobuf.schemas import schemas

        return (message for schema in world.reading(schemas) for message in schema.messages)

    @property
    def name(self) -> str:
        """The last part of its full name."""
        return str(self.route[-1])

    @property
    def object(self) -> ObjectRef:
        """The message by its full name."""
        return ObjectRef("message", self.full_name)

    def place(self) -> Place:
        """Its name."""
        return Place(self.source, self.route)


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enum."""

    source: ProtoFile
    route: Route
    name: str
    number: int

    def place(self, part: str | None = None) -> Place:
        """The name, or the ``number``."""
        return Place(self.source, self.route if part is None else (*self.route, part))


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum."""

    source: ProtoFile
    route: Route
    full_name: str
    values: tuple[EnumValue, ...]
    reserved: Reserved
    is_closed: bool
    """Whether readers treat numbers that they do not know as unknown fields, as proto2 does."""

    @classmethod
    def all(cls, world: World) -> Iterable[Enum]:
        """Every enum, those in messages included."""
        from archlint.model.protobuf.schemas import schemas

        return (enum for schema in world.reading(schemas) for enum in schema.enums)

    @property
    def name(self) -> str:
        """The last part of its full name."""
        return str(self.route[-1])

    @property
    def object(self) -> ObjectRef:
        """The enum by its full name."""
        return ObjectRef("enum", self.full_name)

    def place(self) -> Place:
        """Its name."""
        return Place(self.source, self.route)


@dataclass(frozen=True, slots=True)
class Rpc:
    """A method of a service."""

    source: ProtoFile
    route: Route
    name: str
    input: str
    """Full name of the request message."""
    output: str
    """Full name of the response message."""
    client_streaming: bool
    server_streaming: bool

    def place(self, part: str | None = None) -> Place:
        """The name, or a part: ``input``, ``output``, ``client_streaming``, ``server_streaming``."""
        return Place(self.source, self.route if part is None else (*self.route, part))


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its methods."""

    source: ProtoFile
    route: Route
    full_name: str
    rpcs: tuple[Rpc, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[Service]:
        """Every service."""
        from archlint.model.protobuf.schemas import schemas

        return (service for schema in world.reading(schemas) for service in schema.services)

    @property
    def name(self) -> str:
        """The last part of its full name."""
        return str(self.route[-1])

    @property
    def object(self) -> ObjectRef:
        """The service by its full name."""
        return ObjectRef("service", self.full_name)

    def place(self) -> Place:
        """Its name."""
        return Place(self.source, self.route)


@dataclass(frozen=True, slots=True)
class ProtoSchema:
    """All that one file defines; nested messages and enums are in the flat lists too."""

    source: ProtoFile
    package: str
    imports: tuple[str, ...]
    """Names of the imported files, without those that cannot be found."""
    messages: tuple[Message, ...]
    enums: tuple[Enum, ...]
    services: tuple[Service, ...]
    extensions: tuple[Field, ...]
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[ProtoSchema]:
        """Every file that could be compiled, by path."""
        from archlint.model.protobuf.schemas import schemas

        return world.reading(schemas)

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.source.path

    @property
    def is_empty(self) -> bool:
        """Whether it defines nothing, as files do that only import others."""
        return not (self.messages or self.enums or self.services or self.extensions)

    def place(self) -> Place:
        """The name of the package, else the place where a package statement should follow."""
        return Place(self.source, ("package",) if self.package else ())
