"""Whose reading of events in protos counts decides which of their changes are told."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from archlint.comparison import Change, ComparisonTerms, Compatibility
from archlint.comparison.protobuf import FieldTypeChanged, compare
from archlint.model.world import World
from tests.proto.support import proto, world
from tests.proto.values import RANGES

EVENT = "events/order.proto"
_GROUPS = (
    ("int32", "uint32", "int64", "uint64", "bool"),
    ("sint32", "sint64"),
    ("fixed32", "sfixed32"),
    ("fixed64", "sfixed64"),
)
_PAIRS = [pair for group in _GROUPS for pair in permutations(group, 2)]
_PROMISES = ("NONE", "BACKWARD", "FORWARD", "FULL")


def sides(folder: Path, old: str, new: str, path: str = EVENT) -> tuple[World, World]:
    return world(folder / "base", {path: old}, "base"), world(folder / "revision", {path: new})


def told(found: tuple[World, World], promised: str, *, by_subject: bool = True) -> list[Change]:
    stated = Compatibility(promised)
    terms = ComparisonTerms(
        compatibility=Compatibility.BACKWARD if by_subject else stated,
        subjects=(("shop.*", stated),) if by_subject else (),
    )
    return list(compare(*found, terms))


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """A message of each type of whole numbers."""
    file = FileDescriptorProto(name="judge.proto", syntax="proto3")
    for name in RANGES:
        kind = getattr(FieldDescriptorProto, f"TYPE_{name.upper()}")
        file.message_type.add(name=name).field.add(name="v", number=1, type=kind, label=1)
    pool = DescriptorPool()
    pool.Add(file)
    return {name: GetMessageClass(pool.FindMessageTypeByName(name)) for name in RANGES}


def is_lost(made: dict[str, Any], written: str, read: str) -> bool:
    """Whether some number is another one after it was written as one type and read as the other."""
    first, last = RANGES[written]
    edges = {edge + step for ends in RANGES.values() for edge in ends for step in (-1, 0, 1)}
    for value in (edge for edge in edges if first <= edge <= last):
        other = made[read]()
        other.ParseFromString(made[written](v=value).SerializeToString())
        if other.v != value:
            return True
    return False


def test_a_type_is_told_where_a_reader_who_counts_loses_a_number(
    tmp_path: Path, made: dict[str, Any]
) -> None:
    old, new = (
        proto(" ".join(f"message M{at} {{ {pair[side]} v = 1; }}" for at, pair in enumerate(_PAIRS)))
        for side in (0, 1)
    )
    found = sides(tmp_path, old, new)
    for promised in _PROMISES:
        names = {
            change.message.name for change in told(found, promised) if isinstance(change, FieldTypeChanged)
        }
        for at, (one, other) in enumerate(_PAIRS):
            ways = [(one, other)] if promised in ("BACKWARD", "FULL") else []
            ways += [(other, one)] if promised in ("FORWARD", "FULL") else []
            expected = any(is_lost(made, *way) for way in ways)
            assert (f"M{at}" in names) is expected, (promised, one, other)


@pytest.mark.parametrize(
    ("old", "new", "readers"),
    [
        ("optional int32 a = 1;", "optional int32 a = 1; required int32 b = 2;", "BACKWARD"),
        ("required int32 a = 1;", 'reserved 1; reserved "a";', "FORWARD"),
        ("required int32 a = 1;", "optional int32 a = 1;", "FORWARD"),
        ("optional int32 a = 1;", "required int32 a = 1;", "BACKWARD"),
        ("optional int32 a = 1;", "optional string a = 1;", "BACKWARD FORWARD"),
        ("required int32 a = 1;", "repeated int32 a = 1;", "BACKWARD FORWARD"),
        ("optional int32 a = 1;", "optional int32 b = 1; optional int32 a = 2;", "BACKWARD FORWARD"),
    ],
)
def test_what_one_side_alone_feels_is_told_where_that_side_counts(
    tmp_path: Path, old: str, new: str, readers: str
) -> None:
    texts = (proto(f"message Order {{ {each} }}", syntax="proto2") for each in (old, new))
    found = sides(tmp_path, *texts)
    for promised in _PROMISES:
        is_told = any(each in readers for each in ("BACKWARD", "FORWARD") if promised in (each, "FULL"))
        assert bool(told(found, promised)) is is_told, promised


def test_what_nothing_is_said_of_and_what_methods_use_is_told_as_ever(tmp_path: Path) -> None:
    old, new = (proto(f"message Order {{ {kind} a = 1; }}") for kind in ("int32", "int64"))
    event = sides(tmp_path / "event", old, new)
    assert told(event, "BACKWARD", by_subject=False)
    assert not told(event, "BACKWARD_TRANSITIVE", by_subject=False)
    assert not told(event, "NONE", by_subject=False)
    assert told(sides(tmp_path / "api", old, new, "api/order.proto"), "NONE", by_subject=False)
    called = "service Orders { rpc Place(Order) returns (Order); }"
    assert told(sides(tmp_path / "called", old + called, new + called), "NONE")
