"""The same contract in the words of another version of OpenAPI has no changes, in either direction."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.oas.worlds import news_of, world_of

TEXT = {"type": "string"}
ERROR = {"type": "object", "properties": {"code": {"type": "integer", "format": "int32"}}}


def _order(version: str) -> dict[str, Any]:
    """A schema with everything that versions write in different ways."""
    at_least_3_1, is_v2 = version >= "3.1", version == "2.0"
    if at_least_3_1:
        note: dict[str, Any] = {"type": ["string", "null"]}
    else:
        note = {"type": "string", "x-nullable" if is_v2 else "nullable": True}
    price: dict[str, Any] = {"type": "number", "exclusiveMinimum": 0}
    if not at_least_3_1:
        price = {"type": "number", "minimum": 0, "exclusiveMinimum": True}
    return {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "readOnly": True},
            "note": note,
            "price": price,
            "state": {"type": "string", "const": "open"}
            if at_least_3_1
            else {"type": "string", "enum": ["open"]},
            "tags": {"type": "array", "items": TEXT, "maxItems": 5},
            "title": {**TEXT, "examples": ["A"]} if at_least_3_1 else {**TEXT, "example": "A"},
        },
    }


def _v2() -> dict[str, Any]:
    order = {"$ref": "#/definitions/Order"}
    failed = {"description": "wrong", "schema": {"$ref": "#/definitions/Error"}}
    return {
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1"},
        "host": "api.shop.example",
        "basePath": "/v1",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "security": [{"login": ["read"]}],
        "paths": {
            "/orders": {
                "parameters": [{"$ref": "#/parameters/Trace"}],
                "get": {
                    "operationId": "listOrders",
                    "parameters": [
                        {"name": "limit", "in": "query", "type": "integer", "default": 20, "maximum": 100},
                        {
                            "name": "ids",
                            "in": "query",
                            "type": "array",
                            "items": TEXT,
                            "collectionFormat": "multi",
                        },
                        {"name": "kinds", "in": "query", "type": "array", "items": TEXT},
                    ],
                    "responses": {
                        "200": {
                            "description": "ok",
                            "headers": {"X-Total": {"type": "integer"}},
                            "schema": {"type": "array", "items": order},
                        },
                        "400": failed,
                    },
                },
                "post": {
                    "operationId": "order",
                    "parameters": [{"name": "body", "in": "body", "required": True, "schema": order}],
                    "responses": {"201": {"description": "ok", "schema": order}, "400": failed},
                    "security": [{"login": ["write"]}, {"basic": []}],
                },
            },
            "/orders/{id}/receipt": {
                "put": {
                    "consumes": ["multipart/form-data"],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "type": "string"},
                        {"name": "page", "in": "formData", "type": "integer", "minimum": 1},
                        {"name": "scan", "in": "formData", "type": "file", "required": True},
                    ],
                    "responses": {"204": {"description": "kept"}},
                    "security": [{"key": []}],
                }
            },
        },
        "parameters": {"Trace": {"name": "X-Trace", "in": "header", "type": "string", "maxLength": 64}},
        "definitions": {"Order": _order("2.0"), "Error": ERROR},
        "securityDefinitions": {
            "basic": {"type": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "login": {
                "type": "oauth2",
                "flow": "accessCode",
                "authorizationUrl": "https://login.example/a",
                "tokenUrl": "https://login.example/t",
                "scopes": {"read": "Read", "write": "Write"},
            },
        },
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _v3(version: str) -> dict[str, Any]:
    order = {"$ref": "#/components/schemas/Order"}
    failed = {"description": "wrong", **_json({"$ref": "#/components/schemas/Error"})}
    scan = (
        {"contentMediaType": "application/octet-stream"} if version >= "3.1" else {**TEXT, "format": "binary"}
    )
    listed = {"type": "array", "items": TEXT}
    return {
        "openapi": f"{version}.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://api.shop.example/v1"}],
        "security": [{"login": ["read"]}],
        "paths": {
            "/orders": {
                "parameters": [{"$ref": "#/components/parameters/Trace"}],
                "get": {
                    "operationId": "listOrders",
                    "parameters": [
                        {
                            "name": "limit",
                            "in": "query",
                            "schema": {"type": "integer", "default": 20, "maximum": 100},
                        },
                        {"name": "ids", "in": "query", "schema": listed},
                        {"name": "kinds", "in": "query", "explode": False, "schema": listed},
                    ],
                    "responses": {
                        "200": {
                            "description": "ok",
                            "headers": {"X-Total": {"schema": {"type": "integer"}}},
                            **_json({"type": "array", "items": order}),
                        },
                        "400": failed,
                    },
                },
                "post": {
                    "operationId": "order",
                    "requestBody": {"required": True, **_json(order)},
                    "responses": {"201": {"description": "ok", **_json(order)}, "400": failed},
                    "security": [{"login": ["write"]}, {"basic": []}],
                },
            },
            "/orders/{id}/receipt": {
                "put": {
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
                    "requestBody": {
                        "required": True,
                        "content": {"multipart/form-data": {"schema": _form(scan)}},
                    },
                    "responses": {"204": {"description": "kept"}},
                    "security": [{"key": []}],
                }
            },
        },
        "components": {
            "parameters": {"Trace": {"name": "X-Trace", "in": "header", "schema": {**TEXT, "maxLength": 64}}},
            "schemas": {"Order": _order(version), "Error": ERROR},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "login": {"type": "oauth2", "flows": {"authorizationCode": _CODE}},
            },
        },
    }


_CODE = {
    "authorizationUrl": "https://login.example/a",
    "tokenUrl": "https://login.example/t",
    "scopes": {"read": "Read", "write": "Write"},
}


def _form(scan: dict[str, Any]) -> dict[str, Any]:
    properties = {"page": {"type": "integer", "minimum": 1}, "scan": scan}
    return {"type": "object", "required": ["scan"], "properties": properties}


CONTRACTS = {"2.0": _v2(), **{version: _v3(version) for version in ("3.0", "3.1", "3.2")}}


@pytest.mark.parametrize(("old", "new"), list(permutations(CONTRACTS, 2)))
def test_a_contract_rewritten_in_another_version_is_the_same(old: str, new: str) -> None:
    base = world_of({"openapi.json": CONTRACTS[old]}, "base")
    found = news_of(base, world_of({"openapi.json": CONTRACTS[new]}))
    assert [(finding.rule, finding.message) for finding in found] == []


def _webhooks(version: str) -> dict[str, Any]:
    """Webhooks, which are there since 3.1."""
    note = {"type": ["string", "null"]}
    body = _json({"type": "object", "properties": {"note": note}})
    hook = {"post": {"requestBody": body, "responses": {"200": {"description": "ok"}}}}
    return {"openapi": f"{version}.0", "info": {"title": "Shop", "version": "1"}, "webhooks": {"paid": hook}}


@pytest.mark.parametrize(("old", "new"), [("3.1", "3.2"), ("3.2", "3.1")])
def test_webhooks_of_another_version_are_the_same(old: str, new: str) -> None:
    base = world_of({"openapi.json": _webhooks(old)}, "base")
    assert news_of(base, world_of({"openapi.json": _webhooks(new)})) == []


@pytest.mark.parametrize("new", ["3.0", "3.1", "3.2"])
def test_a_change_between_versions_is_found(new: str) -> None:
    changed = _v3(new)
    changed["components"]["securitySchemes"]["key"]["name"] = "X-Api-Key"
    changed["servers"] = [{"url": "https://shop.example/v1"}]
    parameters = changed["paths"]["/orders"]["get"]["parameters"]
    parameters[2].pop("explode")
    parameters[0]["required"] = True
    form = changed["paths"]["/orders/{id}/receipt"]["put"]["requestBody"]["content"]["multipart/form-data"]
    form["schema"]["required"].append("page")
    base = world_of({"openapi.json": CONTRACTS["2.0"]}, "base")
    found = {finding.rule for finding in news_of(base, world_of({"openapi.json": changed}))}
    assert found == {
        *("security-scheme-changed", "server-removed", "serialization-changed", "parameter-required"),
        "contract-version-kept",
    }
