"""What a document lacks, or has in the wrong form, is said in the same words in every version."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from archlint.model.openapi import Contract
from archlint.model.openapi.structure import violations
from tests.oas.worlds import world_of

VERSIONS = ("3.0.3", "3.1.1", "3.2.0")
FLOWS = {
    "implicit": {"authorizationUrl": "https://a.example.com", "scopes": {}},
    "password": {"tokenUrl": "https://a.example.com", "scopes": {}},
    "clientCredentials": {"tokenUrl": "https://a.example.com", "scopes": {}},
    "authorizationCode": {"authorizationUrl": "https://a.example.com", "tokenUrl": "/b", "scopes": {}},
}
DOCUMENT: dict[str, Any] = {
    "info": {"title": "T", "version": "1", "license": {"name": "n"}},
    "externalDocs": {"url": "https://a.example.com"},
    "tags": [{"name": "a"}],
    "servers": [{"url": "/", "variables": {"v": {"default": "d"}}}],
    "paths": {"/v1/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/Fine"}}}}},
    "components": {
        "schemas": {"Pet": {"discriminator": {"propertyName": "kind"}}},
        "responses": {"Fine": {"description": "d"}},
        "requestBodies": {"Body": {"content": {"application/json": {}}}},
        "parameters": {
            "Id": {"name": "id", "in": "path", "required": True, "schema": {}},
            "Filter": {"name": "q", "in": "query", "schema": {}},
        },
        "securitySchemes": {
            "Key": {"type": "apiKey", "name": "k", "in": "header"},
            "Bearer": {"type": "http", "scheme": "bearer"},
            "Login": {"type": "oauth2", "flows": FLOWS},
            "Id": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example.com"},
        },
    },
}
OLD: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "T", "version": "1"},
    "paths": {"/v1/a": {"get": {"responses": {"200": {"description": "d"}}}}},
    "parameters": {
        "Id": {"name": "id", "in": "path", "required": True, "type": "string"},
        "Body": {"name": "b", "in": "body", "schema": {}},
    },
    "securityDefinitions": {
        "Key": {"type": "apiKey", "name": "k", "in": "header"},
        "Login": {
            "type": "oauth2",
            "flow": "implicit",
            "authorizationUrl": "https://a.example.com",
            "scopes": {},
        },
        "App": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a.example.com", "scopes": {}},
    },
}
ROOTS: dict[str, dict[str, Any]] = {
    **{version: {"openapi": version, **DOCUMENT} for version in VERSIONS},
    "2.0": OLD,
}
REQUIRED = {
    *("title", "version", "name", "url", "default", "propertyName", "description", "content", "in"),
    *("scheme", "flows", "openIdConnectUrl", "authorizationUrl", "tokenUrl", "scopes", "type", "required"),
    *("responses", "flow"),
}
OPTIONAL = {
    *((version, "components", "responses") for version in VERSIONS),
    *((version, "get", "responses") for version in VERSIONS[1:]),
    *((version, "discriminator", "propertyName") for version in VERSIONS[1:]),
    *(("3.2.0", "Fine", "description"), ("2.0", "App", "scopes"), ("2.0", "Login", "scopes")),
}
"""What a version, or the schema published for it, does not ask for."""


def told(document: dict[str, Any]) -> list[tuple[str, str]]:
    """The place and the sentence of each violation."""
    found = violations(world_of({"openapi.json": document}).all(Contract)[0])
    return [("/".join(map(str, each.node.route)), each.sentence) for each in found]


def fields_of(root: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The places of all objects of a document, each with one of its fields."""
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), root)]
    while waiting:
        route, value = waiting.pop()
        if isinstance(value, list):
            waiting += [((*route, at), item) for at, item in enumerate(value)]
        elif isinstance(value, dict):
            waiting += [((*route, key), item) for key, item in value.items()]
            yield from ((route, key) for key in value)


def without(root: dict[str, Any], route: tuple[Any, ...], key: str) -> dict[str, Any]:
    """A copy of a document in which an object has a field less."""
    copy = deepcopy(root)
    at: Any = copy
    for part in route:
        at = at[part]
    del at[key]
    return copy


CALLED = {
    **dict.fromkeys(("parameters",), "parameter"),
    **dict.fromkeys(("securitySchemes", "securityDefinitions"), "security scheme"),
    "flows": "flow",
    "responses": "response",
    "requestBodies": "request body",
    "variables": "variable",
    "servers": "server",
    "tags": "tag",
}


def where(route: tuple[Any, ...]) -> str:
    """How a sentence calls the object that lacks a field."""
    word = CALLED.get(route[-2] if len(route) > 1 else "", "")
    name = f"{route[-1] + 1}" if isinstance(route[-1], int) else f"'{route[-1]}'"
    return f"{word} {name}" if word else name


