"""Variables of requests that somebody wrote: with a value the request is as if it had been written out, and
without one nothing is said of it but that it is not known."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import lay_out
from tests.support.inside import archlint

Values = Mapping[str, str]
Writer = Callable[[Path, list[Values]], str]
"""Writes the requests, and some environments, into a folder; returns what is to be named as evidence."""
BASE = "https://api.shop.example/v1"
RIGHT = {"base": BASE, "id": "7", "limit": "5", "cart": '{"id": 1, "total": 2}'}
WRONG = {**RIGHT, "id": "x", "limit": "500", "cart": '{"id": "1"}'}
SET_LATER = "const a = 1; {0}.set(\"limit\", res.limit); {0}.set('id', 1);"


def _postman(folder: Path, environments: list[Values], script: str = "") -> str:
    bearer = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}
    items = [
        {"request": {"method": "GET", "url": {"raw": "{{base}}/carts/{{id}}?limit={{limit}}"}}},
        {
            "request": {
                "method": "POST",
                "url": "{{base}}/carts",
                "header": [{"key": "Content-Type", "value": "application/json"}],
                "body": {"mode": "raw", "raw": "{{cart}}"},
            }
        },
    ]
    if script:
        items[0]["event"] = [{"listen": "test", "script": {"exec": [script.format("pm.environment")]}}]
    collection = {"info": {"name": "a"}, "auth": bearer, "item": [{"item": items}]}
    (folder / "shop.json").write_text(json.dumps(collection))
    for number, values in enumerate(environments):
        rows = [{"key": name, "value": value, "enabled": True} for name, value in values.items()]
        rows += [{"key": name, "value": "off", "enabled": False} for name in values]
        told = {"name": str(number), "values": rows, "_postman_variable_scope": "environment"}
        (folder / f"{number}.postman_environment.json").write_text(json.dumps(told))
    return "."


def _bruno(folder: Path, environments: list[Values], script: str = "") -> str:
    home = folder / "bruno"
    (home / "carts").mkdir(parents=True, exist_ok=True)
    (home / "environments").mkdir(exist_ok=True)
    (home / "bruno.json").write_text('{"version": "1", "name": "a", "type": "collection"}')
    (home / "collection.bru").write_text(
        "auth {\n  mode: bearer\n}\n\nauth:bearer {\n  token: {{token}}\n}\n"
    )
    (home / "carts" / "folder.bru").write_text("meta {\n  name: carts\n}\n\nauth {\n  mode: inherit\n}\n")
    told = f"\nscript:post-response {{\n  {script.format('bru')}\n}}\n".replace(".set(", ".setVar(")
    (home / "carts" / "get.bru").write_text(
        "get {\n  url: {{base}}/carts/:cart?limit={{limit}}\n  body: none\n  auth: inherit\n}\n\n"
        "params:path {\n  cart: {{id}}\n}\n" + (told if script else "")
    )
    (home / "carts" / "add.bru").write_text(
        "post {\n  url: {{base}}/carts\n  body: json\n  auth: inherit\n}\n\nbody:json {\n  {{cart}}\n}\n"
    )
    for number, values in enumerate(environments):
        lines = "".join(f"  {name}: {value}\n  ~{name}: off\n" for name, value in values.items())
        (home / "environments" / f"{number}.bru").write_text(
            f"vars {{\n{lines}}}\nvars:secret [\n  token\n]\n"
        )
    return "bruno"


def _yaml(folder: Path, environments: list[Values], script: str = "") -> str:
    home = folder / "bruno"
    (home / "carts").mkdir(parents=True, exist_ok=True)
    (home / "environments").mkdir(exist_ok=True)
    root = {"opencollection": "1.0.0", "request": {"auth": {"type": "bearer", "token": "{{token}}"}}}
    run = {"scripts": [{"type": "after-response", "code": script.format("bru").replace(".set(", ".setVar(")}]}
    get = {
        "method": "GET",
        "url": "{{base}}/carts/:cart",
        "params": [
            {"name": "cart", "value": "{{id}}", "type": "path"},
            {"name": "limit", "value": "{{limit}}", "type": "query"},
            {"name": "limit", "value": "off", "type": "query", "disabled": True},
        ],
        "auth": "inherit",
    }
    add = {"method": "post", "url": "{{base}}/carts", "auth": "inherit"}
    add["body"] = {"type": "json", "data": "{{cart}}"}
    files = {
        "opencollection.yml": root,
        "carts/folder.yml": {"info": {"type": "folder"}, "request": {"auth": "inherit"}},
        "carts/get.yml": {"info": {"type": "http"}, "http": get, **({"runtime": run} if script else {})},
        "carts/add.yml": {"info": {"type": "http"}, "http": add},
    }
    for number, values in enumerate(environments):
        rows = [{"name": name, "value": value} for name, value in values.items()]
        secret = {"name": "token", "secret": True}
        files[f"environments/{number}.yml"] = {"name": str(number), "variables": [*rows, secret]}
    for name, data in files.items():
        # JSON is YAML, but for what its reader goes by
        (home / name).write_text("# a\n" + json.dumps(data, indent=1).replace('"http":', "http:"))
    return "bruno"


REQUESTS = """@mine = {{limit}}
### one
GET {{base}}/carts/{{id}}
  ?limit={{mine}}
Authorization: Bearer {{token}}

> {%
  SCRIPT
%}

### two
POST {{base}}/carts
Content-Type: application/json
Authorization: Bearer {{$uuid}}

{{cart}}

