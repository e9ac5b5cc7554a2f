"""All kinds of evidence: the same requests give the same findings, and none gives a value away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.evidence.kinds import KINDS, Headers
from tests.evidence.recorded import HOST, all_reports, lay_out
from tests.support.inside import archlint

TOKEN = "Canary7Q"
BEARER = {"Authorization": "Bearer t"}
CART = '{"id": 1, "total": 2}'
REQUESTS: list[tuple[str, str, Headers, str | None, set[str]]] = [
    ("GET", f"{HOST}/carts/1?limit=5", BEARER, None, set()),
    ("GET", f"{HOST}/carts/1", BEARER, None, {"traffic-parameter-missing"}),
    ("GET", f"{HOST}/carts/1?limit=500", BEARER, None, {"traffic-parameter-invalid"}),
    ("GET", f"{HOST}/carts/x?limit=5", BEARER, None, {"traffic-parameter-invalid"}),
    ("GET", f"{HOST}/carts/1?limit=5", {}, None, {"traffic-credential-missing"}),
    ("GET", f"{HOST}/carts/1?limit=5", {**BEARER, "X-Shop": "a"}, None, {"traffic-parameter-invalid"}),
    ("POST", f"{HOST}/carts", BEARER, CART, set()),
    ("POST", f"{HOST}/carts", BEARER, None, {"traffic-body-missing"}),
    ("POST", f"{HOST}/carts", BEARER, '{"id": "1"}', {"traffic-body-invalid"}),
    ("PUT", f"{HOST}/carts", BEARER, CART, {"traffic-undescribed"}),
    ("GET", f"{HOST}/nowhere", BEARER, None, {"traffic-undescribed"}),
]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_all_kinds_tell_the_same(tmp_path: Path, kind: str) -> None:
    for number, (method, url, headers, body, expected) in enumerate(REQUESTS):
        folder = tmp_path / str(number)
        lay_out(folder, "")
        for name, text in KINDS[kind](method, url, headers, body).items():
            (folder / name).write_text(text, "utf-8")
            done = archlint("verify", name, "--format", "json", "--ignore", "traffic-missing", cwd=folder)
            found = {item["rule"] for item in json.loads(done.out)["findings"]} if done.out else done.err
            assert found == expected, (method, url, body)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_gives_a_value_away(tmp_path: Path, kind: str) -> None:
    headers = {
        "Authorization": TOKEN,
        "X-Shop": TOKEN,
        TOKEN: TOKEN,
        "Cookie": f"seen={TOKEN}; {TOKEN}={TOKEN}",
    }
    sent = f'{{"id": "{TOKEN}", "{TOKEN}": 1, "lines": [{{"sku": ["{TOKEN}"]}}]}}'
    asked = [
        ("GET", f"{HOST}/carts/{TOKEN}?limit={TOKEN}&{TOKEN}={TOKEN}", None),
        ("POST", f"{HOST}/carts", sent),
        ("GET", f"{HOST}/{TOKEN}", None),
    ]
    found = 0
    for number, (method, url, body) in enumerate(asked):
        folder = tmp_path / str(number)
        lay_out(folder, "")
        for name, text in KINDS[kind](method, url, headers, body).items():
            (folder / name).write_text(text, "utf-8")
            told = all_reports(folder, name)
            found += told.count("traffic-")
            assert TOKEN.lower() not in told.lower()
    assert found > 20


LOG = """\
10.0.0.1 - - [30/Nov/2026:10:00:00 +0000] "GET /v1/carts/1?limit=5 HTTP/1.1" 200 12
10.0.0.1 - Canary7Q [30/Nov/2026:10:00:00 +0000] "GET /v1/carts/1?limit=Canary7Q HTTP/1.1" 200 12
10.0.0.1 - - [30/Nov/2026:10:00:00 +0000] "GET /v1/carts/1?limit=5 HTTP/1.1" 418 12
Canary7Q
"""


QUERIES = ("?limit=5", "?limit=x", "")
FORMS = (
    "common",
    '%h %l %u %t "%r" %>s %b',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent',
)


@pytest.mark.parametrize("form", FORMS)
def test_access_logs_are_read_by_their_format(tmp_path: Path, form: str) -> None:
    lay_out(tmp_path, LOG, name="access.log")
    done = archlint("verify", "access.log", "--log-format", form, "--format", "json", cwd=tmp_path)
    found = {item["rule"] for item in json.loads(done.out)["findings"]}
    assert found == {"traffic-parameter-invalid", "traffic-status-undeclared", "traffic-missing"}
    assert "1 entry left out" in done.err
    assert TOKEN not in done.out + done.err


def test_access_logs_of_envoy_are_read(tmp_path: Path) -> None:
    after = '- via_upstream - "-" 0 12 3 2 "-" "curl" "6d1" "api.shop.example" "10.0.0.2:80"'
    lines = (f'[2026-11-30T10:00:00.000Z] "GET /v1/carts/1{query} HTTP/1.1" 200 {after}' for query in QUERIES)
    lay_out(tmp_path, "\n".join(lines), name="access.log")
    done = archlint("verify", "access.log", "--log-format", "envoy", "--format", "json", cwd=tmp_path)
    found = [item["rule"] for item in json.loads(done.out)["findings"] if item["rule"] != "traffic-missing"]
    assert sorted(found) == ["traffic-parameter-invalid", "traffic-parameter-missing"]


def test_a_format_that_fits_no_line_is_no_verdict(tmp_path: Path) -> None:
    lay_out(tmp_path, LOG, name="access.log")
    assert archlint("verify", "access.log", "--log-format", "$status $request", cwd=tmp_path).code == 2
    assert archlint("verify", "access.log", "--log-format", "$nothing", cwd=tmp_path).code == 2
    assert archlint("verify", "access.log", cwd=tmp_path).code == 2


def test_collections_that_a_generator_made_of_a_contract_have_no_values(tmp_path: Path) -> None:
    request = {
        "method": "GET",
        "url": {"raw": "{{base}}/carts/:id?limit=<integer>", "variable": [{"key": "id", "value": "<long>"}]},
    }
    answer = {
        "originalRequest": request,
        "code": 200,
        "header": [{"key": "Content-Type", "value": "application/json"}, {"key": "X-Total", "value": "1"}],
        "body": '{"id": "<integer>", "total": "<number>"}',
    }
    item = {"name": "one", "request": request, "response": [answer]}
    lay_out(tmp_path, json.dumps({"info": {"name": "shop"}, "item": [item]}), name="shop.json")
    done = archlint("verify", "shop.json", "--format", "json", "--ignore", "traffic-missing", cwd=tmp_path)
    assert json.loads(done.out)["findings"] == []
    assert "1 body not judged" in done.err


COPY = """
openapi: 3.1.0
info: {title: What the web shop calls, version: "1"}
paths:
  /carts/{id}:
    parameters: [{$ref: "#/components/parameters/id"}]
    get:
      parameters: [{name: limit, in: query, required: true, example: 500, schema: {type: integer}}]
      responses:
        "200":
          description: the cart
          content: {application/json: {examples: {one: {value: {id: 1, total: "2"}}}}}
components:
  parameters:
    id: {name: id, in: path, required: true, schema: {type: integer}}
"""


def test_examples_of_a_copy_are_held_against_the_contract(tmp_path: Path) -> None:
    lay_out(tmp_path, COPY, name="copy.yaml")
    flags = ("--contract", "openapi.yaml", "--format", "json", "--ignore", "traffic-missing")
    done = archlint("verify", "copy.yaml", *flags, cwd=tmp_path)
    found = {item["pointer"] for item in json.loads(done.out)["findings"]}
    assert found == {
        "/components/schemas/Cart/properties/total/type",
        "/paths/~1carts~1{id}/get/parameters/0/schema/maximum",
    }
    assert archlint("verify", ".", *flags, cwd=tmp_path).code == 2
