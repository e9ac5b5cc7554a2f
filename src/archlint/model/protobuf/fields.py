"""Fields of messages, and how a descriptor tells what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from archlint.documents.proto import ProtoFile
from archlint.finding import Place, Route
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto

# Numbers of google/protobuf/descriptor.proto: FieldDescriptorProto.Type and Label, and the feature values.
_TYPES = (
    *("", "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "group"),
    *("message", "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64"),
)
_REQUIRED, _REPEATED = 2, 3
_IMPLICIT, _LEGACY_REQUIRED = 2, 3
_DELIMITED = 2


def type_word(number: int) -> str:
    """The word for a type; one that is not known is taken for a message."""
    return _TYPES[number] if number < len(_TYPES) else "message"


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

    def holds(self, number: int, name: str) -> bool:
        """Whether neither a number nor a name can be used again."""
        return name in self.names and self.has_number(number)


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
    extendee: str = ""
    """The full name of the message that an extension extends; empty for a field."""

    def place(self, part: str | None = None) -> Place:
        """The name, or a part such as ``type``, ``number``, ``label``, ``json_name``."""
        return Place(self.source, self.route if part is None else (*self.route, part))

    @property
    def name_in_json(self) -> str:
        """The key that it has in JSON, which is the full name in brackets for an extension."""
        return f"[{self.full_name}]" if self.extendee else self.json_name

    @property
    def full_name(self) -> str:
        """Its name with the package and the messages that it stands in."""
        names = (self.source.descriptor.package, *map(str, self.route[1::2]))
        return ".".join(filter(None, names))

    @property
    def type_text(self) -> str:
        """The type as one would write it, with the full name of a message or enum."""
        return self._written(self.type_name or self.type)

    def _written(self, value: str) -> str:
        return f"map<{self.key_type}, {value}>" if self.label is Label.MAP else value

    @property
    def kind_text(self) -> str:
        """The type with what kind it is of, where another kind may have the same name."""
        if not self.type_name:
            return self.type_text
        is_edition = self.source.descriptor.syntax == "editions"
        kind = "delimited message" if self.type == "group" and is_edition else self.type
        return self._written(f"{kind} {self.type_name}")

    @property
    def declared_type(self) -> str:
        """The type and whether there may be several, as one would write it: ``repeated string``."""
        return f"repeated {self.type_text}" if self.label is Label.REPEATED else self.type_text

    @property
    def is_type_known(self) -> bool:
        """Whether the definition of its type could be read; if not, its full name is a guess."""
        return self.type_name not in self.source.stand_ins


class FieldBuilder:
    """Makes the fields of one file."""

    def __init__(self, source: ProtoFile) -> None:
        self._source = source
        self._file: FileDescriptorProto = source.descriptor
        self._is_edition = self._file.syntax == "editions"
        self.may_require = self._file.syntax != "proto3"
        """Whether the syntax knows fields that must be sent."""

    def field(
        self,
        field: FieldDescriptorProto,
        route: Route,
        maps: dict[str, DescriptorProto],
        oneofs: Sequence[str],
    ) -> Field:
        """The field of a descriptor; ``maps`` are the entries of the message's maps by full name, ``oneofs``
        the names of its oneofs."""
        entry = maps.get(field.type_name) if field.label == _REPEATED else None
        value = entry.field[1] if entry is not None else field
        type_ = type_word(value.type)
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
            key_type=type_word(entry.field[0].type) if entry is not None else "",
            oneof=oneofs[field.oneof_index] if is_member(field) else None,
            default=field.default_value,
            extendee=field.extendee.removeprefix("."),
        )

    def _label(self, field: FieldDescriptorProto, type_: str) -> Label:
        if field.label == _REPEATED:
            return Label.REPEATED
        if field.label == _REQUIRED or (self._is_edition and self._presence(field) == _LEGACY_REQUIRED):
            return Label.REQUIRED
        if type_ in ("message", "group") or is_member(field):
            return Label.SINGULAR
        if field.extendee:
            return Label.OPTIONAL  # whatever the syntax: programs ask whether an extension is there
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


@dataclass(frozen=True, slots=True)
class MessageBody:
    """What a message holds, as its descriptor has it."""

    descriptor: DescriptorProto
    builder: FieldBuilder

    def fields(self, route: Route, full_name: str) -> tuple[Field, ...]:
        """The fields of the message with a route and a name."""
        message, make = self.descriptor, self.builder.field
        entries = (item for item in message.nested_type if item.options.map_entry)
        maps = {f".{full_name}.{item.name}": item for item in entries}
        oneofs = [item.name for item in message.oneof_decl]
        return tuple(make(item, (*route, "field", item.name), maps, oneofs) for item in message.field)

    def field_names(self) -> list[str]:
        """The names of the fields, in their order."""
        return [item.name for item in self.descriptor.field]

    @property
    def may_require(self) -> bool:
        """Whether the syntax of the file knows fields that must be sent."""
        return self.builder.may_require

    def oneofs(self) -> tuple[str, ...]:
        """The names of those that somebody wrote."""
        if not self.descriptor.oneof_decl:
            return ()
        real = {item.oneof_index for item in self.descriptor.field if is_member(item)}
        return tuple(item.name for at, item in enumerate(self.descriptor.oneof_decl) if at in real)

    def reserved(self) -> Reserved:
        """What is kept from being used again."""
        ranges = ((item.start, item.end - 1) for item in self.descriptor.reserved_range)
        return reserved_in(ranges, self.descriptor.reserved_name)

    def opened(self) -> tuple[tuple[int, int], ...]:
        """First and last number of each range that extensions may use."""
        return tuple((item.start, item.end - 1) for item in self.descriptor.extension_range)


def reserved_in(ranges: Iterable[tuple[int, int]], names: Iterable[str]) -> Reserved:
    """What statements reserve together."""
    return Reserved(tuple(ranges), frozenset(names))


def knows_presence(file: FileDescriptorProto) -> bool:
    """Whether fields of a file know that they are set, unless they say something else."""
    if file.syntax == "editions":
        return bool(file.options.features.field_presence != _IMPLICIT)
    return bool(file.syntax != "proto3")


def is_member(field: FieldDescriptorProto) -> bool:
    """Whether a field belongs to a oneof that somebody wrote; ``optional`` in proto3 makes one of its own."""
    return field.HasField("oneof_index") and not field.proto3_optional
