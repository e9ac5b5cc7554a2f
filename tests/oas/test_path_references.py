"""A path that refers to another one keeps its other fields (Path Item Object, ``$ref``): what stands beside
the reference is compared and checked as what stands alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archlint.finding import Finding
from tests.oas.worlds import breaks_of, findings_of, news_of, world_of

Document = dict[str, Any]
VERSIONS = ("2.0", "3.0.3", "3.1.0", "3.2.0")
KINDS = ("path", "file", "chain")


def contract(version: str, item: Document, kind: str) -> dict[str, Document]:
    """The files of a contract whose path ``/v1/a`` has some fields beside a reference of a kind."""
    shared = {"get": {"responses": {"204": {"description": "done"}}}}
    head: Document = {"swagger": "2.0"} if version == "2.0" else {"openapi": version}
    targets = {"path": "#/paths/~1v1~1b", "file": "shared.json#/item", "chain": "#/paths/~1v1~1c"}
    paths = {"/v1/b": shared, "/v1/c": {"$ref": "#/paths/~1v1~1b"}, "/v1/a": {"$ref": targets[kind], **item}}
    main = {**head, "info": {"title": "Shop", "version": "1"}, "paths": paths}
    return {"a.json": main, "shared.json": {"item": shared}}


def parameter(version: str, kind: str) -> Document:
    made = {"name": "q", "in": "query", "required": False}
    return {**made, "type": kind} if version == "2.0" else {**made, "schema": {"type": kind}}


def compared(base: dict[str, Document], revision: dict[str, Document]) -> list[Finding]:
    return breaks_of(world_of(base, "base"), world_of(revision))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_operations_beside_a_reference_are_compared(version: str, kind: str) -> None:
    post = {"post": {"responses": {"204": {"description": "done"}}}}
    found = compared(contract(version, post, kind), contract(version, {}, kind))
    assert [(each.rule, [str(name.method) for name in each.operations]) for each in found] == [
        ("operation-removed", ["POST"])
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_parameters_beside_a_reference_are_those_of_all_operations(version: str, kind: str) -> None:
    old = {"parameters": [parameter(version, "string")]}
    new = {"parameters": [parameter(version, "integer")]}
    found = compared(contract(version, old, kind), contract(version, new, kind))
    assert [each.rule for each in found] == ["schema-type-changed"]
    assert (found[0].location.pointer or "").startswith("/paths/~1v1~1a/parameters/0")


@pytest.mark.parametrize("version", VERSIONS)
def test_to_write_out_what_is_referred_to_is_no_change(version: str) -> None:
    post = {"post": {"responses": {"204": {"description": "done"}}}}
    base = contract(version, post, "path")
    revision = copy.deepcopy(base)
    item = revision["a.json"]["paths"]["/v1/a"]
    del item["$ref"]
    item.update(copy.deepcopy(revision["a.json"]["paths"]["/v1/b"]))
    assert not news_of(world_of(base, "base"), world_of(revision))


@pytest.mark.parametrize("version", VERSIONS)
def test_fields_beside_the_reference_of_a_path_are_no_fault(version: str) -> None:
    post = {
        "post": {"responses": {"204": {"description": "done"}}},
        "parameters": [parameter(version, "string")],
    }
    rules = {each.rule for each in findings_of(world_of(contract(version, post, "path")))}
    assert not rules & {"openapi-structure-invalid", "path-parameter-undeclared"}
    assert ("reference-sibling-ignored" in rules) is (version == "2.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_field_on_both_sides_is_told(version: str) -> None:
    get = {"get": {"responses": {"200": {"description": "ok"}}}}
    found = findings_of(world_of(contract(version, get, "path")))
    told = [each for each in found if each.rule == "reference-sibling-ignored"]
    assert [each.message_id for each in told] == ["twice"]
