"""What contracts mean although they do not say it exactly, and texts that stand for nothing."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import entry, har, lay_out
from tests.support.inside import archlint

HOST = "https://a.example"
B = "{type: object, required: [n], properties: {n: {type: integer}}}"
NULLABLE = {
    "3.0.3": (
        "{nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}",
        "{nullable: true, $ref: '#/components/schemas/B'}",
        "{type: object, nullable: true, oneOf: [{$ref: '#/components/schemas/B'}]}",
        "{type: string, nullable: true, enum: [x]}",
    ),
    "3.1.0": ("{type: object, nullable: true}", "{anyOf: [{type: string}], nullable: true}"),
}
FORM = """
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {a: {type: array, items: {type: object}}}}
          text/plain: {schema: {type: string}}
          application/json: {schema: {type: object}}"""


def _contract(version: str, schema: str) -> str:
    return f"""
openapi: {version}
info: {{title: A, version: "1"}}
servers: [{{url: {HOST}}}]
paths:
  /a:
    get:
      parameters:
        - {{name: list, in: query, explode: false, schema: {{type: array, items: {{enum: [a, b]}}}}}}
        - name: deep
          in: query
          style: deepObject
          schema: {{type: object, nullable: true}}
        - {{name: sort, in: query, schema: {{type: object, properties: {{sent: {{enum: [asc]}}}}}}}}
        - {{name: sent, in: query, schema: {{type: string, format: date}}}}
        - {{name: X-List, in: header, schema: {{type: array, maxItems: 2, items: {{type: integer}}}}}}
        - {{name: X-One, in: header, schema: {{type: integer}}}}
      responses:
        "200": {{description: a, content: {{application/json: {{schema: {schema}}}}}}}
    post:
      requestBody:
        required: true
        content: {FORM}
      responses: {{"204": {{description: done}}}}
components: {{schemas: {{B: {B}}}}}
"""


def _rules(folder: Path, version: str, schema: str, *entries: dict[str, Any]) -> list[str]:
    lay_out(folder, har(*entries), _contract(version, schema))
    flags = ("--format", "json", "--ignore", "traffic-missing", "--no-cache")
    done = archlint("verify", "traffic.har", *flags, cwd=folder)
    return [found["rule"] for found in json.loads(done.out)["findings"]]


@pytest.mark.parametrize("version", NULLABLE)
def test_null_is_let_in_where_the_contract_means_it(tmp_path: Path, version: str) -> None:
    for number, member in enumerate(NULLABLE[version]):
        null, wrong = (entry("GET", f"{HOST}/a", answered={"p": body}) for body in (None, []))
        schema = f"{{properties: {{p: {member}}}}}"
        folder = tmp_path / str(number)
        assert _rules(folder, version, schema, null) == []
        assert set(_rules(folder, version, schema, wrong)) == {"traffic-body-invalid"}


@pytest.mark.parametrize(
    ("query", "count"),
    [("list=", 0), ("deep=", 0), ("deep[a]=1", 0), ("list=c", 1), ("sent=asc", 0), ("sent=2026-12-01", 0)],
)
def test_texts_that_may_be_meant_otherwise_are_no_mistake(tmp_path: Path, query: str, count: int) -> None:
    found = _rules(tmp_path, "3.0.3", "{}", entry("GET", f"{HOST}/a?{query}", answered="1"))
    assert len(found) == count


@pytest.mark.parametrize(
    ("kind", "body", "rules"),
    [
        ("text/plain", "", []),
        ("application/json", "", ["traffic-body-missing"]),
        ("application/x-www-form-urlencoded", "a=x&a=y", []),  # how objects are written there is not said
    ],
)
def test_bodies_without_a_byte_may_be_meant(tmp_path: Path, kind: str, body: str, rules: list[str]) -> None:
    sent = entry("POST", f"{HOST}/a", 204, asked=body, kind=kind, headers={"Content-Type": kind})
    assert _rules(tmp_path, "3.0.3", "{}", sent) == rules


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [("X-List", ["1", "2"], 0), ("X-List", ["1", "2", "3"], 1), ("X-One", ["1", "a"], 1)],
)
def test_headers_that_are_sent_again_are_read(
    tmp_path: Path, name: str, values: list[str], count: int
) -> None:
    sent = entry("GET", f"{HOST}/a", answered="1")
    sent["request"]["headers"] = [{"name": name.lower(), "value": value} for value in values]
    assert len(_rules(tmp_path, "3.0.3", "{}", sent)) == count


@pytest.mark.parametrize(
    ("charset", "raw", "rules"),
    [
        ("iso-8859-1", "é".encode("latin-1"), []),
        ("utf-8", "é".encode("latin-1"), ["traffic-body-invalid"]),
        ("unheard-of", "é".encode("latin-1"), []),
    ],
)
def test_texts_are_read_in_their_charset(tmp_path: Path, charset: str, raw: bytes, rules: list[str]) -> None:
    sent = entry("POST", f"{HOST}/a", 204, asked="-", kind=f"text/plain; charset={charset}")
    sent["request"]["postData"].update(text=base64.b64encode(raw).decode(), encoding="base64")
    assert _rules(tmp_path, "3.0.3", "{}", sent) == rules
