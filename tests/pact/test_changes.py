"""What a change of a contract takes from the consumers: what the base gives, and nothing else."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.evidence.pact_changes import broken_expectations
from archlint.model.evidence.pact import Pact
from tests.oas.worlds import world_of
from tests.pact.test_answers import contract, pact
from tests.support.inside import archlint
from tests.support.process import commit_all

SCHEMA = {"type": "object", "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}}
GET = "/carts/{id}"


def broken(was: dict[str, Any], now: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    base = world_of({"openapi.json": was})
    revision = world_of({"openapi.json": now, "pact.json": wanted})
    base.supply(Pact, revision.all(Pact))
    assert broken_expectations(base, base) == []
    return [type(each.unmet).__name__ for each in broken_expectations(base, revision)]


def changed(*way: Any, to: Any) -> dict[str, Any]:
    """The contract with something else at a place of it; ``None`` for nothing."""
    made = contract(deepcopy(SCHEMA))
    at: Any = made
    for step in way[:-1]:
        at = at[step]
    if to is None:
        del at[way[-1]]
    else:
        at[way[-1]] = to
    return made


OPERATION = ("paths", GET, "get")
ANSWER = (*OPERATION, "responses", "200")
BODY = (*ANSWER, "content", "application/json", "schema")
LIMIT = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (changed(*BODY, "properties", "id", to={"type": "string"}), ["UnmetAnswer"]),
        (changed(*BODY, "properties", "id", to=None), ["UnmetAnswer"]),
        (changed(*BODY, "properties", "note", to={"type": "array"}), []),
        (changed(*BODY, "properties", "more", to={"type": "array"}), []),
        (changed(*BODY, "required", to=["note"]), []),
        (changed(*ANSWER, "content", to=None), ["UnmetAnswer"]),
        (changed(*OPERATION, "responses", to={"204": {"description": "none"}}), ["UnmetAnswer"]),
        (changed("paths", GET, to={"put": {"responses": {}}}), ["Unoffered"]),
        (changed("paths", to={"/trolleys/{id}": {"get": {"responses": {}}}}), ["Unoffered"]),
        (changed(*OPERATION, "parameters", to=[LIMIT]), ["ParameterNotSent"]),
        (changed(*OPERATION, "parameters", to=[{**LIMIT, "required": False}]), []),
    ],
)
def test_what_the_base_gives_and_the_change_takes(now: dict[str, Any], kinds: list[str]) -> None:
    assert broken(contract(SCHEMA), now, pact({"id": 7})) == kinds
    assert broken(now, now, pact({"id": 7})) == []


def test_what_the_base_did_not_give_is_no_matter_of_the_change() -> None:
    gone = changed(*BODY, "properties", "id", to=None)
    assert broken(changed(*ANSWER, "content", to=None), gone, pact({"id": 7})) == []
    assert broken(changed(*OPERATION, "responses", to={}), gone, pact({"id": 7})) == []
    assert broken(changed("paths", GET, to={"put": {"responses": {}}}), gone, pact({"id": 7})) == []
    other = changed(*BODY, "properties", "id", to={"type": "string"})
    assert broken(gone, other, pact({"id": 7})) == []


def test_what_is_open_of_one_interaction_hides_no_break_of_another() -> None:
    wanted = pact({"id": 7})
    doubtful = deepcopy(wanted["interactions"][0])
    doubtful["response"]["body"] = {"note": "aa1"}
    looking = {"match": "regex", "regex": r"^(?!b)(\w)\1+\d$"}
    doubtful["response"]["matchingRules"] = {"body": {"$.note": {"matchers": [looking]}}}
    wanted["interactions"].append(doubtful)
    noted = {**SCHEMA, "properties": {**SCHEMA["properties"], "note": {"pattern": "^(?=.*[0-9])a+[0-9]$"}}}
    base = contract(noted)
    assert broken(base, changed(*BODY, to={**noted, "properties": {"note": {}}}), wanted) == ["UnmetAnswer"]
    gone = {"type": "object", "properties": {"id": {"type": "integer"}}}
    assert broken(base, changed(*BODY, to=gone), wanted) == [], "of the other one nothing was known"


def test_a_contract_that_the_base_does_not_have_breaks_nobody() -> None:
    base = world_of({"a.txt": "nothing"})
    gone = changed(*BODY, "properties", "id", to=None)
    revision = world_of({"openapi.json": gone, "pact.json": pact({"id": 7})})
    base.supply(Pact, revision.all(Pact))
    assert broken_expectations(base, revision) == []


def test_verify_tells_a_break_once_and_fails(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(contract(SCHEMA), indent=1), "utf-8")
    wanted = pact({"id": "CANARY", "note": "CANARY"}, {"$": {"matchers": [{"match": "type"}]}})
    commit_all(tmp_path)
    (tmp_path / "p.json").write_text(json.dumps(wanted, indent=1), "utf-8")
    after = changed(*BODY, "properties", "note", to={"type": "array"})
    (tmp_path / "api.json").write_text(json.dumps(after, indent=1), "utf-8")
    done = archlint("verify", "p.json", "--base", "HEAD", "--format", "json", cwd=tmp_path)
    assert [(item["rule"], item["severity"]) for item in done.report["findings"]] == [
        ("pact-answer-impossible", "warning"),
        ("pact-broken", "error"),
    ]
    assert done.code == 1
    assert "CANARY" not in done.out + done.err
