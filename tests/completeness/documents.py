"""A contract of each version that has every object of the specification somewhere, and where each is."""

from __future__ import annotations

import copy
from typing import Any

Route = tuple[str | int, ...]

_CART: dict[str, Any] = {"$ref": "#/components/schemas/Cart"}
_ORDER: Route = ("paths", "/v1/carts/{id}", "post")
_READ: Route = ("paths", "/v1/carts/{id}", "get")
_HOOK: Route = ("webhooks", "cartFilled", "post")
_CALL: Route = (*_ORDER, "callbacks", "paid", "{$request.body#/url}", "post")
_TEXTS = {"type": "array", "items": {"type": "string"}}
_FORM = "multipart/form-data"
_SERVER = {
    "url": "https://{env}.example.org/api",
    "variables": {"env": {"default": "eu", "enum": ["eu"]}},
}
_FLOWS = {
    "implicit": "implicit",
    "password": "password",
    "client-credentials": "clientCredentials",
    "authorization-code": "authorizationCode",
    "device-authorization": "deviceAuthorization",
}


def contract(dialect: str) -> dict[str, Any]:
    """The contract; its operations send and get every kind of thing."""
    document: dict[str, Any] = {
        "openapi": f"{dialect}.0",
        "info": {"title": "Shop", "version": "1.0.0", "contact": {"name": "Us"}, "license": {"name": "MIT"}},
        "servers": [
            {"url": "https://{env}.example.org/api", "variables": {"env": {"default": "eu", "enum": ["eu"]}}}
        ],
        "tags": [{"name": "carts"}],
        "externalDocs": {"url": "https://example.org/docs"},
        "security": [{"key": []}],
        "paths": {"/v1/carts/{id}": _path(dialect)},
        "components": _components(dialect),
    }
    if dialect != "3.0":
        document["webhooks"] = {"cartFilled": {"post": _sent("hook")}}
    return document


def _path(dialect: str) -> dict[str, Any]:
    parameters = [
        {"name": "limit", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
        {"name": "X-Trace", "in": "header", "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "session", "in": "cookie", "schema": {"type": "string"}},
        {"name": "filter", "in": "query", "content": {"application/json": {"schema": _CART}}},
    ]
    return {
        "parameters": [
            {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "array", "items": {"type": "string"}},
            },
            {"name": "shared", "in": "query", "schema": {"type": "string"}},
        ],
        "get": {
            "operationId": "readCart",
            "parameters": parameters,
            "responses": {"200": _answer(), "4XX": {"description": "no"}},
        },
        "post": {
            "operationId": "writeCart",
            "tags": ["carts"],
            "requestBody": {"content": {"application/json": {"schema": _CART}, _FORM: _form(dialect)}},
            "responses": {"201": {"description": "ok"}},
            "callbacks": {"paid": {"{$request.body#/url}": {"post": _sent("paid")}}},
        },
    }


def _sent(name: str) -> dict[str, Any]:
    """An operation that the provider calls."""
    return {
        "operationId": name,
        "parameters": [{"name": "try", "in": "query", "schema": {"type": "integer"}}],
        "requestBody": {"content": {"application/json": {"schema": _CART}}},
        "responses": {"200": _answer()},
    }


def _answer() -> dict[str, Any]:
    return {
        "description": "ok",
        "headers": {
            "X-Rate": {"schema": _TEXTS},
            "X-Data": {"content": {"application/json": {"schema": _CART}}},
        },
        "content": {"application/json": {"schema": _CART}},
        "links": {
            "again": {"operationId": "readCart"},
            "other": {"operationRef": "#/paths/~1v1~1carts~1{id}/get"},
        },
    }


def _form(dialect: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {"file": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
    }
    return {"schema": schema, "encoding": {"tags": {"headers": {"X-Part": {"schema": {"type": "string"}}}}}}


def _components(dialect: str) -> dict[str, Any]:
    properties = {"id": {"type": "string"}, "n": {"type": "integer"}}
    scopes = {"scopes": {"read": "to read"}}
    flows: dict[str, Any] = {
        "implicit": {"authorizationUrl": "https://a.example.org/", **scopes},
        "password": {"tokenUrl": "https://t.example.org/", **scopes},
        "clientCredentials": {"tokenUrl": "https://t.example.org/", **scopes},
        "authorizationCode": {
            "authorizationUrl": "https://a.example.org/",
            "tokenUrl": "https://t.example.org/",
            **scopes,
        },
    }
    if dialect == "3.2":
        flows["deviceAuthorization"] = {
            "deviceAuthorizationUrl": "https://d.example.org/",
            "tokenUrl": "https://t.example.org/",
            **scopes,
        }
    return {
        "schemas": {"Cart": {"type": "object", "properties": properties}},
        "examples": {"one": {"value": {"id": "a"}}, "linked": {"description": "elsewhere"}},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "web": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": flows},
            "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://o.example.org/"},
        },
    }


