"""What several contracts refer to is compared once: with one finding, and in time that grows as they do."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.oas.worlds import breaks_of, changes_of, world_of
from tests.safety.growth import MOST, growth

Files = dict[str, Any]


def contract(at: int, reference: str, schemas: dict[str, Any] | None = None, version: str = "3.0.3") -> Any:
    body = {"content": {"application/json": {"schema": {"$ref": reference}}}}
    return {
        "openapi": version,
        "info": {"title": f"Service {at}", "version": "1"},
        "paths": {f"/items{at}": {"get": {"responses": {"200": {"description": "all", **body}}}}},
        "components": {"schemas": schemas or {}},
    }


def chain(count: int, last: dict[str, Any], *, closed: bool = False, backwards: bool = False) -> Files:
    """Contracts of which each refers to a schema of the next, in the order of their names or against it."""
    names = [f"c{at:04}.json" for at in range(count)]
    names = names[::-1] if backwards else names
    found: Files = {}
    for at, name in enumerate(names):
        following = names[(at + 1) % count]
        inner: dict[str, Any] = {"next": {"$ref": f"{following}#/components/schemas/Item"}}
        if at + 1 == count:
            inner = {"last": last, **(inner if closed else {})}
        found[name] = contract(
            at, "#/components/schemas/Item", {"Item": {"type": "object", "properties": inner}}
        )
    return found


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_an_edit_at_the_end_of_a_chain_is_one_finding_with_all_operations(
    closed: bool, backwards: bool
) -> None:
    sides = [
        world_of(chain(5, {"type": each}, closed=closed, backwards=backwards), revision)
        for each, revision in (("string", "base"), ("integer", None))
    ]
    (found,) = breaks_of(*sides)
    assert found.rule == "schema-type-changed"
    assert sorted(each.path for each in found.operations) == [f"/items{at}" for at in range(5)]
    assert len(found.through) == 5


def test_contracts_of_two_versions_judge_a_shared_schema_each_for_itself() -> None:
    def side(schema: dict[str, Any], revision: str | None) -> Any:
        files = {
            "a.json": contract(0, "common.json#/components/schemas/Item"),
            "b.json": contract(1, "common.json#/components/schemas/Item", version="3.1.0"),
            "common.json": contract(2, "#/components/schemas/Item", {"Item": schema}),
        }
        return world_of(files, revision)

    old, new = {"type": "string"}, {"type": "string", "nullable": True}
    found = breaks_of(side(old, "base"), side(new, None))
    operations = {each.path for finding in found for each in finding.operations}
    assert operations == {"/items0", "/items2"}  # the keyword says nothing since 3.1


def test_what_only_one_contract_reaches_below_a_shared_schema_is_judged() -> None:
    """The pair in between is known from one contract; the other one has changes above and beside it."""

    def side(inner: str, outer: str, revision: str | None) -> Any:
        middle = {"type": "object", "properties": {"inner": {"type": inner}}}
        above = {
            "type": "object",
            "properties": {"name": {"type": outer}, "middle": {"$ref": "a.json#/components/schemas/Middle"}},
        }
        files = {
            "a.json": contract(0, "#/components/schemas/Middle", {"Middle": middle}),
            "b.json": contract(1, "#/components/schemas/Above", {"Above": above}),
        }
        return world_of(files, revision)

    found = breaks_of(side("string", "string", "base"), side("integer", "integer", None))
    seen = {finding.location.pointer: sorted(each.path for each in finding.operations) for finding in found}
    assert seen == {
        "/components/schemas/Middle/properties/inner/type": ["/items0", "/items1"],
        "/components/schemas/Above/properties/name/type": ["/items1"],
    }


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_twice_the_contracts_take_twice_the_time(closed: bool, backwards: bool) -> None:
    def seconds(count: int) -> float:
        sides = [
            world_of(chain(count, {"type": each}, closed=closed, backwards=backwards), revision)
            for each, revision in (("string", "base"), ("integer", None))
        ]
        begun = time.process_time()
        assert changes_of(*sides)
        return time.process_time() - begun

    seconds(2)
    assert growth(seconds, [12, 96]) <= MOST


def test_renamed_contracts_are_found_in_time_that_grows_as_they_do() -> None:
    def side(count: int, folder: str, revision: str | None) -> Any:
        schemas = {"Item": {"type": "object"}}
        files = {
            f"{folder}/c{at}.json": contract(at, "#/components/schemas/Item", schemas) for at in range(count)
        }
        for document in files.values():
            document["paths"]["/health"] = {"get": {"responses": {"200": {"description": "fine"}}}}
        return world_of(files, revision)

    def seconds(count: int) -> float:
        sides = side(count, "old", "base"), side(count, "new", None)
        begun = time.process_time()
        assert breaks_of(*sides) == []
        return time.process_time() - begun

    seconds(2)
    assert growth(seconds, [50, 400]) <= MOST
