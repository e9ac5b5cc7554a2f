"""Schemas that are seen to have no value in common: these have none, and what most contracts say is seen."""

from __future__ import annotations

import random
from typing import Any

import jsonschema_rs
import pytest

from archlint.comparison.schemas.apart import plainly_apart
from archlint.comparison.schemas.json_schema import read

CAT = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}}}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["dog", "wolf"]}}}
CLOSED = {"type": "object", "properties": {"a": {}}, "additionalProperties": False}
NEEDING = {"type": "object", "required": ["b"]}
FRUIT, SHRUB = ({"type": "object", "required": ["of"], "properties": {"of": each}} for each in (CAT, DOG))
APART: list[tuple[Any, Any]] = [
    ({"type": "string"}, {"type": ["integer", "null"]}),
    ({"enum": ["a", 1]}, {"enum": ["b", 2]}),
    ({"const": True}, {"const": 1}),
    (CAT, DOG),
    (FRUIT, SHRUB),
    (CLOSED, NEEDING),
    ({"allOf": [CAT, {}]}, {"allOf": [{"allOf": [DOG]}]}),
    ({"anyOf": [CAT]}, {"oneOf": [DOG]}),
    (CAT, {**DOG, "required": []}),
]
TOGETHER: list[tuple[Any, Any]] = [
    ({"type": "number"}, {"type": "integer"}),
    ({"enum": ["a", 1]}, {"enum": ["b", 1.0]}),
    (CAT, {**DOG, "properties": {"sort": {"const": "dog"}}}),
    ({**CAT, "required": []}, {**DOG, "required": []}),
    (CLOSED, {"type": "object", "required": ["a"]}),
    ({**CLOSED, "additionalProperties": {"type": "string"}}, NEEDING),
    ({**CLOSED, "patternProperties": {"^b": {}}}, NEEDING),
    ({"anyOf": [CAT, {}]}, DOG),
    ({**CAT, "type": ["object", "null"]}, {**DOG, "type": ["object", "null"]}),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_is_plainly_apart_is_seen(one: Any, other: Any) -> None:
    assert plainly_apart(read(one), read(other))
    assert plainly_apart(read(other), read(one))


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_what_has_a_value_in_common_is_not_apart(one: Any, other: Any) -> None:
    assert not plainly_apart(read(one), read(other))
    assert not plainly_apart(read(other), read(one))


def test_no_value_fulfils_both_of_what_is_apart() -> None:
    chance = random.Random("apart")
    every = [each for pair in (*APART, *TOGETHER) for each in pair]
    values: list[Any] = [
        None,
        True,
        1,
        2,
        "a",
        "b",
        {},
        {"a": 1},
        {"b": "x"},
        {"kind": "cat"},
        {"kind": "dog"},
    ]
    values += [{"of": value} for value in values]
    for _ in range(300):
        one, other = ({**chance.choice(every), "allOf": [chance.choice(every)]} for _ in range(2))
        if plainly_apart(read(one), read(other)):
            judges = [jsonschema_rs.Draft202012Validator(each) for each in (one, other)]
            assert not [value for value in values if all(judge.is_valid(value) for judge in judges)]