HOMES: dict[str, dict[str, Route]] = {
    "root": {"": ()},
    "info": {"": ("info",)},
    "contact": {"": ("info", "contact")},
    "license": {"": ("info", "license")},
    "server": {"": ("servers", 0)},
    "server-variable": {"": ("servers", 0, "variables", "env")},
    "components": {"": ("components",)},
    "path-item": {"path": ("paths", "/v1/carts/{id}"), "webhook": ("webhooks", "cartFilled")},
    "operation": {"path": _ORDER, "webhook": _HOOK, "callback": _CALL},
    "external-documentation": {"": ("externalDocs",)},
    "parameter": {
        "query": (*_READ, "parameters", 0),
        "header": (*_READ, "parameters", 1),
        "cookie": (*_READ, "parameters", 2),
        "query with content": (*_READ, "parameters", 3),
        "path": ("paths", "/v1/carts/{id}", "parameters", 0),
        "query of the path": ("paths", "/v1/carts/{id}", "parameters", 1),
        "of a webhook": (*_HOOK, "parameters", 0),
        "of a callback": (*_CALL, "parameters", 0),
    },
    "request-body": {
        "path": (*_ORDER, "requestBody"),
        "webhook": (*_HOOK, "requestBody"),
        "callback": (*_CALL, "requestBody"),
    },
    "media-type": {
        "request": (*_ORDER, "requestBody", "content", "application/json"),
        "form": (*_ORDER, "requestBody", "content", _FORM),
        "response": (*_READ, "responses", "200", "content", "application/json"),
        "parameter": (*_READ, "parameters", 3, "content", "application/json"),
        "webhook": (*_HOOK, "requestBody", "content", "application/json"),
        "answer of a webhook": (*_HOOK, "responses", "200", "content", "application/json"),
        "callback": (*_CALL, "requestBody", "content", "application/json"),
    },
    "encoding": {"": (*_ORDER, "requestBody", "content", _FORM, "encoding", "tags")},
    "responses": {
        "path": (*_READ, "responses"),
        "webhook": (*_HOOK, "responses"),
        "callback": (*_CALL, "responses"),
    },
    "response": {
        "success": (*_READ, "responses", "200"),
        "error": (*_READ, "responses", "4XX"),
        "webhook": (*_HOOK, "responses", "200"),
        "callback": (*_CALL, "responses", "200"),
    },
    "example": {"": ("components", "examples", "one"), "linked": ("components", "examples", "linked")},
    "link": {
        "": (*_READ, "responses", "200", "links", "again"),
        "by reference": (*_READ, "responses", "200", "links", "other"),
    },
    "header": {
        "response": (*_READ, "responses", "200", "headers", "X-Rate"),
        "with content": (*_READ, "responses", "200", "headers", "X-Data"),
        "answer of a webhook": (*_HOOK, "responses", "200", "headers", "X-Rate"),
        "part": (*_ORDER, "requestBody", "content", _FORM, "encoding", "tags", "headers", "X-Part"),
    },
    "tag": {"": ("tags", 0)},
    "type-apikey": {"": ("components", "securitySchemes", "key")},
    "type-http": {"": ("components", "securitySchemes", "web")},
    "type-oauth2": {"": ("components", "securitySchemes", "oauth")},
    "type-oidc": {"": ("components", "securitySchemes", "oidc")},
    "oauth-flows": {"": ("components", "securitySchemes", "oauth", "flows")},
    **{
        name: {"": ("components", "securitySchemes", "oauth", "flows", flow)} for name, flow in _FLOWS.items()
    },
    # objects without fixed fields
    "paths": {"": ("paths",)},
    "content": {
        "request": (*_ORDER, "requestBody", "content"),
        "response": (*_READ, "responses", "200", "content"),
        "webhook": (*_HOOK, "requestBody", "content"),
        "parameter": (*_READ, "parameters", 3, "content"),
    },
    "headers": {"response": (*_READ, "responses", "200", "headers")},
    "callbacks": {"": (*_ORDER, "callbacks", "paid")},
    "security-requirement": {"global": ("security", 0)},
}
"""Where each object stands, by the role that it plays there."""


def home(document: dict[str, Any], route: Route) -> Any:
    """The object at a route, or ``None`` where the version has no such place."""
    found: Any = document
    for step in route:
        if isinstance(found, dict) and step in found:
            found = found[str(step)]
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found


def edited(document: dict[str, Any], route: Route, field: str, value: Any) -> dict[str, Any]:
    """A copy in which a field of one object has a value; ``None``: is not there."""
    found = copy.deepcopy(document)
    target = home(found, route)
    if value is None:
        target.pop(field, None)
    else:
        target[field] = copy.deepcopy(value)
    return found
