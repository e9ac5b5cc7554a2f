"""Ways in which traffic departs from a contract: each is found at its element, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import entry, har, lay_out
from tests.support.inside import archlint

HOST = "https://a.example"
BEARER = {"Authorization": "Bearer t"}
PROPERTIES: dict[str, tuple[str, Any, Any, str]] = {
    # the schema of a member, a value that fits, one that does not, and where it says so
    "text": ("{type: string}", "a", 5, "type"),
    "count": ("{type: integer}", 1, 1.5, "type"),
    "total": ("{type: number}", 1.5, "1.5", "type"),
    "isOpen": ("{type: boolean}", True, "true", "type"),
    "state": ("{type: string, enum: [open, paid]}", "open", "shut", "enum"),
    "short": ("{type: string, maxLength: 3}", "abc", "abcd", "maxLength"),
    "long": ("{type: string, minLength: 3}", "abc", "ab", "minLength"),
    "low": ("{type: integer, minimum: 3}", 3, 2, "minimum"),
    "high": ("{type: number, exclusiveMaximum: true, maximum: 3}", 2.9, 3, "exclusiveMaximum"),
    "even": ("{type: integer, multipleOf: 2}", 4, 5, "multipleOf"),
    "code": ("{type: string, pattern: '^[A-Z]{2}$'}", "DE", "de", "pattern"),
    "mail": ("{type: string, format: email}", "a@b.example", "a", "format"),
    "day": ("{type: string, format: date}", "2026-11-30", "30.11.2026", "format"),
    "few": ("{type: array, maxItems: 2, items: {}}", [1, 2], [1, 2, 3], "maxItems"),
    "names": ("{type: array, items: {type: string}}", ["a"], ["a", None], "items/type"),
    "unique": ("{type: array, uniqueItems: true, items: {}}", [1, 2], [1, 1], "uniqueItems"),
    "inner": ("{type: object, required: [id]}", {"id": 1}, {}, "required/0"),
    "closed": ("{type: object, additionalProperties: false}", {}, {"x": 1}, "additionalProperties"),
    "either": ("{oneOf: [{type: string}, {type: integer}]}", "a", [], "oneOf"),
    "notNull": ("{type: string}", "a", None, "type"),
}
ITEMS = "\n".join(f"        {name}: {schema}" for name, (schema, *_) in PROPERTIES.items())
CONTRACT = f"""
openapi: 3.0.3
info: {{title: Shop, version: "1"}}
servers: [{{url: {HOST}}}]
paths:
  /things:
    get:
      responses:
        "200":
          description: a thing
          content: {{application/json: {{schema: {{$ref: "#/components/schemas/Thing"}}}}}}
    put:
      security: [{{bearer: []}}]
      parameters:
        - {{name: size, in: query, required: true, schema: {{type: integer}}}}
        - {{name: ids, in: query, explode: false, schema: {{type: array, items: {{type: integer}}}}}}
        - name: filter
          in: query
          style: deepObject
          schema: {{type: object, properties: {{a: {{type: integer}}}}}}
        - {{name: X-Kind, in: header, required: true, schema: {{type: string, enum: [a, b]}}}}
      requestBody:
        required: true
        content: {{application/json: {{schema: {{type: object, required: [name]}}}}}}
      responses:
        "204": {{description: done, headers: {{X-Left: {{required: true, schema: {{type: integer}}}}}}}}
  /marks/{{a}}:
    get:
      parameters:
        - name: a
          in: path
          required: true
          style: label
          schema: {{type: array, items: {{type: integer}}}}
      responses: {{"204": {{description: done}}}}
