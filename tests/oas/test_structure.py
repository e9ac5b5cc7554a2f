"""Breaks of the published schemas: one plain sentence for one cause, at its place."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.model.openapi import Contract
from archlint.model.openapi.structure import violations
from tests.oas.worlds import findings_of, world_of

INFO = {"title": "T", "version": "1"}


def problems(document: dict[str, Any]) -> list[tuple[str, str]]:
    contract = world_of({"openapi.json": document}).all(Contract)[0]
    return [("/".join(map(str, found.node.route)), found.problem) for found in violations(contract)]


def get(**operation: Any) -> dict[str, Any]:
    return {"/v1/a": {"get": {"responses": {"200": {"description": "ok"}}, **operation}}}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.1", "3.2.0"])
def test_a_valid_document_of_each_version(version: str) -> None:
    assert problems({"openapi": version, "info": INFO, "paths": get()}) == []


def test_a_valid_document_of_version_2() -> None:
    assert problems({"swagger": "2.0", "info": INFO, "paths": get()}) == []


@pytest.mark.parametrize("version", ["3.0.3", "3.1.1", "3.2.0"])
def test_a_choice_between_forms_is_one_finding(version: str) -> None:
    parameters = [{"name": "a", "in": "query"}, {"name": "b", "in": "body", "schema": {}}, 7]
    found = dict(problems({"openapi": version, "info": INFO, "paths": get(parameters=parameters)}))
    route = "paths//v1/a/get/parameters"
    assert found.keys() == {f"{route}/0", f"{route}/1/in", f"{route}/2"}
    assert found[f"{route}/0"] == "one of the fields 'schema' or 'content' is missing"
    assert found[f"{route}/1/in"].startswith("'body' is none of the values")
    assert found[f"{route}/2"] == "an item of 'parameters' must be a map"


def test_keys_that_look_like_numbers_are_found() -> None:
    paths = {"/v1/a": {"get": {"responses": {"200": {}}}}}
    found = problems({"openapi": "3.0.3", "info": INFO, "paths": paths})
    assert found == [("paths//v1/a/get/responses/200", "the field 'description' is missing")]


def test_an_error_does_not_make_its_neighbours_unknown() -> None:
    parameter = {"name": "a", "in": "query", "style": "bent", "explode": True, "schema": {}, "wrong": 1}
    found = problems({"openapi": "3.1.0", "info": INFO, "paths": get(parameters=[parameter])})
    route = "paths//v1/a/get/parameters/0"
    assert {place for place, _ in found} == {f"{route}/style", f"{route}/wrong"}


@pytest.mark.parametrize(
    ("dialect", "count"),
    [(None, 1), ("https://json-schema.org/draft/2020-12/schema", 1), ("https://example.com/own", 0)],
)
def test_schemas_are_judged_in_their_dialect(dialect: str | None, count: int) -> None:
    document = {"openapi": "3.1.0", "info": INFO, "components": {"schemas": {"A": {"type": "strange"}}}}
    if dialect:
        document["jsonSchemaDialect"] = dialect
    assert len(problems(document)) == count


def test_the_number_of_findings_is_bounded() -> None:
    paths = {f"/v1/a{at}": {"get": {"wrong": 1}} for at in range(500)}
    document = {"openapi": "3.0.3", "info": INFO, "paths": paths}
    found = findings_of(world_of({"openapi.json": document}))
    assert sum(finding.rule == "openapi-structure-invalid" for finding in found) == 50


def test_a_document_that_breaks_its_schema_is_judged_by_other_rules() -> None:
    text = "openapi: 3.0.3\npaths:\n  /v1/a:\n    get: {operationId: a}\n    put: {operationId: a}\n"
    rules = {finding.rule for finding in findings_of(world_of(text))}
    assert {"openapi-structure-invalid", "operation-id-duplicate"} <= rules


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_an_error_below_many_levels_is_found_soon(version: str) -> None:
    schema: dict[str, Any] = {"type": "strange"}
    for _ in range(180):
        schema = {"type": "array", "items": schema}
    document = {"openapi": version, "info": INFO, "paths": {}, "components": {"schemas": {"A": schema}}}
    assert [place.count("items") for place, _ in problems(document)] == [180]


@pytest.mark.parametrize("version", ["3.1.1", "3.2.0"])
@pytest.mark.parametrize("home", ["schemas", "parameters", "responses", "headers", "examples", "links"])
def test_a_reference_in_place_of_a_map_of_names_is_one_cause(version: str, home: str) -> None:
    components = {home: {"$ref": "parts.yaml"}}
    document = {"openapi": version, "info": INFO, "paths": get(), "components": components}
    assert problems(document) == [(f"components/{home}/$ref", "no reference is allowed in this place")]


@pytest.mark.parametrize(
    ("value", "seen"), [(7, ", not 7"), (None, ", not null"), ("a", ", not 'a'"), ([], ", not a list")]
)
def test_what_stands_in_place_of_a_map_is_told(value: Any, seen: str) -> None:
    document = {"openapi": "3.1.1", "info": INFO, "paths": {"/v1/a": {"get": value}}}
    found = violations(world_of({"openapi.json": document}).all(Contract)[0])
    assert [(each.problem, each.sentence) for each in found] == [
        ("'get' must be a map", "'get' must be a map" + seen)
    ]
