"""OpenAPI schemas of all versions as JSON Schema 2020-12, by direction and place."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.schemas.answers import Kinship, No, Relation, Unknown, Yes
from archlint.comparison.schemas.containment import Engine, compare
from archlint.comparison.schemas.lowering import Lowering, lowerings
from archlint.comparison.schemas.rendering import render
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.serialization import BODY, FORM, Serialization, parameter
from archlint.model.openapi.contracts import Dialect
from archlint.model.openapi.operations import Direction
from tests.support.limits import within

V2, V30, V31, V32 = Dialect.V2_0, Dialect.V3_0, Dialect.V3_1, Dialect.V3_2
REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE
QUERY, PATH, HEADER = parameter("query"), parameter("path"), parameter("header")
EQUAL, NARROWER, WIDER = Kinship.EQUAL, Kinship.NARROWER, Kinship.WIDER
APART = Kinship.INCOMPARABLE

COMPONENTS: dict[str, Any] = {
    "Dog": {"type": "object", "properties": {"bark": {"type": "integer"}}},
    "Cat": {"type": "object", "properties": {"meow": {"type": "integer"}}},
    "Hidden": {"type": "string", "readOnly": True},
    "Loop": {"$ref": "#/components/schemas/Loop"},
    "One": {
        "allOf": [{"$ref": "#/components/schemas/Two"}],
        "properties": {"a": {"type": "string", "readOnly": True}},
    },
    "Two": {
        "allOf": [{"$ref": "#/components/schemas/One"}, {"$ref": "#/components/schemas/One"}],
        "properties": {"b": {"type": "string", "writeOnly": True}},
    },
    "Tree": {
        "type": "object",
        "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
    },
}


def resolve(reference: str, here: Any) -> tuple[Any, Any] | None:
    name = reference.removeprefix("#/components/schemas/")
    return (COMPONENTS[name], here) if name in COMPONENTS else None


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def lower(
    schema: Any, dialect: Dialect = V30, direction: Direction = REQUEST, place: Serialization = BODY
) -> Schema:
    return Lowering(dialect, resolve).lower(schema, None, direction, place)


def related(base: Any, revision: Any, place: Serialization = BODY) -> Relation:
    return compare(lower(base, place=place), lower(revision, place=place))


@pytest.mark.parametrize(
    ("one", "first", "other", "second"),
    [
        ({"type": "string", "x-nullable": True}, V2, {"type": "string", "nullable": True}, V30),
        *(
            (
                {name: [{"type": "string"}], "maxLength": 3, "x-nullable": True, "x-more": 1},
                V2,
                {name: [{"type": ["string", "null"]}], "maxLength": 3},
                V31,
            )
            for name in ("allOf", "anyOf", "oneOf")
        ),
        ({**ref("Dog"), "x-nullable": True}, V2, ref("Dog"), V31),
        ({"type": "string", "nullable": True}, V30, {"type": ["string", "null"]}, V31),
        ({"type": "string", "nullable": False}, V30, {"type": "string"}, V31),
        ({"type": "string", "nullable": True}, V31, {"type": "string"}, V31),
        (
            {"nullable": True, "allOf": [ref("Dog")]},  # without ``type`` it means nothing (3.0.3, 4.7.24.1)
            V30,
            ref("Dog"),
            V31,
        ),
        ({"nullable": True}, V30, {}, V31),
        (
            {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
            V30,
            {"type": "integer", "exclusiveMinimum": 3},
            V31,
        ),
        (
            {"type": "number", "maximum": 3, "exclusiveMaximum": False},
            V2,
            {"type": "number", "maximum": 3},
            V32,
        ),
        ({"exclusiveMaximum": True, "type": "number"}, V30, {"type": "number"}, V31),
        ({"type": "file"}, V2, {"type": "string", "format": "binary"}, V30),
        (
            {"type": "string", "format": "byte"},
            V30,
            {"type": "string", "contentEncoding": "base64"},
            V31,
        ),
        ({**ref("Dog"), "maxProperties": 1}, V30, ref("Dog"), V30),
        ({**ref("Dog"), "maxProperties": 1}, V31, {"allOf": [ref("Dog"), {"maxProperties": 1}]}, V31),
        ({**ref("Dog"), "description": "a dog"}, V31, ref("Dog"), V32),
        (
            {"type": "integer", "format": "int32"},
            V30,
            {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
            V31,
        ),
        (
            {"type": "integer", "format": "int32", "minimum": 5},
            V30,
            {"type": "integer", "minimum": 5, "maximum": 2**31 - 1},
            V31,
        ),
        ({"type": "number", "format": "double"}, V30, {"type": "number"}, V31),
        ({"type": "number", "format": "float"}, V30, {"type": "number"}, V31),
        ({"type": "integer", "format": "int64"}, V30, {"type": "integer"}, V31),
        ({"type": "string", "format": "password", "example": "x"}, V30, {"type": "string"}, V31),
        ({"enum": ["a"]}, V30, {"const": "a"}, V31),
    ],
)
def test_versions_that_say_the_same(one: Any, first: Dialect, other: Any, second: Dialect) -> None:
    for direction in Direction:
        relation = compare(lower(one, first, direction), lower(other, second, direction))
        assert relation.kinship is EQUAL, relation


@pytest.mark.parametrize(
    ("base", "revision", "expected"),
    [
        ({"type": "integer", "format": "int32"}, {"type": "integer", "format": "int64"}, WIDER),
        ({"type": "number", "format": "uint8"}, {"type": "number"}, WIDER),
        ({"type": "string", "nullable": True}, {"type": "string"}, NARROWER),
        ({"type": "string"}, {"type": "integer"}, APART),
    ],
)
def test_versions_that_do_not(base: Any, revision: Any, expected: Kinship) -> None:
    assert related(base, revision).kinship is expected


MEMBERS = {
    "type": "object",
    "required": ["id", "secret", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "secret": {"type": "string", "writeOnly": True},
        "name": {"type": "string"},
    },
}


def rendered(schema: Schema) -> Any:
    """The root of a rendered schema."""
    document = render(schema)
    return document["$defs"][document["$ref"].removeprefix("#/$defs/")]


@pytest.mark.parametrize(("direction", "names"), [(REQUEST, ["name", "secret"]), (RESPONSE, ["id", "name"])])
def test_members_leave_the_direction_they_are_not_for(direction: Direction, names: list[str]) -> None:
    found = rendered(lower(MEMBERS, direction=direction))
    assert sorted(found["properties"]) == names
    assert found["required"] == names


def test_a_member_leaves_required_wherever_that_stands() -> None:
    split = {"allOf": [{**MEMBERS, "required": []}, {"required": ["id", "name"]}]}
    asked = lower(split, direction=REQUEST)
    given = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    assert isinstance(Engine().contains(asked, lower(given)), Yes)
    answer = Engine().contains(lower(given, direction=RESPONSE), lower(split, direction=RESPONSE))
    assert isinstance(answer, No)


@pytest.mark.parametrize(
    ("member", "dialect", "leaves"),
    [
        (ref("Hidden"), V30, True),
        ({"allOf": [ref("Hidden")]}, V30, True),
        ({**ref("Dog"), "readOnly": True}, V30, False),
        ({**ref("Dog"), "readOnly": True}, V31, True),
        ({"type": "string", "readOnly": False}, V30, False),
    ],
)
def test_marks_are_found_through_references(member: Any, dialect: Dialect, leaves: bool) -> None:
    found = rendered(lower({"type": "object", "properties": {"a": member, "b": {}}}, dialect))
    assert ("a" not in found["properties"]) is leaves


def test_a_discriminator_tells_the_branches_apart() -> None:
    base = {"oneOf": [ref("Dog"), ref("Cat")], "discriminator": {"propertyName": "kind"}}
    more = {"oneOf": [ref("Dog"), ref("Cat"), {"type": "null"}], "discriminator": base["discriminator"]}
    assert related(base, more).kinship is WIDER
    mapped = {
        "oneOf": [ref("Dog"), ref("Cat")],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"dog": "#/components/schemas/Dog", "Cat": "Cat"},
        },
    }
    answer = related(base, mapped).forward
    assert answer == No({"kind": "Dog"})


def test_a_default_mapping_takes_what_no_name_leads_to() -> None:
    written = {
        "oneOf": [ref("Dog"), ref("Cat")],
        "discriminator": {"propertyName": "kind", "defaultMapping": "Cat"},
    }
    engine = Engine()
    for value, expected in (({"kind": "Bird"}, Yes), ({"kind": "Cat", "meow": "x"}, No), ({}, Yes)):
        answer = engine.contains(lower({"enum": [value]}), lower(written, V32))
        assert isinstance(answer, expected), value


@pytest.mark.parametrize(
    ("base", "revision", "place", "expected"),
    [
        ({"type": "integer"}, {"type": "string"}, QUERY, WIDER),
        ({"type": "integer"}, {"type": "string"}, PATH, WIDER),
        ({"type": "boolean"}, {"type": "string"}, HEADER, WIDER),
        ({"type": "boolean"}, {"type": "string", "enum": ["true", "false"]}, QUERY, EQUAL),
        ({"type": "string", "enum": ["1", "2"]}, {"type": "integer"}, QUERY, WIDER),
        ({"type": "string", "pattern": "^[0-9]+$"}, {"type": "integer"}, QUERY, WIDER),
        ({"type": "integer"}, {"type": "string", "pattern": "^-?[0-9]+$"}, QUERY, EQUAL),
        ({"type": "integer", "minimum": 0, "maximum": 99}, {"type": "string", "maxLength": 2}, QUERY, WIDER),
        ({"type": "string", "format": "date"}, {"type": "integer"}, QUERY, APART),
        ({"type": "string", "nullable": True}, {"type": "string"}, QUERY, EQUAL),
        ({"type": "string", "minLength": 1}, {"type": "string"}, QUERY, WIDER),
        ({"type": "integer"}, {"type": "array", "items": {"type": "integer"}}, QUERY, WIDER),
        ({"type": "integer"}, {"type": "array", "items": {"type": "integer"}, "minItems": 2}, QUERY, APART),
        ({"type": "array", "items": {"type": "string"}}, {"type": "string"}, QUERY, NARROWER),
        ({"type": "array", "items": {"type": "string"}}, {"type": "string"}, PATH, EQUAL),
        (
            {"type": "object", "properties": {"a": {"type": "integer"}}},
            {"type": "object", "properties": {"a": {"type": "string"}}},
            FORM,
            WIDER,
        ),
        (
            {"type": "object", "properties": {"a": {"type": "integer"}}},
            {"type": "object", "properties": {"a": {"type": "string"}}},
            BODY,
            APART,
        ),
    ],
)
def test_text_takes_what_looks_like_it(
    base: Any, revision: Any, place: Serialization, expected: Kinship
) -> None:
    relation = related(base, revision, place)
    assert relation.kinship is expected, relation


@pytest.mark.parametrize(
    ("location", "style", "explode", "joined"),
    [
        ("query", None, None, False),
        ("query", "form", False, True),
        ("query", "pipeDelimited", None, True),
        ("query", "deepObject", None, False),
        ("cookie", None, None, False),
        ("path", None, None, True),
        ("path", "matrix", True, False),
        ("header", "simple", True, True),
    ],
)
def test_places_of_parameters(location: str, style: str | None, explode: bool | None, joined: bool) -> None:
    assert parameter(location, style, explode) == Serialization(text=True, joined=joined)


def test_recursion_is_lowered_lazily_and_once() -> None:
    lowering = Lowering(V30, resolve)
    tree = lowering.lower(ref("Tree"), None, REQUEST)
    again = tree.keywords["properties"]["below"].keywords["items"]
    assert again is tree
    assert lowering.lower(ref("Tree"), None, REQUEST) is tree
    assert lowering.lower(ref("Tree"), None, RESPONSE) is not tree


@pytest.mark.parametrize("schema", [ref("Loop"), ref("Nowhere"), {"allOf": [ref("Loop")]}])
def test_references_to_nothing_are_equal_only_to_themselves(schema: Any) -> None:
    assert related(schema, schema).kinship is EQUAL
    assert isinstance(related({"type": "string"}, schema).forward, Unknown)
    assert isinstance(related(schema, {"type": "string"}).forward, Unknown)


def test_documents_of_one_version_share_what_they_write_alike() -> None:
    base, revision = lowerings((V30, resolve), (V30, resolve))
    schema = {"type": "object", "properties": {"tree": ref("Tree")}, "description": "old"}
    renewed = {"properties": {"tree": ref("Tree")}, "type": "object", "description": "new"}
    assert base.lower(schema, None, REQUEST) is revision.lower(renewed, None, REQUEST)
    changed = {**renewed, "minProperties": 1}
    other = revision.lower(changed, None, REQUEST)
    assert other is not base.lower(schema, None, REQUEST)
    assert other.keywords["properties"]["tree"] is base.lower(ref("Tree"), None, REQUEST)
    assert compare(base.lower(schema, None, REQUEST), other).kinship is NARROWER


def test_what_a_reference_leads_to_belongs_to_what_is_written() -> None:
    def elsewhere(reference: str, here: Any) -> tuple[Any, Any] | None:
        return {"type": "integer"}, here

    base, revision = lowerings((V30, resolve), (V30, elsewhere))
    one, other = (side.lower(ref("Dog"), None, REQUEST) for side in (base, revision))
    assert compare(one, other).kinship is APART


@pytest.mark.parametrize("name", ["One", "Two"])
def test_what_leaves_a_schema_that_is_a_part_of_itself_ends(name: str) -> None:
    """Such a schema means nothing; the members that are not sent are sought all the same."""
    for direction in Direction:
        made = {"required": ["a", "b"], **ref(name), "allOf": [ref(name)]}
        assert within(10, lambda made=made, direction=direction: lower(made, V31, direction).keywords)


@pytest.mark.parametrize("kind", ["string", "integer", "boolean"])
def test_text_that_several_branches_of_one_type_take_is_refused(kind: str) -> None:
    """A value that two branches take is none of their ``oneOf``, as where nothing is read from text."""
    inner, rest = {
        "string": ({"maxLength": 3}, {"minLength": 4}),
        "integer": ({"maximum": 3}, {"minimum": 4}),
        "boolean": ({"enum": [True]}, {"enum": [False]}),
    }[kind]
    both = {"oneOf": [{"type": kind}, {"type": kind, **inner}]}
    for place in (BODY, QUERY):
        assert related(both, {"type": kind, **rest}, place).kinship is EQUAL, place
