"""No report holds a value of the evidence, wherever it stands and whatever format is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.kinds import KINDS
from tests.evidence.recorded import CONTRACT, HOST, all_reports, entry, har, lay_out
from tests.support.inside import said

TOKEN = "Canary7Q"
SENT = {
    "Authorization": f"Bearer {TOKEN}",
    "X-Shop": TOKEN,
    "Cookie": f"seen={TOKEN}; {TOKEN}=1",
    TOKEN: TOKEN,
}
BACK = {"X-Total": TOKEN, TOKEN: TOKEN}
BODY: dict[str, Any] = {
    "id": TOKEN,
    TOKEN: 1,
    "state": TOKEN,
    "mail": f"9{TOKEN}",
    "lines": [{"sku": [TOKEN]}, {TOKEN: TOKEN}, 3],
}
ENTRIES = (
    entry(
        "GET", f"{HOST}/carts/{TOKEN}?limit={TOKEN}&{TOKEN}={TOKEN}", answered=BODY, headers=SENT, back=BACK
    ),
    entry("GET", f"{HOST}/carts/1?limit=5", answered=f"{TOKEN}{{", headers=SENT),
    entry("GET", f"{HOST}/carts/1?limit=5", answered=TOKEN, headers=SENT, kind=f"text/{TOKEN}"),
    entry("POST", f"{HOST}/carts", 201, asked=BODY, headers=SENT),
    entry("POST", f"{HOST}/carts", 201, asked=TOKEN, headers=SENT, kind=f"application/{TOKEN}"),
    entry("POST", f"{HOST}/carts", 201, asked={"id": 1, "total": 2}),
    entry("GET", f"{HOST}/{TOKEN}/{TOKEN}?a={TOKEN}"),
    entry(TOKEN, f"{HOST}/carts"),
    entry("GET", f"https://{TOKEN}.example/{TOKEN}"),
    entry("GET", f"{TOKEN}"),
)


def test_no_format_holds_a_value(tmp_path: Path) -> None:
    lay_out(tmp_path, har(*ENTRIES))
    text = all_reports(tmp_path, "traffic.har")
    assert text.count("traffic-body-invalid") > 10
    assert TOKEN.lower() not in text.lower()


def test_values_are_shown_if_they_are_asked_for(tmp_path: Path) -> None:
    lay_out(tmp_path, har(*ENTRIES))
    assert TOKEN in said("verify", "traffic.har", "--show-values", cwd=tmp_path)[1]


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_broken_evidence_tells_nothing_of_what_it_holds(tmp_path: Path, cut: int) -> None:
    lay_out(tmp_path, har(*ENTRIES)[:-cut])
    code, text = said("verify", "traffic.har", cwd=tmp_path)
    assert code == 2
    assert "traffic.har" in text
    assert TOKEN.lower() not in text.lower()


LOG = f'''1.1.1.1 - {TOKEN} [x] "GET /v1/carts/{TOKEN}?limit={TOKEN}&{TOKEN}=1 HTTP/1.1" 200 1 "{TOKEN}" "-"
1.1.1.1 - - [x] "GET /v1/carts/1/{TOKEN} HTTP/1.1" 200 1 "-" "-"
{TOKEN}
'''
COPY = f"""
openapi: 3.1.0
info: {{title: {TOKEN}, version: "1"}}
paths:
  /carts/{{id}}/{TOKEN}: {{get: {{responses: {{"200": {{content: {{application/json: {{example: 1}}}}}}}}}}}}
  /carts/{{id}}:
    get:
      parameters: [{{name: limit, in: query, example: {TOKEN}}}, {{name: {TOKEN}, in: query, example: 1}}]
      responses:
        "200":
          content: {{application/json: {{examples: {{{TOKEN}: {{value: {{id: {TOKEN}, {TOKEN}: 2}}}}}}}}}}
  /carts:
    post:
      requestBody: {{content: {{application/{TOKEN}: {{example: {TOKEN}}}}}}}
      responses: {{"201": {{description: made}}}}
"""


def test_no_kind_of_evidence_leaks_a_name_or_a_value(tmp_path: Path) -> None:
    lay_out(tmp_path, LOG, name="access.log")
    (tmp_path / "copy.yaml").write_text(COPY, "utf-8")
    requests = (
        ("GET", f"{HOST}/carts/{TOKEN}?limit={TOKEN}&{TOKEN}={TOKEN}", None),
        ("GET", f"{HOST}/{TOKEN}/1", None),
        ("POST", f"{HOST}/carts", json.dumps(BODY)),
        ("POST", f"{HOST}/carts", TOKEN),
    )
    folder = tmp_path / "evidence"
    folder.mkdir()
    for kind, written in KINDS.items():
        for number, (method, url, body) in enumerate(requests):
            for name, text in written(method, url, SENT, body).items():
                (folder / f"{kind}{number}-{name}").write_text(text, "utf-8")
    flags = ("access.log", "copy.yaml", "--log-format", "combined", "--contract", "openapi.yaml")
    text = all_reports(tmp_path, "evidence", "--statistics", "--coverage", "report.coverage", *flags)
    text += (tmp_path / "report.coverage").read_text("utf-8")
    assert "copy.yaml" in text
    assert "access.log" in text
    assert TOKEN.lower() not in text.lower()


PART = f"""--x\r
Content-Disposition: form-data; name="id"; filename="{TOKEN}"\r
Content-Type: a/{TOKEN}\r
X-Total: {TOKEN}\r
\r
{TOKEN}\r
--x\r
Content-Disposition: form-data; name="{TOKEN}"\r
\r
{TOKEN}\r
--x--\r
"""
PARTS = """
        content:
          multipart/form-data:
            encoding:
              id:
                contentType: text/csv
                headers: {X-Total: {schema: {type: integer}}, X-A: {required: true}}
            schema: {$ref: "#/components/schemas/Cart"}
