"""A bound of integers is the integers that it leaves, however it is written."""

from __future__ import annotations

from itertools import product
from math import ceil, floor
from typing import Any

import pytest

from archlint.finding import Severity
from tests.oas.worlds import contract, news_of, world_of

NUMBERS = (-1, -0.5, 0, 0.5, 1, 1.5)


def least(keyword: str, number: float) -> int:
    """The first integer from a lower bound on, or the last up to an upper one."""
    if keyword.endswith("inimum"):
        return floor(number) + 1 if keyword.startswith("exclusive") else ceil(number)
    return ceil(number) - 1 if keyword.startswith("exclusive") else floor(number)


def told(kind: str, bounds: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, set[str]]:
    """Of properties with a bound in both revisions, those that findings tell of, with what a sender meets."""
    sides = (
        {"type": "object", "properties": {name: {"type": kind, **pair[at]} for name, pair in bounds.items()}}
        for at in (0, 1)
    )
    base, revision = (
        world_of({"openapi.json": contract(schema, "3.1.0")}, side)
        for schema, side in zip(sides, ("base", None), strict=True)
    )
    found: dict[str, set[str]] = {}
    for finding in news_of(base, revision):
        parts = finding.location.pointer.split("/")
        if "properties" in parts and finding.operations[0].method == "POST":
            name = parts[parts.index("properties") + 1]
            found.setdefault(name, set()).add("wider" if finding.severity is Severity.INFO else "narrower")
    return found


@pytest.mark.parametrize(
    ("plain", "is_lower"), [("minimum", True), ("maximum", False)], ids=["minimum", "maximum"]
)
def test_a_bound_of_integers_changes_where_the_integers_do(plain: str, is_lower: bool) -> None:
    strict = f"exclusive{plain.capitalize()}"
    spelled = [(keyword, number) for keyword in (plain, strict) for number in NUMBERS]
    bounds = {
        f"p{at}": ({old[0]: old[1]}, {new[0]: new[1]})
        for at, (old, new) in enumerate(product(spelled, spelled))
    }
    expected = {}
    for name, (old, new) in bounds.items():
        before, after = (least(*next(iter(side.items()))) for side in (old, new))
        if before != after:
            expected[name] = {"narrower" if (after > before) is is_lower else "wider"}
    assert told("integer", bounds) == expected


def strictest(kind: str, bounds: dict[str, float], is_lower: bool) -> tuple[float, bool]:
    """What both keywords say together: a number, and whether it is shut out itself."""
    if kind == "integer":
        return (max if is_lower else min)(least(*each) for each in bounds.items()), False
    sign = 1 if is_lower else -1
    number, shut = max((sign * value, keyword.startswith("exclusive")) for keyword, value in bounds.items())
    return sign * number, shut


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize(
    ("plain", "is_lower"), [("minimum", True), ("maximum", False)], ids=["minimum", "maximum"]
)
def test_two_keywords_are_the_stricter_of_both(plain: str, is_lower: bool, kind: str) -> None:
    strict = f"exclusive{plain.capitalize()}"
    spelled: list[dict[str, Any]] = [
        {plain: number, strict: other} for number in (0, 1) for other in (-1, 0, 1, 2)
    ]
    spelled += [{keyword: number} for keyword in (plain, strict) for number in (-1, 0, 1, 2)]
    bounds = {f"p{at}": pair for at, pair in enumerate(product(spelled, spelled))}
    expected = {
        name for name, pair in bounds.items() if len({strictest(kind, side, is_lower) for side in pair}) == 2
    }
    assert set(told(kind, bounds)) == expected