components:
  securitySchemes: {{bearer: {{type: http, scheme: bearer}}}}
  schemas:
    Thing:
      type: object
      properties:
{ITEMS}
"""
PUT = "/paths/~1things/put"
GOOD = {"X-Kind": "a", **BEARER}
BACK = {"X-Left": "1"}


def _put(query: str, **how: Any) -> dict[str, Any]:
    """A request to change a thing, right but for what is given."""
    told = {"headers": GOOD, "back": BACK, "asked": {"name": "n"}, "status": 204, **how}
    status = told.pop("status")
    return entry("PUT", f"{HOST}/things{query}", status, **told)


REQUESTS: list[tuple[dict[str, Any], str, str]] = [
    (_put(""), "traffic-parameter-missing", f"{PUT}/parameters/0/name"),
    (_put("?size=x"), "traffic-parameter-invalid", f"{PUT}/parameters/0/schema/type"),
    (_put("?size=1&ids=1|2"), "traffic-parameter-invalid", f"{PUT}/parameters/1/schema/items/type"),
    (_put("?size=1&filter=1"), "traffic-parameter-invalid", f"{PUT}/parameters/2/style"),
    (
        _put("?size=1&filter[a]=x"),
        "traffic-parameter-invalid",
        f"{PUT}/parameters/2/schema/properties/a/type",
    ),
    (_put("?size=1", headers=BEARER), "traffic-parameter-missing", f"{PUT}/parameters/3/name"),
    (
        _put("?size=1", headers={**BEARER, "X-Kind": "c"}),
        "traffic-parameter-invalid",
        f"{PUT}/parameters/3/schema/enum",
    ),
    (_put("?size=1", headers={"X-Kind": "a"}), "traffic-credential-missing", f"{PUT}/security"),
    (_put("?size=1", asked=None), "traffic-body-missing", f"{PUT}/requestBody/required"),
    (
        _put("?size=1", asked="n", kind="text/plain"),
        "traffic-media-type-undeclared",
        f"{PUT}/requestBody/content",
    ),
    (
        _put("?size=1", asked={}),
        "traffic-body-invalid",
        f"{PUT}/requestBody/content/application~1json/schema/required/0",
    ),
    (_put("?size=1", back={}), "traffic-header-missing", f"{PUT}/responses/204/headers/X-Left"),
    (_put("?size=1", status=201), "traffic-status-undeclared", f"{PUT}/responses"),
    (
        entry("GET", f"{HOST}/marks/1.2", 204),
        "traffic-parameter-invalid",
        "/paths/~1marks~1{a}/get/parameters/0/style",
    ),
    (
        entry("GET", f"{HOST}/things", answered="<a>", kind="text/html"),
        "traffic-media-type-undeclared",
        "/paths/~1things/get/responses/200/content",
    ),
    (entry("DELETE", f"{HOST}/things"), "traffic-undescribed", "/paths/~1things"),
]


def _found(folder: Path) -> set[tuple[str, str]]:
    flags = ("--format", "json", "--ignore", "traffic-missing", "--no-cache")
    done = archlint("verify", "traffic.har", *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    return {(item["rule"], item["pointer"]) for item in json.loads(done.out)["findings"]}


def test_what_is_as_promised_is_silent(tmp_path: Path) -> None:
    thing = {name: value for name, (_, value, *_) in PROPERTIES.items()}
    lay_out(
        tmp_path,
        har(
            entry("GET", f"{HOST}/things", answered=thing),
            _put("?size=1&ids=1,2&filter[a]=3"),
            _put("?size=1&ids=1%2C2&filter%5Ba%5D=3"),
            entry("GET", f"{HOST}/marks/.1,2", 204),
        ),
        CONTRACT,
    )
    assert _found(tmp_path) == set()


def test_each_wrong_value_is_found_at_its_keyword(tmp_path: Path) -> None:
    entries = [
        entry("GET", f"{HOST}/things", answered={name: bad}) for name, (_, _, bad, _) in PROPERTIES.items()
    ]
    lay_out(tmp_path, har(*entries), CONTRACT)
    expected = {
        ("traffic-body-invalid", f"/components/schemas/Thing/properties/{name}/{keyword}")
        for name, (*_, keyword) in PROPERTIES.items()
    }
    assert _found(tmp_path) == expected


@pytest.mark.parametrize("half", [0, 1])
def test_each_wrong_request_is_found_at_its_element(tmp_path: Path, half: int) -> None:
    chosen = REQUESTS[half::2]
    lay_out(tmp_path, har(*(entry for entry, _, _ in chosen)), CONTRACT)
    assert _found(tmp_path) == {(rule, pointer) for _, rule, pointer in chosen}
