"""What a query parameter takes does not depend on where its schema is written down."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from tests.metamorphic.repositories import all_rules, changes_between

RULES = [rule for rule in all_rules() if rule.area == "OAS" and "changelog" not in rule.tags]
ITEM: dict[str, Any] = {"type": "integer"}
LIST: dict[str, Any] = {"type": "array", "items": ITEM}


def forms(schema: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    """The same schema in its place, behind references, and in what stands around one reference alone."""
    link = {"$ref": "#/components/schemas/Ids"}
    known = {"Ids": schema}
    return [
        (schema, {}),
        (link, known),
        ({"$ref": "#/components/schemas/More"}, {**known, "More": link}),
        ({"description": "those to show", "allOf": [link]}, known),
    ]


def document(schema: Any, components: dict[str, Any], version: str = "3.0.3") -> dict[str, str]:
    parameter = {"name": "ids", "in": "query", "schema": schema}
    operation = {"parameters": [parameter], "responses": {"200": {"description": "all"}}}
    whole = {
        "openapi": version,
        "info": {"title": "Carts", "version": "1"},
        "paths": {"/carts": {"get": operation}},
        "components": {"schemas": components},
    }
    return {"openapi.json": json.dumps(whole)}


@pytest.mark.parametrize("schema", [LIST, {**LIST, "nullable": True}, ITEM], ids=["list", "null", "one"])
def test_no_form_differs_from_another(schema: dict[str, Any]) -> None:
    for one, other in permutations(forms(schema), 2):
        assert changes_between(document(*one), document(*other), RULES) == [], (one, other)


def test_a_list_takes_one_and_not_the_other_way_round() -> None:
    for one, many in zip(forms(ITEM), reversed(forms(LIST)), strict=True):
        assert changes_between(document(*one), document(*many), RULES) == []
        (found,) = changes_between(document(*many), document(*one), RULES)
        assert found.rule == "schema-type-changed"


def test_from_3_1_on_a_list_may_be_said_beside_a_reference() -> None:
    link = {"$ref": "#/components/schemas/Ids"}
    for beside, rest in (({"type": "array"}, {"items": ITEM}), ({"items": ITEM}, {"type": "array"})):
        many = document({**link, **beside}, {"Ids": rest}, "3.1.0")
        one = document(link, {"Ids": ITEM}, "3.1.0")
        assert changes_between(one, many, RULES) == []
        (found,) = changes_between(many, one, RULES)
        assert found.rule == "schema-type-changed"
