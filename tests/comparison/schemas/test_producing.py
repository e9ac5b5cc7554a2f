"""A value is produced if each of its members is declared by a schema that looks at it and holds."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.schemas.evaluation import Evaluator
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.producing import is_produced
from archlint.comparison.schemas.schema import produced

A, B = {"properties": {"a": {"type": "integer"}}}, {"properties": {"b": {"properties": {"c": {}}}}}
KIND = {"properties": {"kind": {"const": "k"}}, "required": ["kind"]}
CASES: list[tuple[Any, Any, bool]] = [
    (A, {"a": 1}, True),
    (A, {}, True),
    (A, {"b": 1}, False),
    (A, {"a": 1, "b": 1}, False),
    (A, 5, True),
    ({}, {"a": 1}, True),
    ({"allOf": [A, B]}, {"a": 1, "b": {"c": 1}}, True),
    ({"allOf": [A, B]}, {"a": 1, "b": {"d": 1}}, False),
    ({"anyOf": [A, {**B, "required": ["b"]}]}, {"a": 1, "b": {}}, True),
    ({"anyOf": [{**A, "required": ["a"]}, B]}, {"b": {}, "a": "text"}, False),
    ({"additionalProperties": {"type": "integer"}}, {"x": 1}, True),
    ({"patternProperties": {"^x": A}}, {"x1": {"a": 1}}, True),
    ({"patternProperties": {"^x": A}}, {"y": {"a": 1}}, False),
    ({"items": A}, [{"a": 1}, {}], True),
    ({"items": A}, [{"a": 1}, {"b": 1}], False),
    ({"prefixItems": [A], "items": B}, [{"a": 1}, {"b": {}}], True),
    ({"prefixItems": [A], "items": B}, [{"b": {}}, {"b": {}}], False),
    ({"if": KIND, "then": A, "else": B}, {"kind": "k", "a": 1}, True),
    ({"if": KIND, "then": A, "else": B}, {"kind": "k", "b": {}}, False),
    ({"if": KIND, "then": A, "else": B}, {"b": {}}, True),
    ({**A, "dependentSchemas": {"a": B}}, {"a": 1, "b": {}}, True),
    ({"properties": {"c": {}}, "dependentSchemas": {"a": B}}, {"c": 1, "b": {}}, False),
]


@pytest.mark.parametrize(("schema", "value", "expected"), CASES)
def test_members_are_declared(schema: Any, value: Any, expected: bool) -> None:
    assert is_produced(value, produced(read(schema))) is expected


def test_a_condition_that_nobody_knows_matters_only_where_its_outcomes_differ() -> None:
    unknown = {"type": "string", "format": "own"}
    for then, other, expected in ((1, 1, True), (1, 9, None), (9, 1, None)):
        schema = {"if": unknown, "then": {"minLength": then}, "else": {"minLength": other}}
        assert Evaluator(loose=False).holds("text", read(schema)) is expected
