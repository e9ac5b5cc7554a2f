"""Changes between two revisions: one for each cause and direction, judged by it, placed in the cause."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archlint.comparison.openapi.element_changes import ContractRemoved, PathRemoved
from archlint.comparison.openapi.schema_changes import EnumChanged, PropertyRemoved
from archlint.finding import Severity
from tests.oas.worlds import breaks_of, changes_of, contract, news_of, schema_breaks, world_of

OBJECT = {"type": "object"}


def of(schema: Any, **properties: Any) -> dict[str, Any]:
    return {**OBJECT, "properties": {"x": schema, **properties}}


def many_operations(schema: dict[str, Any]) -> dict[str, Any]:
    document = contract(schema)
    item = document["paths"].pop("/v1/carts")
    document["paths"] = {f"/v1/carts{at}": copy.deepcopy(item) for at in range(10)}
    return document


def test_a_component_under_many_operations_is_one_finding_for_each_direction() -> None:
    base = many_operations({**OBJECT, "required": ["id"], "properties": {"id": {"type": "string"}}})
    revision = many_operations({**OBJECT, "properties": {"other": {"type": "string"}}})
    found = breaks_of(world_of({"openapi.json": base}, "base"), world_of({"openapi.json": revision}))
    assert sorted((finding.message_id, len(finding.operations)) for finding in found) == [
        ("request", 10),
        ("response", 10),
    ]
    for finding in found:
        assert finding.location.pointer == "/components/schemas/Cart/properties"
        assert finding.object is not None and (finding.object.kind, finding.object.name) == ("Schema", "Cart")
        (old,) = finding.related
        assert (old.revision, old.pointer) == ("base", "/components/schemas/Cart/properties/id")
    assert len({finding.fingerprint for finding in found}) == 2


def test_equal_contracts_have_no_changes() -> None:
    document = many_operations(of({"$ref": "#/components/schemas/Cart"}))
    assert changes_of(world_of({"openapi.json": document}), world_of({"openapi.json": document})) == []


REQUEST, RESPONSE = "POST", "GET"


@pytest.mark.parametrize(
    ("narrow", "wide", "rule"),
    [
        ({"type": "integer"}, {"type": "number"}, "schema-type-changed"),
        ({"type": "string", "format": "date"}, {"type": "string"}, "schema-type-changed"),
        (
            {"type": "integer", "format": "int32"},
            {"type": "integer", "format": "int64"},
            "schema-type-changed",
        ),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, "enum-changed"),
        ({"type": "string", "enum": ["a"]}, {"type": "string"}, "enum-changed"),
        ({"type": "integer", "minimum": 2}, {"type": "integer", "minimum": 1}, "constraint-changed"),
        ({"type": "integer", "maximum": 1}, {"type": "integer"}, "constraint-changed"),
        (
            {"type": "number", "minimum": 1, "exclusiveMinimum": True},
            {"type": "number", "minimum": 1},
            "constraint-changed",
        ),
        ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 6}, "constraint-changed"),
        ({"type": "string", "minLength": 1}, {"type": "string"}, "constraint-changed"),
        ({"type": "string", "pattern": "a"}, {"type": "string"}, "constraint-changed"),
        ({"type": "array", "items": {}, "minItems": 1}, {"type": "array", "items": {}}, "constraint-changed"),
        ({"type": "array", "uniqueItems": True}, {"type": "array"}, "constraint-changed"),
        ({"type": "integer", "multipleOf": 4}, {"type": "integer", "multipleOf": 2}, "constraint-changed"),
        ({"type": "string"}, {"type": "string", "nullable": True}, "constraint-changed"),
        (
            {"type": "array", "items": {"type": "integer"}},
            {"type": "array", "items": {"type": "number"}},
            "schema-type-changed",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            {"type": "object", "additionalProperties": {"type": "number"}},
            "schema-type-changed",
        ),
        (
            {"oneOf": [{"title": "a", **of({})}]},
            {"oneOf": [{"title": "a", **of({})}, {"title": "b", "type": "string", "minLength": 3}]},
            None,
        ),
        (
            {"oneOf": [{"title": "a", **of({})}, {"title": "b", "type": "array"}]},
            {
                "oneOf": [
                    {"title": "a", **of({})},
                    {"title": "b", "type": "array"},
                    {"title": "c", "type": "string", "minLength": 1},
                ]
            },
            "alternative-changed",
        ),
    ],
)
def test_narrower_breaks_requests_and_wider_breaks_responses(
    narrow: Any, wide: Any, rule: str | None
) -> None:
    narrowed, widened = schema_breaks(of(wide), of(narrow)), schema_breaks(of(narrow), of(wide))
    if rule is None:
        assert {found.split()[0] for found in (*narrowed,)} <= {REQUEST}
        assert {found.split()[0] for found in (*widened,)} <= {RESPONSE}
        return
    assert narrowed == {f"{REQUEST} {rule}"}
    assert widened == {f"{RESPONSE} {rule}"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "string"}, {"type": "integer"}),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "uuid"}),
        ({"type": "integer", "multipleOf": 4}, {"type": "integer", "multipleOf": 6}),
    ],
)
def test_incomparable_breaks_both(one: Any, other: Any) -> None:
    assert {found.split()[0] for found in schema_breaks(of(one), of(other))} == {REQUEST, RESPONSE}


@pytest.mark.parametrize(
    ("base", "revision"),
    [
        (of({"type": "string"}), of({"type": "string", "description": "new", "example": 1, "x-a": 2})),
        (of({"type": "string"}), {"allOf": [of({"type": "string"})]}),
        (of({"type": "string"}), {"allOf": [OBJECT, {"properties": {"x": {"type": "string"}}}]}),
        (of({"type": "string"}), {"properties": {"x": {"type": "string"}}}),
        (of({"enum": ["a", "b"]}), of({"enum": ["b", "a"]})),
        (of({"enum": [1]}), of({"enum": [1.0]})),
        (
            of({"type": "integer", "minimum": 1}),
            of({"type": "integer", "minimum": 0, "exclusiveMinimum": True}),
        ),
        (of({"type": "string"}), of({"type": "string", "minLength": 0, "pattern": ".*"})),
        (of({"type": "string"}), of({"oneOf": [{"type": "string"}]})),
        (of({"type": "string", "format": "own"}), of({"type": "string", "format": "other"})),
        (of({"type": "integer"}), of({"type": "integer", "format": "int64"})),
        (of({"type": "string", "nullable": True}), of({"nullable": True, "anyOf": [{"type": "string"}]})),
        ({**OBJECT, "required": ["a", "b"]}, {**OBJECT, "required": ["b", "a"]}),
        (OBJECT, {**OBJECT, "additionalProperties": True}),
        (of({"type": "string"}), {**of({"type": "string"}), "additionalProperties": False}),
    ],
)
def test_what_means_the_same_is_no_break(base: Any, revision: Any) -> None:
    assert schema_breaks(base, revision) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": True}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (
            {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
            {"type": "integer", "exclusiveMinimum": 1},
        ),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "const": "a"}),
        (
            {"allOf": [{"$ref": "#/components/schemas/Cart"}], "nullable": True},
            {"oneOf": [{"$ref": "#/components/schemas/Cart"}, {"type": "null"}]},
        ),
    ],
)
def test_an_upgrade_of_the_version_that_says_the_same_is_no_break(old: Any, new: Any) -> None:
    found = breaks_of(
        world_of({"openapi.json": contract(of(old))}, "base"),
        world_of({"openapi.json": contract(of(new), "3.1.0")}),
    )
    assert [finding.message for finding in found] == []


def test_swagger_2_and_openapi_3_are_compared_by_meaning() -> None:
    schema = of({"type": "string"})
    swagger = {
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1"},
        "basePath": "/v1",
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {
            "/carts": {
                "post": {
                    "parameters": [{"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Cart"}}],
                    "responses": {"204": {"description": "ok"}},
                },
                "get": {
                    "parameters": [{"name": "page", "in": "query", "type": "integer"}],
                    "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Cart"}}},
                },
            }
        },
        "definitions": {"Cart": schema},
    }
    same = contract(schema)
    same["paths"]["/v1/carts"]["get"]["parameters"] = [
        {"name": "page", "in": "query", "schema": {"type": "integer"}}
    ]
    base = world_of({"openapi.json": swagger}, "base")
    assert breaks_of(base, world_of({"openapi.json": same})) == []
    other = contract(of({"type": "integer"}))
    found = breaks_of(base, world_of({"openapi.json": other}))
    assert sorted(finding.rule for finding in found) == [
        "parameter-removed",
        "schema-type-changed",
        "schema-type-changed",
    ]


def test_read_only_is_no_part_of_requests_nor_write_only_of_responses() -> None:
    old = of(
        {"type": "string"}, r={"type": "string", "readOnly": True}, w={"type": "string", "writeOnly": True}
    )
    new = of({"type": "string"})
    found = breaks_of(
        world_of({"openapi.json": contract(old)}, "base"), world_of({"openapi.json": contract(new)})
    )
    assert sorted((finding.arguments["name"], finding.operations[0].method) for finding in found) == [
        ("r", "GET"),
        ("w", "POST"),
    ]


def test_recursive_schemas_end() -> None:
    loop = {"$ref": "#/components/schemas/Cart"}
    old = {**of({"type": "string"}, next=loop), "allOf": [loop], "oneOf": [loop, {"type": "string"}]}
    new = {**of({"type": "integer"}, next=loop), "anyOf": [loop, loop]}
    assert schema_breaks(of({"type": "string"}, next=loop), of({"type": "integer"}, next=loop)) == {
        "GET schema-type-changed",
        "POST schema-type-changed",
    }
    schema_breaks(old, new)


def test_a_schema_that_doubles_at_each_level_ends_soon() -> None:
    def tower(last: str) -> dict[str, Any]:
        document = contract({"$ref": "#/components/schemas/L0"})
        for level in range(60):
            below = {"$ref": f"#/components/schemas/L{level + 1}"}
            document["components"]["schemas"][f"L{level}"] = of(below, y=below)
        document["components"]["schemas"]["L60"] = {"type": last}
        return document

    found = breaks_of(
        world_of({"openapi.json": tower("string")}, "base"), world_of({"openapi.json": tower("integer")})
    )
    assert len(found) == 2


def test_the_name_of_a_path_parameter_does_not_matter() -> None:
    def document(name: str, kind: str) -> dict[str, Any]:
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
        made = contract(OBJECT)
        made["paths"] = {f"/v1/carts/{{{name}}}": {"parameters": [parameter], **made["paths"]["/v1/carts"]}}
        return made

    base = world_of({"openapi.json": document("id", "string")}, "base")
    assert breaks_of(base, world_of({"openapi.json": document("cartId", "string")})) == []
    found = breaks_of(base, world_of({"openapi.json": document("cartId", "integer")}))
    assert [finding.rule for finding in found] == ["schema-type-changed"]
    assert len(found[0].operations) == 2


def test_a_renamed_file_is_found_by_git_or_by_what_it_says() -> None:
    document = contract(OBJECT)
    gone = {**contract(OBJECT), "info": {"title": "Gone", "version": "1"}, "paths": {"/v1/x": {"get": {}}}}
    base = world_of({"a.json": document, "b.json": gone}, "base")
    changes = changes_of(base, world_of({"c.json": document}))
    assert [type(change) for change in changes] == [ContractRemoved]
    assert changes[0].at.source.path == "b.json"


@pytest.mark.parametrize(
    ("lifecycle", "severity", "alias"),
    [
        ({}, Severity.ERROR, "oasdiff:api-path-removed-without-deprecation"),
        ({"deprecated": True}, Severity.INFO, "oasdiff:api-path-removed-with-deprecation"),
        ({"deprecated": True, "x-sunset": "2020-02-29"}, Severity.INFO, None),
        (
            {"deprecated": True, "x-sunset": "9999-01-01"},
            Severity.ERROR,
            "oasdiff:api-path-removed-before-sunset",
        ),
        ({"deprecated": True, "x-sunset": "soon"}, Severity.ERROR, "oasdiff:api-path-sunset-parse"),
    ],
)
def test_how_an_end_was_announced_decides(
    lifecycle: dict[str, Any], severity: Severity, alias: str | None
) -> None:
    base = contract(OBJECT)
    base["paths"]["/v1/old"] = {"get": {"responses": {}, **lifecycle}}
    found = news_of(world_of({"openapi.json": base}, "base"), world_of({"openapi.json": contract(OBJECT)}))
    ends = [finding for finding in found if finding.rule != "contract-version-kept"]
    assert [(finding.severity, finding.aliases) for finding in ends] == [
        (severity, (alias,) if alias else ())
    ]


def test_changes_are_typed_and_carry_both_places() -> None:
    old, new = of({"type": "string", "enum": ["a", "b"]}, y={}), of({"type": "string", "enum": ["a"]})
    changes = changes_of(
        world_of({"openapi.json": contract(old)}, "base"), world_of({"openapi.json": contract(new)})
    )
    assert {EnumChanged, PropertyRemoved} <= {type(change) for change in changes}
    assert all(change.was is not None and change.was.source.revision == "base" for change in changes)
    assert not any(isinstance(change, PathRemoved) for change in changes)


LEVELS = 1_500
"""More than Python lets functions call each other."""


def test_a_long_chain_of_choices_ends() -> None:
    def chain(last: str) -> dict[str, Any]:
        document = contract({"$ref": "#/components/schemas/L0"})
        for level in range(LEVELS):
            branches = [{"$ref": f"#/components/schemas/L{level + 1}"}, {"title": "b", "type": "array"}]
            document["components"]["schemas"][f"L{level}"] = {"oneOf": branches}
        document["components"]["schemas"][f"L{LEVELS}"] = {"type": last}
        return document

    found = breaks_of(
        world_of({"openapi.json": chain("string")}, "base"), world_of({"openapi.json": chain("integer")})
    )
    assert {finding.rule for finding in found} == {"schema-type-changed"}


@pytest.mark.parametrize("keyword", ["security", "servers"])
def test_a_list_that_an_operation_no_longer_states_is_missed_there(keyword: str) -> None:
    """The document's list, which is in force then, has not changed and is not what has to be fixed."""
    own: dict[str, Any] = {"security": [{"key": []}], "servers": [{"url": "https://eu.example.com"}]}
    whole: dict[str, Any] = {"security": [{"token": []}], "servers": [{"url": "https://us.example.com"}]}
    schemes = {name: {"type": "http", "scheme": name} for name in ("key", "token")}
    worlds = []
    for stated in (own, {}):
        document = contract({"type": "string"})
        document[keyword] = whole[keyword]
        document["components"] = {**document.get("components", {}), "securitySchemes": schemes}
        (item,) = document["paths"].values()
        operation = next(iter(item.values()))
        operation |= {keyword: stated[keyword]} if stated else {}
        worlds.append(world_of({"openapi.json": document}))
    (found,) = breaks_of(*worlds)
    assert found.rule == {"security": "security-tightened", "servers": "server-removed"}[keyword]
    assert len(found.operations) == 1
    assert found.location.pointer.count("/") == 3
    assert found.location.pointer.startswith("/paths/")


@pytest.mark.parametrize("combined", ["allOf", "anyOf", "oneOf"])
@pytest.mark.parametrize(
    "other",
    [
        {"$ref": "#/components/schemas/Item"},
        {"oneOf": [{"$ref": "#/components/schemas/Item"}]},
        {"type": "object", "nullable": True, "properties": {"id": {}}},
    ],
)
def test_nullable_without_a_type_promises_nothing_and_is_no_news(
    combined: str, other: dict[str, Any]
) -> None:
    """By the letter it lets no null in, and those who write it mean null: no reading makes a break of it."""
    worlds = []
    for schema in ({"nullable": True, combined: [{"$ref": "#/components/schemas/Item"}]}, other):
        document = contract({"type": "object", "properties": {"x": schema}})
        document["components"]["schemas"]["Item"] = {"type": "object", "properties": {"id": {}}}
        worlds.append(world_of({"openapi.json": document}))
    for base, revision in (worlds, reversed(worlds)):
        assert [finding.message for finding in breaks_of(base, revision)] == []
