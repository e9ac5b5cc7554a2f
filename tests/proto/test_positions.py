"""Columns of the compiler as columns in code points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.documents.proto.columns import code_point_column

LINES = st.text(st.sampled_from("a\täß→𝛼 "), max_size=40)


@given(LINES, st.data())
def test_every_character_is_found_where_the_compiler_counts_it(line: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(line)))
    column = 0
    for character in line[:index]:
        column = (column // 8 + 1) * 8 if character == "\t" else column + len(character.encode())
    assert code_point_column(line, column) == index + 1


def test_beyond_the_end_is_just_after_it() -> None:
    assert code_point_column("abc", 99) == 4
    assert code_point_column("ä", 99) == 2
    assert code_point_column("", 0) == 1
