"""Decoding and counting of lines and columns."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.files import LineIndex, TextProblem, decode


@pytest.mark.parametrize(
    "data",
    [
        "ä: 1\n".encode(),
        "ä: 1\n".encode("utf-8-sig"),
        b"\xff\xfe" + "ä: 1\n".encode("utf-16-le"),
        b"\xfe\xff" + "ä: 1\n".encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + "ä: 1\n".encode("utf-32-le"),
        b"\x00\x00\xfe\xff" + "ä: 1\n".encode("utf-32-be"),
    ],
)
def test_reads_every_marked_encoding_without_the_mark(data: bytes) -> None:
    assert decode(data) == "ä: 1\n"


def test_line_ends_are_kept() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\r\nb\rc\n"


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        ("kind: é\nname: ".encode() + b"\xe9\n", 2, 7, "not valid UTF-8 (0xe9"),
        (b"\xef\xbb\xbfab\xff", 1, 3, "not valid UTF-8"),
        (b"a: b\nc: \0d\n", 2, 4, "NUL character"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 3, 1, "binary"),
        ("kind: Pod\n".encode("utf-16-le"), 1, 2, "UTF-16 without a byte order mark"),
        (b"\xff\xfe" + "a\n".encode("utf-16-le") + b"\x00\xd8", 2, 1, "not valid UTF-16"),
        (b"\xff\xfe" + "a\nb\0".encode("utf-16-le"), 2, 2, "NUL character"),
    ],
)
def test_says_what_is_wrong_and_where(data: bytes, line: int, column: int, words: str) -> None:
    with pytest.raises(TextProblem) as caught:
        decode(data)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in caught.value.message


@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029", "\r", "\f", "\v", "\x1c"])
def test_only_newline_ends_a_line(odd: str) -> None:
    index = LineIndex(f"a{odd}b\r\nc")
    assert index.position(2) == (1, 3)
    assert index.lines(1) == f"a{odd}b"
    assert index.position(5) == (2, 1)
    assert index.lines(2) == "c"


def test_places_outside_the_text_are_clamped() -> None:
    index = LineIndex("ab\ncd\n")
    assert index.count == 3
    assert index.position(99) == (3, 1)
    assert index.position(-1) == (1, 1)
    assert index.offset(1, 99) == 2
    assert index.offset(99, 1) == 6
    assert index.offset(0, 5) == 0
    assert (index.lines(0), index.lines(3), index.lines(4)) == ("", "", "")


@given(st.text(alphabet="a\n\r\u2028ä😀"), st.integers(0, 50))
def test_offset_and_position_are_inverse(text: str, offset: int) -> None:
    index = LineIndex(text)
    offset = min(offset, len(text))
    line, column = index.position(offset)
    assert index.offset(line, column) == offset
    assert line == text.count("\n", 0, offset) + 1
    assert "\n".join(index.lines(n) for n in range(1, index.count + 1)) == text.replace(
        "\r\n", "\n"
    ).removesuffix("\r")


@given(st.binary())
def test_any_bytes_give_text_or_a_problem_with_a_place(data: bytes) -> None:
    try:
        text = decode(data)
    except TextProblem as problem:
        assert problem.line >= 1
        assert problem.column >= 1
    else:
        assert "\0" not in text


@settings(max_examples=60)
@given(st.text(alphabet="a\n\rä"), st.integers(-1, 60), st.integers(-1, 6))
def test_lines_are_found_alike_by_an_index_and_without_one(text: str, line: int, column: int) -> None:
    text = text * 12
    index = LineIndex(text)
    assert index.starts[0] == 0
    assert LineIndex(text).lines(line) == index.lines(line)
    assert LineIndex(text).offset(line, column) == index.offset(line, column)
