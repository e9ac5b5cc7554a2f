"""How the fields of a form are sent: what an encoding states, and what counts where none does."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.element_changes import SerializationChanged
from tests.oas.worlds import changes_of, world_of

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