"""
VALUES = {
    "base": HOST,
    "id": TOKEN,
    TOKEN: TOKEN,
    "other": "",
    "host": f"https://{TOKEN}.example",
    "cart": f'{{"id": "{TOKEN}", "{TOKEN}": 1}}',
}
WRITTEN = f"""@own = {TOKEN}
@{TOKEN} = {TOKEN}
### {TOKEN}
# @name {TOKEN}
GET {{{{base}}}}/carts/{{{{id}}}}?limit={{{{own}}}}&{{{{{TOKEN}}}}}=1&a={{{{none{TOKEN}}}}}
Authorization: {TOKEN} {{{{other}}}}
X-{TOKEN}: {{{{{TOKEN}}}}}

> {{% client.global.set("{TOKEN}2", "{TOKEN}") %}}
### b
POST {{{{base}}}}/carts
Content-Type: application/json

< ./{TOKEN}.json
### c
POST {{{{base}}}}/carts
Content-Type: application/json

{{{{cart}}}}
### d
GET {{{{host}}}}/{{{{{TOKEN}}}}}/{TOKEN}
### e
GRAPHQL https://{TOKEN}.example/{TOKEN}
### f
{TOKEN}
"""
LINE = {
    "request": {
        "method": "GET",
        "host": f"{TOKEN}.example",
        "uri": f"/v1/carts/{TOKEN}?limit={TOKEN}",
    },
    "status": 200,
    TOKEN: TOKEN,
}


def _environments(folder: Path) -> None:
    rows = [{"key": name, "value": value} for name, value in VALUES.items()]
    told = {"name": TOKEN, "values": rows, "_postman_variable_scope": "environment"}
    (folder / f"{TOKEN}.postman_environment.json").write_text(json.dumps(told))
    (folder / "http-client.env.json").write_text(json.dumps({TOKEN: VALUES}))
    (folder / f"{TOKEN}.json").write_text(VALUES["cart"])
    asked = {"method": "GET", "url": "{{base}}/carts/{{id}}?limit={{id}}&{{" + TOKEN + "}}={{none}}"}
    sent = {"method": "POST", "url": "{{base}}/carts", "body": {"mode": "raw", "raw": "{{cart}}"}}
    script = {"listen": "prerequest", "script": {"exec": [f'pm.globals.set("{TOKEN}3", 1)']}}
    collection = {"info": {"name": TOKEN}, "item": [{"request": asked, "event": [script]}, {"request": sent}]}
    (folder / "a.postman_collection.json").write_text(json.dumps(collection))
    for name in ("bruno.json", "collection.bru", "environments", "carts"):
        if "." not in name:
            (folder / "bruno" / name).mkdir(parents=True, exist_ok=True)
    lines = "".join(f"  {name}: {value}\n" for name, value in VALUES.items())
    home = folder / "bruno"
    (home / "bruno.json").write_text("{}")
    (home / "collection.bru").write_text(f"headers {{\n  X-{TOKEN}: {TOKEN}\n  X-Shop: {TOKEN}\n}}\n")
    (home / "environments" / f"{TOKEN}.bru").write_text(f"vars {{\n{lines}}}\n")
    url = "{{base}}/carts/{{id}}?limit={{id}}&{{" + TOKEN + "}}={{none}}"
    (home / "carts" / "a.bru").write_text(f"get {{\n  url: {url}\n  auth: none\n}}\n")


def test_no_value_of_an_environment_a_log_or_a_part_is_told(tmp_path: Path) -> None:
    contract = CONTRACT.replace("\n        content:", PARTS.rstrip(), 1)
    folder = tmp_path / "evidence"
    sent = entry(
        "POST", f"{HOST}/carts", 201, asked=PART, headers=SENT, kind="multipart/form-data; boundary=x"
    )
    live = {**entry("GET", f"{HOST}/{TOKEN}", 101), "_webSocketMessages": [{"data": TOKEN}]}
    lay_out(folder, har(sent, live, entry("GET", f"data:{TOKEN}")))
    (folder / "openapi.yaml").unlink()
    (tmp_path / "openapi.yaml").write_text(contract, "utf-8")
    _environments(folder)
    (folder / "a.http").write_text(WRITTEN, "utf-8")
    (folder / "access.log").write_text(f"{json.dumps(LINE)}\n{TOKEN}\n", "utf-8")
    flags = ("--contract", "openapi.yaml", "--log-format", "caddy", "--coverage", "report.coverage")
    text = all_reports(tmp_path, "evidence", *flags)
    text += (tmp_path / "report.coverage").read_text("utf-8")
    for part in (
        "its encoding takes text/csv",
        "lacks the header 'X-A'",
        "is a WebSocket",
        "access.log",
        "a.bru",
    ):
        assert part in text, part
    named = text.replace(f"{TOKEN}.postman_environment.json", "").replace(f"{TOKEN}.bru", "")
    assert TOKEN.lower() not in named.lower()
