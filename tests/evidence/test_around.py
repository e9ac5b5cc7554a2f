"""What lies around the exchanges that a contract describes, and contracts that describe the same."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import entry, har, lay_out
from tests.support.inside import archlint

SITE = "https://shop.example"
CONTRACT = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: "https://shop.example/api"}]
security: [{key: []}]
paths:
  /carts/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: $filter, in: query, schema: {type: string}}
        - {name: "ids[]", in: query, schema: {type: array, items: {type: integer}}}
      responses:
        "200":
          description: a cart
          content: {application/json: {schema: {type: object, required: [id]}}}
        "302": {description: log in}
components: {securitySchemes: {key: {type: apiKey, in: query, name: "api[key]"}}}
"""
KEY = "api%5Bkey%5D=k"
GOOD = entry("GET", f"{SITE}/api/carts/1?{KEY}", answered={"id": 1})


def _run(folder: Path, *entries: dict[str, Any], contract: str = CONTRACT) -> tuple[list[str], str]:
    """The rules that find something, and what is told beside."""
    lay_out(folder, har(GOOD, *entries), contract)
    done = archlint("verify", "traffic.har", "--format", "json", "--profile", "strict", cwd=folder)
    assert done.code in (0, 1), done.err
    return [item["rule"] for item in json.loads(done.out)["findings"]], done.err


PAGE = (
    entry("GET", f"{SITE}/", answered="<html>", kind="text/html"),
    entry("GET", f"{SITE}/static/app.js?v=2", answered="x", kind="text/javascript"),
    entry("GET", f"{SITE}/favicon.ico"),
)


def test_a_recording_of_a_browser_has_more_in_it_than_the_api(tmp_path: Path) -> None:
    around = (
        entry("OPTIONS", f"{SITE}/api/carts/1", 204),
        entry("GET", f"{SITE}/api/carts/1", 302),
        entry("GET", f"{SITE}/api/admin/1", 403),
        entry("GET", "https://cdn.example/app.css"),
    )
    found, told = _run(tmp_path, *PAGE, *around)
    assert found == []
    assert "info: 4 exchanges judged" in told
    assert "info: 4 exchanges left out" in told
    assert "warning" not in told


def test_pages_at_the_host_of_an_api_are_not_of_it(tmp_path: Path) -> None:
    at_root = CONTRACT.replace("shop.example/api", "shop.example").replace("/carts/", "/api/carts/")
    assert _run(tmp_path, *PAGE, contract=at_root)[0] == []
    assert _run(tmp_path, entry("GET", f"{SITE}/api/orders"), contract=at_root)[0] == ["traffic-undescribed"]


def test_what_lies_below_the_path_of_a_server_is_of_the_api(tmp_path: Path) -> None:
    assert _run(tmp_path, entry("GET", f"{SITE}/api/page.html"))[0] == ["traffic-undescribed"]


def test_names_of_queries_may_be_encoded(tmp_path: Path) -> None:
    url = f"{SITE}/api/carts/1?{KEY}&%24filter=a&ids%5B%5D=1&ids%5b%5d=2"
    assert _run(tmp_path, entry("GET", url, answered={"id": 1}))[0] == []


def test_bodies_that_were_kept_as_they_were_packed_are_unpacked_or_told(tmp_path: Path) -> None:
    packed = entry("GET", f"{SITE}/api/carts/1?{KEY}", answered="-", back={"Content-Encoding": "gzip"})
    packed["response"]["content"]["text"] = base64.b64encode(gzip.compress(b'{"id": 1}')).decode()
    packed["response"]["content"]["encoding"] = "base64"
    wrong, broken, other = (json.loads(json.dumps(packed)) for _ in range(3))
    wrong["response"]["content"]["text"] = base64.b64encode(gzip.compress(b"{}")).decode()
    broken["response"]["content"]["text"] = "====="
    other["response"]["headers"] = [{"name": "Content-Encoding", "value": "br"}]
    found, told = _run(tmp_path, packed, broken, other)
    assert found == []
    assert "2 bodies not judged" in told
    assert _run(tmp_path, wrong)[0] == ["traffic-body-invalid"]


REQUESTS = {
    "postman parts": {
        "item": [
            {
                "request": {
                    "url": {
                        "protocol": "https",
                        "host": ["shop", "example"],
                        "path": ["api", "carts", ":id"],
                        "query": [{"key": "api[key]", "value": "k"}, {"key": "z", "disabled": True}],
                        "variable": [{"key": "id", "value": "x"}],
                    }
                }
            }
        ]
    },
    "postman parts that raw does not have": {
        "item": [
            {
                "request": {
                    "url": {
                        "raw": "{{base}}/carts/1?api[key]=k",
                        "host": ["{{base}}"],
                        "path": ["carts", "1"],
                        "query": [
                            {"key": "api[key]", "value": "k"},
                            {"key": "ids[]", "value": "x"},
                            {"key": "$filter", "value": "a&b#c"},
                        ],
                    }
                }
            }
        ]
    },
    "postman without a scheme": {
        "item": [{"request": {"url": {"raw": f"localhost:8080/api/carts/x?{KEY}"}, "header": "A: b\n"}}]
    },
    "postman auth": {
        "item": [
            {
                "request": {
                    "url": "{{base}}/carts/x",
                    "auth": {"type": "apikey", "apikey": {"key": "api[key]", "value": "k", "in": "query"}},
                }
            }
        ]
    },
    "script": f"< {{%\n  request.variables.set('a', 1)\n%}}\nGET {SITE}/api/carts/x?{KEY}\n",
    "no scheme": f"### one\nshop.example/api/carts/x?{KEY}\n",
}


