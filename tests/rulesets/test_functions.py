"""The core functions object to what they object to in Spectral, with its words."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.model.rulesets.functions import FUNCTIONS, FunctionContext, check_options
from archlint.model.rulesets.matching import PathLimit
from archlint.model.rulesets.patterns import PatternLimit
from archlint.model.rulesets.values import UNDEFINED
from archlint.model.rulesets.writing import printed


def said(function: str, target: Any, options: Any = None, **context: Any) -> list[tuple[str, str]]:
    assert check_options(function, options) == []
    results = FUNCTIONS[function](target, options, FunctionContext(("a", "b"), **context))
    return [
        (
            "/".join(map(str, ("a", "b") if result.route is None else result.route)),
            printed(result.message, key="b", value=target),
        )
        for result in results
    ]


@pytest.mark.parametrize(
    ("function", "target", "options", "results"),
    [
        ("defined", UNDEFINED, None, [("a/b", '"b" property must be defined')]),
        ("defined", None, None, []),
        ("truthy", 0, None, [("a/b", '"b" property must be truthy')]),
        ("truthy", {}, None, []),
        ("falsy", [], None, [("a/b", '"b" property must be falsy')]),
        ("undefined", None, None, [("a/b", '"b" property must be undefined')]),
        ("alphabetical", {"b": 1, "a": 1}, None, [("a/b/b", '"b" must be placed after "a"')]),
        ("alphabetical", ["a", "B", "c"], None, []),
        ("alphabetical", ["a", "A"], None, []),
        ("alphabetical", ["10", "9"], None, []),
        (
            "alphabetical",
            [{"n": 2}, {"n": 1}],
            {"keyedBy": "n"},
            [("a/b", "properties must follow the alphabetical order")],
        ),
        ("casing", "someName", {"type": "camel"}, []),
        ("casing", "some-name", {"type": "camel"}, [("a/b", "must be camel case")]),
        ("casing", "/a/b-c", {"type": "kebab", "separator": {"char": "/", "allowLeading": True}}, []),
        ("casing", "", {"type": "kebab"}, []),
        (
            "enumeration",
            True,
            {"values": [1, "a"]},
            [("a/b", 'true must be equal to one of the allowed values: 1, "a"')],
        ),
        ("enumeration", {}, {"values": [1]}, []),
        ("length", "abc", {"max": 2}, [("a/b", '"b" property must be shorter than 2')]),
        ("length", 1, {"min": 2}, [("a/b", '"b" property must be longer than 2')]),
        ("or", {"c": 1}, {"properties": ["a", "b"]}, [("a/b", 'At least one of "a" or "b" must be defined')]),
        (
            "xor",
            {"a": 1, "b": 1},
            {"properties": ["a", "b"]},
            [("a/b", 'Just one of "a" and "b" must be defined')],
        ),
        ("pattern", "x", {"match": "/^A/i"}, [("a/b", '"x" must match the pattern "/^A/i"')]),
        ("pattern", 1, {"match": "^a"}, []),
        (
            "typedEnum",
            {"type": "string", "enum": ["a", 1]},
            None,
            [("a/b/enum/1", 'Enum value 1 must be "string".')],
        ),
        ("schema", UNDEFINED, {"schema": {}}, [("a/b", '"b" property must exist')]),
        (
            "schema",
            1,
            {"schema": {"type": ["string", "null"]}},
            [("a/b", '"b" property type must be string,null')],
        ),
        (
            "schema",
            "a",
            {"schema": {"enum": ["aa", "c"]}},
            [
                (
                    "a/b",
                    '"b" property must be equal to one of the allowed values: "aa", "c". Did you mean "aa"?',
                )
            ],
        ),
        (
            "schema",
            {"c": 1},
            {"schema": {"propertyNames": {"pattern": "^[a]"}}},
            [
                ("a/b", '"b" property must match pattern "^[a]"'),
                ("a/b", '"b" property property name must be valid'),
            ],
        ),
        (
            "schema",
            {"c": 1},
            {"schema": {"anyOf": [{"type": "string"}, {"properties": {"c": {"enum": [2]}}}]}},
            [
                ("a/b", '"b" property type must be string'),
                (
                    "a/b",
                    '"b" property must match a schema in anyOf. '
                    "None of the schemas matched, see the other errors reported for this value",
                ),
            ],
        ),
        (
            "schema",
            "a",
            {"schema": {"type": "object", "required": ["a"], "not": {}}},
            [("a/b", '"b" property must not be valid')],
        ),
        (
            "schema",
            [1],
            {"schema": {"contains": {"type": "string"}}, "allErrors": True},
            [
                ("a/b/0", "Item at index 0 must be string"),
                ("a/b", '"b" property must contain at least 1 valid item(s)'),
            ],
        ),
        (
            "schema",
            {"q": 1},
            {"schema": {"additionalProperties": False, "required": ["z"]}},
            [("a/b", '"b" property must have required property "z"')],
        ),
        (
            "schema",
            {"q": 1},
            {"schema": {"additionalProperties": False, "required": ["z"]}, "allErrors": True},
            [
                ("a/b", 'Property "q" is not expected to be here'),
                ("a/b", '"b" property must have required property "z"'),
            ],
        ),
    ],
)
def test_results(function: str, target: Any, options: Any, results: list[tuple[str, str]]) -> None:
    assert sorted(said(function, target, options)) == sorted(results)


def test_a_reusable_object_that_nothing_refers_to() -> None:
    options = {"reusableObjectsLocation": "#/components/schemas"}
    found = said(
        "unreferencedReusableObject",
        {"A": {}, "B": {}},
        options,
        references=lambda: {"#/components/schemas/A"},
    )
    assert [place for place, _ in found] == ["components/schemas/B"]


def test_nullable_enums_know_null_by_the_format() -> None:
    schema = {"type": "string", "nullable": True, "enum": ["a", None]}
    assert said("typedEnum", schema, formats={"oas3_0"}) == []
    assert len(said("typedEnum", schema)) == 1


def test_the_limit_of_a_pattern_in_a_schema_is_raised() -> None:
    with pytest.raises(PatternLimit):
        said("schema", "a" * 60, {"schema": {"pattern": "((?=a)a|a)*b"}})


@pytest.mark.parametrize(
    ("function", "options"),
    [
        *(
            ("truthy", {}),
            ("casing", None),
            ("casing", {"type": "x"}),
            ("length", {}),
            ("length", {"min": "1"}),
        ),
        *(
            ("pattern", {"match": "("}),
            ("or", {"properties": ["a"]}),
            ("schema", {}),
            ("enumeration", {"values": 1}),
        ),
        *(("schema", {"schema": {}, "dialect": "x"}), ("alphabetical", {"x": 1}), ("xor", {"properties": 1})),
        ("unreferencedReusableObject", {"reusableObjectsLocation": "x"}),
        ("casing", {"type": "flat", "separator": {"char": "ab"}}),
    ],
)
def test_options_that_are_refused(function: str, options: Any) -> None:
    assert check_options(function, options)


def test_hostile_schemas_and_values_end() -> None:
    deep: Any = {}
    for _ in range(3_000):
        deep = {"not": deep}
    wide: Any = {"type": "object"}
    for _ in range(40):
        wide = {"anyOf": [wide, wide]}
    for schema in (deep, wide):
        ((_, message),) = said("schema", "a", {"schema": schema})
        assert message in ("the schema is nested too deep", "the schema is too large")
    value: Any = 1
    for _ in range(3_000):
        value = [value]
    with pytest.raises(PathLimit):
        said("schema", value, {"schema": {"type": "object"}})
