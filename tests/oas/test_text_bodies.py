"""Bodies of plain text are text: a number is its digits, and a string takes them all."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import news_of, world_of


def contract_of(schema: dict[str, Any], media: str, where: str) -> dict[str, Any]:
    content = {"content": {media: {"schema": schema}}}
    empty = {"responses": {"204": {"description": "d"}}}
    request = {"requestBody": {"required": True, **content}, **empty}
    response = {"responses": {"200": {"description": "d", **content}}}
    operation = {"post": request if where in ("request", "webhook", "callback") else response}
    made: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    if where in ("webhook", "webhook answer"):
        made["webhooks"] = {"w": operation}
    elif where == "callback":
        made["paths"]["/v1/a"] = {"put": {**empty, "callbacks": {"c": {"{$url}": operation}}}}
    else:
        made["paths"]["/v1/a"] = operation
    return made


def breaks(old: dict[str, Any], new: dict[str, Any], media: str, where: str) -> list[Finding]:
    sides = [contract_of(schema, media, where) for schema in (old, new)]
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    assert len([each for each in found if each.rule != "contract-version-kept"]) == 1, found
    return [each for each in found if each.severity is Severity.ERROR]


TAKEN = ("request", "webhook answer")
"""Where a schema that takes more harms nobody."""
PLACES = ("request", "response", "webhook", "webhook answer", "callback")


@pytest.mark.parametrize("media", ["text/plain", "Text/Plain; charset=utf-8"])
@pytest.mark.parametrize("where", PLACES)
def test_a_string_takes_what_a_number_writes(media: str, where: str) -> None:
    for kind in ("integer", "number", "boolean"):
        wider = breaks({"type": kind}, {"type": "string"}, media, where)
        narrower = breaks({"type": "string"}, {"type": kind}, media, where)
        assert (bool(wider), bool(narrower)) == (where not in TAKEN, where in TAKEN), kind


@pytest.mark.parametrize("where", PLACES)
def test_what_is_json_is_no_text(where: str) -> None:
    for old, new in permutations(("integer", "string", "boolean"), 2):
        assert breaks({"type": old}, {"type": new}, "application/json", where)


@pytest.mark.parametrize("where", ["request", "response"])
def test_one_edit_is_one_finding_whatever_the_media_type_is(where: str) -> None:
    kinds = [
        {"type": "string"},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"type": "integer"},
    ]
    for (old, new), media in product(
        permutations(kinds, 2), ("application/xml", "text/csv", "application/json")
    ):
        breaks(old, new, media, where)


NARROW = (
    {"pattern": "^a"},
    {"enum": ["a"]},
    {"const": "a"},
    {"minLength": 2},
    {"maxLength": 2},
    {"format": "uuid"},
)


@pytest.mark.parametrize("location", ["query", "path", "header", "cookie"])
@pytest.mark.parametrize("narrow", NARROW)
def test_a_parameter_takes_what_a_number_writes_if_it_takes_any_text(location: str, narrow: Any) -> None:
    def worlds(*schemas: dict[str, Any]) -> list[Finding]:
        sides = []
        for schema in schemas:
            parameter = {"name": "a", "in": location, "required": True, "schema": schema}
            document = contract_of({}, "application/json", "response")
            document["paths"] = {
                "/v1/{a}": {"get": {**document["paths"]["/v1/a"]["post"], "parameters": [parameter]}}
            }
            sides.append(world_of({"a.json": document}))
        return [each for each in news_of(*sides) if each.severity is not Severity.INFO]

    for kind in ("integer", "number", "boolean"):
        assert not worlds({"type": kind}, {"type": "string"})
        assert worlds({"type": "string"}, {"type": kind})
        is_longer = kind == "boolean" and "minLength" in narrow  # neither true nor false is that short
        assert bool(worlds({"type": kind}, {"type": "string", **narrow})) is not is_longer
