"""A mark that keeps a property from ever being sent is told, wherever the property stands."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.oas.worlds import findings_of, world_of

Wrap = dict[str, Any]
MARKED: dict[str, Wrap] = {mark: {"type": "string", mark: True} for mark in ("readOnly", "writeOnly")}
REFERENCES = {"p": "#/components/schemas/Part", "h": "#/components/schemas/Held"}
CONTEXTS: dict[str, Any] = {
    "property": lambda inner: {"properties": {"p": inner}},
    "items": lambda inner: {"type": "array", "items": {"properties": {"p": inner}}},
    "branch": lambda inner: {"oneOf": [{"type": "string"}, {"properties": {"p": inner}}]},
    "part": lambda inner: {"allOf": [{"properties": {"p": inner}}]},
    "map": lambda inner: {"additionalProperties": {"properties": {"p": inner}}},
    **{
        keyword: lambda inner, keyword=keyword: {keyword: {"properties": {"p": inner}}}
        for keyword in ("unevaluatedProperties", "unevaluatedItems", "contains", "items", "then", "else")
    },
    **{
        keyword: lambda inner, keyword=keyword: {keyword: {"x": {"properties": {"p": inner}}}}
        for keyword in ("patternProperties", "dependentSchemas")
    },
    **{
        keyword: lambda inner, keyword=keyword: {keyword: [{}, {"properties": {"p": inner}}]}
        for keyword in ("anyOf", "prefixItems")
    },
    "deep": lambda inner: {"properties": {"o": {"properties": {"p": inner}}}},
    "link": lambda inner: {"$ref": REFERENCES["h"]},
    "linked member": lambda inner: {"properties": {"p": {"$ref": REFERENCES["p"]}}},
}


def operation(request: Any | None, response: Any | None) -> dict[str, Any]:
    made: dict[str, Any] = {"responses": {"200": {"description": "d"}}}
    if request is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": request}}}
    if response is not None:
        made["responses"]["200"]["content"] = {"application/json": {"schema": response}}
    return made


def contract_of(schema: Any, member: Any, where: str, way: str) -> dict[str, Any]:
    whole = {"$ref": "#/components/schemas/Whole"}
    sides = (whole if way in ("request", "both") else None, whole if way in ("response", "both") else None)
    post = operation(*sides)
    made: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    if where == "call":
        made["paths"]["/v1/a"] = {"post": post}
    elif where == "callback":
        made["paths"]["/v1/a"] = {
            "post": {**operation(None, None), "callbacks": {"c": {"{$url}": {"post": post}}}}
        }
    else:
        made["webhooks"] = {"w": {"post": post}}
    made["components"] = {"schemas": {"Part": member, "Held": {"properties": {"p": member}}, "Whole": schema}}
    return made


def told(contract: dict[str, Any]) -> list[str]:
    return [each.message_id for each in findings_of(world_of({"a.json": contract})) if each.code == "OAS026"]


@pytest.mark.parametrize("where", ["call", "callback", "webhook"])
def test_marks_are_told_where_nothing_can_be_sent(where: str) -> None:
    for (mark, member), (name, context), way in product(
        MARKED.items(), CONTEXTS.items(), ("request", "response", "both")
    ):
        hidden = {"readOnly": "request", "writeOnly": "response"}[mark]
        meant = way if where == "call" else {"request": "response", "response": "request"}.get(way, way)
        expected = [hidden] if meant == hidden else []
        assert told(contract_of(context(member), member, where, way)) == expected, (mark, name, way)


def test_what_lies_below_what_is_not_sent_is_not_sent_either() -> None:
    inner = {"properties": {"p": MARKED["readOnly"]}}
    request, response = {"properties": {"o": inner}}, {"properties": {"o": {**inner, "writeOnly": True}}}
    made = contract_of({}, {}, "call", "both")
    made["paths"]["/v1/a"]["post"] = operation(request, response)
    assert sorted(told(made)) == ["request", "response"]


def test_schemas_that_hold_themselves_end() -> None:
    loop = {"properties": {"p": {"$ref": REFERENCES["h"]}, "q": MARKED["readOnly"]}}
    made = contract_of({"$ref": REFERENCES["h"]}, loop, "call", "request")
    made["components"]["schemas"]["Held"] = loop
    assert told(made) == ["request"]
