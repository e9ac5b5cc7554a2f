"""Parts of forms, lists and styles, by what contracts say of their encoding; what nobody can read is told."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import entry, har, lay_out
from tests.support.inside import archlint

HOST = "https://a.example"
FORM, PAIRS = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
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
            encoding:
              photo:
                contentType: image/png, image/jpeg
                headers:
                  X-Size: {{required: true, schema: {{type: integer}}}}
                  Content-Type: {{required: true, schema: {{type: integer}}}}
              any: {{contentType: "image/*"}}
            schema:
              type: object
              properties: {{photo: {{type: string, format: binary}}, any: {{type: string}}}}
      responses: {{"204": {{description: done}}}}
  /pairs:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            encoding: {{about: {{contentType: application/json}}}}
            schema:
              type: object
              properties: {{about: {{type: object, required: [by]}}}}
      responses: {{"204": {{description: done}}}}
  /lists:
    get:
      parameters:
        - name: ids
          in: query
          explode: false
          schema:
            oneOf:
              - {{type: array, items: {{type: integer}}}}
              - {{type: array, items: {{type: boolean}}}}
      responses: {{"204": {{description: done}}}}
"""


def _found(folder: Path, *entries: dict[str, Any], contract: str = CONTRACT) -> tuple[list[Any], str]:
    """Pointer and message of each finding, and what is told beside."""
    lay_out(folder, har(*entries), contract)
    flags = ("--ignore", "traffic-missing", "--format", "json")
    done = archlint("verify", "traffic.har", *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    return [(item["pointer"], item["message"]) for item in json.loads(done.out)["findings"]], done.err


def _part(name: str, *headers: str, content: str = "-") -> str:
    told = "".join(f"{header}\r\n" for header in headers)
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n{told}\r\n{content}\r\n--x--\r\n'


def _sent(body: str, kind: str = FORM, path: str = "/parts") -> dict[str, Any]:
    return entry("POST", HOST + path, 204, asked=body, kind=kind)


ENCODING = "/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding"
PARTS: list[tuple[str, tuple[str, ...], str | None, str]] = [
    ("photo", ("Content-Type: image/png", "X-Size: 3"), None, ""),
    ("photo", ("content-type: IMAGE/JPEG; q=1", "x-size: 3"), None, ""),
    ("photo", ("X-Size: 3",), None, ""),
    ("photo", ("Content-Type: text/plain", "X-Size: 3"), "/photo/contentType", "is text/plain, and its"),
    ("photo", ("Content-Type: a/Canary", "X-Size: 3"), "/photo/contentType", "is another media type, and"),
    ("photo", ("Content-Type: image/png",), "/photo/headers/X-Size", "lacks the header 'X-Size'"),
    (
        "photo",
        ("X-Size: Canary",),
        "/photo/headers/X-Size/schema/type",
        "must be an integer, not a string of 6",
    ),
    ("any", ("Content-Type: image/webp",), None, ""),
    ("any", ("Content-Type: text/csv",), "/any/contentType", "takes image/*"),
    ("other", ("Content-Type: text/csv",), None, ""),
]


@pytest.mark.parametrize("number", range(len(PARTS)))
def test_parts_are_held_against_their_encoding(tmp_path: Path, number: int) -> None:
    name, headers, where, said = PARTS[number]
    found, _ = _found(tmp_path, _sent(_part(name, *headers)))
    assert [pointer for pointer, _ in found] == ([] if where is None else [ENCODING + where])
    assert all(said in message and "Canary" not in message for _, message in found)


def test_fields_that_evidence_lists_lack_no_header(tmp_path: Path) -> None:
    made = _sent("")
    params = [{"name": "photo", "value": "-", "contentType": "image/png"}]
    made["request"]["postData"] = {"mimeType": "multipart/form-data", "params": params}
    assert _found(tmp_path, made)[0] == []
    params[0]["contentType"] = "text/csv"
    assert [pointer for pointer, _ in _found(tmp_path, made)[0]] == [f"{ENCODING}/photo/contentType"]


def test_members_of_forms_that_are_json_are_read_as_such(tmp_path: Path) -> None:
    assert _found(tmp_path, _sent("about=%7B%22by%22%3A1%7D", PAIRS, "/pairs"))[0] == []
    for body in ("about=%7B%7D", "about=1", "about=no"):
        assert len(_found(tmp_path, _sent(body, PAIRS, "/pairs"))[0]) == 1


LISTS = {"1,2": True, "true,false": True, "1": True, "1,true": False, "a": False, "1.5": False}


@pytest.mark.parametrize("ids", LISTS)
def test_lists_fit_any_alternative_whole(tmp_path: Path, ids: str) -> None:
    found, told = _found(tmp_path, entry("GET", f"{HOST}/lists?ids={ids}", 204))
    assert (not found) is LISTS[ids]
    assert "not judged" not in told


STYLES = ("simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "cookie", "x")
KNOWN = {
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "path": {"simple", "label", "matrix"},
    "cookie": {"form", "cookie"},
}


@pytest.mark.parametrize(("location", "style"), sorted(product(KNOWN, STYLES)))
def test_a_style_that_a_location_does_not_have_is_told(tmp_path: Path, location: str, style: str) -> None:
    named = f"{{name: p, in: {location}, required: true, style: {style}, schema: {{type: integer}}}}"
    path = "/a/{p}" if location == "path" else "/a"
    contract = CONTRACT.partition("  /parts")[0]
    contract += f"  {path}: {{get: {{parameters: [{named}], responses: {{'204': {{description: done}}}}}}}}\n"
    url = {"path": "/a/x", "query": "/a?p=x"}.get(location, "/a")
    headers = {"header": {"P": "x"}, "cookie": {"Cookie": "p=x"}}.get(location)
    found, told = _found(tmp_path, entry("GET", HOST + url, 204, headers=headers), contract=contract)
    is_known = style in KNOWN[location]
    assert ("1 value of parameters or headers not judged" in told) is not is_known
    assert bool(found) is is_known


SWAGGER = """
swagger: "2.0"
info: {title: A, version: "1"}
host: a.example
schemes: [https]
consumes: [application/json, application/x-www-form-urlencoded]
paths:
  /a:
    post:
      parameters:
        - name: ids
          in: formData
          required: true
          type: array
          items: {type: integer}
          collectionFormat: pipes
        - {name: day, in: formData, type: string, maxLength: 2}
      responses: {"204": {description: done}}
"""
FORMS: list[tuple[str, str, list[str]]] = [
    ("ids=1%7C2&day=ab", PAIRS, []),
    ("ids=1|2", PAIRS, []),
    ("ids=1,2", PAIRS, ["/paths/~1a/post/parameters/0/items/type"]),
    ("ids=1&day=abc", PAIRS, ["/paths/~1a/post/parameters/1/maxLength"]),
    ("day=ab", PAIRS, ["/paths/~1a/post/parameters/0/name"]),
    ('{"ids": [1]}', "application/json", ["/consumes"]),
    (_part("ids", content="1|2"), FORM, ["/consumes"]),
]


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_forms_of_2_are_judged(tmp_path: Path, number: int) -> None:
    body, kind, pointers = FORMS[number]
    found, told = _found(tmp_path, _sent(body, kind, "/a"), contract=SWAGGER)
    assert [pointer for pointer, _ in found] == pointers
    assert "not judged" not in told


def test_a_form_of_2_that_is_cut_is_told(tmp_path: Path) -> None:
    in_parts = SWAGGER.replace("x-www-form-urlencoded", "json, multipart/form-data")
    found, _ = _found(tmp_path, _sent("no part", FORM, "/a"), contract=in_parts)
    assert [message.partition("refuses: ")[2][:45] for _, message in found] == [
        "the body has no part that begins with its bou"
    ]
    unknown = SWAGGER.replace("pipes", "dots")
    assert "1 value of parameters" in _found(tmp_path, _sent("ids=1.2", PAIRS, "/a"), contract=unknown)[1]
