"""Placeholders are filled in, and every character of the result knows where it comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.appconfig.placeholders import UNKNOWN, fill

KNOWN = {"HOST": "cart", "PORT": "8080"}


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("http://${HOST}:${PORT}/", "http://cart:8080/"),
        ("http://${OTHER:shop}:80", "http://shop:80"),
        ("http://${OTHER:-shop}:80", "http://shop:80"),
        ("http://${OTHER-shop}:80", "http://shop:80"),
        ("${URL:http://${HOST:localhost}:${P:9090}}", "http://cart:9090"),
        ("${env:HOST}:1", "cart:1"),
        ("${OTHER}", UNKNOWN),
        ("${OTHER:?must be set}", UNKNOWN),
        ("http://{{ .Values.host }}:80", f"http://{UNKNOWN}:80"),
        ("http://<%= host %>:80", f"http://{UNKNOWN}:80"),
        ("http://%HOST%:80", f"http://{UNKNOWN}:80"),
        ("http://@host@:80", f"http://{UNKNOWN}:80"),
        ("#{systemProperties['x']}", UNKNOWN),
        ("${HOST", UNKNOWN),
        ("user@cart and a@b", "user@cart and a@b"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_placeholders_are_filled_in(written: str, filled: str) -> None:
    assert fill(written, KNOWN.get).text == filled


PARTS = st.lists(
    st.one_of(
        st.text("abc:/.", min_size=1, max_size=6),
        st.sampled_from(["${HOST}", "${PORT}", "${NONE}", "${NONE:shop}", "${NONE:${HOST}-x}", "{{ x }}"]),
    ),
    max_size=8,
)


@given(PARTS)
def test_what_is_written_literally_keeps_its_place(parts: list[str]) -> None:
    written = "".join(parts)
    filled = fill(written, KNOWN.get)
    assert len(filled.text) == sum(piece.end - piece.start for piece in filled.pieces)
    for piece in filled.pieces:
        if piece.is_literal:
            here = written[piece.written_start : piece.written_end]
            assert filled.text[piece.start : piece.end] == here
        start, end = filled.written(piece.start, piece.end)
        assert 0 <= start <= end <= len(written)


@given(st.text("${}:-HOST<%=@#x", max_size=400))
def test_any_text_is_filled_in(written: str) -> None:
    filled = fill(written, KNOWN.get)
    for at in range(len(filled.text)):
        start, end = filled.written(at, at + 1)
        assert 0 <= start <= end <= len(written)