>>! answer.json
"""


def _http(folder: Path, environments: list[Values], script: str = "") -> str:
    (folder / "http").mkdir(exist_ok=True)
    text = REQUESTS.replace("SCRIPT", script.format("client.global"))
    (folder / "http" / "shop.http").write_text(text)
    told = {str(number): values for number, values in enumerate(environments)}
    (folder / "http-client.env.json").write_text(json.dumps({**told}))
    return "http/shop.http"


def _vscode(folder: Path, environments: list[Values], script: str = "") -> str:
    named = _http(folder, [], script)
    (folder / "http-client.env.json").unlink()
    (folder / ".vscode").mkdir(exist_ok=True)
    own = [{name: value for name, value in values.items() if name != "base"} for values in environments]
    shared = {"base": environments[0]["base"]} if environments else {}
    told = {"$shared": shared, **{str(number): values for number, values in enumerate(own)}}
    settings = "{\n// mine\n" + f'"rest-client.environmentVariables": {json.dumps(told)},\n}}'
    (folder / ".vscode" / "settings.json").write_text(settings)
    return named


WRITERS: dict[str, Any] = {
    "postman": _postman,
    "bruno": _bruno,
    "yaml": _yaml,
    "http": _http,
    "vscode": _vscode,
}


def _found(folder: Path, named: str) -> tuple[list[str], str]:
    flags = ("--contract", "openapi.yaml", "--ignore", "traffic-missing", "--format", "json")
    done = archlint("verify", named, *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    return sorted(item["rule"] for item in json.loads(done.out)["findings"]), done.err


@pytest.mark.parametrize("kind", WRITERS)
def test_a_request_is_judged_with_the_values_of_its_environment(tmp_path: Path, kind: str) -> None:
    lay_out(tmp_path, "")
    found, told = _found(tmp_path, WRITERS[kind](tmp_path, [RIGHT]))
    assert (found, "not judged" in told) == ([], False)
    found, told = _found(tmp_path, WRITERS[kind](tmp_path, [WRONG]))
    assert set(found) == {"traffic-parameter-invalid", "traffic-body-invalid"}
    assert found.count("traffic-parameter-invalid") == 2
    assert "2 exchanges judged" in told


@pytest.mark.parametrize("kind", WRITERS)
def test_what_no_environment_or_several_say_is_not_known(tmp_path: Path, kind: str) -> None:
    lay_out(tmp_path, "")
    without = {**WRONG, "cart": "", "limit": "", "id": ""}
    for environments in ([RIGHT, WRONG], [without], [WRONG, {"base": BASE}]):
        found, told = _found(tmp_path, WRITERS[kind](tmp_path, environments))
        assert found == []
        assert "2 values and 1 body not judged: they have variables whose value is not known" in told


@pytest.mark.parametrize("kind", WRITERS)
def test_what_scripts_set_is_not_known(tmp_path: Path, kind: str) -> None:
    lay_out(tmp_path, "")
    found, told = _found(tmp_path, WRITERS[kind](tmp_path, [{**WRONG, "cart": RIGHT["cart"]}], SET_LATER))
    assert found == []
    assert "2 values not judged: they have variables" in told


def test_a_path_that_nobody_knows_is_told_and_is_not_missing(tmp_path: Path) -> None:
    texts = f"### a\nGET {BASE}/carts/1?limit=5&{{{{more}}}}\nAuthorization: Bearer t\n"
    texts += f"### b\nGET {BASE}/{{{{what}}}}/all/1\n### c\nGET {BASE}/carts/1?{{{{pairs}}}}\n"
    lay_out(tmp_path, texts + "Authorization: Bearer t\n", name="a.http")
    found, told = _found(tmp_path, "a.http")
    assert found == []
    assert "1 path not judged: they have variables" in told.replace("1 path and", "1 path")


BODIES = {
    "xml": ("application/xml", "<cart>\n  <id>1</id>\n</cart>\n", True),
    "a file": ("application/json", "< ./cart.json", True),
    "a file with variables": ("application/json", "<@ cart.json", True),
    "no file": ("application/json", "< ./none.json", False),
    "a file outside": ("application/json", "< ../cart.json", False),
    "a form over lines": ("application/x-www-form-urlencoded", "id = 1 &\n  total = 2\n&state=open", True),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_are_read_as_editors_send_them(tmp_path: Path, name: str) -> None:
    kind, body, is_judged = BODIES[name]
    contract = """
openapi: 3.0.3
info: {title: A, version: "1"}
paths:
  /a:
    post:
      requestBody:
        content:
          "*/*": {schema: &cart {type: object, required: [id], properties: {id: {type: integer}}}}
          application/x-www-form-urlencoded: {schema: *cart}
          application/xml: {schema: *cart}
      responses: {"204": {description: done}}
"""
    folder = tmp_path / "b"
    text = f"POST http://a.test/a\nContent-Type: {kind}\n\n{body}\n\n> {{% client.test() %}}\n"
    lay_out(folder, text, contract, "a.http")
    (folder / "cart.json").write_text('{"id": 1}')
    found, told = _found(folder, "a.http")
    assert found == []
    assert ("1 body not judged" in told) is not is_judged
    (folder / "cart.json").write_text('{"id": "1"}')
    (folder / "a.http").write_text(text.replace("<id>1", "<id>x").replace("id = 1", "id = x"))
    assert bool(_found(folder, "a.http")[0]) is is_judged


@pytest.mark.parametrize("kind", ["postman", "bruno", "yaml"])
def test_comments_in_json_are_not_sent(tmp_path: Path, kind: str) -> None:
    lay_out(tmp_path, "")
    named = WRITERS[kind](tmp_path, [RIGHT])
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        path.write_text(path.read_text().replace("{{cart}}", "{{cart}} // what is sent"))
    assert _found(tmp_path, named)[0] == []
