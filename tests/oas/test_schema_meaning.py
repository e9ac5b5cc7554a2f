"""What schemas mean: writing the same otherwise is no change, and places decide how an edit is judged."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.openapi.schema_changes import SchemaChange
from archlint.finding import Severity
from tests.oas.schema_edits import CODE, COMPONENTS, SHORT, TEXT, WHOLE, of, ref, text
from tests.oas.worlds import changes_of, contract, news_of, world_of
from tests.support.limits import within


def document(schema: Any, version: str) -> dict[str, Any]:
    made = contract(of(x=schema), version)
    made["components"]["schemas"].update({name: COMPONENTS[name] for name in COMPONENTS if name != "Cart"})
    made["components"]["schemas"]["Basket"] = COMPONENTS["Cart"]
    return made


def schema_changes(old: Any, new: Any, versions: tuple[str, str]) -> list[SchemaChange]:
    worlds = (
        world_of({"openapi.json": document(schema, version)}, revision)
        for schema, version, revision in zip((old, new), versions, ("base", None), strict=True)
    )
    return [change for change in changes_of(*worlds) if isinstance(change, SchemaChange)]


BASKET = ref("Basket")
SAME = [
    (text(enum=["a", "b"]), text(enum=["b", "a"])),
    ({**of(a=TEXT, b=TEXT), "required": ["a", "b"]}, {**of(b=TEXT, a=TEXT), "required": ["b", "a"]}),
    ({"oneOf": [BASKET, CODE]}, {"oneOf": [CODE, BASKET]}),
    ({"anyOf": [TEXT, WHOLE]}, {"anyOf": [WHOLE, TEXT]}),
    (BASKET, {"allOf": [BASKET]}),
    (COMPONENTS["Cart"], BASKET),
    (COMPONENTS["Cart"], {"allOf": [BASKET]}),
    ({**WHOLE, "minimum": 1}, {**WHOLE, "minimum": 1.0}),
    (text(pattern=""), TEXT),
]
UPGRADES = [
    (text(nullable=True), {"type": ["string", "null"]}),
    (text(nullable=True), {"oneOf": [TEXT, {"type": "null"}]}),
    ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
    ({"type": "number", "maximum": 1, "exclusiveMaximum": False}, {"type": "number", "maximum": 1}),
    (text(example="a"), text(examples=["a"])),
    (text(enum=["a"]), text(const="a")),
    (text(format="byte"), text(contentEncoding="base64")),
    ({"oneOf": [TEXT, WHOLE]}, {"type": ["string", "integer"]}),
]


@pytest.mark.parametrize(("old", "new"), SAME)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_the_same_written_otherwise_is_no_change(old: Any, new: Any, version: str) -> None:
    assert schema_changes(old, new, (version, version)) == []
    assert schema_changes(new, old, (version, version)) == []


@pytest.mark.parametrize(("old", "new"), UPGRADES)
def test_the_same_in_a_later_version_is_no_change(old: Any, new: Any) -> None:
    assert schema_changes(old, new, ("3.0.3", "3.1.0")) == []


def levels(old: Any, new: Any, version: str = "3.1.0") -> dict[str, Severity]:
    """The gravest level by method: POST sends the schema, GET gets it."""
    worlds = (
        world_of({"openapi.json": contract(schema, version)}, side)
        for schema, side in ((old, "base"), (new, None))
    )
    found = [each for each in news_of(*worlds) if each.rule != "contract-version-kept"]
    return {
        method: max(each.severity for each in found if each.operations[0].method == method)
        for method in {each.operations[0].method for each in found}
    }


def test_below_not_the_level_is_turned_round() -> None:
    old, new = ({**of(a=TEXT), "not": of(a=text(maxLength=length))} for length in (3, 5))
    assert levels(old, new) == {"POST": Severity.ERROR, "GET": Severity.INFO}


def test_what_is_not_sent_hurts_nobody() -> None:
    old, new = (of(id=text(maxLength=length, readOnly=True)) for length in (5, 3))
    assert levels(old, new)["POST"] is Severity.INFO
    assert levels(of(id=text(readOnly=True)), of())["POST"] is Severity.INFO


def test_a_part_that_demands_breaks_requests_and_one_that_only_names_does_not() -> None:
    base = {"allOf": [of(a=TEXT)]}
    demanding = {"allOf": [of(a=TEXT), {**of(b=TEXT), "required": ["b"]}]}
    assert levels(base, demanding)["POST"] is Severity.ERROR
    assert levels(base, {"allOf": [of(a=TEXT), {"title": "A cart"}]})["POST"] is Severity.INFO


def test_one_edit_of_a_component_in_two_roles_carries_both_names() -> None:
    def shared(length: int) -> dict[str, Any]:
        made = contract(of(x={"$ref": "#/components/schemas/Word"}))
        made["components"]["schemas"]["Word"] = text(maxLength=length)
        body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Word"}}}}
        made["paths"]["/v1/words"] = {"post": {"requestBody": body, "responses": {}}}
        return made

    found = news_of(world_of({"o.json": shared(9)}, "base"), world_of({"o.json": shared(5)}))
    (sent,) = [each for each in found if each.severity is Severity.ERROR]
    assert set(sent.aliases) == {
        "oasdiff:request-body-max-length-decreased",
        "oasdiff:request-property-max-length-decreased",
    }
    assert len(sent.operations) == 2


@pytest.mark.parametrize(
    "schema",
    [
        [TEXT],
        {"$ref": "#/components/schemas/Cart"},
        {"allOf": [{"$ref": "#/components/schemas/Cart"}]},
        {"oneOf": [{"$ref": "#/components/schemas/Cart"}, TEXT]},
        {"not": {"$ref": "#/components/schemas/Cart"}},
        {"properties": [], "required": {}, "enum": "a", "allOf": {}, "oneOf": TEXT, "type": []},
        {"type": "array", "items": {"$ref": "#/components/schemas/Cart"}, "prefixItems": TEXT},
        {"discriminator": [], "dependentRequired": [], "patternProperties": [], "x-extensible-enum": {}},
    ],
)
def test_odd_schemas_are_compared_in_no_time(schema: Any) -> None:
    def compared() -> None:
        for version in ("3.0.3", "3.1.0"):
            for old, new in ((schema, SHORT), (SHORT, schema), (schema, of(x=TEXT)), (of(x=TEXT), schema)):
                news_of(
                    world_of({"o.json": contract(old, version)}, "base"),
                    world_of({"o.json": contract(new, version)}),
                )

    within(5, compared)


def test_branches_within_branches_take_no_more_than_seconds() -> None:
    def nested(depth: int, leaf: str) -> dict[str, Any]:
        if not depth:
            return {"type": leaf}
        inner = nested(depth - 1, leaf)
        return {"oneOf": [inner, {"allOf": [inner, of(x=inner)]}, {"type": "array", "items": inner}]}

    def compared() -> None:
        news_of(
            world_of({"o.json": contract(nested(5, "string"))}, "base"),
            world_of({"o.json": contract(nested(5, "integer"))}),
        )

    within(10, compared)


_X = {"type": "object", "properties": {"x": {"type": "string"}}}
CONDITIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a limit": ({"type": "string", "maxLength": 9}, {"type": "string", "maxLength": 4}),
    "a value gone": ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a"]}),
    "a new value": ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}),
    "a demand gone": ({**_X, "required": ["x"]}, _X),
    "a demand": (_X, {**_X, "required": ["x"]}),
    "a type": ({"type": "string"}, {"type": "integer"}),
    "a format": ({"type": "string", "format": "own"}, {"type": "string", "format": "other"}),
}


@pytest.mark.parametrize("case", CONDITIONS)
@pytest.mark.parametrize("way", ["itself", "items"])
def test_a_condition_that_is_a_schema_of_others_too_is_told_of(case: str, way: str) -> None:
    """What the edit means where the schema stands by itself tells nothing of the condition."""
    shared = {"$ref": "#/components/schemas/Shared"}
    other = shared if way == "itself" else {"type": "array", "items": shared}
    asked = {"if": shared, "then": {"maxLength": 2}}
    sides = []
    for schema in CONDITIONS[case]:
        side = contract({"type": "object", "properties": {"p": asked, "q": other}}, "3.1.0")
        side["components"]["schemas"]["Shared"] = schema
        sides.append(side)
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    told = [each.severity for each in found if "in the condition of 'if' (POST" in each.message]
    assert told == [Severity.WARNING], found
