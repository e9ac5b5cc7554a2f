"""Bodies that are no JSON: forms in several parts, XML, texts and bytes, each with and without a mistake."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import all_reports, entry, har, lay_out
from tests.support.inside import archlint

HOST = "https://a.example"
TOKEN = "Canary7Q"
CONTRACT = f"""
openapi: 3.0.3
info: {{title: A, version: "1"}}
servers: [{{url: {HOST}}}]
paths:
  /a:
    post:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              additionalProperties: false
              required: [title, file, tags]
              properties:
                title: {{type: string, maxLength: 5}}
                pages: {{type: integer}}
                tags: {{type: array, items: {{type: string}}}}
                about: {{type: object, required: [by]}}
                file: {{type: string, format: binary}}
          application/xml:
            schema: {{$ref: "#/components/schemas/Book"}}
          text/csv: {{schema: {{type: string, minLength: 3}}}}
          text/plain: {{schema: {{type: integer}}}}
          application/octet-stream: {{schema: {{type: string, format: binary, maxLength: 2}}}}
      responses: {{"204": {{description: done}}}}
components:
  schemas:
    Book:
      type: object
      xml: {{name: book}}
      additionalProperties: false
      required: [id, title]
      properties:
        id: {{type: integer, xml: {{attribute: true}}}}
        title: {{type: string}}
        pages: {{type: integer, nullable: true}}
        tags:
          type: array
          maxItems: 2
          xml: {{wrapped: true}}
          items: {{type: string, xml: {{name: tag}}}}
        parts: {{type: array, items: {{$ref: "#/components/schemas/Part"}}}}
    Part: {{type: object, xml: {{name: part}}, required: [no], properties: {{no: {{type: integer}}}}}}
