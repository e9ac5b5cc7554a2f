"""Quantities are exact numbers, read as Kubernetes reads them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.kubernetes.amounts import parse_quantity


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("100m", Fraction(1, 10)),
        ("1", 1),
        ("0.5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("1n", Fraction(1, 10**9)),
        ("1u", Fraction(1, 10**6)),
        ("1k", 1000),
        ("1Ki", 1024),
        ("1.5Gi", 3 * 2**29),
        ("1E", 10**18),
        ("1Ei", 2**60),
        ("1e3", 1000),
        ("1E3", 1000),
        ("12e-1", Fraction(12, 10)),
        ("+1", 1),
        ("-1", -1),
        (2, 2),
        (0.1, Fraction(1, 10)),
        (1e-05, Fraction(1, 100000)),
    ],
)
def test_quantity(written: object, means: Fraction | int) -> None:
    assert parse_quantity(written) == means


@pytest.mark.parametrize(
    "written",
    [
        "",
        "512MB",
        "1 Gi",
        "1K",
        "1mi",
        "0,5",
        "Gi",
        ".",
        "1e",
        "1e3Ki",
        "1e999999999",
        pytest.param("9" * 5000, id="long"),
        pytest.param(10**5000, id="huge"),
        float("inf"),
        float("nan"),
        True,
        None,
        [],
        {},
    ],
)
def test_no_quantity(written: object) -> None:
    assert parse_quantity(written) is None


@given(st.integers(0, 10**6), st.sampled_from(["m", "", "k", "M", "Ki", "Mi", "Gi"]))
def test_suffix_scales(number: int, suffix: str) -> None:
    one = parse_quantity(f"1{suffix}")
    assert one is not None
    assert parse_quantity(f"{number}{suffix}") == number * one


@given(st.text(max_size=80) | st.floats() | st.integers())
def test_never_raises(written: object) -> None:
    parse_quantity(written)
