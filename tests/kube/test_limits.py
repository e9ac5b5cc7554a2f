"""Limits of values in schemas of Kubernetes: what is refused is what an independent validator refuses."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.kubernetes.schemas.limits import broken_limits

_numbers = st.integers(-3, 3) | st.sampled_from((-1.5, 0.5, 2.0))
_sizes = st.integers(0, 3)
_texts = st.text("ab", max_size=4)
_plain = st.none() | st.booleans() | _numbers | _texts
_values = _plain | st.lists(_texts, max_size=4) | st.dictionaries(_texts, _texts, max_size=4)
_limits = st.fixed_dictionaries(
    {},
    optional={
        "enum": st.lists(_values, min_size=1, max_size=4),
        "minimum": _numbers,
        "maximum": _numbers,
        "exclusiveMinimum": st.booleans(),
        "exclusiveMaximum": st.booleans(),
        "multipleOf": st.sampled_from((1, 2, 0.5)),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _sizes),
        **dict.fromkeys(("minProperties", "maxProperties"), _sizes),
        "pattern": st.sampled_from(("^a", "b$", "^(a|b){2}$")),
        "not": st.sampled_from(({"type": "string"}, {"type": "number"}, {"minLength": 2})),
        "anyOf": st.just([{"type": "string"}, {"minimum": 0}]),
    },
)
_EXCLUSIVE = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}


@given(_limits, _values)
def test_what_is_refused_is_what_a_validator_refuses(limits: dict[str, Any], value: Any) -> None:
    refused = {
        word
        for word in limits.keys() - {*_EXCLUSIVE.values()}
        for beside in [_EXCLUSIVE.get(word, "")]
        if not jsonschema_rs.Draft4Validator(
            {word: limits[word], **({beside: limits[beside]} if beside in limits else {})}
        ).is_valid(value)
    }
    told = [word for word, _ in broken_limits(dict(limits), value)]
    assert sorted(told) == sorted(refused)


@pytest.mark.parametrize(
    ("limits", "value", "expected"),
    [
        ({"minimum": 1}, 0, "is less than 1"),
        ({"minimum": 1, "exclusiveMinimum": True}, 1, "is not above 1"),
        ({"minimum": 1, "exclusiveMinimum": False}, 0, "is less than 1"),
        ({"maximum": 1}, 2, "is more than 1"),
        ({"maximum": 1, "exclusiveMaximum": True}, 1, "is not below 1"),
        ({"minLength": 2}, "a", "has 1 character, and needs at least 2"),
        ({"maxItems": 1}, [1, 2], "has 2 entries, and may have 1 at most"),
        ({"maxProperties": 0}, {"a": 1}, "has 1 key, and may have 0 at most"),
        ({"enum": ["a", 1]}, "b", "is none of 'a' and 1"),
        ({"enum": list(range(13))}, 20, "is none of " + ", ".join(map(str, range(12))) + " and 1 more"),
        ({"enum": list(range(12))}, 20, "is none of " + ", ".join(map(str, range(11))) + " and 11"),
    ],
)
def test_what_is_said_of_a_limit(limits: dict[str, Any], value: Any, expected: str) -> None:
    ((_, said),) = broken_limits(limits, value)
    assert said == expected


@pytest.mark.parametrize(
    "limits", [{"minimum": "1"}, {"maximum": True}, {"minLength": None}, {"pattern": "("}]
)
def test_a_limit_that_is_none_refuses_nothing(limits: dict[str, Any]) -> None:
    values: tuple[Any, ...] = (0, 2, "", "aa", [], {})
    for value in values:
        assert not list(broken_limits(dict(limits), value))
