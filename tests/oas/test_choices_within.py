"""Edits that a choice hides or brings out: choices with null, choices of one, choices within choices."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import contract, news_of, world_of

TEXT, WHOLE, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}
OLD_NULL = {"type": "string", "nullable": True, "enum": [None]}
CART = {"type": "object", "required": ["id"], "properties": {"id": TEXT}, "additionalProperties": False}
NOTE = {"type": "object", "required": ["note"], "properties": {"note": TEXT}}
THING = {"$ref": "#/components/schemas/Thing"}


def told(base: Any, revision: Any, method: str, version: str = "3.1.0", **things: Any) -> list[Finding]:
    """What is told of a schema of bodies, in one direction; ``old`` and ``new`` are what Thing is."""
    worlds = []
    for schema, side, at in ((base, "old", "base"), (revision, "new", None)):
        document = contract(schema, version)
        document.setdefault("components", {}).setdefault("schemas", {})["Thing"] = things.get(side, {})
        worlds.append(world_of({"openapi.json": document}, at))
    return [each for each in news_of(*worlds) if each.operations and each.operations[0].method == method]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("is_dropped", [True, False])
@pytest.mark.parametrize("beside", [{}, {"maxProperties": 50}])
def test_null_that_a_choice_takes_anyway_is_no_news(method: str, is_dropped: bool, beside: Any) -> None:
    choice = {"anyOf": [{**THING, **beside}, NULL]}
    sides = ({"type": ["string", "null"]}, TEXT)
    old, new = sides if is_dropped else reversed(sides)
    found = told(choice, choice, method, old=old, new=new)
    assert [each.severity for each in found] == [Severity.INFO], found


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"allOf": [one]}])
@pytest.mark.parametrize("beside", [{}, THING])
def test_a_branch_beside_the_only_one_is_a_branch_that_came(wrap: Any, beside: Any) -> None:
    base, revision = ({**beside, **wrap({"anyOf": branches})} for branches in ([CART], [CART, NOTE]))
    (only,) = told(base, revision, "GET")
    assert only.rule == "alternative-changed"
    assert only.severity is Severity.WARNING
    assert str(only.location.pointer).endswith("/anyOf/1")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("null", [True, False])
def test_what_other_names_are_is_told_of_their_schema(version: str, null: bool) -> None:
    def around(values: Any) -> Any:
        schema = {"type": "object", "additionalProperties": values}
        return {"oneOf": [schema, NULL if version == "3.1.0" else OLD_NULL]} if null else schema

    (request,) = told(around({}), around(WHOLE), "POST", version)
    (response,) = told(around(WHOLE), around({}), "GET", version)
    assert (request.rule, request.severity) == ("schema-type-changed", Severity.WARNING)
    assert str(request.location.pointer).endswith("/additionalProperties/type")
    assert (response.rule, response.severity) == ("schema-type-changed", Severity.ERROR)
    assert str(response.location.pointer).endswith("/additionalProperties")


def test_a_branch_of_a_choice_within_is_not_mistaken_for_one_around_it() -> None:
    def inner(is_open: bool) -> Any:
        mine = {"type": "object", "properties": {"p": {**CART, "additionalProperties": is_open}}}
        return {"anyOf": [{"type": "array"}, mine]}

    outer = {**THING, "description": "beside a reference"}
    base, revision = ({**outer, "anyOf": [inner(is_open), NULL]} for is_open in (False, True))
    assert any(each.severity is Severity.ERROR for each in told(base, revision, "GET"))
