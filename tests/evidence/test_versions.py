"""What only some versions of OpenAPI have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.evidence.recorded import entry, har, lay_out
from tests.support.inside import archlint

V2 = """
swagger: "2.0"
info: {title: Shop, version: "1"}
host: a.example
basePath: /api
schemes: [https]
consumes: [application/json, application/x-www-form-urlencoded]
produces: [application/json]
paths:
  /things:
    get:
      parameters: [{name: ids, in: query, type: array, collectionFormat: pipes, items: {type: integer}}]
      responses: {"200": {description: all, schema: {type: array, items: {$ref: "#/definitions/Thing"}}}}
    post:
      parameters: [{name: thing, in: body, required: true, schema: {$ref: "#/definitions/Thing"}}]
      responses: {"204": {description: done}}
    put:
      parameters: [{name: count, in: formData, type: integer, required: true}]
      responses: {"204": {description: done}}
definitions:
  Thing: {type: object, required: [id], properties: {id: {type: integer}}}
"""
V32 = """
openapi: 3.2.0
info: {title: Shop, version: "1"}
servers: [{url: "https://a.example/{stage}", variables: {stage: {default: live, enum: [live, test]}}}]
paths:
  /things:
    additionalOperations:
      LINK:
        responses: {"200": {$ref: "#/components/responses/Thing"}}
    query:
      responses:
        "200":
          description: all
          content: {application/jsonl: {itemSchema: {$ref: "#/components/schemas/Thing"}}}
  /found:
    get:
      parameters:
        - name: q
          in: querystring
          content: {application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Thing"}}}
      responses: {"204": {description: none}}
components:
  responses:
    Thing:
      description: a thing
      content: {application/json: {schema: {$ref: "#/components/schemas/Thing", required: [name]}}}
  schemas:
    Thing:
      type: object
      required: [id]
      properties: {id: {type: integer}, in: {$ref: "#/components/schemas/Thing"}}
"""


def _found(folder: Path, contract: str, *entries: dict[str, Any]) -> set[tuple[str, str]]:
    lay_out(folder, har(*entries), contract)
    flags = ("--format", "json", "--ignore", "traffic-missing", "--no-cache")
    done = archlint("verify", "traffic.har", *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    return {(item["rule"], item["pointer"]) for item in json.loads(done.out)["findings"]}


def test_version_2(tmp_path: Path) -> None:
    url, form = "https://a.example/api/things", "application/x-www-form-urlencoded"
    good = (
        entry("GET", f"{url}?ids=1|2", answered=[{"id": 1}]),
        entry("POST", url, 204, asked={"id": 1}),
        entry("PUT", url, 204, asked="count=3", kind=form),
    )
    assert _found(tmp_path / "good", V2, *good) == set()
    bad = (
        entry("GET", f"{url}?ids=1,2", answered=[{"id": "1"}]),
        entry("POST", url, 204, asked={}),
        entry("PUT", url, 204, asked="count=many", kind=form),
    )
    assert _found(tmp_path / "bad", V2, *bad) == {
        ("traffic-parameter-invalid", "/paths/~1things/get/parameters/0/items/type"),
        ("traffic-body-invalid", "/definitions/Thing/properties/id/type"),
        ("traffic-body-invalid", "/definitions/Thing/required/0"),
        ("traffic-parameter-invalid", "/paths/~1things/put/parameters/0/type"),
    }


def test_version_3_2(tmp_path: Path) -> None:
    url, lines = "https://a.example/test", "application/jsonl"
    good = (
        entry("LINK", f"{url}/things", answered={"id": 1, "name": 2, "in": {"id": 3}}),
        entry("QUERY", f"{url}/things", answered='{"id": 1}\n{"id": 2}\n', kind=lines),
        entry("GET", f"{url}/found?id=5", 204),
    )
    assert _found(tmp_path / "good", V32, *good) == set()
    schema = "/components/schemas/Thing"
    bad = (
        entry("LINK", f"{url}/things", answered={"id": 1}),
        entry("QUERY", f"{url}/things", answered='{"id": 1}\n{}\n', kind=lines),
        entry("GET", f"{url}/found?id=x", 204),
    )
    body = "/components/responses/Thing/content/application~1json/schema/required/0"
    assert _found(tmp_path / "bad", V32, *bad) == {
        ("traffic-body-invalid", body),
        ("traffic-body-invalid", f"{schema}/required/0"),
        ("traffic-parameter-invalid", f"{schema}/properties/id/type"),
    }
