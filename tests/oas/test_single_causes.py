"""Edits that look like several, and are one: a type with its limits, a reference that was wrapped, a demand
for a member that nobody declares."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.finding import Severity
from tests.oas.worlds import contract, news_of, world_of

TEXT = {"type": "string", "minLength": 1, "pattern": "^a"}
WIDER = {"type": "string", "minLength": 1}


def harmful(old: Any, new: Any, schemas: dict[str, Any] | None = None) -> list[tuple[str, str, Severity]]:
    """Code, message without what it affects and level of all that is more than information."""
    sides = [contract({"type": "object", "properties": {"p": schema}}) for schema in (old, new)]
    for side in sides:
        side["components"]["schemas"] |= schemas or {}
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    told = [(each.code, each.message.partition(" (")[0], each.severity) for each in found]
    return [each for each in told if each[2] is not Severity.INFO]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "integer", "minimum": 0}, {"type": "string"}),
        ({"type": "string", "maxLength": 9, "pattern": "^a"}, {"type": "integer"}),
        ({"type": "array", "items": {}, "maxItems": 3}, {"type": "boolean"}),
        ({"type": "integer"}, {"type": "array", "items": {}, "minItems": 3}),
    ],
)
def test_limits_go_and_come_with_their_type(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert {code for code, _, _ in harmful(old, new)} == {"OAS509"}


@pytest.mark.parametrize("beside", [{}, {"description": "d"}, {"nullable": True}])
def test_a_reference_that_was_wrapped_is_compared_as_what_it_leads_to(beside: dict[str, Any]) -> None:
    schemas = {"A": TEXT, "B": WIDER}
    wrapped = {"allOf": [{"$ref": "#/components/schemas/A"}], **beside}
    plain = {"$ref": "#/components/schemas/B"}
    assert harmful(wrapped, plain, schemas) == [("OAS511", "Cart.p lost pattern ^a", Severity.WARNING)]


def test_a_demand_for_a_member_that_nobody_declares_is_told_by_its_name() -> None:
    plain = {"type": "object", "properties": {"s": {"type": "number"}}}
    told = "Property 'n' of Cart.p was always in the response and may be missing now"
    assert harmful({**plain, "required": ["n"]}, plain) == [("OAS513", told, Severity.ERROR)]


def test_a_demand_that_means_nothing_for_a_list_hides_nothing_below_it() -> None:
    item = {"type": "object", "properties": {"id": {"type": "string"}}}
    old = {"type": "array", "required": ["id"], "items": item}
    new = {"type": "array", "items": {**item, "required": ["id"]}, "maxItems": 9}
    assert {code for code, _, level in harmful(old, new) if level is Severity.ERROR} == {"OAS507"}
