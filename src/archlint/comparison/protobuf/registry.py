"""What Confluent's registry refuses of a changed proto file, by the kinds that it knows.

The registry looks at one file with all its messages, and refuses more than the wire does: another package
alone, or a message that is gone. Source:
https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html#protobuf-compatibility-rules
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from archlint.comparison.protobuf.events import holds_events
from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.terms import ComparisonTerms, Readers
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass, replace
from archlint.model.protobuf import Field, Label, Message, ProtoSchema

_Element = ProtoSchema | Message | Field

_GROUPS = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "bool", "enum"), "varint"),
    **dict.fromkeys(("sint32", "sint64"), "zigzag"),
    **dict.fromkeys(("string", "bytes"), "text"),
    **dict.fromkeys(("fixed32", "sfixed32"), "fixed32"),
    **dict.fromkeys(("fixed64", "sfixed64"), "fixed64"),
}
"""Scalar types that are read as each other; others are groups of their own."""
_NAMED = ("message", "group")


@dataclass(frozen=True)
class ProtoRefusedByRegistry:
    """One edit that the registry refuses."""

    kind: str
    """What the registry calls it."""
    writer: _Element
    """What is written by."""
    reader: _Element
    """What is read by; for what only one side has, what has it not."""
    readers: Readers
    fields: tuple[str, ...] = ()
    """The names of fields that it is about, if they are several."""
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""

    @property
    def base(self) -> _Element:
        """The older side."""
        return self.reader if self.readers is Readers.OLD else self.writer

    @property
    def revision(self) -> _Element:
        """The newer side."""
        return self.writer if self.readers is Readers.OLD else self.reader

    @property
    def object(self) -> ObjectRef | None:
        """The message, else the package."""
        if isinstance(self.revision, Message):
            return self.revision.object
        if isinstance(self.revision, ProtoSchema):
            return ObjectRef("package", self.revision.package)
        return ObjectRef("field", self.revision.name)

    @property
    def told_as(self) -> tuple[Hashable, ...]:
        """What is one thing to mend in the newer schema, whatever the older one is."""
        return self.kind, id(self.revision), self.fields

    def place(self) -> Place:
        """Where it is to be mended."""
        return self.revision.place()


def refused_by_registry(matching: Matching, terms: ComparisonTerms) -> Iterator[ProtoRefusedByRegistry]:
    """What the registry refuses of files with events, for the readers that count."""
    for older in matching.base:
        newer = matching.successors[older.path]
        if newer is None or not holds_events(newer.path, newer.package, terms):
            continue
        promised = terms.compatibility_of(newer.path, newer.package)
        new = list(_file(older, newer, Readers.NEW)) if promised.is_backward else []
        old = list(_file(newer, older, Readers.OLD)) if promised.is_forward else []
        left = {_key(each): each for each in old}
        for each in new:
            yield replace(each, readers=Readers.BOTH) if left.pop(_key(each), None) else each
        yield from left.values()


def _key(change: ProtoRefusedByRegistry) -> tuple[object, ...]:
    return change.kind, id(change.base), id(change.revision), change.fields


def _file(writer: ProtoSchema, reader: ProtoSchema, readers: Readers) -> Iterator[ProtoRefusedByRegistry]:
    if writer.package != reader.package:
        yield ProtoRefusedByRegistry("PACKAGE_CHANGED", writer, reader, readers)
    known = {_own_name(each.full_name, reader): each for each in reader.messages}
    for message in writer.messages:
        other = known.get(_own_name(message.full_name, writer))
        if other is None:
            yield ProtoRefusedByRegistry("MESSAGE_REMOVED", message, reader, readers)
        else:
            yield from _Message(writer, reader, readers).changes(message, other)


def _own_name(full_name: str, schema: ProtoSchema) -> str:
    """A name without the package of the file."""
    return full_name.removeprefix(f"{schema.package}.") if schema.package else full_name


class _Message:
    """What is refused inside of messages of one file."""

    def __init__(self, writer: ProtoSchema, reader: ProtoSchema, readers: Readers) -> None:
        self._files = writer, reader
        self._readers = readers

    def changes(self, writer: Message, reader: Message) -> Iterator[ProtoRefusedByRegistry]:
        """All that is refused of one message."""
        read = {each.number: each for each in reader.fields}
        written = {each.number: each for each in writer.fields}
        for number, field in written.items():
            other = read.get(number)
            kind = self._gone(field, reader) if other is None else self._kind(field, other)
            if kind is not None:
                yield ProtoRefusedByRegistry(kind, field, other or reader, self._readers)
        for number, field in read.items():
            if number not in written and field.label is Label.REQUIRED:
                yield ProtoRefusedByRegistry("REQUIRED_FIELD_ADDED", writer, field, self._readers)
        yield from self._moved(writer, reader, written)

    @staticmethod
    def _gone(field: Field, reader: Message) -> str | None:
        """What a field that is gone is called, if that is refused."""
        if field.label is Label.REQUIRED:
            return "REQUIRED_FIELD_REMOVED"
        return "ONEOF_FIELD_REMOVED" if field.oneof is not None and field.oneof in reader.oneofs else None

    def _kind(self, writer: Field, reader: Field) -> str | None:
        forms = [_form(each) for each in (writer, reader)]
        if forms[0] != forms[1]:
            return "FIELD_KIND_CHANGED"
        if forms[0] == "named":
            ends = zip((writer, reader), self._files, strict=True)
            names = [_own_name(each.type_name, file) for each, file in ends]
            return "FIELD_NAMED_TYPE_CHANGED" if names[0] != names[1] else None
        if forms[0] == "map":
            return None
        groups = [_GROUPS.get(each.type, each.type) for each in (writer, reader)]
        if groups[0] != groups[1]:
            return "FIELD_SCALAR_KIND_CHANGED"
        is_other = (writer.label is Label.REPEATED) is not (reader.label is Label.REPEATED)
        return "FIELD_NUMERIC_LABEL_CHANGED" if is_other and groups[0] != "text" else None

    def _moved(
        self, writer: Message, reader: Message, written: dict[int, Field]
    ) -> Iterator[ProtoRefusedByRegistry]:
        """Fields that could be there together and exclude each other now."""
        for oneof in reader.oneofs:
            members = [written[each.number] for each in reader.fields if _is_known(each, oneof, written)]
            apart = [each for each in members if each.oneof is None]
            names = tuple(each.name for each in apart)
            if len(apart) > 1:
                yield ProtoRefusedByRegistry(
                    "MULTIPLE_FIELDS_MOVED_TO_ONEOF", writer, reader, self._readers, names
                )
            elif len({each.oneof or each.name for each in members}) > 1:
                yield ProtoRefusedByRegistry(
                    "FIELD_MOVED_TO_EXISTING_ONEOF", writer, reader, self._readers, names or (oneof,)
                )


def _is_known(field: Field, oneof: str, written: dict[int, Field]) -> bool:
    return field.oneof == oneof and field.number in written


def _form(field: Field) -> str:
    if field.label is Label.MAP:
        return "map"
    return "named" if field.type in _NAMED else "scalar"
