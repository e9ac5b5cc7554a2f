"""Types that are said to look alike in JSON are read from each other's by the parser of protobuf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf import duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message_factory import GetMessageClass

from archlint.comparison.protobuf.json_forms import looks_alike_in_json
from archlint.documents.proto import ProtoFile
from archlint.model.protobuf.schemas import schema_of
from tests.proto.pairs import TYPES

TIMES = ("2026-01-01T00:00:00Z", "2026-01-01T10:00:00Z")
SAMPLES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(TYPES, (5,)),
    "float": (5, 1.5),
    "double": (5, 1.5),
    "bool": (True,),
    "bytes": ("/w==",),
    "E": ("A", "B"),
    "string": ("5", "word", "A", TIMES[0], "5s", "someName"),
    **dict.fromkeys(("Int32Value", "UInt32Value", "FloatValue", "DoubleValue"), (5,)),
    **dict.fromkeys(("Int64Value", "UInt64Value"), ("5",)),
    "BoolValue": (True,),
    "StringValue": ("5", "word"),
    "BytesValue": ("/w==",),
    "Timestamp": TIMES,
    "Duration": ("5s",),
    "FieldMask": ("someName",),
    "Value": (5, "word", True),
    "Struct": ({"m": 5},),
    "M": ({"m": "5"},),
}
FILES = (wrappers_pb2, timestamp_pb2, duration_pb2, field_mask_pb2, struct_pb2)


def _file() -> FileDescriptorProto:
    """A message for each type, with one field of it."""
    file = FileDescriptorProto(name="a.proto", package="p", syntax="proto3")
    enum = file.enum_type.add(name="E")
    for number, name in enumerate("NAB"):
        enum.value.add(name=name, number=number)
    file.dependency.extend(each.DESCRIPTOR.name for each in FILES)
    for at, type_ in enumerate(SAMPLES):
        message = file.message_type.add(name="M" if type_ == "M" else f"M{at}")
        field = message.field.add(
            name="m" if type_ == "M" else "f", number=1, label=1, type=TYPES.get(type_, 11)
        )
        if type_ == "M":
            field.type = TYPES["string"]
            holder = file.message_type.add(name=f"M{at}")
            field = holder.field.add(name="f", number=1, label=1, type=11)
        if type_ == "E":
            field.type = 14
        if type_ not in TYPES:
            field.type_name = f".p.{type_}" if type_ in "EM" else f".google.protobuf.{type_}"
    return file


def test_what_looks_alike_in_json_is_read_from_it() -> None:
    file, pool = _file(), DescriptorPool()
    for each in FILES:
        pool.AddSerializedFile(each.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    schema = schema_of(ProtoFile("a.proto", "", file))
    fields = {item.name: item.fields[0] for item in schema.messages}
    wrong, count = [], 0
    for at, one in enumerate(SAMPLES):
        for to, other in enumerate(SAMPLES):
            if one == other or {"Value", "bytes", "BytesValue"} & {one, other}:
                continue
            says = looks_alike_in_json(fields[f"M{at}"], fields[f"M{to}"])
            makers = [GetMessageClass(pool.FindMessageTypeByName(f"p.M{each}")) for each in (at, to)]
            ways = [*_kept(SAMPLES[one], *makers), *_kept(SAMPLES[other], *reversed(makers))]
            count += says
            is_right = any(ways) if says else not all(ways)
            wrong += [] if is_right else [f"{one} {other} {says}"]
    assert count > 100
    assert not wrong


def _kept(samples: tuple[Any, ...], written: Any, read: Any) -> Iterator[bool]:
    """Whether the other type reads the values of one, and writes what is read again."""
    for value in samples:
        text = MessageToDict(ParseDict({"f": value}, written()))
        try:
            again = ParseDict(MessageToDict(ParseDict(text, read())), written())
        except (ParseError, ValueError):
            yield False
        else:
            yield bool(MessageToDict(again) == text)
