"""Examples and defaults against their schemas: which are judged, where they fail, and that it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.schemas.effort import MOST, Effort
from tests.oas_style.running import judge, said
from tests.support.limits import within


def contract(schema: Any, version: str = "3.0.3", **schemas: Any) -> dict[str, Any]:
    return {"openapi": version, "paths": {}, "components": {"schemas": {"A": schema, **schemas}}}


def examples(folder: Path, *files: Any) -> list[tuple[str | None, str]]:
    named = {f"openapi{at or ''}.json": file for at, file in enumerate(files)}
    found = said(judge(folder, named, "example-invalid"))
    return [(place, message.removesuffix(" Correct the example or the schema.")) for place, message in found]


@pytest.mark.parametrize(
    ("schema", "version"),
    [
        ({"type": "string", "nullable": True, "example": None}, "3.0.3"),
        ({"type": ["string", "null"], "example": None}, "3.1.0"),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True, "example": 1.5}, "3.0.3"),
        ({"type": "number", "multipleOf": 0.01, "example": 4.35}, "3.0.3"),
        ({"type": "string", "format": "my-own", "example": "x"}, "3.0.3"),
        ({"type": "string", "pattern": r"^[\w-.]+$", "example": "?"}, "3.0.3"),
        (
            {"type": "object", "example": {"$ref": "else.json"}, "properties": {"$ref": {"type": "integer"}}},
            "3.0.3",
        ),
        ({"$ref": "#/components/schemas/B", "example": 1}, "3.0.3"),
    ],
)
def test_valid_or_unknown_examples_are_left_alone(schema: Any, version: str, tmp_path: Path) -> None:
    assert examples(tmp_path, contract(schema, version, B={"type": "string"})) == []


@pytest.mark.parametrize(
    ("schema", "version", "place"),
    [
        ({"type": "integer", "format": "int32", "example": 2**31}, "3.0.3", "/example"),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True, "example": 1}, "3.0.3", "/example"),
        ({"type": "string", "format": "byte", "example": "not base64"}, "3.0.3", "/example"),
        ({"type": "string", "examples": ["a", 1]}, "3.1.0", "/examples/1"),
        ({"$ref": "#/components/schemas/B", "example": 1}, "3.1.0", "/example"),
        ({"type": "string", "nullable": True, "example": None}, "3.1.0", "/example"),
        (
            {"allOf": [{"type": "string"}], "type": "string", "nullable": True, "example": None},
            "3.0.3",
            "/example",
        ),  # what allOf forbids stays forbidden
        (
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}},
             "example": {"a": ["x", 2, 3]}},
            "3.0.3",
            "/example/a/1",
        ),
    ],
)  # fmt: skip
def test_wrong_examples_are_placed(schema: Any, version: str, place: str, tmp_path: Path) -> None:
    found = examples(tmp_path, contract(schema, version, B={"type": "string"}))
    assert [pointer for pointer, _ in found] == [f"/components/schemas/A{place}"]


def test_members_that_do_not_go_in_a_direction_may_be_missing(tmp_path: Path) -> None:
    hidden = {
        "id": {"allOf": [{"$ref": "#/components/schemas/Id"}], "readOnly": True},
        "secret": {"type": "string", "writeOnly": True},
    }
    schema = {"type": "object", "required": ["id", "secret", "name"], "properties": hidden}

    def media(example: Any) -> Any:
        return {"content": {"application/json": {"schema": schema, "example": example}}}

    document = {
        "openapi": "3.0.3",
        "paths": {
            "/a": {
                "post": {
                    "requestBody": media({"secret": "x", "name": "n"}),
                    "responses": {
                        "200": media({"id": "x", "name": "n"}),
                        "201": media({"secret": "x", "name": "n"}),
                    },
                }
            }
        },
        "components": {"schemas": {"Id": {"type": "string"}}},
    }
    assert examples(tmp_path, document) == [
        (
            "/paths/~1a/post/responses/201/content/application~1json/example",
            "The example does not fit its schema: the field 'id' is missing.",
        )
    ]


def test_schemas_of_other_files_are_followed_and_places_are_in_the_right_file(tmp_path: Path) -> None:
    files = {
        "openapi.yaml": "openapi: 3.0.3\npaths: {}\n"
        "components:\n  schemas:\n    A: {$ref: parts/a.yaml#/A}\n",
        "parts/a.yaml": "A:\n  type: object\n  properties:\n    n: {$ref: '#/N'}\n  example: {n: x}\n"
        "N:\n  type: integer\n  example: y\n",
    }
    found = judge(tmp_path, files, "example-invalid")
    assert [(each.location.path, each.location.pointer, each.location.span.line) for each in found] == [
        ("parts/a.yaml", "/A/example/n", 5),
        ("parts/a.yaml", "/N/example", 8),
    ]


def test_a_discriminator_chooses_among_variants_that_overlap(tmp_path: Path) -> None:
    variants = [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")]
    animal = {"type": "object", "properties": {"kind": {"type": "string"}}}
    schema = {"oneOf": variants, "discriminator": {"propertyName": "kind"}, "type": "object"}
    document = contract({**schema, "example": {"kind": "Cat"}}, Cat=animal, Dog=animal)
    assert examples(tmp_path, document) == []


def test_texts_of_other_media_types_are_not_judged_as_json(tmp_path: Path) -> None:
    def response(media: str, example: Any) -> Any:
        return {"200": {"content": {media: {"schema": {"type": "object"}, "example": example}}}}

    for media, count in (("application/xml", 0), ("application/json", 1), ("application/hal+json", 1)):
        document = {"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": response(media, "<a/>")}}}}
        assert len(examples(tmp_path, document)) == count


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(?=a)(a+)+$", "^(a|a)*$", r"^(\w+\s?)*$"])
def test_no_pattern_hangs(pattern: str, tmp_path: Path) -> None:
    document = contract({"type": "string", "pattern": pattern, "example": "a" * 200 + "!"})
    assert len(within(2, lambda: examples(tmp_path, document))) == 1


def test_no_schema_makes_a_validator_run_away(tmp_path: Path) -> None:
    again = {"type": "object", "properties": {"x": {"$ref": "#/components/schemas/A"}}, "required": ["x"]}
    value: Any = 1
    for _ in range(50):
        value = {"x": value}
    deep = {"type": "object", "anyOf": [again, dict(again)], "example": value}
    wide = {
        f"W{at}": {"allOf": [{"$ref": f"#/components/schemas/W{at + 1}"}] * 2, "type": "object", "example": 1}
        for at in range(40)
    }
    document = contract(deep, **wide, W40={"type": "string"})
    within(5, lambda: examples(tmp_path, document))


def test_effort_counts_what_a_validator_tries() -> None:
    definitions: dict[str, Any] = {"a": {"anyOf": [{"properties": {"x": {"$ref": "#/$defs/a"}}}] * 2}}
    shallow: Any = {"x": {"x": 1}}
    deep: Any = 1
    for _ in range(30):
        deep = {"x": deep}
    assert not Effort(definitions).is_too_much({"$ref": "#/$defs/a"}, shallow)
    assert Effort(definitions).is_too_much({"$ref": "#/$defs/a"}, deep)
    assert not Effort({"a": {"type": "object"}}).is_too_much({"$ref": "#/$defs/a"}, deep)
    assert MOST > 1000


@pytest.mark.parametrize(
    "schema",
    [
        *({"type": "array", "items": 5, "example": 1}, {"required": True, "type": "string", "example": "a"}),
        *(
            {"type": "object", "properties": [], "example": {}},
            {"enum": "a", "type": "string", "example": "a"},
        ),
        *(
            {"type": "string", "minLength": -1, "example": "a"},
            {"allOf": {}, "type": "string", "example": "a"},
        ),
        *(
            {"type": "string", "pattern": "[", "example": "a"},
            {"type": "string", "maximum": "1", "example": "a"},
        ),
        {"type": "string", "$id": "x:", "$anchor": 5, "$dynamicRef": "#a", "$schema": "else", "example": "a"},
    ],
)
def test_keywords_of_a_wrong_shape_say_nothing(schema: Any, tmp_path: Path) -> None:
    good = {"type": "string", "example": 1}
    found = examples(tmp_path, contract(schema, Good=good))
    assert (
        "/components/schemas/Good/example",
        "The example does not fit its schema: it must be a string, not 1.",
    ) in found


def test_a_bound_that_is_no_number_of_json_says_nothing(tmp_path: Path) -> None:
    text = (
        "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n"
        "    A: {type: number, maximum: .inf, multipleOf: .nan, example: 1}\n"
        "    B: {type: string, example: 1}\n"
    )
    found = said(judge(tmp_path, {"openapi.yaml": text}, "example-invalid"))
    assert [pointer for pointer, _ in found] == ["/components/schemas/B/example"]


_DEEP = {"type": "object", "required": ["id"], "properties": {"tags": {"items": {"maxLength": 1}}}}


@pytest.mark.parametrize(
    ("schema", "example", "words"),
    [
        ({"enum": ["a", "b"]}, "c", "in 'of', 'c' is none of the values 'a', 'b'"),
        ({"type": "string", "pattern": "^a"}, "c", "in 'of', 'c' does not match ^a"),
        ({"type": "string"}, 3, "'of' must be a string, not 3"),
        (_DEEP, {}, "in 'of', the field 'id' is missing"),
        (_DEEP, {"id": 1, "tags": ["a", "bc"]}, "'of.tags[1]' needs a length of at most 1"),
        ({"additionalProperties": False}, {"a": 1}, "'of.a' is no property of the schema"),
        ({"items": False}, ["a"], "'of[0]' is not allowed by the schema"),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, "in 'of', the name 'ab' is not allowed here"),
        ({"not": {"required": ["a"]}}, {"a": 1}, "in 'of', the field 'a' is not allowed here"),
        (
            {"not": {"required": ["a", "b"]}},
            {"a": 1, "b": 2},
            "in 'of', the fields 'a' and 'b' exclude each other",
        ),
    ],
)
def test_the_member_that_does_not_fit_is_named(schema: Any, example: Any, words: str, tmp_path: Path) -> None:
    whole = {"type": "object", "properties": {"of": schema}, "example": {"of": example}}
    ((_, message),) = examples(tmp_path, contract(whole, "3.1.0"))
    assert message == f"The example does not fit its schema: {words}."
