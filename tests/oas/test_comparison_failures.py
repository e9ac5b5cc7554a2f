"""One element at which the comparison fails loses itself alone, and is named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison import ComparisonTerms, Failures, compare_worlds
from archlint.comparison.openapi import judge, schemas
from archlint.comparison.openapi.element_changes import ParameterChanged
from archlint.comparison.openapi.pairs import Pair
from archlint.comparison.openapi.schema_changes import SchemaChange
from tests.oas.test_comparison_hostile import JUNK, places
from tests.oas.worlds import said_of, world_of
from tests.support.inside import archlint
from tests.support.process import commit_all

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string", "writeOnly": True, "enum": ["a", "b"]},
    },
    "dependentRequired": {"name": ["id"]},
    "allOf": [{"required": ["id"]}],
}


def contract_of(*, schemas: dict[str, Any], limit: bool = False) -> dict[str, Any]:
    """A contract that sends and takes each of some schemas under a path of its name."""
    parameters = [{"name": "limit", "in": "query", "required": limit, "schema": {"type": "integer"}}]
    paths: dict[str, Any] = {}
    for name, schema in schemas.items():
        content = {"application/json": {"schema": schema}}
        post = {"requestBody": {"content": content}, "responses": {"200": {"content": content}}}
        paths[f"/v1/{name}"] = {"post": {"parameters": parameters, **post}}
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}


@pytest.mark.parametrize("route", places(SCHEMA), ids=str)
def test_junk_at_every_place_of_a_schema_is_compared(route: tuple[Any, ...]) -> None:
    for junk in (*JUNK, {"x": 1}, [{"x": 1}], 1.5, float("inf"), 10**400):
        spoiled = copy.deepcopy(SCHEMA)
        home: Any = spoiled
        for step in route[:-1]:
            home = home[step]
        home[route[-1]] = junk
        for base, revision in ((SCHEMA, spoiled), (spoiled, SCHEMA)):
            sides = [contract_of(schemas={"a": side}, limit=side is SCHEMA) for side in (base, revision)]
            said_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))


@pytest.mark.parametrize("stage", ["pair", "verdict"])
def test_what_fails_loses_itself_alone(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_sick(pair: Pair) -> bool:
        return "/v1/sick" in pair.revision.route

    if stage == "pair":
        annotations = schemas.compare_annotations

        def compare(sides: Any, terms: ComparisonTerms) -> None:
            assert not is_sick(sides.pair)
            annotations(sides, terms)

        monkeypatch.setattr(schemas, "compare_annotations", compare)
    else:
        verdict = judge.Judge.verdict

        def sickly(self: Any, pair: Pair, *sides: Any) -> Any:
            assert not is_sick(pair)
            return verdict(self, pair, *sides)

        monkeypatch.setattr(judge.Judge, "verdict", sickly)
    names = ("one", "sick", "two")
    old = contract_of(schemas={name: {"type": "integer"} for name in names})
    new = contract_of(schemas={name: {"type": "string"} for name in names}, limit=True)
    failures = Failures()
    found = compare_worlds(
        world_of({"a.json": old}, "base"), world_of({"a.json": new}), ComparisonTerms(failures=failures)
    )
    changes = [change for group in found.values() for change in group]
    hit = {name.path for each in changes if isinstance(each, SchemaChange) for name in each.operations}
    assert {"/v1/one", "/v1/two"} <= hit
    assert {
        name.path for each in changes if isinstance(each, ParameterChanged) for name in each.operations
    } == {f"/v1/{name}" for name in names}
    assert failures.notices
    assert all("/v1/sick" in notice.message and notice.path == "a.json" for notice in failures.notices)
    assert all("AssertionError" in notice.message for notice in failures.notices)


def test_without_a_place_for_failures_they_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(schemas, "compare_annotations", fail)
    sides = [contract_of(schemas={"a": {"type": kind}}) for kind in ("integer", "string")]
    with pytest.raises(ZeroDivisionError):
        said_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))


@pytest.mark.parametrize("command", [("breaking", "old.json", "new.json"), ("check", ".", "--base", "HEAD")])
def test_the_command_names_what_was_lost_and_fails(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("it is broken")

    names = [f"s{at}" for at in range(12)]
    kinds = ("string", "integer")
    old, new = (json.dumps(contract_of(schemas={name: {"type": kind} for name in names})) for kind in kinds)
    (tmp_path / "new.json").write_text(old)
    commit_all(tmp_path)
    (tmp_path / "new.json").write_text(new)
    (tmp_path / "old.json").write_text(old)
    monkeypatch.setattr(schemas, "compare_annotations", fail)
    done = archlint(*command, "--format", "json", cwd=tmp_path)
    assert done.code == 3, done.err
    lost = [each["message"] for each in done.report["notices"] if "it is broken" in each["message"]]
    assert len(lost) > 10
    assert lost == list(dict.fromkeys(lost)), "each once"
    assert all(any(f"/v1/{name}" in text for text in lost) for name in names), lost
