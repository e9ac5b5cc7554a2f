"""Schemas that lead back to themselves, nest deeply or explode: right where possible, and always soon."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from archlint.comparison.schemas.answers import Budget, Kinship, No, Unknown, Yes
from archlint.comparison.schemas.containment import Engine, compare, contains
from archlint.comparison.schemas.json_schema import read
from tests.support.limits import within

SECONDS = 8.0
"""CPU seconds that no question here may take, on the slowest machines."""


def tree(leaf: Any, **more: Any) -> dict[str, Any]:
    """A tree whose nodes carry a value."""
    node = {"type": "object", "properties": {"left": {"$ref": "#/$defs/n"}, "value": leaf}, **more}
    return {"$ref": "#/$defs/n", "$defs": {"n": node}}


def test_recursion_is_contained_by_induction() -> None:
    assert compare(read(tree({"type": "integer"})), read(tree({"type": "number"}))).kinship is Kinship.WIDER


def test_the_witness_of_a_recursion_need_not_recurse() -> None:
    answer = contains(read(tree({"type": "number"})), read(tree({"type": "integer"})))
    assert isinstance(answer, No)
    assert len(answer.witness) == 1


def test_a_recursion_written_out_once_more_is_equal() -> None:
    inner = tree({"type": "integer"})["$defs"]["n"]
    written_out = {**inner, "properties": {**inner["properties"], "left": {"$ref": "#/$defs/n"}}}
    base, revision = tree({"type": "integer"}), {**written_out, "$defs": {"n": inner}}
    assert compare(read(base), read(revision)).kinship is Kinship.EQUAL


def test_no_finite_value_is_no_value() -> None:
    endless = tree({}, required=["left"])
    assert isinstance(contains(read(endless), read(False)), Yes)


def test_mutual_recursion_with_one_difference_far_away() -> None:
    def ring(count: int, last: str) -> dict[str, Any]:
        nodes = {
            f"n{at}": {
                "type": "object",
                "properties": {
                    "next": {"$ref": f"#/$defs/n{(at + 1) % count}"},
                    "value": {"type": last if at == count - 1 else "integer"},
                },
            }
            for at in range(count)
        }
        return {"$ref": "#/$defs/n0", "$defs": nodes}

    relation = compare(read(ring(30, "integer")), read(ring(30, "number")))
    assert relation.kinship is Kinship.WIDER
    assert isinstance(relation.backward, No)
    assert "value" in str(relation.backward.witness)


def test_recursion_under_not() -> None:
    """A list of which no item is a number, written with and without a double negation."""
    plain = {"$ref": "#/$defs/n", "$defs": {"n": {"type": "array", "items": {"$ref": "#/$defs/n"}}}}
    negated = {
        "$ref": "#/$defs/n",
        "$defs": {"n": {"type": "array", "items": {"not": {"not": {"$ref": "#/$defs/n"}}}}},
    }
    wrong = {
        "$ref": "#/$defs/n",
        "$defs": {"n": {"type": "array", "items": {"not": {"$ref": "#/$defs/n"}}}},
    }
    assert compare(read(plain), read(negated)).kinship is Kinship.EQUAL
    assert not isinstance(contains(read(plain), read(wrong)), Yes)
    assert not isinstance(contains(read(wrong), read(plain)), Yes)


@pytest.mark.parametrize(
    "loop",
    [
        {"$ref": "#"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        {"allOf": [{"type": "string"}, {"$ref": "#"}]},
        {"not": {"$ref": "#"}},
        {"anyOf": [{"type": "string"}, {"if": {"$ref": "#"}, "then": False}]},
    ],
)
def test_a_loop_without_a_step_into_the_value_means_nothing(loop: Any) -> None:
    relation = compare(read(loop), read({"type": "string"}))
    assert isinstance(relation.forward, Unknown)
    assert isinstance(relation.backward, Unknown)


def test_depth_ends_in_unknown() -> None:
    def deep(kind: str) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": kind}
        for _ in range(5_000):
            schema = {"type": "object", "properties": {"x": schema}}
        return schema

    limit = sys.getrecursionlimit()
    answer = within(SECONDS, lambda: contains(read(deep("integer")), read(deep("number"))))
    assert isinstance(answer, Unknown)
    assert "deep" in answer.reason
    assert sys.getrecursionlimit() == limit


def clause(at: int) -> dict[str, Any]:
    return {"anyOf": [{"required": [f"p{(at * step) % 17}"]} for step in (1, 3, 5, 7)]}


def exploding(kind: str, count: int, shift: int) -> dict[str, Any]:
    if kind == "allOf":
        return {"type": "object", "allOf": [clause(at) for at in range(1 + shift, count + shift)]}
    branches = [
        {"type": "object", "properties": {f"p{at}": {"minimum": at}}} for at in range(shift, count + shift)
    ]
    return {kind: branches}


@pytest.mark.parametrize("kind", ["allOf", "anyOf", "oneOf"])
@pytest.mark.parametrize("count", [5, 20, 80])
def test_explosions_end(kind: str, count: int) -> None:
    within(SECONDS, lambda: compare(read(exploding(kind, count, 0)), read(exploding(kind, count, 1))))


def test_what_does_not_change_does_not_explode() -> None:
    """Equal parts are never taken apart, so one more keyword beside them costs nothing."""
    base = exploding("allOf", 80, 0)
    revision = {**base, "required": ["id"]}
    assert isinstance(contains(read(revision), read(base), Budget(steps=60)), Yes)


def test_many_branches_told_apart_by_a_member() -> None:
    def union(count: int, odd: str) -> dict[str, Any]:
        return {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {
                        "kind": {"const": f"k{at}"},
                        "value": {"type": odd if at == 7 else "integer"},
                    },
                }
                for at in range(count)
            ]
        }

    relation = within(SECONDS, lambda: compare(read(union(60, "integer")), read(union(61, "number"))))
    assert relation.kinship is Kinship.WIDER


def test_a_spent_budget_is_unknown_and_the_engine_goes_on() -> None:
    engine = Engine(Budget(steps=3))
    base, revision = exploding("oneOf", 9, 0), exploding("oneOf", 9, 1)
    assert isinstance(engine.contains(read(base), read(revision)), Unknown)
    assert isinstance(engine.contains(read({"type": "integer"}), read({"type": "integer"})), Yes)


def test_many_hard_questions_share_one_budget() -> None:
    def asked() -> Engine:
        engine = Engine(Budget(steps=400, total=1_000, least=10))
        for at in range(0, 200, 4):
            base, revision = exploding("oneOf", 40 + at, 0), exploding("oneOf", 40 + at, 1)
            engine.contains(read(base), read(revision))
        return engine

    engine = within(SECONDS, asked)
    assert isinstance(engine.contains(read({"type": "integer"}), read({"type": "number"})), Yes)


def test_wide_objects_and_long_enumerations() -> None:
    def wide(count: int) -> dict[str, Any]:
        names = [f"p{at}" for at in range(count)]
        return {
            "type": "object",
            "properties": {name: {"type": "string"} for name in names},
            "required": names,
        }

    many = [f"v{at}" for at in range(5_000)]

    def compared() -> None:
        assert compare(read(wide(1_500)), read(wide(1_499))).kinship is Kinship.WIDER
        assert compare(read({"enum": many}), read({"enum": many[1:]})).kinship is Kinship.NARROWER

    within(SECONDS, compared)
