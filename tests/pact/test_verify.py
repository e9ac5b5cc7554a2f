"""Pact files as evidence: held against the contracts that are named, and told where none is meant."""

from __future__ import annotations

import json
from pathlib import Path

from tests.pact.test_answers import contract, pact
from tests.support.inside import archlint


def write(folder: Path, name: str, value: object) -> None:
    (folder / name).write_text(json.dumps(value, indent=1), "utf-8")


def test_a_contract_that_is_named_is_meant_whatever_its_title(tmp_path: Path) -> None:
    offered = contract({"type": "object", "properties": {"id": {"type": "integer"}}})
    offered["info"]["title"] = "Something else"
    write(tmp_path, "api.json", offered)
    write(tmp_path, "p.json", pact({"id": "x"}))
    done = archlint("verify", "p.json", "--contract", "api.json", "--format", "json", cwd=tmp_path)
    assert [item["rule"] for item in done.report["findings"]] == ["pact-answer-impossible"]
    assert done.code == 0, "a warning"
    write(tmp_path, "p.json", pact({"id": 7}))
    done = archlint("verify", "p.json", "--contract", "api.json", "--fail-on", "warning", cwd=tmp_path)
    assert done.code == 0, done.out
    assert "1 interaction of Pact files judged" in done.err


def test_what_no_contract_describes_is_wrong_usage_where_nothing_else_is_judged(tmp_path: Path) -> None:
    offered = contract({})
    offered["info"]["title"] = "Something else"
    offered["paths"] = {"/other": {"get": {"responses": {"200": {"description": "ok"}}}}}
    write(tmp_path, "api.json", offered)
    write(tmp_path, "p.json", pact({"id": "x"}))
    done = archlint("verify", "p.json", "--contract", "api.json", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "no contract has the provider's name" in done.err
    done = archlint("check", ".", "--format", "json", cwd=tmp_path)
    assert [item["reason"] for item in done.report["unread"]] == ["pact-not-judged"]


def test_coverage_shows_what_consumers_use(tmp_path: Path) -> None:
    inner = {"type": "object", "properties": {"x": {}, "y": {}}}
    schema = {
        "type": "object",
        "properties": {"id": {}, "note": {}, "parts": {"type": "array", "items": inner}},
    }
    offered = contract(schema)
    get = offered["paths"]["/carts/{id}"]["get"]
    body = {"required": ["id"], "properties": {"id": {}, "by": {}}}
    put = {"requestBody": {"content": {"application/json": {"schema": body}}}, **get}
    offered["paths"]["/carts/{id}"] |= {"put": put, "delete": {"responses": {"204": {"description": "gone"}}}}
    wanted = pact({"id": 1, "parts": [{"x": 1}]}, {"$": {"matchers": [{"match": "type"}]}})
    asked = wanted["interactions"][0]
    sent = {**asked["request"], "method": "PUT", "body": {"id": 1}}
    wanted["interactions"] += [asked, {"request": sent, "response": {"status": 200}}]
    write(tmp_path, "api.json", offered)
    write(tmp_path, "p.json", wanted)
    done = archlint("verify", "p.json", "--contract", "api.json", "--coverage", "seen.json", cwd=tmp_path)
    assert done.code == 0, done.out
    rows = json.loads((tmp_path / "seen.json").read_text("utf-8"))["rows"]
    seen = {
        (row["method"], row.get("status", ""), row.get("property", "")): row["seen"]
        for row in rows
        if "media_type" in row or "status" not in row
    }
    assert {key: seen[key] for key in seen if seen[key]} == {
        ("GET", "200", ""): 2,
        ("GET", "200", "id"): 2,
        ("GET", "200", "parts"): 2,
        ("GET", "200", "parts[].x"): 2,
        ("GET", "", ""): 2,
        ("PUT", "", ""): 1,
        ("PUT", "", "id"): 1,
    }
    assert {("DELETE", "", ""), ("GET", "200", "note"), ("PUT", "", "by")} <= seen.keys()
    har = {"log": {"entries": [{"request": {"method": "GET", "url": "http://x/carts/1"}}]}}
    write(tmp_path, "t.har", har)
    done = archlint("verify", "p.json", "t.har", "--contract", "api.json", "--format", "json", cwd=tmp_path)
    (missing,) = [item for item in done.report["findings"] if item["rule"] == "traffic-missing"]
    assert "1 of 3" in missing["message"], missing["message"]
