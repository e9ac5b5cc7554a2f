"""What a list of values and a constant become is told by what oasdiff calls it, in each direction."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.openapi.views import json_type
from tests.oas.worlds import contract, news_of, world_of

PLAIN, CONST, OTHER, LIST = {}, {"const": "a"}, {"const": "b"}, {"enum": ["a", "b"]}
CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, tuple[str, ...]]]] = [
    (PLAIN, CONST, {"request error": ("const-added",), "response info": ("const-added",)}),
    (CONST, PLAIN, {"request info": ("const-removed",), "response error": ("const-removed",)}),
    (CONST, OTHER, {"request error": ("const-changed",), "response error": ("const-changed",)}),
    (CONST, LIST, {"request info": ("became-enum", "const-removed"), "response warning": ("const-removed",)}),
    (
        LIST,
        CONST,
        {
            "request error": ("const-added", "enum-value-removed"),
            "response info": ("const-added", "enum-value-removed"),
        },
    ),
    (PLAIN, LIST, {"request error": ("became-enum",), "response info": ()}),
    (
        LIST,
        PLAIN,
        {"request info": ("enum-value-removed",), "response warning": ("enum-value-removed",)},
    ),
]

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
TYPES: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"type": ["string", "integer"]}, {"type": ["string"]}, "type-changed", "type-specialized"),
    ({"type": ["string"]}, {"type": ["string", "integer"]}, "type-generalized", "type-generalized"),
    (TEXT, {"type": ["string", "null"]}, "became-nullable", "became-nullable"),
    (WHOLE, {"type": "number"}, "type-generalized", "type-generalized"),
    (TEXT, {"anyOf": [TEXT, WHOLE]}, "list-of-types-widened", "list-of-types-widened"),
    ({"anyOf": [TEXT, WHOLE]}, WHOLE, "list-of-types-narrowed", "list-of-types-narrowed"),
]


@pytest.mark.parametrize(("old", "new", "request_name", "response_name"), TYPES)
def test_names_of_types(
    old: dict[str, Any], new: dict[str, Any], request_name: str, response_name: str
) -> None:
    sides = [contract(each, "3.1.0") for each in (old, new)]
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    names = {alias.removeprefix("oasdiff:") for each in found if each.operations for alias in each.aliases}
    assert names == {f"request-body-{request_name}", f"response-body-{response_name}"}


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_names(old: dict[str, Any], new: dict[str, Any], expected: dict[str, tuple[str, ...]]) -> None:
    sides = [contract({"type": "string", **each}, "3.1.0") for each in (old, new)]
    found = [
        each
        for each in news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
        if each.operations
    ]
    parts = {"POST": "request", "GET": "response"}
    told = {
        f"{parts[each.operations[0].method]} {each.severity.label}": tuple(
            alias.removeprefix("oasdiff:").partition("-")[2].removeprefix("body-").removeprefix("mediatype-")
            for alias in each.aliases
        )
        for each in found
    }
    assert len(found) == 2
    assert told == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (True, "boolean"),
        (1, "integer"),
        (2.0, "integer"),
        (1.5, "number"),
        ("a", "string"),
        ({}, "object"),
        ([], "array"),
    ],
)
def test_a_value_has_the_type_that_json_schema_says(value: Any, name: str) -> None:
    assert json_type(value) == name