"""
SCHEMA = "/paths/~1a/post/requestBody/content/multipart~1form-data/schema"
BOOK = "/components/schemas/Book"


def _parts(**fields: str) -> str:
    file = '; filename="a.png"\r\nContent-Type: image/png'
    head = "--x\r\nContent-Disposition: form-data; name="
    parts = (
        f'{head}"{name}"{file if name == "file" else ""}\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    return "".join(parts) + "--x--\r\n"


FORM, XML = "multipart/form-data; boundary=x", "application/xml"
BODIES: list[tuple[str, str, set[str]]] = [
    (FORM, _parts(title="a", file="PNG", pages="3", tags="b", about='{"by": 1}'), set()),
    (FORM, _parts(title="a", file="PNG"), set()),  # a list without items is not written
    (FORM, _parts(file="PNG"), {f"{SCHEMA}/required/0"}),
    (FORM, _parts(title="a"), {f"{SCHEMA}/required/1"}),
    (FORM, _parts(title="abcdef", file="PNG"), {f"{SCHEMA}/properties/title/maxLength"}),
    (FORM, _parts(title="a", file="PNG", pages="x"), {f"{SCHEMA}/properties/pages/type"}),
    (FORM, _parts(title="a", file="PNG", about="{}"), {f"{SCHEMA}/properties/about/required/0"}),
    (FORM, _parts(title="a", file="PNG", more="1"), {f"{SCHEMA}/additionalProperties"}),
    (FORM, "nothing", {SCHEMA}),
    (XML, '<book id="1"><title>a</title></book>', set()),
    (XML, '<b:book xmlns:b="u" id="1"><b:title/><tags><tag>a</tag></tags><pages/></b:book>', set()),
    (XML, '<book id="1"><title>a</title><part><no>1</no></part><part><no>2</no></part></book>', set()),
    (XML, '<book id="x"><title>a</title></book>', {f"{BOOK}/properties/id/type"}),
    (XML, '<book id="1"/>', {f"{BOOK}/required/1"}),
    (XML, '<book id="1"><title>a</title><pages>x</pages></book>', {f"{BOOK}/properties/pages/type"}),
    (XML, '<book id="1"><title>a</title><more/></book>', {f"{BOOK}/additionalProperties"}),
    (
        XML,
        '<book id="1"><title>a</title><part/></book>',
        {"/components/schemas/Part/required/0"},
    ),
    (
        XML,
        '<book id="1"><title>a</title><tags><tag/><tag/><tag/></tags></book>',
        {f"{BOOK}/properties/tags/maxItems"},
    ),
    (XML, "<page/>", {"/paths/~1a/post/requestBody/content/application~1xml/schema"}),
    (XML, "<book>", {"/paths/~1a/post/requestBody/content/application~1xml/schema"}),
    ("text/csv", "a,b", set()),
    ("text/csv", "a", {"/paths/~1a/post/requestBody/content/text~1csv/schema/minLength"}),
    ("text/plain", "7", set()),
    ("text/plain", "x", {"/paths/~1a/post/requestBody/content/text~1plain/schema/type"}),
    ("application/octet-stream", "ab", set()),
    (
        "application/octet-stream",
        "abc",
        {"/paths/~1a/post/requestBody/content/application~1octet-stream/schema/maxLength"},
    ),
]
ENTITIES = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
BOMB = f'<!DOCTYPE book [{ENTITIES}]><book id="1"><title>&b;</title></book>'
UNREAD = {
    "entities": ("application/xml", BOMB),
    "deep": ("application/xml", "<book>" * 5000),
    "no boundary": ("multipart/form-data", _parts(title="a")),
    "many parts": (FORM, "--x\r\n" * 5000),
}


def _found(folder: Path, *entries: dict[str, Any]) -> tuple[set[str], str]:
    lay_out(folder, har(*entries), CONTRACT)
    done = archlint("verify", "traffic.har", "--format", "json", "--no-cache", cwd=folder)
    return {found["pointer"] for found in json.loads(done.out)["findings"]}, done.err


def test_bodies_are_judged_by_what_their_parts_mean(tmp_path: Path) -> None:
    for number, (kind, body, expected) in enumerate(BODIES):
        sent = entry("POST", f"{HOST}/a", 204, asked=body, kind=kind)
        found, told = _found(tmp_path / str(number), sent)
        assert found == expected, (kind, body)
        assert "not judged" not in told, (kind, body)


@pytest.mark.parametrize("name", UNREAD)
def test_bodies_that_are_not_read_are_told(tmp_path: Path, name: str) -> None:
    kind, body = UNREAD[name]
    found, told = _found(tmp_path, entry("POST", f"{HOST}/a", 204, asked=body, kind=kind))
    assert found == set()
    assert "1 body not judged" in told


def test_fields_that_evidence_lists_are_judged(tmp_path: Path) -> None:
    sent = entry("POST", f"{HOST}/a", 204, asked="-", kind="multipart/form-data; boundary=y")
    sent["request"]["postData"] = {
        "mimeType": "multipart/form-data",
        "params": [{"name": "title", "value": "abcdef"}, {"name": "file", "fileName": "a.png"}],
    }
    assert _found(tmp_path, sent)[0] == {f"{SCHEMA}/properties/title/maxLength"}


def test_bytes_of_a_form_are_judged(tmp_path: Path) -> None:
    sent = entry("POST", f"{HOST}/a", 204, asked="-", kind=FORM)
    raw = _parts(title="ä", file="@").encode().replace(b"@", b"\x89PNG\xff")
    sent["request"]["postData"].update(text=base64.b64encode(raw).decode(), encoding="base64")
    assert _found(tmp_path, sent) == (set(), _found(tmp_path, sent)[1])


def test_no_report_holds_anything_of_a_body(tmp_path: Path) -> None:
    bodies = (
        (FORM, _parts(title=TOKEN, pages=TOKEN, about=TOKEN, **{TOKEN: TOKEN})),
        (FORM, _parts(title=TOKEN, pages=TOKEN, tags=TOKEN, **{TOKEN: TOKEN})),
        (FORM, TOKEN),
        (f"multipart/form-data; boundary={TOKEN}", f"--{TOKEN}--"),
        (
            XML,
            f'<book id="{TOKEN}" {TOKEN}="1"><title>{TOKEN}</title><{TOKEN}/><pages>{TOKEN}</pages></book>',
        ),
        (XML, f"<{TOKEN}/>"),
        (XML, f"<{TOKEN}"),
        ("text/plain", TOKEN),
        ("application/octet-stream", TOKEN),
    )
    entries = [entry("POST", f"{HOST}/a", 204, asked=body, kind=kind) for kind, body in bodies]
    lay_out(tmp_path, har(*entries), CONTRACT)
    text = all_reports(tmp_path, "traffic.har")
    assert text.count("traffic-body-invalid") > 10
    assert TOKEN.lower() not in text.lower()


def test_parts_of_what_is_no_object_are_told(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        har(entry("POST", f"{HOST}/a", 204, asked="--x\r\n[1]\r\n--x--", kind=FORM)),
        CONTRACT.replace("schema:\n              type: object", "schema:\n              type: array", 1),
    )
    done = archlint("verify", "traffic.har", "--format", "json", "--no-cache", cwd=tmp_path)
    assert [found["rule"] for found in json.loads(done.out)["findings"]] == []
    assert "1 body not judged" in done.err
