"""Recorded places read from bytes are those that the library reads."""

from __future__ import annotations

from google.protobuf.descriptor_pb2 import SourceCodeInfo
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents.proto.recorded import packed, recorded_spans, unpacked

NUMBERS = st.one_of(st.integers(0, 3), st.integers(0, 300), st.integers(0, 2**31 - 1))
LISTS = st.lists(NUMBERS, max_size=6)


@given(LISTS)
def test_a_list_is_read_as_it_was_written(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers


@settings(max_examples=60)
@given(st.lists(st.tuples(LISTS, LISTS, st.text(max_size=200)), max_size=20))
def test_every_path_has_its_first_span(places: list[tuple[list[int], list[int], str]]) -> None:
    info = SourceCodeInfo()
    expected: dict[bytes, bytes] = {}
    for path, span, comment in places:
        info.location.add(path=path, span=span, leading_comments=comment, leading_detached_comments=[comment])
        expected.setdefault(packed(path), packed(span))
    assert recorded_spans(info.SerializeToString()) == expected
