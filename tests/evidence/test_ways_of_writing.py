"""Values that may be written in several ways, each of which is right: nothing is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.evidence.recorded import entry, har, lay_out
from tests.support.inside import archlint

HOST = "https://a.example"
FORM, PAIRS, XML = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/xml"
JSON_TYPE, FILE = "application/json", '; filename="blob"'
CONTRACT = f"""
openapi: 3.0.3
info: {{title: A, version: "1"}}
servers: [{{url: {HOST}}}]
paths:
  /parts:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                file: {{type: string, format: binary}}
                long: {{type: string, minLength: 1}}
                about: {{type: object, required: [by]}}
                lines:
                  type: array
                  items: {{type: object, required: [no], properties: {{no: {{type: integer}}}}}}
              additionalProperties: {{type: integer}}
      responses: {{"204": {{description: done}}}}
  /pairs:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            encoding: {{ids: {{explode: false}}}}
            schema:
              type: object
              properties: {{ids: {{type: array, maxItems: 2, items: {{type: integer}}}}}}
              additionalProperties: {{type: integer}}
      responses: {{"204": {{description: done}}}}
  /either:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded: {{schema: {{$ref: "#/components/schemas/Either"}}}}
          application/xml: {{schema: {{$ref: "#/components/schemas/Either"}}}}
      responses: {{"204": {{description: done}}}}
  /list:
    post:
      requestBody:
        content:
          application/xml:
            schema:
              type: object
              properties:
                lines:
                  type: array
                  nullable: true
                  items: {{type: object, required: [no], properties: {{no: {{type: integer}}}}}}
      responses: {{"204": {{description: done}}}}
  /deep:
    get:
      parameters:
        - name: labels
          in: query
          style: deepObject
          schema: {{type: object, additionalProperties: {{type: string}}}}
      responses: {{"204": {{description: done}}}}
components:
  schemas:
    Either:
      oneOf:
        - type: object
          required: [kind, value]
          properties: {{kind: {{type: string, enum: [a]}}, value: {{type: integer}}}}
        - type: object
          required: [kind, value]
          properties: {{kind: {{type: string, enum: [b]}}, value: {{type: string}}}}
"""


def _part(name: str, content: str, kind: str = "", file: str = "") -> str:
    typed = f"\r\nContent-Type: {kind}" if kind else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{file}{typed}\r\n\r\n{content}\r\n'


def _parts(*parts: str) -> dict[str, Any]:
    return entry("POST", f"{HOST}/parts", 204, asked="".join(parts) + "--x--\r\n", kind=FORM)


def _post(path: str, body: str, kind: str = PAIRS) -> dict[str, Any]:
    return entry("POST", f"{HOST}{path}", 204, asked=body, kind=kind)


RIGHT = (
    _parts(_part("file", '{"a": 1}', JSON_TYPE, FILE)),
    _parts(_part("file", "{", JSON_TYPE, FILE)),
    _parts(_part("file", '{"a": 1}', JSON_TYPE)),
    _parts(_part("lines", '{"no": 1}', JSON_TYPE)),
    _parts(_part("lines", '{"no": 1}', JSON_TYPE), _part("lines", '{"no": 2}', JSON_TYPE)),
    _parts(_part("lines", '[{"no": 1}]', JSON_TYPE)),
    _parts(_part("more", "5")),
    _post("/pairs", "ids=1,2"),
    _post("/pairs", "ids=1%2C2"),
    _post("/pairs", "more=5"),
    _post("/list", "<a><lines><no>1</no></lines></a>", XML),
    _post("/list", "<a><lines><no>1</no></lines><lines><no>2</no></lines></a>", XML),
    entry("GET", f"{HOST}/deep?labels[a]=5", 204),
)
OPEN = (
    _parts(_part("about", "", JSON_TYPE, FILE)),  # browsers keep no content of files
    _parts(_part("long", "", "text/plain", FILE)),
    _post("/either", "kind=b&value=12"),
    _post("/either", "<a><kind>b</kind><value>12</value></a>", XML),
)
WRONG = (
    (_parts(_part("lines", "{}", JSON_TYPE)), "required/0"),
    (_parts(_part("about", "{", JSON_TYPE)), "schema"),
    (_parts(_part("more", "x")), "additionalProperties/type"),
    (_post("/pairs", "ids=1,2,3"), "maxItems"),
    (_post("/pairs", "more=x"), "additionalProperties/type"),
    (_post("/list", "<a><lines/></a>", XML), "required/0"),
)


def _verify(folder: Path, *entries: dict[str, Any]) -> tuple[list[str], str]:
    lay_out(folder, har(*entries), CONTRACT)
    done = archlint("verify", "traffic.har", "--format", "json", "--no-cache", cwd=folder)
    found = json.loads(done.out)["findings"]
    return [each["pointer"] for each in found if each["rule"] != "traffic-missing"], done.err


def test_each_way_is_right(tmp_path: Path) -> None:
    found, told = _verify(tmp_path, *RIGHT)
    assert found == []
    assert "not judged" not in told


def test_what_may_mean_several_things_is_told_and_not_judged(tmp_path: Path) -> None:
    found, told = _verify(tmp_path, *OPEN)
    assert found == []
    assert f"{len(OPEN)} bodies not judged" in told


def test_mistakes_in_each_way_are_found(tmp_path: Path) -> None:
    for number, (sent, expected) in enumerate(WRONG):
        found, _ = _verify(tmp_path / str(number), sent)
        assert len(found) == 1, expected
        assert found[0].endswith(expected)
