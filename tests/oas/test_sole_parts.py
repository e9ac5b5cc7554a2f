"""A schema with one part and nothing beside it is that part: the same is told of it, wrapped or not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from archlint.finding import Finding
from tests.oas.worlds import contract, news_of, world_of

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
CART = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "note": TEXT}}
BASKET = {"type": "object", "required": ["id"], "properties": {"id": WHOLE, "size": WHOLE}}
SHARED = {"Trolley": CART, "Basket": BASKET, "Kept": {"description": "kept", "allOf": [BASKET]}}
PARTED = {"allOf": [TEXT, {"minLength": 1}]}
WRAPS: dict[str, Callable[[Any], Any]] = {
    "bare": lambda one: one,
    "wrapped": lambda one: {"allOf": [one]},
    "described": lambda one: {"description": "what it is", "allOf": [one]},
    "twice": lambda one: {"allOf": [{"title": "It", "allOf": [one]}]},
}


def told(base: Any, revision: Any, version: str = "3.0.3") -> list[Finding]:
    worlds = []
    for schema, at in ((base, "base"), (revision, None)):
        document = contract(schema, version)
        document.setdefault("components", {}).setdefault("schemas", {}).update(SHARED)
        worlds.append(world_of({"openapi.json": document}, at))
    return [each for each in news_of(*worlds) if each.operations]


def said(findings: list[Finding]) -> set[tuple[str, str, str]]:
    return {(each.rule, each.severity.name, each.operations[0].method) for each in findings}


def _named(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(("old", "new"), [pair for pair in product(WRAPS, WRAPS) if pair[0] != pair[1]])
def test_what_differs_is_told_and_not_that_parts_came_and_went(old: str, new: str, version: str) -> None:
    for base, revision in (
        (_named("Trolley"), _named("Basket")),
        (_named("Trolley"), _named("Kept")),
        (CART, _named("Basket")),
        (_named("Trolley"), BASKET),
        (CART, BASKET),
    ):
        found = told(WRAPS[old](base), WRAPS[new](revision), version)
        assert said(found) == said(told(CART, BASKET, version))
        assert new == "bare" or "/components/schemas/Cart" not in {each.location.pointer for each in found}


@pytest.mark.parametrize("wrap", WRAPS)
def test_parts_of_what_is_wrapped_are_told(wrap: str) -> None:
    (one, other) = told(PARTED, WRAPS[wrap]({"allOf": [TEXT, {"minLength": 1}, {"maxLength": 3}]}))
    assert {one.rule, other.rule} == {"all-of-changed", "all-of-relaxed"}


NULLS: list[Any] = [
    {"type": "string", "nullable": True},
    {"allOf": [{"nullable": True}, TEXT]},
    {"nullable": True, "allOf": [TEXT]},
    {"allOf": [{"allOf": [{"nullable": True}]}, TEXT]},
]


@pytest.mark.parametrize(("base", "revision"), list(product(NULLS, NULLS)))
def test_another_way_to_mean_that_null_is_allowed_is_no_news(base: Any, revision: Any) -> None:
    assert not [each for each in told(base, revision) if each.severity.name != "INFO"]


def test_what_moved_into_a_part_is_compared_with_what_it_was() -> None:
    whole = {"type": "object", "required": ["id"], "properties": {"id": TEXT}, "minProperties": 1}
    note = {"type": "object", "properties": {"n": TEXT}}
    found = told(whole, {"allOf": [{**whole, "minProperties": 2}, note]})
    assert "schema-type-relaxed" not in {each.rule for each in found}
    limits = {(each.rule, each.operations[0].method) for each in found if each.rule.startswith("constraint")}
    assert limits == {("constraint-changed", "POST"), ("constraint-relaxed", "GET")}


def test_a_part_that_became_a_choice_is_proved_against_what_it_was() -> None:
    user = {"allOf": [{"type": "object", "properties": {"kind": TEXT}}, {"required": ["name"]}]}
    both = {"oneOf": [user, {"type": "object", "required": ["group"], "properties": {"group": TEXT}}]}
    shared = {"Trolley": user}
    worlds = []
    for schema, at in (({"allOf": [_named("Trolley"), {}]}, "base"), ({"allOf": [both, {}]}, None)):
        document = contract(schema)
        document.setdefault("components", {}).setdefault("schemas", {}).update(shared)
        worlds.append(world_of({"openapi.json": document}, at))
    assert any(each.witness is not None for each in news_of(*worlds))  # which fails where one is false


_PART, _NULL = {"$ref": "#/components/schemas/Noted"}, {"type": "null"}
WAYS: dict[str, Callable[[Any], Any]] = {
    "plain": lambda schema: schema,
    "a part": lambda schema: {"allOf": [_PART, schema]},
    "a branch besides null": lambda schema: {"oneOf": [schema, _NULL]},
    "a later branch besides null": lambda schema: {"anyOf": [_NULL, schema]},
    "a reference": lambda schema: {"$ref": "#/components/schemas/Said"},
}
"""Ways to state a schema."""
OTHER_WAYS = [
    ("plain", "a part", ""),
    ("a part", "plain", ""),
    ("a part", "a branch besides null", "/oneOf/0"),
    ("a part", "a later branch besides null", "/anyOf/1"),
    ("a branch besides null", "plain", ""),
    ("a branch besides null", "a later branch besides null", "/anyOf/1"),
    ("a branch besides null", "a reference", "/$ref"),
    ("a later branch besides null", "a reference", "/$ref"),
]


@pytest.mark.parametrize(("old", "new", "expected"), OTHER_WAYS)
def test_what_is_lost_is_told_where_the_rest_of_it_stands_now(old: str, new: str, expected: str) -> None:
    sides = []
    for way, stated in ((old, {"pattern": "^a"}), (new, {})):
        schema = {"type": "string", "maxLength": 9, **stated}
        side = contract({"type": "object", "properties": {"p": WAYS[way](schema)}}, "3.1.0")
        side["components"]["schemas"] |= {"Noted": {"description": "d"}, "Said": schema}
        sides.append(side)
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    places = {each.location.pointer for each in found if "pattern ^a" in each.message}
    assert places == {f"/components/schemas/Cart/properties/p{expected}"}


OTHERS: list[Any] = [TEXT, {"type": "string", "minLength": 1}, {"type": "object"}, {}, {"enum": ["a"]}]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("is_back", [False, True])
def test_parts_in_place_of_a_choice_with_null_are_told_once(keyword: str, other: Any, is_back: bool) -> None:
    choice = {keyword: [_named("Other"), {"type": "null"}]}
    parts = {"allOf": [{"description": "says nothing of null", "minLength": 0}, TEXT]}
    worlds = []
    for schema, at in zip((parts, choice) if is_back else (choice, parts), ("base", None), strict=True):
        document = contract(schema, "3.1.0")
        document.setdefault("components", {}).setdefault("schemas", {})["Other"] = other
        worlds.append(world_of({"openapi.json": document}, at))
    found = [each for each in news_of(*worlds) if each.rule in ("all-of-changed", "all-of-relaxed")]
    met = [(operation.method, each.rule) for each in found for operation in each.operations]
    assert len(met) == len(set(met))
    assert not [each for each in found if each.rule == "all-of-changed" and "null)" in each.message]
