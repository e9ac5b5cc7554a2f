"""Edits that a choice hides or brings out: beside null, alone, within others, overlapping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import contract, news_of, world_of

TEXT, WHOLE, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}
OLD_NULL = {"type": "string", "nullable": True, "enum": [None]}
CART = {"type": "object", "required": ["id"], "properties": {"id": TEXT}, "additionalProperties": False}
NOTE = {"type": "object", "required": ["note"], "properties": {"note": TEXT}}
THING = {"$ref": "#/components/schemas/Thing"}


def told(base: Any, revision: Any, method: str, version: str = "3.1.0", **things: Any) -> list[Finding]:
    """What is told of a schema of bodies, in one direction; ``old`` and ``new`` are what Thing is."""
    worlds = []
    for schema, side, at in ((base, "old", "base"), (revision, "new", None)):
        document = contract(schema, version)
        document.setdefault("components", {}).setdefault("schemas", {})["Thing"] = things.get(side, {})
        worlds.append(world_of({"openapi.json": document}, at))
    return [each for each in news_of(*worlds) if each.operations and each.operations[0].method == method]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("is_dropped", [True, False])
@pytest.mark.parametrize("beside", [{}, {"maxProperties": 50}])
def test_null_that_a_choice_takes_anyway_is_no_news(method: str, is_dropped: bool, beside: Any) -> None:
    choice = {"anyOf": [{**THING, **beside}, NULL]}
    sides = ({"type": ["string", "null"]}, TEXT)
    old, new = sides if is_dropped else reversed(sides)
    found = told(choice, choice, method, old=old, new=new)
    assert [each.severity for each in found] == [Severity.INFO], found


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"allOf": [one]}])
@pytest.mark.parametrize("beside", [{}, THING])
def test_a_branch_beside_the_only_one_is_a_branch_that_came(wrap: Any, beside: Any) -> None:
    base, revision = ({**beside, **wrap({"anyOf": branches})} for branches in ([CART], [CART, NOTE]))
    (only,) = told(base, revision, "GET")
    assert only.rule == "alternative-changed"
    assert only.severity is Severity.WARNING
    assert str(only.location.pointer).endswith("/anyOf/1")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("null", [True, False])
def test_what_other_names_are_is_told_of_their_schema(version: str, null: bool) -> None:
    def around(values: Any) -> Any:
        schema = {"type": "object", "additionalProperties": values}
        return {"oneOf": [schema, NULL if version == "3.1.0" else OLD_NULL]} if null else schema

    (request,) = told(around({}), around(WHOLE), "POST", version)
    (response,) = told(around(WHOLE), around({}), "GET", version)
    assert (request.rule, request.severity) == ("schema-type-changed", Severity.WARNING)
    assert str(request.location.pointer).endswith("/additionalProperties/type")
    assert (response.rule, response.severity) == ("schema-type-changed", Severity.ERROR)
    assert str(response.location.pointer).endswith("/additionalProperties")


def test_a_branch_of_a_choice_within_is_not_mistaken_for_one_around_it() -> None:
    def inner(is_open: bool) -> Any:
        mine = {"type": "object", "properties": {"p": {**CART, "additionalProperties": is_open}}}
        return {"anyOf": [{"type": "array"}, mine]}

    outer = {**THING, "description": "beside a reference"}
    base, revision = ({**outer, "anyOf": [inner(is_open), NULL]} for is_open in (False, True))
    assert any(each.severity is Severity.ERROR for each in told(base, revision, "GET"))


FLAG = {"type": "object", "required": ["on"], "properties": {"on": {"type": "boolean"}}}
SIBLINGS: dict[str, tuple[Any, Any]] = {"object": (FLAG, {"on": True}), "null": (NULL, None)}
LAYERS: dict[str, Callable[[Any], Any]] = {
    "bare": lambda schema: schema,
    "property": lambda schema: {"type": "object", "properties": {"p": schema}},
    "items": lambda schema: {"type": "array", "items": schema},
    "part": lambda schema: {"allOf": [{"description": "more"}, schema]},
    "choice": lambda schema: {"anyOf": [schema, {"type": "string", "enum": ["none"]}]},
}


@pytest.mark.parametrize("sibling", SIBLINGS)
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_branch_that_takes_values_of_its_siblings_is_told_with_one_of_them(
    sibling: str, layer: str, method: str
) -> None:
    other, value = SIBLINGS[sibling]
    wrap = LAYERS[layer]
    base, revision = (wrap({"oneOf": [branch, other]}) for branch in (WHOLE, {}))
    if method == "GET":
        base, revision = revision, base
    (only,) = told(base, revision, method)
    assert (only.rule, only.severity) == ("schema-incompatible", Severity.WARNING)
    assert "/oneOf/0" in str(only.location.pointer)
    assert only.witness is not None
    assert only.witness.value == value


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_shared_branch_that_takes_values_of_its_siblings_is_told_once_where_it_is_shared(
    method: str,
) -> None:
    choices = {name: {"oneOf": [THING, FLAG]} for name in ("a", "b")}
    whole = {"type": "object", "properties": choices}
    sides = (WHOLE, {}) if method == "POST" else ({}, WHOLE)
    (only,) = told(whole, whole, method, old=sides[0], new=sides[1])
    assert (only.rule, only.severity) == ("schema-incompatible", Severity.WARNING)
    assert str(only.location.pointer).startswith("/components/schemas/Thing")
    assert only.witness is None
    assert '{"on": true}' in only.message


def test_a_branch_that_takes_less_is_no_overlap() -> None:
    base, revision = ({"oneOf": [branch, FLAG]} for branch in ({}, WHOLE))
    assert [each.rule for each in told(base, revision, "POST")] == ["schema-type-changed"]


def test_a_discriminator_tells_branches_apart_that_overlap() -> None:
    def choice(values: Any) -> Any:
        branches = [
            {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": [name]}, "p": values}}
            for name, values in (("a", values), ("b", TEXT))
        ]
        return {"oneOf": branches}

    rules = [each.rule for each in told(choice(WHOLE), choice({}), "POST")]
    assert rules == ["schema-type-relaxed"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_overlap_that_cannot_be_decided_is_told_as_that(method: str) -> None:
    other = {**TEXT, "pattern": "(?<=a)b(?!c)"}  # no engine of proofs reads what stands around a match
    sides = [{"oneOf": [{**TEXT, "minLength": least}, other]} for least in (3, 1)]
    base, revision = sides if method == "POST" else sides[::-1]
    edit, found = told(base, revision, method)
    assert (edit.rule, edit.severity) == ("constraint-relaxed", Severity.INFO)
    assert (found.message_id, found.severity) == ("unknown-overlap", Severity.WARNING)
    assert [each.severity for each in told(revision, base, method)] == [Severity.ERROR]


def test_parts_that_share_parts_take_no_time() -> None:
    depth = 30
    parts = {
        f"D{at}": {"allOf": [{"$ref": f"#/components/schemas/D{at + 1}"}] * 2 + [{"minProperties": 0}]}
        for at in range(depth)
    }
    parts[f"D{depth}"] = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}

    def around(least: int) -> Any:
        things = [{"type": "object", "minProperties": least}, TEXT]
        document = contract({"allOf": [{"$ref": "#/components/schemas/D0"}], "anyOf": things}, "3.1.0")
        document.setdefault("components", {}).setdefault("schemas", {}).update(parts)
        return document

    found = news_of(
        *(world_of({"openapi.json": around(least)}, at) for least, at in ((3, "base"), (2, None)))
    )
    assert {each.rule for each in found if each.severity is not Severity.INFO} == {"constraint-changed"}


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_a_choice_beside_a_type_is_told_as_branches_that_came_or_went(keyword: str) -> None:
    plain = {"type": "string"}
    choice = {**plain, keyword: [{"const": "a"}, {"const": "b"}]}
    for old, new, happened in ((plain, choice, "added"), (choice, plain, "removed")):
        worlds = (
            world_of({"a.json": contract(old, "3.1.0")}, "base"),
            world_of({"a.json": contract(new, "3.1.0")}),
        )
        found = [each for each in news_of(*worlds) if each.operations]
        names = {alias for each in found for alias in each.aliases}
        word = keyword.replace("Of", "-of")
        assert names == {f"oasdiff:{part}-body-{word}-{happened}" for part in ("request", "response")}


def test_what_two_alternatives_take_and_nobody_can_tell_is_said() -> None:
    looked_behind = {"type": "string", "pattern": "^(?=.*a)(?<=x)y"}
    sides = ({"oneOf": [looked_behind, {"type": "string", "maxLength": most}]} for most in (3, 5))
    (finding,) = (each for each in told(*sides, "POST") if each.rule == "schema-incompatible")
    assert finding.message_id == "unknown-overlap"
    assert finding.location.pointer == "/components/schemas/Cart"
