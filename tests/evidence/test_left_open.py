"""What is left open is told, and what one side of a change leaves open is no break of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import entry, har
from tests.support.inside import archlint
from tests.support.process import commit_all

HEAD = "openapi: 3.0.3\ninfo: {title: Orders, version: '1'}\npaths:\n"
OTHER = HEAD.replace("Orders", "Users") + "  /users: {get: {responses: {'204': {description: done}}}}\n"
DEEP = "{type: object, properties: {a: {type: object}}}"
FLAT = "{type: object, properties: {a: {type: integer}}}"


def _contract(path: str, schema: str) -> str:
    named = f"{{name: f, in: query, style: deepObject, schema: {schema}}}"
    return (
        HEAD + f"  {path}: {{get: {{parameters: [{named}], responses: {{'204': {{description: done}}}}}}}}\n"
    )


def _changed(folder: Path, was: str, now: str) -> None:
    (folder / "orders.yaml").write_text(was)
    (folder / "users.yaml").write_text(OTHER)
    commit_all(folder)
    (folder / "orders.yaml").write_text(now)


def _found(folder: Path, *urls: str, base: str = "HEAD") -> tuple[list[dict[str, Any]], str]:
    (folder / "traffic.har").write_text(har(*(entry("GET", url, 204) for url in urls)))
    done = archlint("verify", "traffic.har", "--base", base, "--format", "json", "--no-cache", cwd=folder)
    found = json.loads(done.out)["findings"]
    return [each for each in found if each["rule"] != "traffic-missing"], done.err


def test_what_cannot_be_read_is_told_and_breaks_nothing(tmp_path: Path) -> None:
    _changed(tmp_path, _contract("/orders", DEEP), _contract("/orders", DEEP))
    found, told = _found(tmp_path, "http://localhost/orders?f[a]=x")
    assert found == []
    assert "1 value of parameters or headers not judged" in told


def test_what_the_base_did_not_judge_is_not_said_to_be_taken_by_it(tmp_path: Path) -> None:
    _changed(tmp_path, _contract("/orders", DEEP), _contract("/orders", FLAT))
    found, _ = _found(tmp_path, "http://localhost/orders?f[a]=x")
    assert [each["rule"] for each in found] == ["traffic-parameter-invalid"]


def test_paths_that_a_change_removes_are_told_in_their_contract(tmp_path: Path) -> None:
    _changed(tmp_path, _contract("/orders", FLAT), _contract("/v2/orders", FLAT))
    for urls in (["http://b.test/orders"], ["http://a.test/users", "http://b.test/orders"]):
        found, _ = _found(tmp_path, *urls)
        assert [(each["rule"], each["path"]) for each in found] == [("traffic-refused", "orders.yaml")]
        assert "of 'Orders': there is no GET /orders any more" in found[0]["message"]


def test_services_on_several_ports_of_one_host_are_several(tmp_path: Path) -> None:
    _changed(tmp_path, _contract("/orders", FLAT), _contract("/orders", FLAT))
    found, told = _found(tmp_path, "http://localhost:9001/users", "http://localhost:9002/carts")
    assert found == []
    assert "1 exchange left out" in told


def test_a_contract_that_got_another_name_is_the_same(tmp_path: Path) -> None:
    _changed(tmp_path, _contract("/orders", FLAT), _contract("/v2/orders", FLAT))
    (tmp_path / "orders.yaml").rename(tmp_path / "a.yaml")
    commit_all(tmp_path, "renamed")
    found, _ = _found(tmp_path, "http://a.test/users", "http://a.test/orders", base="HEAD~1")
    assert [(each["rule"], each["path"]) for each in found] == [("traffic-refused", "a.yaml")]


def test_a_contract_that_is_deleted_is_told_at_its_old_place(tmp_path: Path) -> None:
    _changed(tmp_path, _contract("/orders", FLAT), "")
    (tmp_path / "orders.yaml").unlink()
    found, _ = _found(tmp_path, "http://a.test/users", "http://a.test/orders")
    assert [(each["rule"], each["path"], each["revision"]) for each in found] == [
        ("traffic-refused", "orders.yaml", "base")
    ]
    assert "of 'Orders': there is no GET /orders any more" in found[0]["message"]


@pytest.mark.parametrize(
    "reference",
    [
        *("file:///etc/hostname", "http://localhost:9/cart.yaml", "../cart.yaml", "none.yaml"),
        *("#/components/schemas/None", "#/components/schemas/Loop"),
    ],
)
@pytest.mark.parametrize("around", ["%s", "{type: object, properties: {a: {allOf: [%s]}}}"])
def test_schemas_that_are_not_found_are_told(around: str, reference: str, tmp_path: Path) -> None:
    schema = around % f"{{$ref: '{reference}'}}"
    body = f"{{content: {{application/json: {{schema: {schema}}}}}}}"
    loop = "components: {schemas: {Loop: {$ref: '#/components/schemas/Loop'}}}\n"
    posted = f"  /orders: {{post: {{requestBody: {body}, responses: {{'204': {{description: done}}}}}}}}\n"
    (tmp_path / "orders.yaml").write_text(HEAD + posted + loop)
    sent = entry("POST", "http://localhost/orders", 204, asked={"a": 1})
    (tmp_path / "traffic.har").write_text(har(sent))
    done = archlint("verify", "traffic.har", "--no-cache", cwd=tmp_path)
    assert "1 reference of schemas in 'orders.yaml' leads nowhere" in done.err
