"""Laws of values that levels follow, over all members of a kind: openness, formats, unknown types, text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import jsonschema_rs
import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import contract, news_of, world_of

TEXT, WHOLE, LIST = {"type": "string"}, {"type": "integer"}, {"type": "array"}
PLACES: dict[str, Callable[[Any], Any]] = {
    "body": lambda schema: schema,
    "property": lambda schema: {"type": "object", "properties": {"p": schema}},
    "items": lambda schema: {"type": "array", "items": schema},
    "part": lambda schema: {"allOf": [{"description": "more"}, schema]},
    "branch": lambda schema: {"anyOf": [schema, LIST]},
    "inline choice": lambda schema: {"type": "object", "properties": {"p": {"oneOf": [schema, LIST]}}},
}
OPEN: dict[str, Any] = {
    "bare": {"type": "object"},
    "nothing": {},
    "true": {"type": "object", "properties": {"a": TEXT}, "additionalProperties": True},
    "empty": {"type": "object", "properties": {"a": TEXT}, "additionalProperties": {}},
    "bounded": {"type": "object", "minProperties": 1},
}
"""Objects that promise to take any name."""
CLOSING: dict[str, Any] = {
    "false": {"additionalProperties": False},
    "typed": {"additionalProperties": WHOLE},
    "none": {"maxProperties": 0},
    "not": {"not": {"required": ["b"]}},
}
CLOSING_3_1: dict[str, Any] = {
    "names": {"propertyNames": {"pattern": "^x-"}},
    "unevaluated": {"unevaluatedProperties": False},
}


def found(base: Any, revision: Any, method: str = "POST", version: str = "3.1.0") -> list[Finding]:
    """What is told of a schema of bodies, in one direction."""
    worlds = (
        world_of({"openapi.json": contract(schema, version)}, at)
        for schema, at in ((base, "base"), (revision, None))
    )
    return [each for each in news_of(*worlds) if each.operations and each.operations[0].method == method]


def level(findings: list[Finding]) -> Severity | None:
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    return next((each for each in order if any(one.severity is each for one in findings)), None)


@pytest.mark.parametrize(("open_", "closing"), [*product(OPEN, {**CLOSING, **CLOSING_3_1})])
def test_closing_what_promised_any_name_breaks_requests(open_: str, closing: str) -> None:
    base = OPEN[open_]
    if closing == "unevaluated" and "additionalProperties" in base:
        return  # which leaves no name unevaluated
    revision = {**base, **{**CLOSING, **CLOSING_3_1}[closing]}
    # a schema that takes any value was left without a type: "type-added" in the table of policies
    expected = Severity.WARNING if (open_, closing) == ("empty", "typed") else Severity.ERROR
    for place, wrap in PLACES.items():
        if open_ == "nothing" and place == "inline choice":
            continue  # the other branches overlap with it
        made = found(wrap(base), wrap(revision))
        assert level(made) is expected, (place, made)
        worst = [each for each in made if each.severity is expected]
        assert all(each.witness is not None for each in worst), (place, worst)
        assert level(found(wrap(revision), wrap(base))) in (Severity.INFO, None), place


@pytest.mark.parametrize("closing", ["false", "unevaluated"])
def test_an_object_that_declares_members_promises_no_more(closing: str) -> None:
    base = {"type": "object", "properties": {"a": TEXT}}
    revision = {**base, **{**CLOSING, **CLOSING_3_1}[closing]}
    for wrap in PLACES.values():
        assert level(found(wrap(base), wrap(revision))) in (Severity.INFO, None)


@pytest.mark.parametrize("name", ["url", "ulid", "phone", "own-format", "binary", "password"])
def test_formats_that_nobody_checks_limit_nothing(name: str) -> None:
    for base, revision in ((TEXT, {**TEXT, "format": name}), ({**TEXT, "format": name}, TEXT)):
        for method, wrap in product(("POST", "GET"), PLACES.values()):
            made = found(wrap(base), wrap(revision), method)
            assert level(made) in (Severity.INFO, None), made
            assert all(each.witness is None for each in made)


@pytest.mark.parametrize("beside", [{}, {"type": ["integer", "string"]}, {"minimum": 0}, {"title": "n"}])
def test_what_changes_beside_an_edit_does_not_change_its_level(beside: Any) -> None:
    base = {**WHOLE, "format": "int64"}
    made = found(base, {**base, **beside, "format": "int32"})
    told = [each for each in made if each.rule == "schema-type-changed"]
    assert [each.severity for each in told] == [Severity.ERROR]
    assert told[0].witness is not None


@pytest.mark.parametrize("name", ["int", "Object", "float", "any", "date"])
def test_what_is_no_type_is_never_called_a_relaxation(name: str) -> None:
    for base, revision in ((TEXT, {"type": name}), ({"type": name}, TEXT)):
        for method in ("POST", "GET"):
            made = found(base, revision, method)
            assert level(made) is Severity.WARNING
            assert {each.rule for each in made} == {"schema-incompatible"}


@pytest.mark.parametrize("version", ["3.0.3"])
def test_nullable_beside_what_shuts_null_out_allows_nothing_new(version: str) -> None:
    for shut in ({"enum": ["x"]}, {"allOf": [{"enum": ["x", "y"]}]}, {"not": {"enum": [None]}}):
        base = {**TEXT, **shut}
        for one, two in ((base, {**base, "nullable": True}), ({**base, "nullable": True}, base)):
            for method in ("POST", "GET"):
                assert level(found(one, two, method, version)) in (Severity.INFO, None)


SPLIT = {
    "values": (
        [{"type": "object", "required": ["t"], "properties": {"t": {"enum": ["a", "b"]}}}],
        [{"type": "object", "required": ["t"], "properties": {"t": {"enum": [name]}}} for name in "ab"],
    ),
    "bounds": ([{**WHOLE, "maximum": 9}], [{**WHOLE, "maximum": 4}, {**WHOLE, "minimum": 4, "maximum": 9}]),
    "types": ([{"type": ["string", "integer"], "maxLength": 3}], [{**TEXT, "maxLength": 3}, WHOLE]),
}
"""A branch, and several that take the same values together."""


@pytest.mark.parametrize("kind", SPLIT)
def test_a_branch_that_is_split_loses_nothing(kind: str) -> None:
    whole, parts = SPLIT[kind]
    for wrap in (PLACES["body"], PLACES["property"], PLACES["items"]):
        one, two = ({"anyOf": [LIST, *branches]} for branches in (whole, parts))
        assert level(found(wrap(one), wrap(two))) in (Severity.INFO, None)
        assert level(found(wrap(two), wrap(one), "GET")) in (Severity.INFO, None)


@pytest.mark.parametrize(("outer", "inner"), list(product(("oneOf", "anyOf"), repeat=2)))
def test_what_changes_in_a_choice_under_a_choice_with_null_is_told_at_its_token(
    outer: str, inner: str
) -> None:
    def schema(least: int) -> Any:
        choice = {inner: [{**WHOLE, "minimum": least}, {**TEXT, "maxLength": 9}]}
        return {outer: [choice, {"type": "null"}]}

    for wrap in (PLACES["body"], PLACES["property"], PLACES["items"]):
        made = [
            each for each in found(wrap(schema(1)), wrap(schema(5))) if each.severity is not Severity.INFO
        ]
        (told,) = [each for each in made if each.rule == "constraint-changed"]
        assert told.arguments["keyword"] == "minimum"


def test_words_do_not_unpair_branches() -> None:
    one = {"oneOf": [{**TEXT, "example": "q"}, {"type": "array", "items": TEXT}]}
    two = {"oneOf": [{**TEXT, "description": "A"}, {"type": "array", "description": "B", "items": TEXT}]}
    assert level(found(one, two)) in (Severity.INFO, None)


ITEMS = {"type": "array", "items": TEXT}
WRITTEN: list[tuple[Any, Any]] = [
    ({**TEXT, "enum": ["1", "2"]}, {**TEXT, "enum": ["2"]}),
    (TEXT, WHOLE),
    (ITEMS, {**ITEMS, "minItems": 2}),
    ({"type": "boolean"}, WHOLE),
]


@pytest.mark.parametrize(("base", "revision"), WRITTEN)
def test_the_proof_of_a_parameter_is_a_value_of_its_schema(base: Any, revision: Any) -> None:
    documents = []
    for schema in (base, revision):
        document = contract({}, "3.1.0")
        document["paths"]["/v1/carts"]["get"]["parameters"] = [{"in": "query", "name": "q", "schema": schema}]
        documents.append(document)
    made = news_of(
        *(world_of({"o.json": each}, at) for each, at in zip(documents, ("base", None), strict=True))
    )
    (told,) = [each for each in made if each.severity is Severity.ERROR]
    assert told.witness is not None
    assert jsonschema_rs.Draft202012Validator(base).is_valid(told.witness.value)
