"""One slip in a document is told once."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.oas.worlds import findings_of, world_of
from tests.support.inside import archlint

FLOW = {"scopes": {"read": "all"}, "tokenUrl": "https://a.b/t", "authorizationUrl": "https://a.b/a"}
SCHEMES: dict[str, list[dict[str, Any]]] = {
    "3": [
        {"type": "apiKey", "in": "header", "name": "k"},
        {"type": "http", "scheme": "basic"},
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        {"type": "oauth2", "flows": {"authorizationCode": FLOW}},
        {"type": "openIdConnect", "openIdConnectUrl": "https://a.b/c"},
    ],
    "2": [
        {"type": "apiKey", "in": "header", "name": "k"},
        {"type": "basic"},
        {"type": "oauth2", "flow": "accessCode", **FLOW},
    ],
}
VERSIONS = ["2.0", "3.0.3", "3.1.0", "3.2.0"]


def contract_of(version: str, scheme: Any, parameter: Any) -> dict[str, Any]:
    operation = {"parameters": [parameter], "responses": {"200": {"description": "d"}}}
    made: dict[str, Any] = {"info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": operation}}}
    if version == "2.0":
        return {"swagger": version, **made, "securityDefinitions": {"s": scheme}}
    return {"openapi": version, **made, "components": {"securitySchemes": {"s": scheme}}}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_missing_selector_is_one_error(version: str) -> None:
    schema: dict[str, Any] = {"type": "string"} if version == "2.0" else {"schema": {"type": "string"}}
    parameter = {"name": "q", "in": "query", **schema}
    for scheme in SCHEMES[version[0]]:
        assert told(contract_of(version, scheme, parameter)) == []
        less = {key: value for key, value in scheme.items() if key != "type"}
        assert told(contract_of(version, less, parameter)) == [
            "the field 'type' is missing in security scheme 's'"
        ]
    if version != "2.0":
        less = {key: value for key, value in parameter.items() if key != "in"}
        assert told(contract_of(version, SCHEMES["3"][0], less)) == [
            "the field 'in' is missing in parameter 'q'"
        ]


def told(contract: dict[str, Any]) -> list[str]:
    found = findings_of(world_of({"a.json": contract}))
    return [each.message.split(": ", 1)[1].rstrip(".") for each in found if each.code == "OAS001"]


SCHEMAS: dict[str, Any] = {
    "A": {"type": "object", "properties": {"n": {"$ref": "#/components/schemas/N"}}},
    "B": {
        "allOf": [
            {"$ref": "#/components/schemas/A"},
            {"properties": {"m": {"$ref": "#/components/schemas/N"}}},
        ]
    },
    "C": {"anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "string"}]},
    "N": {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]},
}


@pytest.mark.parametrize("version", VERSIONS[1:])
@pytest.mark.parametrize("how", ["breaking", "check"])
def test_a_slip_in_a_type_is_told_once_however_often_it_is_used(
    how: str, version: str, tmp_path: Path
) -> None:
    content = {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/C"}}}}
    answer = {"200": {"description": "d", "content": content}}
    made = contract_of(version, SCHEMES["3"][0], {"name": "q", "in": "query", "schema": {"type": "string"}})
    for path in ("/a", "/b", "/c"):
        made["paths"][path] = {"get": {"responses": answer}}
        made["paths"][path]["post"] = {"requestBody": {"content": content}, "responses": answer}
    made["components"]["schemas"] = SCHEMAS
    slipped = copy.deepcopy(made)
    slipped["components"]["schemas"]["N"]["type"] = "Object"
    slipped["info"]["version"] = "2"
    (tmp_path / "old.json").write_text(json.dumps(made))
    (tmp_path / "new.json").write_text(json.dumps(slipped))
    command = (
        ["breaking", "old.json", "new.json"]
        if how == "breaking"
        else ["check", "new.json", "--select", "OAS001"]
    )
    done = archlint(*command, "--format", "json", cwd=tmp_path)
    found = [
        each
        for each in done.report["findings"]
        if each.get("pointer", "").startswith(N) or "N " in each["message"]
    ]
    assert [each["code"] for each in found] == ["OAS001"], found


N = "/components/schemas/N"
