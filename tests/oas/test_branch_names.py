"""Branches and parts that are written in their place are called by what they say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oas.worlds import news_of, world_of

KNOWN = {"$ref": "#/components/schemas/Card"}
NAMED: dict[str, tuple[dict[str, Any], str]] = {
    "a reference": (KNOWN, "Card"),
    "a title": ({"title": "Cash", "properties": {"sum": {}}}, "Cash"),
    "a type": ({"type": "boolean"}, "boolean"),
    "types": ({"type": ["boolean", "number"]}, "boolean or number"),
    "members": (
        {"type": "object", "properties": {name: {"type": "string"} for name in "abcd"}},
        "an object with a, b, c, …",
    ),
    "demanded members": ({"required": ["state"]}, "an object that has state"),
    "values": ({"enum": ["one", 2]}, 'one of "one", 2'),
    "a value": ({"const": None}, "null"),
    "a value in another script": ({"const": "größer"}, '"größer"'),
    "parts": ({"allOf": [KNOWN, {"properties": {"fee": {}}}]}, "Card with an object with fee"),
    "limits": ({"minProperties": 2}, "a schema with minProperties"),
}


@pytest.mark.parametrize("case", NAMED)
def test_a_new_alternative_is_named(case: str) -> None:
    branch, name = NAMED[case]
    sides = []
    for branches in (
        [{"type": "integer"}, {"type": "string"}],
        [{"type": "integer"}, {"type": "string"}, branch],
    ):
        content = {"content": {"application/json": {"schema": {"anyOf": branches}}}}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Shop", "version": "1"},
            "paths": {"/v1/carts": {"get": {"responses": {"200": {"description": "ok", **content}}}}},
            "components": {"schemas": {"Card": {"type": "object", "properties": {"number": {}}}}},
        }
        sides.append(world_of({"openapi.json": document}))
    messages = [finding.message for finding in news_of(*sides)]
    assert any(f" {name} " in message for message in messages), messages