@pytest.mark.parametrize("version", ROOTS)
def test_a_field_that_is_missing_is_the_only_cause(version: str) -> None:
    root = ROOTS[version]
    assert told(root) == []
    tried = [(route, key) for route, key in fields_of(root) if route and key in REQUIRED]
    for route, key in tried:
        sentence = f"the field '{key}' is missing in {where(route)}"
        is_optional = (version, route[-1], key) in OPTIONAL
        expected = [] if is_optional else [("/".join(map(str, route)), sentence)]
        assert told(without(root, route, key)) == expected
    assert len(tried) > 20


def schema(**said: Any) -> dict[str, Any]:
    return {"components": {"schemas": {"A": said}}}


def part(home: str, **said: Any) -> dict[str, Any]:
    return {"components": {home: {"A": said}}}


NO_RESPONSE = "a response (a status such as '200', or 'default') is missing in 'responses'"


@pytest.mark.parametrize(
    ("document", "place", "sentence"),
    [
        ({"info": None}, "info", "'info' must be a map, not null"),
        ({"info": True}, "info", "'info' must be a map, not true"),
        ({"webhooks": []}, "webhooks", "'webhooks' must be a map, not a list"),
        ({"tags": {}}, "tags", "'tags' must be a list, not a map"),
        ({"tags": [7]}, "tags/0", "an item of 'tags' must be a map, not 7"),
        ({"jsonSchemaDialect": 7}, "jsonSchemaDialect", "'jsonSchemaDialect' must be a string, not 7"),
        ({"info": {"title": "T" * 70, "version": 1}}, "info/version", "'version' must be a string, not 1"),
        ({"paths": {"v1": {}}}, "paths/v1", "'v1' is no field of this object"),
        ({"paths": {"/v1": {"get": {"responses": {}}}}}, "paths//v1/get/responses", NO_RESPONSE),
        (schema(items=[{}]), "/items", "'items' must be true or false or a map, not a list"),
        (schema(enum={}), "/enum", "'enum' must be a list, not a map"),
        (schema(minLength=-1), "/minLength", "'minLength' needs a value of at least 0"),
        (schema(multipleOf=0), "/multipleOf", "'multipleOf' needs a value above 0"),
        (schema(required=["a", "a"]), "/required", "'required' lists something twice"),
        (schema(minLength="a" * 70), "/minLength", f"'minLength' must be an integer, not '{'a' * 56}..."),
        (part("headers"), "", "one of the fields 'schema' or 'content' is missing in header 'A'"),
        (part("headers", name="a", schema={}), "/name", "'name' is no field of this object"),
        (part("links", operationId="a", operationRef="b"), "", "'A' mixes fields that exclude each other"),
        (part("links"), "", "one of the fields 'operationRef' or 'operationId' is missing in link 'A'"),
        (
            part("examples", value=1, externalValue="a"),
            "/externalValue",
            "the fields 'value' and 'externalValue' exclude each other",
        ),
        (
            part("parameters", name="a", **{"in": "path"}, required=False, schema={}),
            "/required",
            "'required' must be true",
        ),
        (
            part("parameters", name="a", **{"in": "query"}, content={"a": {}, "b": {}}),
            "/content",
            "'content' needs at most 1 entry",
        ),
        (
            part("requestBodies", content={}, required="yes"),
            "/required",
            "'required' must be true or false, not 'yes'",
        ),
        (
            {"info": {"title": "T", "version": "1", "license": {"name": "a", "identifier": "b", "url": "/"}}},
            "info/license/url",
            "the fields 'identifier' and 'url' exclude each other",
        ),
        (
            {"components": {"schemas": {"a b": {}}}},
            "components/schemas/a b",
            "the name 'a b' is not allowed here",
        ),
    ],
)
def test_each_fault_has_one_plain_sentence(document: dict[str, Any], place: str, sentence: str) -> None:
    home = next(iter(document.get("components", "x")))
    at = f"components/{home}/A{place}" if place.startswith("/") or not place else place
    paths = {"/v1": {"get": {"responses": {"200": {"description": "d"}}}}}
    whole = {"openapi": "3.1.1", "info": {"title": "T", "version": "1"}, "paths": paths, **document}
    assert told(whole) == [(at, sentence)]


@pytest.mark.parametrize(
    ("document", "place", "sentence"),
    [
        ({"schemes": ["htp"]}, "schemes/0", "'htp' is none of the values 'http', 'https', 'ws', 'wss'"),
        ({"schemes": ["ws", "ws"]}, "schemes", "'schemes' lists something twice"),
        ({"basePath": "v1"}, "basePath", "'v1' does not match ^/"),
        (
            {"definitions": {"A": {"maxLength": -1}}},
            "definitions/A/maxLength",
            "'maxLength' needs a value of at least 0",
        ),
    ],
)
def test_each_fault_of_version_2_has_one_plain_sentence(
    document: dict[str, Any], place: str, sentence: str
) -> None:
    assert told({**OLD, **document}) == [(place, sentence)]
