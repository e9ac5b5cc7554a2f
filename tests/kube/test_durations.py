"""Durations are read as Go reads them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.kubernetes.durations import parse_duration

_SECONDS = {"h": 3600, "m": 60, "s": 1}
_parts = st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(sorted(_SECONDS))), min_size=1, max_size=4)


@given(_parts)
def test_parts_are_added(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"{number}{unit}" for number, unit in parts)
    assert parse_duration(text) == sum(number * _SECONDS[unit] for number, unit in parts)


@given(st.integers(0, 10**6), st.integers(0, 999))
def test_a_point_divides(whole: int, thousandths: int) -> None:
    assert parse_duration(f"{whole}.{thousandths:03}s") == Fraction(whole * 1000 + thousandths, 1000)
    assert parse_duration(f"{whole * 1000 + thousandths}ms") == Fraction(whole * 1000 + thousandths, 1000)


@given(st.text(alphabet="0123456789hms.-+ ", max_size=12))
def test_other_text_is_none_or_not_negative(text: str) -> None:
    found = parse_duration(text)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    "text", ["", None, "h", "1", "1 h", "-1h", "1d", "1h ", ".s", "1hh2", "ENC[x]", "9" * 99 + "h"]
)
def test_what_is_no_duration(text: str | None) -> None:
    assert parse_duration(text) is None
