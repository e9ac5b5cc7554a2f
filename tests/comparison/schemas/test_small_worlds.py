"""Where all values can be listed nearly every answer is known, and is the one that listing them gives.

Each kind of value is shut into a small world by keywords that every schema has; jsonschema-rs says which of
its values a schema takes. What other tests cannot see is an answer that gets lost: here each is asked for.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from typing import Any

import jsonschema_rs
import pytest

from archlint.comparison.schemas.answers import No, Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.evaluation import Evaluator
from archlint.comparison.schemas.json_schema import read

Json = Any
PAIRS = 120
ITEMS = (0, 1, "a")
MEMBERS = (0, "x")
NAMES = ("a", "b", "c")
WORLDS: dict[str, tuple[Json, list[Json]]] = {
    "integers": ({"type": "integer", "minimum": -2, "maximum": 6}, list(range(-2, 7))),
    "numbers": (
        {"type": "number", "multipleOf": 0.5, "minimum": -1, "exclusiveMaximum": 3},
        [half / 2 for half in range(-2, 6)],
    ),
    "strings": (
        {"type": "string", "maxLength": 3, "pattern": "^[ab]*$"},
        ["".join(letters) for length in range(4) for letters in product("ab", repeat=length)],
    ),
    "arrays": (
        {"type": "array", "items": {"enum": list(ITEMS)}, "maxItems": 3},
        [list(items) for length in range(4) for items in product(ITEMS, repeat=length)],
    ),
    "objects": (
        {
            "type": "object",
            "propertyNames": {"enum": list(NAMES)},
            "additionalProperties": {"enum": list(MEMBERS)},
        },
        [
            {name: value for name, value in zip(NAMES, values, strict=True) if value is not None}
            for values in product((None, *MEMBERS), repeat=3)
        ],
    ),
}
"""What every schema of a world demands, and all values that meet it."""
UNEVALUATED = {"unevaluated items": "arrays", "unevaluated members": "objects"}
"""Worlds of the same values, whose schemas also speak of what nothing else has looked at."""
WORLDS |= {name: WORLDS[world] for name, world in UNEVALUATED.items()}
_INNER: tuple[Json, ...] = ({"type": "integer"}, {"const": 0}, {"enum": [1, "a"]}, {"type": "string"}, True)
_PARTS: dict[str, tuple[Callable[[random.Random], Json], ...]] = {
    "numbers": (
        lambda rng: {"minimum": rng.randint(-2, 6)},
        lambda rng: {"maximum": rng.randint(-2, 6)},
        lambda rng: {"exclusiveMinimum": rng.choice((-1, 0, 0.5, 2, 2.5))},
        lambda rng: {"exclusiveMaximum": rng.choice((1, 2, 2.5, 4, 6))},
        lambda rng: {"multipleOf": rng.choice((1, 1.5, 2, 3, 0.5))},
        lambda rng: {"type": rng.choice(("integer", "number", ["integer", "string"]))},
        lambda rng: {"enum": rng.sample(range(-2, 7), 4)},
    ),
    "strings": (
        lambda rng: {"minLength": rng.randint(0, 3)},
        lambda rng: {"maxLength": rng.randint(0, 3)},
        lambda rng: {
            "pattern": rng.choice(("a", "^a", "b$", "^(ab)*$", "^a{1,2}$", "a.b", "^[^b]+$", "aa|bb"))
        },
        lambda rng: {"enum": rng.sample(("", "a", "b", "ab", "ba", "aab", "bbb"), 4)},
    ),
    "arrays": (
        lambda rng: {"minItems": rng.randint(0, 3)},
        lambda rng: {"maxItems": rng.randint(0, 3)},
        lambda rng: {"uniqueItems": True},
        lambda rng: {"prefixItems": rng.choices(_INNER, k=rng.randint(1, 2))},
        lambda rng: {"prefixItems": rng.choices(_INNER, k=1), "items": rng.choice((*_INNER, False))},
        lambda rng: {"items": rng.choice(_INNER)},
        lambda rng: {"contains": rng.choice(_INNER), "minContains": rng.randint(0, 2)},
        lambda rng: {"contains": rng.choice(_INNER), "maxContains": rng.randint(1, 2)},
        lambda rng: {"enum": [[], [0], [1, "a"], [0, 0, 0]]},
    ),
    "objects": (
        lambda rng: {"required": rng.sample(NAMES, rng.randint(1, 2))},
        lambda rng: {"properties": {name: rng.choice(_INNER) for name in rng.sample(NAMES, 2)}},
        lambda rng: {"properties": {"a": True}, "additionalProperties": rng.choice((*_INNER, False))},
        lambda rng: {"patternProperties": {rng.choice(("^[ab]$", "c", "^a")): rng.choice(_INNER)}},
        lambda rng: {"minProperties": rng.randint(0, 3)},
        lambda rng: {"maxProperties": rng.randint(0, 3)},
        lambda rng: {"propertyNames": {"pattern": rng.choice(("^[ab]$", "[bc]"))}},
        lambda rng: {"dependentRequired": {rng.choice(NAMES): [rng.choice(NAMES)]}},
        lambda rng: {"dependentSchemas": {rng.choice(NAMES): {"maxProperties": 2}}},
        lambda rng: {"const": {"a": 0}},
    ),
}


def schema(rng: random.Random, world: str, depth: int) -> Json:
    """One or two keywords, or a combination of such schemas."""
    if world in UNEVALUATED:
        made = schema(rng, UNEVALUATED[world], depth)
        keyword = "unevaluatedItems" if UNEVALUATED[world] == "arrays" else "unevaluatedProperties"
        return {**made, keyword: rng.choice((False, *_INNER))} if rng.random() < 0.7 else made
    parts = _PARTS["numbers" if world == "integers" else world]
    roll = rng.random()
    if depth and roll < 0.35:
        inner = [schema(rng, world, depth - 1) for _ in range(2)]
        name = rng.choice(("anyOf", "oneOf", "allOf", "not", "if"))
        if name == "not":
            return {"not": inner[0]}
        if name == "if":
            return {"if": inner[0], "then": inner[1], "else": schema(rng, world, 0)}
        return {name: inner}
    return {key: value for part in rng.sample(parts, rng.randint(1, 2)) for key, value in part(rng).items()}


@pytest.mark.parametrize("world", WORLDS)
def test_values_are_evaluated_as_the_validator_does(world: str) -> None:
    shut, values = WORLDS[world]
    rng = random.Random(world)
    for _ in range(PAIRS):
        whole = {"allOf": [shut, schema(rng, world, 1)]}
        node, evaluator = read(whole), Evaluator(loose=False)
        for value in values:
            holds = evaluator.holds(value, node)
            is_open = holds is None and world in UNEVALUATED
            assert is_open or holds is jsonschema_rs.is_valid(whole, value), (value, whole)


OPEN = {"arrays": 11, "objects": 4, "unevaluated items": 99, "unevaluated members": 11}
"""How many answers may be left open: counts of items that differ, what has no members at all, and what a
choice decides to have been looked at."""


@pytest.mark.parametrize("world", WORLDS)
def test_answers_are_known_and_right(world: str) -> None:
    shut, values = WORLDS[world]
    rng = random.Random(world)
    wrong, unknown = [], []
    for _ in range(PAIRS):
        whole = [{"allOf": [shut, schema(rng, world, 1)]} for _ in range(2)]
        taken = [[value for value in values if jsonschema_rs.is_valid(each, value)] for each in whole]
        engine, nodes = Engine(), [read(each) for each in whole]
        for one, other in ((0, 1), (1, 0)):
            answer = engine.contains(nodes[one], nodes[other])
            expected = Yes if all(value in taken[other] for value in taken[one]) else No
            if not isinstance(answer, expected):
                told = (type(answer).__name__, whole[one]["allOf"][1], whole[other]["allOf"][1])
                (unknown if isinstance(answer, Unknown) else wrong).append(told)
    assert not wrong, "\n".join(map(str, wrong))
    assert len(unknown) <= OPEN.get(world, 0), "\n".join(map(str, unknown))
