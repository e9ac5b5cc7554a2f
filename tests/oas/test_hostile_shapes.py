"""A wrong type anywhere in a document: no rule raises, alone or in a comparison."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oas.worlds import findings_of, said_of, world_of
from tests.support.sampling import usually

SCHEMA = {"$ref": "#/components/schemas/Cart"}
OPERATION = {
    "operationId": "a",
    "parameters": [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "enum": ["a", "b"]}},
        {"name": "q", "in": "query", "content": {"application/json": {"schema": SCHEMA}}},
        {"$ref": "#/components/parameters/Page"},
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}},
    "responses": {
        "200": {
            "description": "ok",
            "headers": {"X-A": {"required": True, "schema": {"type": "integer"}}},
            "content": {"application/json; v=1": {"schema": SCHEMA}, "text/plain": {}},
        },
        "default": {"$ref": "#/components/responses/Problem"},
    },
    "security": [{"key": []}, {"gone": []}],
    "x-rate-limit": {"limit": 5, "window": "1s"},
    "deprecated": True,
    "x-sunset": "2020-01-01",
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://example.com/{v}", "variables": {"v": {"default": "v1"}}}],
    "security": [{"key": []}],
    "paths": {
        "/a/{id}": {"parameters": [{"name": "h", "in": "header", "schema": SCHEMA}], "get": OPERATION},
        "/someThing": {"$ref": "#/paths/~1a~1{id}"},
    },
    "webhooks": {"hook": {"post": OPERATION}},
    "components": {
        "schemas": {
            "Cart": {
                "type": "object",
                "required": ["id", "gone"],
                "allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"p": {"nullable": True}}}],
                "properties": {
                    "id": {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "multipleOf": 2},
                    "name": {"type": "string", "pattern": "a", "maxLength": 5, "format": "date"},
                    "items": {"type": "array", "items": SCHEMA, "minItems": 1},
                    "map": {"type": "object", "additionalProperties": {"const": 1}},
                    "pick": {"oneOf": [{"$ref": "#/components/schemas/Base"}, {"type": "string"}]},
                    "any": {"anyOf": [SCHEMA, {"type": "null"}], "discriminator": {"mapping": {"a": "#/x"}}},
                    "when": {"if": {}, "then": {"type": "string"}, "patternProperties": {"^a": {}}},
                },
                "additionalProperties": False,
            },
            "Base": {"type": ["object", "null"], "properties": {"base": {"enum": [1, None, "a", 1.5]}}},
        },
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
        "responses": {"Problem": {"description": "x", "content": {"application/json": {"schema": SCHEMA}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "k"}},
    },
}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "T", "version": "1"},
    "basePath": "/v1",
    "consumes": ["application/json"],
    "paths": {
        "/a": {
            "post": {
                "produces": ["application/json"],
                "parameters": [
                    {"name": "b", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Cart"}},
                    {"name": "q", "in": "query", "type": "array", "items": {"type": "string"}},
                    {"name": "f", "in": "formData", "type": "file"},
                ],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Cart"}}},
                "security": [{"gone": []}],
            }
        }
    },
    "definitions": {"Cart": {"type": "object", "properties": {"id": {"type": "integer"}}}},
    "securityDefinitions": {"key": {"type": "basic"}},
}
WRONG = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1e400, 1.5, "", "x", "#", "#/", [], [[]], [None], {}, {"a": None}),
        *(
            {"$ref": "#/components/schemas/Cart"},
            {"$ref": "#"},
            {"$ref": 5},
            {"$ref": "x.yaml"},
            {"$ref": "../a"},
        ),
        *(["a", "a"], [{"$ref": "#/paths"}], "3.1.0", "9.9", "\ud800", "é" * 300, 10**30),
        *({"name": [], "in": {}}, {"": {}}, {"/": {"get": {}}}, {"get": []}, {"type": {}}, {"enum": {}}),
    ]
)


def routes(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [here, *(route for key, child in children for route in routes(child, (*here, key)))]


def replaced(document: dict[str, Any], edits: list[tuple[tuple[str | int, ...], Any]]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for route, value in edits:
        holder = changed
        try:
            for part in route[:-1]:
                holder = holder[part]
            holder[route[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    return changed


def broken(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    places = st.sampled_from([route for route in routes(document) if route])
    edits = st.lists(st.tuples(places, WRONG), min_size=1, max_size=4)
    return edits.map(lambda chosen: replaced(document, chosen))


QUICK = settings(max_examples=usually(80, 1000), deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(st.one_of(broken(DOCUMENT), broken(SWAGGER)))
def test_no_rule_raises(document: dict[str, Any]) -> None:
    findings_of(world_of({"openapi.yaml": _yaml(document)}))


@QUICK
@given(
    st.one_of(broken(DOCUMENT), broken(SWAGGER), st.just(DOCUMENT)),
    st.one_of(broken(DOCUMENT), broken(SWAGGER)),
)
def test_no_comparison_raises(old: dict[str, Any], new: dict[str, Any]) -> None:
    base = world_of({"openapi.yaml": _yaml(old)}, "base")
    said_of(base, world_of({"openapi.yaml": _yaml(new)}))


def _yaml(document: dict[str, Any]) -> str:
    """JSON is YAML, and the only one of the two in which infinity can be written."""
    import json

    text = json.dumps(document, ensure_ascii=True)
    return text.replace("Infinity", ".inf")
