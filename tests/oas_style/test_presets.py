"""Each preset takes a contract that follows its guideline, and finds what breaks it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

PRESETS = ("archlint", "zalando", "azure", "google-aip")


def found(folder: Path, preset: str, contract: dict[str, Any]) -> set[str]:
    """The rules of a preset that find something."""
    root = folder / "root"
    root.mkdir(exist_ok=True)
    (root / "openapi.json").write_text(json.dumps(contract))
    selected = ("--profile", "minimal", "--select", f"tag:preset:{preset}")
    done = archlint("check", ".", *selected, "--format", "json", cwd=root)
    assert done.code in (0, 1), done.err
    return {finding["rule"] for finding in done.report["findings"]}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answer(schema: Any = None, *, media: str = "application/json", **headers: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"description": "An answer"}
    if schema is not None:
        made["content"] = {media: {"schema": schema}}
    if headers:
        made["headers"] = {name.replace("_", "-"): {"schema": {"type": "string"}} for name in headers}
    return made


def query(name: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": name, "schema": schema or {"type": "string"}}


def header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": {"type": "string"}}


def errors(media: str = "application/problem+json") -> dict[str, Any]:
    return {
        **{status: answer(reference("Problem"), media=media) for status in ("400", "401", "default")},
        "429": answer(reference("Problem"), media=media, Retry_After=1),
    }


def contract(
    paths: dict[str, Any], cart: dict[str, Any], page: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """A contract with what all guidelines ask for."""
    problem = {name: {"type": "string"} for name in ("type", "title", "detail", "instance")}
    problem["status"] = {"type": "integer", "format": "int32"}
    flows = {
        "clientCredentials": {"tokenUrl": "https://id.example.org/t", "scopes": {"shop.carts.read": "Read"}}
    }
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Shop",
            "version": "1.0.0",
            "description": "Carts",
            "contact": {"name": "Us", "email": "us@shop.example.org", "url": "https://shop.example.org"},
            "x-api-id": "0b2c56e4-6d2c-4b5b-9b7e-1f1f5f2f3c11",
            "x-audience": "company-internal",
        },
        "servers": [{"url": "https://shop.example.org"}],
        "security": [{"login": ["shop.carts.read"]}],
        "paths": paths,
        "components": {
            "securitySchemes": {"login": {"type": "oauth2", "flows": flows}},
            "schemas": {
                "Problem": {"type": "object", "required": list(problem), "properties": problem},
                "Cart": {"type": "object", "properties": cart},
                "Carts": {"type": "object", "properties": page},
            },
        },
        **more,
    }


TEXT: dict[str, Any] = {"type": "string"}
SIZE: dict[str, Any] = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 20}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
ITEMS: dict[str, Any] = {"type": "array", "items": reference("Cart")}


def crud(
    base: str, page: list[Any], version: list[Any], media: str, *, key: str = "Idempotency-Key"
) -> dict[str, Any]:
    """A collection and its members with all that is asked of reading, creating and changing them."""
    failures = errors(media)
    read, match = answer(reference("Cart"), ETag=1), [header("If-Match")]
    body = {"required": True, "content": {"application/json": {"schema": reference("Cart")}}}
    patch = {"required": True, "content": {"application/merge-patch+json": {"schema": reference("Cart")}}}
    where = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    return {
        base: {
            "get": {
                "operationId": "listCarts",
                "parameters": [*page, *version],
                "responses": {"200": answer(reference("Carts")), **failures},
            },
            "post": {
                "operationId": "createCart",
                "parameters": [header(key), *version],
                "requestBody": body,
                "responses": {"201": answer(reference("Cart"), Location=1), **failures},
            },
        },
        f"{base}/{{id}}": {
            "parameters": [where],
            "get": {"operationId": "getCart", "parameters": version, "responses": {"200": read, **failures}},
            "patch": {
                "operationId": "updateCart",
                "parameters": [*match, *version],
                "requestBody": patch,
                "responses": {"200": read, **failures},
            },
            "delete": {
                "operationId": "deleteCart",
                "parameters": version,
                "responses": {"204": answer(), **failures},
            },
        },
    }


PROBLEM = "application/problem+json"
GOOD = {
    "archlint": contract(
        crud("/api/v1/carts", [query("pageToken"), query("pageSize", **SIZE)], [], PROBLEM),
        {"id": TEXT, "createdAt": MOMENT},
        {"items": ITEMS, "nextPageToken": TEXT},
    ),
    "zalando": contract(
        crud("/carts", [query("cursor"), query("limit", **SIZE)], [], PROBLEM),
        {"id": TEXT, "created_at": MOMENT},
        {"items": ITEMS, "next": {"type": "string", "format": "uri"}},
    ),
    "azure": contract(
        crud(
            "/carts",
            [query("skipToken"), query("top", **SIZE)],
            [query("api-version")],
            "application/json",
            key="Repeatability-Request-ID",
        ),
        {"id": TEXT, "createdAt": MOMENT},
        {"value": ITEMS, "nextLink": {"type": "string", "format": "uri"}},
    ),
    "google-aip": contract(
        crud("/v1/carts", [query("pageToken"), query("pageSize", **SIZE)], [], "application/json"),
        {"id": TEXT, "createTime": MOMENT},
        {"carts": ITEMS, "nextPageToken": TEXT},
    ),
}


def with_slips(preset: str) -> dict[str, Any]:
    """The good contract of a preset with slips that every guideline has a word on."""
    made: dict[str, Any] = json.loads(json.dumps(GOOD[preset]))
    made["paths"]["/getCart_items/{a}/{b}"] = {
        "get": {
            "operationId": "cartItems",
            "security": [{"login": ["Everything"]}],
            "parameters": [query("page_Size", type="integer")],
            "requestBody": {"content": {"application/json": {"schema": TEXT}}},
            "responses": {"299": answer({"type": "array", "items": TEXT}), "204": answer(TEXT)},
        }
    }
    made["components"]["schemas"]["Cart"]["properties"]["Some-Thing"] = {"type": "integer"}
    made["components"]["securitySchemes"]["login"]["flows"]["clientCredentials"]["scopes"]["Everything"] = (
        "All"
    )
    made["servers"] = [{"url": "http://shop.example.org"}]
    return made


@pytest.mark.parametrize("preset", PRESETS)
def test_a_contract_that_follows_the_guideline_is_left_alone(preset: str, tmp_path: Path) -> None:
    assert found(tmp_path, preset, GOOD[preset]) == set()


COMMON = {
    *(
        "transport-insecure",
        "status-code-unknown",
        "body-not-allowed",
        "query-parameter-case",
        "property-case",
    ),
    *("request-body-on-read", "response-is-array"),
}
OWN = {
    "archlint": {
        *("base-path-wrong", "path-segment-not-kebab-case", "path-with-verb", "path-parameters-adjacent"),
        *("operation-id-irregular", "scope-name-irregular", "error-response-missing"),
    },
    "zalando": {
        *(
            "path-segment-not-kebab-case",
            "path-with-verb",
            "path-parameters-adjacent",
            "scope-name-irregular",
        ),
        *("error-response-missing", "number-without-format"),
    },
    "azure": {"path-segment-not-kebab-case", "operation-id-irregular", "number-without-format"},
    "google-aip": {
        "path-with-verb",
        "path-parameters-adjacent",
        "operation-id-irregular",
        "scope-name-irregular",
    },
}


@pytest.mark.parametrize("preset", PRESETS)
def test_slips_are_found(preset: str, tmp_path: Path) -> None:
    assert found(tmp_path, preset, with_slips(preset)) >= COMMON | OWN[preset]


OTHERS = {
    "zalando": ("archlint", {"version-in-path", "base-path-wrong"}),
    "azure": ("google-aip", {"version-in-path"}),
    "archlint": ("zalando", {"path-version-missing", "base-path-wrong"}),
    "google-aip": ("zalando", {"path-version-missing"}),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_guidelines_that_contradict_each_other_do(preset: str, tmp_path: Path) -> None:
    other, expected = OTHERS[preset]
    assert found(tmp_path, preset, GOOD[other]) >= expected
