"""What compiled proto files define: names are full and without a leading dot, and all know their places.

Packages: the files of one folder that share a package name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archlint.documents.proto import LoadedProtos, ProtoFile, load_protos
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Route, Token
from archlint.finding.records import dataclass
from archlint.model.protobuf.fields import Field, FieldBuilder, MessageBody, Reserved, reserved_in
from archlint.model.world import World

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import (
        DescriptorProto,
        EnumDescriptorProto,
        FieldDescriptorProto,
        FileDescriptorProto,
        ServiceDescriptorProto,
    )

from collections import defaultdict
from dataclasses import field
from functools import cached_property
from posixpath import dirname

_CLOSED = 2
"""``FeatureSet.EnumType`` in google/protobuf/descriptor.proto."""


@dataclass(frozen=True)
class Message:
    """A message; maps' entries are none. What it holds is made when somebody asks for it."""

    source: ProtoFile
    route: Route
    full_name: str
    body: MessageBody | None = field(default=None, repr=False, compare=False)
    """``None`` where nothing but the name is known."""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, in their order."""
        return self.body.fields(self.route, self.full_name) if self.body else ()

    @property
    def field_names(self) -> list[str]:
        """The names of its fields, in their order: for rules that ask for more of few fields."""
        return self.body.field_names() if self.body else []

    @property
    def may_require(self) -> bool:
        """Whether the syntax of its file knows fields that must be sent."""
        return self.body is not None and self.body.may_require

    @cached_property
    def oneofs(self) -> tuple[str, ...]:
        """The names of the oneofs that somebody wrote."""
        return self.body.oneofs() if self.body else ()

    @cached_property
    def reserved(self) -> Reserved:
        """The numbers and names that it keeps from being used again."""
        return self.body.reserved() if self.body else Reserved()

    def field_called(self, name: str) -> Field | None:
        """A field by its name."""
        return next((item for item in self.fields if item.name == name), None)

    def is_open_to_extensions(self, number: int) -> bool:
        """Whether extensions may use a number, so that it can be neither a field's nor reserved."""
        return any(first <= number <= last for first, last in self.body.opened()) if self.body else False

    @classmethod
    def all(cls, world: World) -> Iterable[Message]:
        """Every message, nested ones after the one that holds them."""
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

    def place_of_oneof(self, name: str) -> Place:
        """The name of one of its oneofs."""
        return Place(self.source, (*self.route, "oneof", name))


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
    allows_alias: bool = False
    """Whether several values may have one number."""

    @classmethod
    def all(cls, world: World) -> Iterable[Enum]:
        """Every enum, those in messages included."""
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
class ProtoService:
    """A service with its methods."""

    source: ProtoFile
    route: Route
    full_name: str
    rpcs: tuple[Rpc, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[ProtoService]:
        """Every service."""
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
    messages: tuple[Message, ...]
    enums: tuple[Enum, ...]
    services: tuple[ProtoService, ...]
    extensions: tuple[Field, ...]
    """Those at the top and those in messages."""
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[ProtoSchema]:
        """Every file that could be compiled, by path."""
        return world.reading(schemas)

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.source.path

    @property
    def is_empty(self) -> bool:
        """Whether it defines nothing, as files do that only import others."""
        return not (self.messages or self.enums or self.services or self.extensions)

    @property
    def first_line(self) -> Place:
        """The first line, for what is missing at the top of the file."""
        return Place(self.source, (), Token.VALUE)

    def statement(self, kind: str, name: str | int) -> Place:
        """A statement at the top: an ``import`` of a name, an ``option`` by its number."""
        return Place(self.source, (kind, name), Token.VALUE)

    def place(self) -> Place:
        """The name of the package, else the place where a package statement should follow."""
        return Place(self.source, ("package",) if self.package else ())


def protos(world: World) -> LoadedProtos:
    """The compiled proto files of a world and the problems met; use it through ``world.reading``."""
    return world.reading(_read)[0]


def schemas(world: World) -> tuple[ProtoSchema, ...]:
    """What the proto files of a world define, by path; use it through ``world.reading``."""
    found = world.reading(_read)[1]
    return tuple(found[source.path] for source in world.reading(protos).files)


def _read(world: World) -> tuple[LoadedProtos, dict[str, ProtoSchema]]:
    """Both, the latter by path: what a file defines is gone through while others are still compiled."""
    found: dict[str, ProtoSchema] = {}

    def look(source: ProtoFile) -> None:
        found[source.path] = schema_of(source)

    store = world.blobs if world.is_kept else None
    return load_protos(world.tree, world.paths(Kind.PROTO), store, look), found


def schema_of(source: ProtoFile) -> ProtoSchema:
    """What one file defines."""
    return _Builder(source).schema()


class _Builder:
    """Builds the elements of one file."""

    def __init__(self, source: ProtoFile) -> None:
        self._source = source
        self._file: FileDescriptorProto = source.descriptor
        self._is_edition = self._file.syntax == "editions"
        self._fields = FieldBuilder(source)
        self._messages: list[Message] = []
        self._enums: list[Enum] = []
        self._extensions: list[Field] = []

    def schema(self) -> ProtoSchema:
        file = self._file
        prefix = f"{file.package}." if file.package else ""
        for message in file.message_type:
            self._add_message(message, ("message", message.name), prefix)
        for enum in file.enum_type:
            self._enums.append(self._enum(enum, ("enum", enum.name), prefix))
        self._add_extensions(file.extension, ())
        return ProtoSchema(
            source=self._source,
            package=file.package,
            messages=tuple(self._messages),
            enums=tuple(self._enums),
            services=tuple(self._service(item, prefix) for item in file.service),
            extensions=tuple(self._extensions),
        )

    def _add_extensions(self, found: Iterable[FieldDescriptorProto], route: Route) -> None:
        self._extensions += (
            self._fields.field(item, (*route, "extension", item.name), {}, ()) for item in found
        )

    def _add_message(self, message: DescriptorProto, route: Route, prefix: str) -> None:
        full_name = prefix + message.name
        self._messages.append(Message(self._source, route, full_name, MessageBody(message, self._fields)))
        self._add_extensions(message.extension, route)
        for nested in message.nested_type:
            if not nested.options.map_entry:
                self._add_message(nested, (*route, "message", nested.name), f"{full_name}.")
        for enum in message.enum_type:
            self._enums.append(self._enum(enum, (*route, "enum", enum.name), f"{full_name}."))

    def _enum(self, enum: EnumDescriptorProto, route: Route, prefix: str) -> Enum:
        feature = enum.options.features.enum_type or self._file.options.features.enum_type
        is_closed = feature == _CLOSED if self._is_edition else self._file.syntax != "proto3"
        return Enum(
            source=self._source,
            route=route,
            full_name=prefix + enum.name,
            values=tuple(
                EnumValue(self._source, (*route, "value", item.name), item.name, item.number)
                for item in enum.value
            ),
            reserved=reserved_in(
                ((item.start, item.end) for item in enum.reserved_range), enum.reserved_name
            ),
            is_closed=is_closed,
            allows_alias=enum.options.allow_alias,
        )

    def _service(self, service: ServiceDescriptorProto, prefix: str) -> ProtoService:
        route: Route = ("service", service.name)
        return ProtoService(
            source=self._source,
            route=route,
            full_name=prefix + service.name,
            rpcs=tuple(
                Rpc(
                    source=self._source,
                    route=(*route, "rpc", item.name),
                    name=item.name,
                    input=item.input_type.removeprefix("."),
                    output=item.output_type.removeprefix("."),
                    client_streaming=item.client_streaming,
                    server_streaming=item.server_streaming,
                )
                for item in service.method
            ),
        )


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