@pytest.mark.parametrize("kind", REQUESTS)
def test_urls_and_scripts_are_read_as_the_tools_write_them(tmp_path: Path, kind: str) -> None:
    written = REQUESTS[kind]
    is_text = isinstance(written, str)
    name = "a.http" if is_text else "a.json"
    lay_out(tmp_path, written if is_text else json.dumps({"info": {}, **written}), CONTRACT, name)
    flags = ("--format", "json", "--profile", "strict")
    done = archlint("verify", name, *flags, cwd=tmp_path)
    assert [item["rule"] for item in json.loads(done.out)["findings"]] == ["traffic-parameter-invalid"]
    assert "left out" not in done.err


OTHER = CONTRACT.replace("/carts/{id}", "/orders/{id}").replace("shop.example", "orders.example")
HEALTH = """
  /health:
    get: {security: [], responses: {"200": {description: up}}}
components:"""


def test_what_fits_several_contracts_goes_to_the_one_that_the_host_is_of(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        har(
            entry("GET", f"http://localhost:3000/api/carts/1?{KEY}", answered={"id": 1}),
            entry("GET", "http://localhost:3000/api/health", 503),
        ),
        CONTRACT.replace("\ncomponents:", HEALTH),
    )
    (tmp_path / "orders.yaml").write_text(OTHER.replace("\ncomponents:", HEALTH), "utf-8")
    done = archlint("verify", "traffic.har", "--format", "json", cwd=tmp_path)
    assert [item["path"] for item in json.loads(done.out)["findings"]] == ["openapi.yaml"]
    assert "2 exchanges judged" in done.err


def test_what_fits_several_contracts_equally_well_is_told_and_not_judged(tmp_path: Path) -> None:
    lay_out(tmp_path, har(entry("GET", f"{SITE}/api/carts/x")), CONTRACT)
    (tmp_path / "bundle.yaml").write_text(CONTRACT, "utf-8")
    done = archlint("verify", "traffic.har", cwd=tmp_path)
    assert done.code == 2
    assert "1 exchange not judged, as 'bundle.yaml' and 'openapi.yaml' describe" in done.err
    assert archlint("verify", "traffic.har", "--contract", "bundle.yaml", cwd=tmp_path).code == 1


def test_a_log_that_tells_hosts_goes_to_the_contracts_of_these(tmp_path: Path) -> None:
    log = "".join(f'{host} "GET /api/health HTTP/1.1" 204\n' for host in ("shop.example", "orders.example"))
    lay_out(tmp_path, log, CONTRACT.replace("\ncomponents:", HEALTH), "access.log")
    (tmp_path / "orders.yaml").write_text(OTHER.replace("\ncomponents:", HEALTH), "utf-8")
    flags = ("--log-format", '$host "$request" $status', "--ignore", "traffic-missing", "--format", "json")
    done = archlint("verify", "access.log", *flags, cwd=tmp_path)
    paths = sorted(item["path"] for item in json.loads(done.out)["findings"])
    assert paths == ["openapi.yaml", "orders.yaml"]


def test_cookies_may_be_encoded(tmp_path: Path) -> None:
    cookie = "- {name: day, in: cookie, schema: {type: string, maxLength: 3}}"
    contract = CONTRACT.replace("- {name: $filter", f"{cookie}\n        - {{name: $filter")
    url = f"{SITE}/api/carts/1?{KEY}"
    sent = [
        entry("GET", url, answered={"id": 1}, headers={"Cookie": f"day={day}"}) for day in ("a%20b", "long")
    ]
    assert _run(tmp_path, *sent, contract=contract)[0] == ["traffic-parameter-invalid"]


def test_a_method_that_nobody_knows_is_told_by_its_length(tmp_path: Path) -> None:
    lay_out(tmp_path, har(entry("PROPFIND", f"{SITE}/api/carts/1")), CONTRACT)
    done = archlint("verify", "traffic.har", cwd=tmp_path)
    assert "/carts/{id} has no <8 characters>, and one was answered" in done.out


@pytest.mark.parametrize(("folder", "pattern"), [("testdata", "testdata/"), ("api", "ap*/")])
def test_contracts_that_are_excluded_are_named_with_the_pattern(
    tmp_path: Path, folder: str, pattern: str
) -> None:
    lay_out(tmp_path, har(GOOD), CONTRACT)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "notes.yaml").write_text("a: 1\n", "utf-8")
    (tmp_path / "openapi.yaml").rename(tmp_path / folder / "openapi.yaml")
    done = archlint("verify", "traffic.har", "--exclude", "ap*/", cwd=tmp_path)
    assert done.code == 2
    assert f"the contract '{folder}/openapi.yaml' is excluded by '{pattern}'" in done.err
    assert f"--contract {folder}/openapi.yaml" in done.err
