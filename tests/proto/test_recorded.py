"""Recorded places read from bytes are those that the library reads."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, SourceCodeInfo
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents.proto.recorded import (
    RecordedSpans,
    beginning,
    parted,
    recorded_comments,
    stray_comments,
)
from archlint.documents.proto.wire import packed, unpacked

NUMBERS = st.one_of(st.integers(0, 3), st.integers(0, 300), st.integers(0, 2**31 - 1))
LISTS = st.lists(NUMBERS, max_size=6)


@given(LISTS)
def test_a_list_is_read_as_it_was_written(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers


@settings(max_examples=60)
@given(st.lists(st.tuples(LISTS, LISTS, st.text(max_size=200)), max_size=20))
def test_every_path_has_its_span_and_its_comment(
    places: list[tuple[list[int], list[int], str]],
) -> None:
    info = SourceCodeInfo()
    expected: dict[bytes, bytes] = {}
    comments: dict[bytes, str] = {}
    stray: dict[bytes, tuple[str, str]] = {}
    for path, span, comment in places:
        info.location.add(
            path=path,
            span=span,
            leading_comments=comment,
            trailing_comments=comment[1:],
            leading_detached_comments=[comment, comment[:2]],
        )
        stray[packed(path)] = comment[1:], f"{comment}\n{comment[:2]}"
        expected.setdefault(packed(path), packed(span))
        if comment:
            comments[packed(path)] = comment
    data = info.SerializeToString()
    assert dict(RecordedSpans(data).items()) == expected
    spans = RecordedSpans(data)
    for path in (*sorted(expected), b"\x7f" * 7, *expected):
        assert spans.get(path) == expected.get(path)
    assert dict(spans.items()) == expected
    assert recorded_comments(data) == comments
    assert stray_comments(data) == stray
    assert SourceCodeInfo.FromString(beginning(data, 2)) == SourceCodeInfo(location=info.location[:2])


@settings(max_examples=60)
@given(st.lists(st.text(max_size=200), max_size=3), st.integers(1, 2**29 - 1), st.text(max_size=200))
def test_places_are_parted_from_what_is_described(names: list[str], number: int, comment: str) -> None:
    file = FileDescriptorProto(name="a.proto", dependency=names, public_dependency=[number])
    described = file.SerializeToString()
    file.source_code_info.location.add(path=[4, number], span=[1, 2, 3], leading_comments=comment)
    assert parted(file.SerializeToString()) == (described, file.source_code_info.SerializeToString())
    odd = b"\xf9\x07" + bytes(8) + b"\xfd\x07" + bytes(4)  # fields that nobody knows
    assert parted(odd + file.SerializeToString()) == (
        odd + described,
        file.source_code_info.SerializeToString(),
    )


@pytest.mark.parametrize("damaged", [b"\x4a", b"\x4a\x05\x0a", b"\x0b", b"\x80", b"\x09\x00"])
def test_what_is_no_file_stays_whole(damaged: bytes) -> None:
    assert parted(damaged) == (damaged, b"")
