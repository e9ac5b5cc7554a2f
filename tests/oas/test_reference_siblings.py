"""What stands beside the ``$ref`` of a schema counts from 3.1 on, wherever the reference stands, and is told
at its own token (JSON Schema 2020-12, core 8.2.3.1); up to 3.0 it is ignored."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import news_of, world_of

Document = dict[str, Any]
Schema = dict[str, Any]

SIDES: dict[str, tuple[Schema, Schema]] = {
    "required": ({}, {"required": ["n"]}),
    "minProperties": ({"minProperties": 1}, {"minProperties": 2}),
    "properties": ({}, {"properties": {"n": {"type": "string", "maxLength": 3}}}),
    "allOf": ({}, {"allOf": [{"required": ["n"]}]}),
    "not": ({}, {"not": {"required": ["n"]}}),
}
"""What stands beside the reference before and after; each takes less than before."""


def document(schema: Schema, place: str, version: str = "3.1.0") -> Document:
    """A contract with a schema at a place."""
    media = {"application/json": {"schema": schema}}
    operation: Document = {"responses": {"204": {"description": "done"}}}
    item: Document = {"post": operation}
    made: Document = {
        "openapi": version,
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/v1/orders": item},
        "components": {
            "schemas": {
                "Order": {"type": "object", "properties": {"n": {"type": "string"}}},
                "Outer": schema,
                "Link": {"$ref": "#/components/schemas/Outer"},
            }
        },
    }
    if place == "body":
        operation["requestBody"] = {"required": True, "content": media}
    elif place == "response":
        operation["responses"] = {"200": {"description": "ok", "content": media}}
    elif place == "parameter":
        content = {"name": "q", "in": "query", "required": True, "content": media}
        operation["parameters"] = [content]
    elif place == "header":
        operation["responses"]["204"]["headers"] = {"X-Order": {"required": True, "content": media}}
    elif place == "webhook":
        made["webhooks"] = {"placed": {"post": {**operation, "requestBody": {"content": media}}}}
    elif place == "callback":
        called = {"post": {"requestBody": {"required": True, "content": media}, **operation}}
        operation["callbacks"] = {"done": {"{$request.query.url}": called}}
    elif place in ("component", "link"):
        name = "Outer" if place == "component" else "Link"
        reference = {"$ref": f"#/components/schemas/{name}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
    else:
        inner: Schema = {"type": "object", "properties": {"order": schema}}
        if place == "items":
            inner = {"type": "array", "items": schema}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": inner}}}
    if place not in ("component", "link"):
        del made["components"]["schemas"]["Outer"], made["components"]["schemas"]["Link"]
    return made


PLACES = (
    "body",
    "response",
    "parameter",
    "header",
    "webhook",
    "callback",
    "component",
    "link",
    "property",
    "items",
)
TAKEN = {"body", "parameter", "component", "link", "property", "items"}
"""Places of what callers send: taking less breaks them. What the provider sends is taken by them."""


def told(base: Document, revision: Document) -> list[Finding]:
    found = news_of(world_of({"a.json": base}, "base"), world_of({"a.json": revision}))
    return [finding for finding in found if finding.rule != "contract-version-kept"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("edit", SIDES)
def test_an_edit_beside_a_reference_is_told_once_at_its_token(edit: str, place: str) -> None:
    before, after = ({"$ref": "#/components/schemas/Order", **side} for side in SIDES[edit])
    found = told(document(before, place), document(after, place))
    assert len(found) == 1, [(finding.rule, finding.message) for finding in found]
    assert edit in (found[0].location.pointer or ""), found[0]
    if place in TAKEN and edit != "properties":  # a limit that is new may only be newly written down
        assert found[0].severity is Severity.ERROR


@pytest.mark.parametrize("place", PLACES)
def test_up_to_3_0_it_is_ignored(place: str) -> None:
    before, after = ({"$ref": "#/components/schemas/Order", **side} for side in SIDES["required"])
    if place in ("webhook",):
        pytest.skip("there are no webhooks in 3.0")
    assert not told(document(before, place, "3.0.3"), document(after, place, "3.0.3"))


@pytest.mark.parametrize("place", PLACES)
def test_an_edit_behind_a_reference_is_told_where_it_was_made(place: str) -> None:
    beside = {"$ref": "#/components/schemas/Order", "description": "An order.", "minProperties": 1}
    base = document(beside, place)
    revision = copy.deepcopy(base)
    revision["components"]["schemas"]["Order"]["required"] = ["n"]
    found = told(base, revision)
    assert [finding.location.pointer for finding in found] == ["/components/schemas/Order/required/0"]
