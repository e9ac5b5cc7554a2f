"""Null of 3.0 is there where ``nullable`` and a list of values both have it; one edit is one finding."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from archlint.finding import Severity
from tests.oas.worlds import contract, news_of, world_of

FLAGS = (False, True)
SIDES = tuple(product(FLAGS, FLAGS))
"""Whether ``nullable`` is true, and whether the list has null."""


def schema(is_nullable: bool, has_null: bool) -> dict[str, Any]:
    values = ["a", "b", *([None] if has_null else [])]
    return {
        "type": "object",
        "properties": {"p": {"type": "string", "nullable": is_nullable, "enum": values}},
    }


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new in product(SIDES, SIDES) if old != new])
def test_null_that_came_or_went_is_one_finding(old: tuple[bool, bool], new: tuple[bool, bool]) -> None:
    sides = (contract(schema(*old)), contract(schema(*new)))
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    harmful = [each for each in found if each.severity is not Severity.INFO]
    if all(old) is all(new):
        assert not harmful
        return
    code = "OAS510" if old[0] is new[0] else "OAS511"
    assert {each.code for each in harmful} == {code}
    assert len(harmful) == len({each.message_id for each in harmful})


def test_a_new_value_null_is_as_grave_as_any_new_value() -> None:
    old, new = (contract(schema(True, has)) for has in FLAGS)
    found = news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))
    assert {each.severity for each in found if each.code == "OAS510"} == {Severity.WARNING}
