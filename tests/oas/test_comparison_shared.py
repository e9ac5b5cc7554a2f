"""One cause is one finding for each direction: whatever is shared by many operations and changes once."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import news_of, world_of

Document = dict[str, Any]
COUNT = 10


def document() -> Document:
    """Ten operations that share everything that can be shared."""
    cart = {"$ref": "#/components/schemas/Cart"}
    operation = {
        "parameters": [{"$ref": "#/components/parameters/Page"}],
        "requestBody": {"$ref": "#/components/requestBodies/Cart"},
        "responses": {"200": {"$ref": "#/components/responses/Cart"}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://api.shop.example"}],
        "security": [{"key": []}],
        "paths": {f"/v1/carts{at}": {"post": copy.deepcopy(operation)} for at in range(COUNT)},
        "components": {
            "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
            "requestBodies": {"Cart": {"content": {"application/json": {"schema": cart}, "text/csv": {}}}},
            "responses": {
                "Cart": {
                    "description": "ok",
                    "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
                    "content": {"application/json": {"schema": cart}},
                }
            },
            "headers": {"ETag": {"required": True, "schema": {"type": "string"}}},
            "schemas": {"Cart": {"type": "object", "properties": {"size": {"type": "integer"}}}},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X"}},
        },
    }


def findings(edit: Any) -> list[Finding]:
    revision = document()
    edit(revision)
    found = news_of(world_of({"a.json": document()}, "base"), world_of({"a.json": revision}))
    return [finding for finding in found if finding.rule != "contract-version-kept"]


def components(revision: Document) -> Document:
    made: Document = revision["components"]
    return made


EDITS = {
    "parameter required": (
        lambda d: components(d)["parameters"]["Page"].update(required=True),
        ["parameter-required"],
    ),
    "parameter deprecated": (
        lambda d: components(d)["parameters"]["Page"].update(deprecated=True),
        ["deprecation-changed"],
    ),
    "default": (
        lambda d: components(d)["parameters"]["Page"]["schema"].update(default=1),
        ["parameter-default-changed"],
    ),
    "body required": (
        lambda d: components(d)["requestBodies"]["Cart"].update(required=True),
        ["request-body-required"],
    ),
    "media type": (
        lambda d: components(d)["requestBodies"]["Cart"]["content"].pop("text/csv"),
        ["media-type-removed"],
    ),
    "header": (
        lambda d: components(d)["responses"]["Cart"].pop("headers"),
        ["response-header-removed"],
    ),
    "header optional": (
        lambda d: components(d)["headers"]["ETag"].update(required=False),
        ["response-header-removed"],
    ),
    "security": (lambda d: d.pop("security"), ["security-relaxed"]),
    "server": (
        lambda d: d.update(servers=[{"url": "https://shop.example"}]),
        ["server-removed"],
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_is_shared_changes_once(name: str) -> None:
    edit, rules = EDITS[name]
    found = findings(edit)
    assert [finding.rule for finding in found] == rules
    assert [len(finding.operations) for finding in found] == [COUNT]


def test_a_component_that_goes_both_ways_is_one_finding_for_each() -> None:
    def edit(revision: Document) -> None:
        components(revision)["schemas"]["Cart"]["properties"]["size"] = {"type": "string"}

    found = [finding for finding in findings(edit) if finding.severity > Severity.INFO]
    assert {finding.rule for finding in found} == {"schema-type-changed"}
    assert len(found) == 2
    assert {len(finding.operations) for finding in found} == {COUNT}
    assert {finding.location.pointer for finding in found} == {
        "/components/schemas/Cart/properties/size/type"
    }
    assert len({finding.fingerprint for finding in found}) == 2


@pytest.mark.parametrize("home", ["callbacks", "webhooks"])
def test_what_the_provider_sends_is_judged_the_other_way_round(home: str) -> None:
    def made(schema: Document, **fields: Any) -> Document:
        hook = {
            "requestBody": {"content": {"application/json": {"schema": schema}}, **fields},
            "responses": {"200": {"description": "ok"}},
        }
        whole = {**document(), "openapi": "3.1.0"}
        if home == "webhooks":
            whole["webhooks"] = {"paid": {"post": hook}}
        else:
            whole["paths"]["/v1/carts0"]["post"]["callbacks"] = {"paid": {"{$url}": {"post": hook}}}
        return whole

    size = {"type": "integer"}
    wide, narrow = {"type": "object"}, {"type": "object", "required": ["size"]}
    wide, narrow = ({**each, "properties": {"size": size}} for each in (wide, narrow))

    def between(old: Document, new: Document) -> list[Finding]:
        found = news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))
        return [finding for finding in found if finding.severity > Severity.INFO]

    assert between(made(wide), made(narrow)) == []
    assert [finding.rule for finding in between(made(narrow), made(wide))] == ["property-optional"]
    assert between(made(wide), made(wide, required=True)) == []
    (found,) = between(made(wide, required=True), made(wide))
    assert found.rule == "request-body-removed"
    named = ("oasdiff:request-body-became-optional",) if home == "webhooks" else ()
    assert found.aliases == named


def test_a_callback_that_refers_to_itself_ends() -> None:
    def looping(kind: str) -> Document:
        whole = document()
        again = {"$ref": "#/components/callbacks/Again"}
        hook = {
            "callbacks": {"again": again},
            "parameters": [{"name": "x", "in": "query", "schema": {"type": kind}}],
        }
        components(whole)["callbacks"] = {"Again": {"{$url}": {"post": {**hook, "responses": {}}}}}
        whole["paths"]["/v1/carts0"]["post"]["callbacks"] = {"first": again}
        return whole

    base = world_of({"a.json": looping("string")}, "base")
    found = news_of(base, world_of({"a.json": looping("integer")}))
    assert found
    assert all(finding.operations == () or len(finding.operations) == 1 for finding in found)


def test_a_security_scheme_under_a_new_name_shuts_out_nobody() -> None:
    revision = document()
    components(revision)["securitySchemes"] = {"token": components(revision)["securitySchemes"]["key"]}
    revision["security"] = [{"token": []}]
    found = news_of(world_of({"a.json": document()}, "base"), world_of({"a.json": revision}))
    assert {finding.severity for finding in found} == {Severity.INFO}
    components(revision)["securitySchemes"]["token"]["name"] = "Y"
    found = news_of(world_of({"a.json": document()}, "base"), world_of({"a.json": revision}))
    assert [finding.rule for finding in found if finding.severity is Severity.ERROR] == ["security-tightened"]
