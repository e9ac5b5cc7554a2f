"""Compiled descriptors as typed elements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from archlint.documents.proto import LoadedProtos, ProtoFile, load_protos
from archlint.files import Kind
from archlint.finding import Route
from archlint.model.protobuf.elements import (
    Enum,
    EnumValue,
    Field,
    Label,
    Message,
    ProtoSchema,
    Reserved,
    Rpc,
    Service,
)
from archlint.model.world import World

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import (
        DescriptorProto,
        EnumDescriptorProto,
        FieldDescriptorProto,
        FileDescriptorProto,
        ServiceDescriptorProto,
    )

# Numbers of google/protobuf/descriptor.proto: FieldDescriptorProto.Type and Label, and the feature values.
_TYPES = (
    *("", "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "group"),
    *("message", "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64"),
)
_REQUIRED, _REPEATED = 2, 3
_IMPLICIT, _LEGACY_REQUIRED = 2, 3
_DELIMITED = 2
_CLOSED = 2


def protos(world: World) -> LoadedProtos:
    """The compiled proto files of a world and the problems met; use it through ``world.reading``."""
    return load_protos(world.tree, world.paths(Kind.PROTO), world.kept)


def schemas(world: World) -> tuple[ProtoSchema, ...]:
    """What the proto files of a world define, by path; use it through ``world.reading``."""
    return tuple(schema_of(source) for source in world.reading(protos).files)


def schema_of(source: ProtoFile) -> ProtoSchema:
    """What one file defines."""
    return _Builder(source).schema()


class _Builder:
    """Builds the elements of one file."""

    def __init__(self, source: ProtoFile) -> None:
        self._source = source
        self._file: FileDescriptorProto = source.descriptor
        self._is_edition = self._file.syntax == "editions"
        self._messages: list[Message] = []
        self._enums: list[Enum] = []

    def schema(self) -> ProtoSchema:
        file = self._file
        prefix = f"{file.package}." if file.package else ""
        for message in file.message_type:
            self._add_message(message, ("message", message.name), prefix)
        for enum in file.enum_type:
            self._enums.append(self._enum(enum, ("enum", enum.name), prefix))
        extensions = [self._field(item, ("extension", item.name), {}, ()) for item in file.extension]
        return ProtoSchema(
            source=self._source,
            package=file.package,
            imports=tuple(name for name in file.dependency if not name.startswith("~")),
            messages=tuple(self._messages),
            enums=tuple(self._enums),
            services=tuple(self._service(item, prefix) for item in file.service),
            extensions=tuple(extensions),
        )

    def _add_message(self, message: DescriptorProto, route: Route, prefix: str) -> None:
        full_name = prefix + message.name
        maps = {f".{full_name}.{item.name}": item for item in message.nested_type if item.options.map_entry}
        oneofs = [item.name for item in message.oneof_decl]
        real = {item.oneof_index for item in message.field if _is_member(item)}
        fields = [self._field(item, (*route, "field", item.name), maps, oneofs) for item in message.field]
        self._messages.append(
            Message(
                source=self._source,
                route=route,
                full_name=full_name,
                fields=tuple(fields),
                oneofs=tuple(name for at, name in enumerate(oneofs) if at in real),
                reserved=_reserved(
                    ((item.start, item.end - 1) for item in message.reserved_range), message.reserved_name
                ),
            )
        )
        for nested in message.nested_type:
            if not nested.options.map_entry:
                self._add_message(nested, (*route, "message", nested.name), f"{full_name}.")
        for enum in message.enum_type:
            self._enums.append(self._enum(enum, (*route, "enum", enum.name), f"{full_name}."))

    def _field(
        self,
        field: FieldDescriptorProto,
        route: Route,
        maps: dict[str, DescriptorProto],
        oneofs: Sequence[str],
    ) -> Field:
        entry = maps.get(field.type_name) if field.label == _REPEATED else None
        value = entry.field[1] if entry is not None else field
        type_ = _TYPES[value.type] if value.type < len(_TYPES) else "message"
        if type_ == "message" and entry is None and self._is_delimited(field):
            type_ = "group"
        return Field(
            source=self._source,
            route=route,
            name=field.name,
            number=field.number,
            label=Label.MAP if entry is not None else self._label(field, type_),
            type=type_,
            type_name=value.type_name.removeprefix("."),
            json_name=field.json_name,
            key_type=_TYPES[entry.field[0].type] if entry is not None else "",
            oneof=oneofs[field.oneof_index] if _is_member(field) else None,
            default=field.default_value,
        )

    def _label(self, field: FieldDescriptorProto, type_: str) -> Label:
        if field.label == _REPEATED:
            return Label.REPEATED
        if field.label == _REQUIRED or (self._is_edition and self._presence(field) == _LEGACY_REQUIRED):
            return Label.REQUIRED
        if type_ in ("message", "group") or _is_member(field):
            return Label.SINGULAR
        if self._is_edition:
            return Label.SINGULAR if self._presence(field) == _IMPLICIT else Label.OPTIONAL
        is_proto3 = self._file.syntax == "proto3"
        return Label.SINGULAR if is_proto3 and not field.proto3_optional else Label.OPTIONAL

    def _presence(self, field: FieldDescriptorProto) -> int:
        own = field.options.features.field_presence
        return own or self._file.options.features.field_presence

    def _is_delimited(self, field: FieldDescriptorProto) -> bool:
        if not self._is_edition:
            return False
        own = field.options.features.message_encoding
        return (own or self._file.options.features.message_encoding) == _DELIMITED

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
            reserved=_reserved(((item.start, item.end) for item in enum.reserved_range), enum.reserved_name),
            is_closed=is_closed,
        )

    def _service(self, service: ServiceDescriptorProto, prefix: str) -> Service:
        route: Route = ("service", service.name)
        return Service(
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


def _is_member(field: FieldDescriptorProto) -> bool:
    """Whether a field belongs to a oneof that somebody wrote; ``optional`` in proto3 makes one of its own."""
    return field.HasField("oneof_index") and not field.proto3_optional


def _reserved(ranges: Iterable[tuple[int, int]], names: Iterable[str]) -> Reserved:
    return Reserved(tuple(ranges), frozenset(names))
