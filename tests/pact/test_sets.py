"""Matchers against schemas, as sets of values: what is expected is told if and only if nothing is in both.

The judge is a pool of values: a validator says which of them a schema has, and the table which of them a
matcher lets through.
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from tests.pact.test_answers import told

Pool = list[Any]
SCALARS: Pool = [
    None,
    True,
    7,
    -3,
    1.5,
    -1.5,
    "",
    "x",
    "abc",
    "O",
    ".",
    "a.b",
    "7",
    "2020-01-02",
    "10:30",
    "1.2.3",
    "OPEN",
]
LISTS: Pool = [
    [],
    [7],
    [7, 7],
    [7, 8, 9],
    ["x"],
    [7, "x"],
    [{"n": 7}],
    [{"n": "x"}],
    [{"m": 1}, {"n": 7}],
    [7, "x", {"n": 7}],
]
MAPS: Pool = [{}, {"k": 7}, {"k1": 7}, {"k": "x"}, {"z": 7}, {"k": 7, "l": 8}, {"n": 7}]
POOL = [*SCALARS, *LISTS, *MAPS]


def texts(*values: str) -> Any:
    return lambda value: value in values


def listed(least: int, most: int) -> Any:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(number, value))


def number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def of_map(key: str, is_value: Any = lambda value: True) -> Any:
    return lambda value: (
        isinstance(value, dict)
        and bool(value)
        and all(name.startswith(key) and is_value(item) for name, item in value.items())
    )


RULES: dict[str, tuple[Any, list[dict[str, Any]], str, Any]] = {
    "type of text": ("x", [{"match": "type"}], "AND", lambda value: isinstance(value, str)),
    "type of number": (7, [{"match": "type"}], "AND", number),
    "integer": (7, [{"match": "integer"}], "AND", lambda value: number(value) and value == int(value)),
    "decimal": (1.5, [{"match": "decimal"}], "AND", lambda value: isinstance(value, float)),
    "number": (7, [{"match": "number"}], "AND", number),
    "boolean": (True, [{"match": "boolean"}], "AND", lambda value: isinstance(value, bool)),
    "null": (None, [{"match": "null"}], "AND", lambda value: value is None),
    "equality": ("x", [{"match": "equality"}], "AND", texts("x")),
    "regex": ("x", [{"match": "regex", "regex": "^[a-z]+$"}], "AND", texts("x", "abc")),
    "include": (
        "a.b",
        [{"match": "include", "value": "."}],
        "AND",
        lambda value: not isinstance(value, str) or "." in value,
    ),
    "date": ("2020-01-02", [{"match": "date", "format": "yyyy-MM-dd"}], "AND", texts("2020-01-02")),
    "time": ("10:30", [{"match": "time", "format": "HH:mm"}], "AND", texts("10:30")),
    "semver": ("1.2.3", [{"match": "semver"}], "AND", texts("1.2.3")),
    "not empty": (
        "x",
        [{"match": "notEmpty"}],
        "AND",
        lambda value: isinstance(value, str) and value != "",
    ),
    "null or text": (
        "x",
        [{"match": "null"}, {"match": "regex", "regex": "^[a-z]+$"}],
        "OR",
        lambda value: value is None or value in ("x", "abc"),
    ),
    "integer or OPEN": (
        "OPEN",
        [{"match": "integer"}, {"match": "regex", "regex": "^OPEN$"}],
        "OR",
        lambda value: value == "OPEN" or (number(value) and value == int(value)),
    ),
    "text and regex": (
        "x",
        [{"match": "type"}, {"match": "regex", "regex": "^.$"}],
        "AND",
        texts("x", "7", "O", "."),
    ),
    "min": ([7], [{"match": "type", "min": 2}], "AND", listed(2, 9)),
    "max": ([7], [{"match": "type", "max": 2}], "AND", listed(1, 2)),
    "min and max": ([7], [{"match": "type", "min": 2, "max": 2}], "AND", listed(2, 2)),
    "min alone": ([7], [{"match": "min", "min": 3}], "AND", lambda value: value == [7, 8, 9]),
    "contains": (
        [{"n": 7}],
        [{"match": "arrayContains", "variants": [{"index": 0, "rules": {"$.n": {"match": "integer"}}}]}],
        "AND",
        lambda value: isinstance(value, list) and {"n": 7} in value,
    ),
    "each value": (
        {"k": 7},
        [{"match": "eachValue", "value": "7", "rules": [{"match": "integer"}]}],
        "AND",
        of_map("", number),
    ),
    "each key": (
        {"k": 7},
        [{"match": "eachKey", "value": "k", "rules": [{"match": "regex", "regex": "^k"}]}],
        "AND",
        of_map("k"),
    ),
    "values": ({"k": 7}, [{"match": "values"}], "AND", of_map("", lambda value: value == 7)),
}
"""For each rule its example, its matchers, how they are combined, and which values it lets through."""
SCHEMAS: dict[str, Any] = {
    "anything": {},
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "small": {"type": "number", "maximum": 0},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "text or null": {"type": ["string", "null"], "minLength": 3},
    "values": {"enum": ["x", "OPEN", 7, True]},
    "form": {"type": "string", "pattern": "^[0-9]"},
    "short": {"type": "string", "maxLength": 1},
    "list": {"type": "array"},
    "numbers": {"type": "array", "items": {"type": "integer"}},
    "texts": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    "at most one": {"type": "array", "maxItems": 1},
    "different": {"type": "array", "uniqueItems": True, "minItems": 3},
    "objects": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}},
    "map of texts": {"type": "object", "additionalProperties": {"type": "string"}},
    "keys": {
        "type": "object",
        "propertyNames": {"pattern": "^z"},
        "additionalProperties": {"type": "integer"},
    },
    "one of": {"oneOf": [{"type": "integer", "minimum": 5}, {"type": "string", "pattern": "^O"}]},
    "not": {"not": {"type": "string"}},
}


@pytest.mark.parametrize("rule", RULES)
def test_an_expectation_is_told_if_no_value_is_in_both(rule: str) -> None:
    example, matchers, combine, lets_through = RULES[rule]
    own = [value for value in POOL if lets_through(value)]
    assert own
    for name, schema in SCHEMAS.items():
        validator = jsonschema_rs.Draft202012Validator(schema)
        both = [value for value in own if validator.is_valid(value)]
        said = {"$.a": {"matchers": matchers, "combine": combine}}
        found = told({"type": "object", "properties": {"a": schema}}, {"a": example}, said)
        assert bool(found) is (not both), (name, both, found)
