"""Pairs of schemas that are assumed to be equal do not count against those that hold them."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.schemas.answers import Answer, No, Yes
from archlint.comparison.schemas.assumptions import Assumptions
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.schema import Schema, produced

SHORT, LONG = {"type": "string", "maxLength": 3}, {"type": "string"}


def order(name: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["name"], "properties": {"name": name}, **more}


def answer(narrow: dict[str, Any], wide: dict[str, Any], in_place: bool = True) -> Answer:
    """Whether the one lies in the other if their members ``name``, or else first parts, are equal."""
    assumed = Assumptions()
    sides = read(narrow), read(wide)
    parts = [_part(side) for side in sides]
    for one, other in (parts, parts[::-1]):
        assumed.add(one, other)
        assumed.add(produced(one), other)
    return Engine(in_place=in_place, assumed=assumed).contains(produced(sides[0]), sides[1])


def _part(schema: Schema) -> Schema:
    if "properties" in schema.keywords:
        part = schema.keywords["properties"]["name"]
    else:
        part = next(
            schema.keywords[name][0] for name in ("allOf", "anyOf", "oneOf") if name in schema.keywords
        )
    assert isinstance(part, Schema)
    return part


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (order(LONG), order(SHORT)),
        (order(LONG, additionalProperties=False), order(SHORT)),
        (order(LONG, minProperties=1), order(SHORT, additionalProperties=False)),
        ({"anyOf": [LONG, {"type": "null"}]}, {"anyOf": [SHORT, {"type": ["null", "boolean"]}]}),
        ({"oneOf": [LONG, {"type": "null"}]}, {"oneOf": [SHORT, {"type": ["null", "boolean"]}]}),
        ({"allOf": [LONG], "minLength": 2}, {"allOf": [SHORT], "minLength": 1}),
    ],
)
def test_what_is_assumed_does_not_count(narrow: dict[str, Any], wide: dict[str, Any]) -> None:
    assert isinstance(answer(narrow, wide), Yes)
    engine = Engine()
    assert isinstance(engine.contains(produced(read(narrow)), read(wide)), No)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (order(LONG), order(SHORT, minProperties=2)),
        (order(LONG), order(SHORT, required=["name", "id"])),
        (order(LONG, properties={"name": LONG, "id": {}}), order(SHORT, additionalProperties=False)),
        ({"anyOf": [LONG, {"type": "boolean"}]}, {"anyOf": [SHORT, {"type": "null"}]}),
        ({"allOf": [LONG], "minLength": 1}, {"allOf": [SHORT], "minLength": 2}),
    ],
)
def test_all_else_counts(narrow: dict[str, Any], wide: dict[str, Any]) -> None:
    found = answer(narrow, wide)
    assert isinstance(found, No), found


def test_parts_for_the_same_value_count_where_asked() -> None:
    narrow, wide = {"allOf": [LONG], "minLength": 2}, {"allOf": [SHORT], "minLength": 1}
    assert isinstance(answer(narrow, wide, in_place=False), No)
    assert isinstance(answer(order(LONG), order(SHORT), in_place=False), Yes)
