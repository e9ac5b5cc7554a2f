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
    assert done.code == 0
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
