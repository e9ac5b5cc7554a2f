"""Whatever stands where a schema belongs: no error, an answer, and never a wrong yes."""

from __future__ import annotations

import random
from typing import Any

import pytest

from archlint.comparison.schemas.answers import No, Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.lowering import Lowering, lowerings
from archlint.comparison.schemas.schema import in_place, produced
from archlint.comparison.schemas.serialization import BODY, FORM, parameter
from archlint.model.openapi.contracts import Dialect
from archlint.model.openapi.operations import Direction
from tests.support.sampling import usually

KEYWORDS = (
    *("type", "enum", "const", "minimum", "exclusiveMaximum", "multipleOf", "minLength", "pattern"),
    *("format", "items", "prefixItems", "minItems", "uniqueItems", "contains", "properties", "required"),
    *("patternProperties", "additionalProperties", "propertyNames", "dependentRequired", "allOf"),
    *("anyOf", "oneOf", "not", "if", "then", "$ref", "nullable", "readOnly", "discriminator"),
    *("unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "minContains", "$dynamicRef"),
)
WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**40, float("nan"), float("inf"), "", "string", "(", "\ud800", "#"),
    *([], {}, [1], ["a"], [[]], [None], {"a": 1}, {"a": {}}, [{}], {"propertyName": 3}, {"$ref": 1}, "array"),
    {"propertyName": "a", "mapping": []},
)


def odd(rng: random.Random, depth: int) -> Any:
    """Something that may look like a schema."""
    if depth == 0 or rng.random() < 0.3:
        return rng.choice(WRONG)
    found: dict[str, Any] = {}
    for name in rng.sample(KEYWORDS, rng.randint(1, 4)):
        roll = rng.random()
        if roll < 0.4:
            found[name] = odd(rng, depth - 1)
        elif roll < 0.6:
            found[name] = [odd(rng, depth - 1), odd(rng, depth - 1)]
        elif roll < 0.8:
            found[name] = {"a": odd(rng, depth - 1)}
        else:
            found[name] = rng.choice(WRONG)
    return found


@pytest.mark.parametrize("dialect", list(Dialect))
def test_anything_is_answered(dialect: Dialect) -> None:
    places = (BODY, FORM, parameter("query"))
    for seed in range(usually(400, 4000)):
        rng = random.Random(seed)
        base, revision = odd(rng, 3), odd(rng, 3)
        resolved: dict[str, Any] = {}

        def resolve(reference: str, here: Any, resolved: dict[str, Any] = resolved) -> tuple[Any, Any]:
            found = resolved.setdefault(reference, odd(random.Random(repr(reference)), 1))
            return found, here

        engine = Engine()
        place, direction = rng.choice(places), rng.choice(list(Direction))
        both = lowerings((dialect, resolve), (rng.choice((dialect, Dialect.V3_1)), resolve))
        sides = [
            lowering.lower(side, None, direction, place)
            for lowering, side in zip(both, (base, revision), strict=True)
        ]
        for narrow, wide in ((sides[0], sides[1]), (produced(sides[1]), sides[0]), (sides[0], sides[0])):
            assert isinstance(engine.contains(narrow, wide), (Yes, No, Unknown))
        assert isinstance(engine.contains(sides[0], sides[0]), Yes)


def test_schemas_nested_beyond_all_reason() -> None:
    deep: Any = {"type": "string"}
    other: Any = {"type": "integer"}
    for _ in range(3_000):
        deep, other = {"allOf": [deep]}, {"allOf": [other]}
    version = (Dialect.V3_1, lambda reference, here: None)
    for lowering in (Lowering(*version), lowerings(version, version)[0]):
        sides = [lowering.lower(side, None, Direction.REQUEST) for side in (deep, other)]
        assert not isinstance(Engine().contains(sides[0], sides[1]), Yes)


def test_values_nested_beyond_all_reason() -> None:
    value: Any = 1
    for _ in range(300):
        value = [value]
    lowering = Lowering(Dialect.V3_1, lambda reference, here: None)
    sides = [
        lowering.lower(schema, None, Direction.REQUEST)
        for schema in ({"enum": [value]}, {"enum": [value, 2]}, {"enum": [[value]]})
    ]
    engine = Engine()
    assert not isinstance(engine.contains(sides[0], sides[2]), Yes)
    assert isinstance(engine.contains(sides[0], sides[1]), (Yes, Unknown))


def test_no_more_schemas_are_looked_at_than_asked() -> None:
    wide = read({"anyOf": [{"minLength": length} for length in range(9)]})
    assert [len(list(in_place(wide, most))) for most in (0, 1, 5, 10, 99)] == [0, 1, 5, 10, 10]
