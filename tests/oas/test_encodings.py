"""How the fields of a form are sent: what an encoding states, and what counts where none does."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.element_changes import SerializationChanged
from archlint.finding import Severity
from tests.oas.worlds import changes_of, news_of, world_of

TEXT = {"type": "string"}
DEFAULTS = [
    (TEXT, "text/plain"),
    ({"type": "integer"}, "text/plain"),
    ({"type": "number"}, "text/plain"),
    ({"type": "boolean"}, "text/plain"),
    ({"type": "object"}, "application/json"),
    ({"type": "array", "items": {"type": "object"}}, "application/json"),
    ({"type": "array", "items": TEXT}, "text/plain"),
    ({"$ref": "#/components/schemas/Item"}, "application/json"),
]
UNKNOWN: list[dict[str, Any]] = [
    {"type": "string", "format": "binary"},
    {"type": "string", "format": "base64"},
    {"type": "string", "format": "byte"},
    {"type": "string", "contentEncoding": "base64"},
    {"enum": [1]},
]


def form(schema: dict[str, Any], encoding: dict[str, Any] | None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"type": "object", "properties": {"field": schema}}}
    if encoding is not None:
        content["encoding"] = {"field": encoding}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/v1/carts": {
                "post": {
                    "requestBody": {"content": {"multipart/form-data": content}},
                    "responses": {"204": {"description": "ok"}},
                }
            }
        },
        "components": {"schemas": {"Item": {"type": "object"}}},
    }


def told(
    schema: dict[str, Any], old: dict[str, Any] | None, new: dict[str, Any] | None
) -> list[tuple[str, str, str, Containment]]:
    sides = (world_of({"a.json": form(schema, each)}, side) for each, side in ((old, "base"), (new, None)))
    found = [each for each in changes_of(*sides) if isinstance(each, SerializationChanged)]
    assert {(each.name, each.location) for each in found} <= {("field", "form field")}
    return [(each.keyword, each.old, each.new, each.accepts) for each in found]


@pytest.mark.parametrize(("schema", "usual"), DEFAULTS)
def test_what_is_meant_without_a_media_type(schema: dict[str, Any], usual: str) -> None:
    assert told(schema, None, {"contentType": usual}) == []
    assert told(schema, {}, {"contentType": usual.upper()}) == []
    other = "image/png"
    expected = ("contentType", usual, other, Containment.INCOMPARABLE)
    assert told(schema, None, {"contentType": other}) == [expected]
    wider = ("contentType", usual, ", ".join(sorted((usual, other))), Containment.WIDER)
    assert told(schema, None, {"contentType": f"{other}, {usual}"}) == [wider]
    narrower = ("contentType", wider[2], usual, Containment.NARROWER)
    assert told(schema, {"contentType": f"{other}, {usual}"}, None) == [narrower]


@pytest.mark.parametrize("schema", UNKNOWN)
def test_what_nobody_knows_is_not_compared(schema: dict[str, Any]) -> None:
    assert told(schema, None, {"contentType": "image/png"}) == []
    assert told(schema, {"contentType": "image/gif"}, {"contentType": "image/png"}) != []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"style": "form"}, []),
        ({}, {"style": "form", "explode": True}, []),
        ({"style": "spaceDelimited"}, {"style": "spaceDelimited", "explode": False}, []),
        (
            {},
            {"explode": False},
            [("style", "form, exploded", "form, not exploded", Containment.INCOMPARABLE)],
        ),
        (
            {},
            {"style": "deepObject", "explode": True},
            [("style", "form, exploded", "deepObject, exploded", Containment.INCOMPARABLE)],
        ),
        ({}, {"allowReserved": False}, []),
        ({}, {"allowReserved": True}, [("allowReserved", "false", "true", Containment.WIDER)]),
        ({"allowReserved": True}, {}, [("allowReserved", "true", "false", Containment.NARROWER)]),
    ],
)
def test_styles(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[object, ...]]) -> None:
    assert told(TEXT, old, new) == expected


def headers(*names: str, required: bool = True) -> dict[str, Any]:
    return {"headers": {name: {"required": required, "schema": TEXT} for name in names}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, headers("X-A"), [("headers", "none", "x-a", Containment.NARROWER)]),
        (headers("X-A", "X-B"), headers("X-B"), [("headers", "x-a, x-b", "x-b", Containment.WIDER)]),
        (headers("X-A"), headers("X-B"), [("headers", "x-a", "x-b", Containment.INCOMPARABLE)]),
        (headers("X-A"), headers("x-a"), []),
        ({}, headers("X-A", required=False), []),
        ({}, headers("Content-Type"), []),
    ],
)
def test_headers(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[object, ...]]) -> None:
    assert told(TEXT, old, new) == expected


@pytest.mark.parametrize("where", ["request", "response"])
def test_schemas_of_the_headers_of_a_part_are_compared(where: str) -> None:
    def sides(kind: str, name: str) -> dict[str, Any]:
        made = form(TEXT, {"headers": {name: {"schema": {"type": kind}}}})
        operation = made["paths"]["/v1/carts"]["post"]
        if where == "response":
            content = operation.pop("requestBody")
            operation["responses"] = {"200": {"description": "ok", **content}}
        return made

    old, new = sides("integer", "X-A"), sides("boolean", "x-a")
    found = news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))
    (told_of,) = (each for each in found if each.rule != "contract-version-kept")
    assert (told_of.rule, told_of.severity) == ("schema-type-changed", Severity.ERROR)
    assert str(told_of.location.pointer).endswith("/encoding/field/headers/x-a/schema/type")


def test_another_media_type_of_a_response_header_is_told_of_the_header() -> None:
    def sides(media: str) -> dict[str, Any]:
        made = form(TEXT, None)
        header = {"content": {media: {"schema": TEXT}}}
        operation = made["paths"]["/v1/carts"]["post"]
        operation["responses"]["204"]["headers"] = {"X-A": header}
        return made

    worlds = (
        world_of({"a.json": sides(media)}, side) for media, side in (("text/a", "base"), ("text/b", None))
    )
    (change,) = (each for each in changes_of(*worlds) if isinstance(each, SerializationChanged))
    assert (change.name, change.location, change.keyword) == ("X-A", "response header", "content")
    assert (change.old, change.new, change.accepts) == ("text/a", "text/b", Containment.INCOMPARABLE)
