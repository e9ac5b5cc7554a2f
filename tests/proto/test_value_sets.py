"""Rules of protovalidate as sets of values: what the schema takes is what the rules say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.protobuf.value_sets import shown_witness, value_set
from archlint.model.protobuf.rule_sets import RuleSet

_SMALL = st.integers(-3, 3)
_LISTS = st.lists(_SMALL, min_size=1, max_size=3)
_LOW = st.sampled_from(["gt", "gte"])
_HIGH = st.sampled_from(["lt", "lte"])
_NUMBERS = st.builds(
    lambda low, one, high, other, rest: {low: one, high: other, **rest},
    _LOW,
    _SMALL,
    _HIGH,
    _SMALL,
    st.fixed_dictionaries({}, optional={"const": _SMALL, "in": _LISTS, "not_in": _LISTS}),
)
_WORDS = st.text("ab.", max_size=3)
_TEXTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("const", "prefix", "suffix", "contains"), _WORDS),
        "not_contains": st.text("ab.", min_size=1, max_size=2),
        **dict.fromkeys(("len", "min_len", "max_len"), st.integers(0, 3)),
        "in": st.lists(_WORDS, min_size=1, max_size=2),
    },
)


def _takes_number(said: dict[str, Any], value: int) -> bool:
    """The meaning of the rules for numbers; bounds that are crossed mean the values outside."""
    tests = {
        "gt": lambda bound: value > bound,
        "gte": lambda bound: value >= bound,
        "lt": lambda bound: value < bound,
        "lte": lambda bound: value <= bound,
    }
    low = next(name for name in ("gt", "gte") if name in said)
    high = next(name for name in ("lt", "lte") if name in said)
    held = [tests[name](said[name]) for name in (low, high)]
    within = any(held) if said[low] > said[high] else all(held)
    others = (
        value == said.get("const", value),
        value in said.get("in", [value]),
        value not in said.get("not_in", []),
    )
    return within and all(others)


def _takes_text(said: dict[str, Any], value: str) -> bool:
    return all(
        (
            value == said.get("const", value),
            value in said.get("in", [value]),
            value.startswith(said.get("prefix", "")),
            value.endswith(said.get("suffix", "")),
            said.get("contains", "") in value,
            "not_contains" not in said or said["not_contains"] not in value,
            said.get("min_len", 0) <= len(value) <= said.get("max_len", 9),
            len(value) == said.get("len", len(value)),
        )
    )


def _schema(kind: str, said: dict[str, Any]) -> Any:
    return value_set(RuleSet({kind: said}, (), (), kind, "", ""), kind).schema


@settings(max_examples=80)
@given(_NUMBERS)
def test_numbers(said: dict[str, Any]) -> None:
    schema = _schema("int32", said)
    for value in range(-5, 6):
        assert jsonschema_rs.is_valid(schema, value) == _takes_number(said, value)


@settings(max_examples=80)
@given(_TEXTS, st.lists(_WORDS, min_size=4, max_size=8))
def test_texts(said: dict[str, Any], values: list[str]) -> None:
    schema = _schema("string", said)
    for value in values:
        assert jsonschema_rs.is_valid(schema, value) == _takes_text(said, value)


def test_what_is_skipped_lets_everything_through() -> None:
    said = {"string": {"min_len": 3}, "ignore": 3, "required": True}
    found = value_set(RuleSet(said, (), (), "string", "", ""), "string")
    assert jsonschema_rs.is_valid(found.schema, "")
    assert not found.is_demanded


@given(st.integers(-(10**21), 10**21))
def test_times_are_shown_to_the_nanosecond(nanoseconds: int) -> None:
    assert Decimal(shown_witness("duration", nanoseconds).removesuffix("s")) * 10**9 == nanoseconds
