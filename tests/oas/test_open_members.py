"""A member that takes any value on one side is told as that member, whatever else is edited around it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from archlint.finding import Severity
from tests.oas.worlds import contract, news_of, world_of

Schema = dict[str, Any]
CLOSED: tuple[Schema, ...] = (
    {"type": "object", "properties": {"k": {"type": "string"}}},
    {"type": "object"},
    {"type": "integer"},
    {"type": "array", "items": {"type": "string"}},
)
OPEN: tuple[Schema, ...] = ({}, {"description": "anything"})
PLACES = ("property", "items", "additionalProperties")
AROUND: tuple[tuple[Schema, Schema], ...] = (
    ({}, {}),
    ({}, {"z": {"type": "string"}}),
    ({"z": {"type": "string"}}, {}),
    ({"z": {"type": "string"}}, {"z": {"type": "string", "description": "b"}}),
)


def around(place: str, member: Schema, others: Schema) -> Schema:
    """A schema with a member and some other properties."""
    if place == "property":
        return {"type": "object", "properties": {"p": member, **others}}
    if place == "additionalProperties":
        return {"type": "object", "properties": {"q": {"type": "string"}, **others}, place: member}
    lists = {"type": "array", "items": member}
    return {"type": "object", "properties": {"p": {**lists, "maxItems": 9 - len(others)}, **others}}


@pytest.mark.parametrize(
    ("place", "closed", "opened", "others", "is_opening"),
    list(product(PLACES, CLOSED, OPEN, AROUND, (True, False))),
)
def test_the_schema_around_an_open_member_is_not_told_for_it(
    place: str, closed: Schema, opened: Schema, others: tuple[Schema, Schema], is_opening: bool
) -> None:
    if place == "additionalProperties":  # a name that is declared newly is no longer one of the others
        others = AROUND[0]
    members = (closed, opened) if is_opening else (opened, closed)
    schemas = (around(place, *each) for each in zip(members, others, strict=True))
    base, revision = (
        world_of({"a.json": contract(each)}, side) for each, side in zip(schemas, ("base", None), strict=True)
    )
    found = news_of(base, revision)
    told = [each for each in found if each.severity is not Severity.INFO]
    assert any(
        each.rule in ("schema-type-changed", "schema-incompatible", "constraint-changed") for each in told
    )
    pointers = [each.location.pointer for each in told if each.rule == "schema-incompatible"]
    assert "/components/schemas/Cart" not in pointers, [each.message for each in told]
