"""Files with variables: quotes, comments, what they refer to, and where a value is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.compose.env_files import env_lines
from tests.compose.projects import at


def read(text: str, *, is_raw: bool = False) -> dict[str, str | None]:
    lines = env_lines(".env", text, lambda name: None, revision=None, is_raw=is_raw)
    return {line.name: None if line.value is None else line.value.text for line in lines}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("A=1\nB=2", {"A": "1", "B": "2"}),
        ("# c\n\n  A = 1  \r\n", {"A": "1"}),
        ("export A=1 # c", {"A": "1"}),
        ("A=x#y", {"A": "x#y"}),
        ("A: 1", {"A": "1"}),
        ("A=\nB=2", {"A": "", "B": "2"}),
        ("A\nB=2", {"A": None, "B": "2"}),
        ('A="x\\ty $B"', {"A": "x\ty $B"}),
        ("A='x\\ty $B'", {"A": "x\\ty $B"}),
        ('A="one\ntwo"\nB=3', {"A": "one\ntwo", "B": "3"}),
        ("HOST=cart\nADDR=${HOST}:80", {"HOST": "cart", "ADDR": "cart:80"}),
        ('A="\\$HOST"', {"A": "$HOST"}),
        ('A="never ends\nB=1', {}),
        ("A=1\n?!\nB=2", {"A": "1"}),
    ],
)
def test_lines_are_read_as_compose_reads_them(text: str, meant: dict[str, str | None]) -> None:
    assert read(text) == meant


def test_raw_files_are_taken_as_they_are() -> None:
    assert read('A="$B" # c\n', is_raw=True) == {"A": '"$B" # c'}


def test_a_value_knows_its_line_and_column() -> None:
    text = "# first\nHOST = cart\nADDR=http://${HOST}:80\n"
    lines = env_lines("a/.env", text, lambda name: None, revision=None, is_raw=False)
    address = lines[1].value
    assert address is not None
    assert at(address.place(0, 7)) == "a/.env:3:6-13"
    assert at(address.place(7, 11)) == "a/.env:2:8-12"


@given(st.text("AB=:'\"\\$ \n#{}", max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert read(text) is not None
