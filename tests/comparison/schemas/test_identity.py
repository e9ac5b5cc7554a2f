"""Equal schemas have equal keys, whatever their order and annotations; different ones have not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.json_schema import LISTS, MAPS, ONE, read
from archlint.comparison.schemas.schema import produced
from archlint.comparison.schemas.sharing import WrittenKeys, without_words
from tests.support.limits import within


def ring(*kinds: str) -> dict[str, Any]:
    """Objects that lead to each other in a circle."""
    nodes = {
        f"n{at}": {
            "properties": {
                "next": {"$ref": f"#/$defs/n{(at + 1) % len(kinds)}"},
                "value": {"type": kind},
            }
        }
        for at, kind in enumerate(kinds)
    }
    return {"properties": {"start": {"$ref": "#/$defs/n0"}}, "$defs": nodes}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "string", "maxLength": 3}, {"maxLength": 3, "type": "string"}),
        ({"type": ["null", "string"]}, {"type": ["string", "null"]}),
        ({"enum": [1, "a"]}, {"enum": ["a", 1.0]}),
        ({"const": 1}, {"enum": [1]}),
        ({"title": "x", "minimum": 1}, {"minimum": 1.0, "description": "y"}),
        ({"required": ["a", "b"]}, {"required": ["b", "a"]}),
        ({"minLength": 0, "uniqueItems": False}, {}),
        (ring("string", "integer", "string"), ring("string", "integer", "string")),
        (
            ring("string"),
            {
                "properties": {"start": {"$ref": "#/$defs/n9"}},
                "$defs": {
                    "n9": {"properties": {"value": {"type": "string"}, "next": {"$ref": "#/$defs/n9"}}}
                },
            },
        ),
    ],
)
def test_equal(one: Any, other: Any) -> None:
    assert key(read(one)) == key(read(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"enum": [1]}, {"enum": [True]}),
        ({"enum": ["1"]}, {"enum": [1]}),
        ({"minimum": 1}, {"maximum": 1}),
        ({"properties": {"a": {}}}, {"properties": {"b": {}}}),
        ({"properties": {"a": {}}}, {"patternProperties": {"a": {}}}),
        ({"anyOf": [{"type": "string"}, {}]}, {"oneOf": [{"type": "string"}, {}]}),
        (ring("string", "integer"), ring("string", "number")),
        (ring("string", "integer", "string", "string"), ring("string", "string", "integer", "string")),
        ({"maxLength": "3"}, {}),
        ({"not": {}}, {"not": {"type": "string"}}),
    ],
)
def test_different(one: Any, other: Any) -> None:
    assert key(read(one)) != key(read(other))


def test_the_producer_rule_is_part_of_the_key() -> None:
    schema = read({"properties": {"a": {}}})
    assert key(produced(schema)) != key(schema)
    assert key(produced(produced(schema))) == key(produced(schema))
    assert key(produced(schema)) == key(produced(read({"properties": {"a": {}}})))


def test_large_cycles_take_little_time() -> None:
    kinds = [("string", "integer")[at % 3 == 0] for at in range(4_000)]
    assert within(10, lambda: key(read(ring(*kinds))) == key(read(ring(*kinds))))


@pytest.mark.parametrize("keyword", sorted({*LISTS, *MAPS, *ONE, "items", "x-own"}))
def test_words_are_taken_from_schemas_of_any_shape(keyword: str) -> None:
    for value in (True, 5, None, "a", {}, [], [1, None]):
        assert without_words({keyword: value, "title": "a"}) == (
            {} if keyword == "x-own" else {keyword: value}
        )
    told = {"type": "string", "description": "b"}
    for value, bare in (([told], [{"type": "string"}]), ({"p": told}, {"p": {"type": "string"}})):
        is_schema = keyword in ({*LISTS, "items"} if isinstance(value, list) else MAPS)
        if is_schema:
            assert without_words({keyword: value}) == {keyword: bare}


NAMES = ("a", "b", "c")
SHARED: dict[str, Any] = {
    "#/A": {"type": "string"},
    "#/B": {"type": "integer", "description": "whole"},
    "#/C": {"properties": {"next": {"$ref": "#/C"}}},
}
_words = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(("z", "a", "")),
        "title": st.text(max_size=2),
        "x-a": st.integers(),
    },
)
_said = st.sampled_from(({}, {"maxProperties": 2}, {"type": "object"}))
_target = st.sampled_from(sorted(SHARED))


def written(targets: list[str], said: list[dict[str, Any]], words: list[dict[str, Any]], turn: bool) -> Any:
    """An object whose members refer to others, with words beside the references."""
    members = [
        (name, {**more, "$ref": to, **about})
        for name, to, more, about in zip(NAMES, targets, said, words, strict=True)
    ]
    listed = [{"allOf": [about, {"$ref": to}]} for to, about in zip(targets, words, strict=True)]
    alone = {
        word: {**about, "$ref": to} for word, about, to in zip(("items", "not"), words, targets, strict=False)
    }
    made = {
        "properties": dict(members[::-1] if turn else members),
        "prefixItems": listed,
        **alone,
        **words[0],
    }
    return dict(reversed(made.items())) if turn else made


@given(
    st.lists(st.tuples(_target, _said, _words, _words), min_size=3, max_size=3),
    st.booleans(),
    st.permutations(range(3)),
)
def test_what_is_written_alike_has_one_key_and_nothing_else_has(
    members: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]], turn: bool, order: list[int]
) -> None:
    """Whatever is said of it in words, in any order; what its members refer to counts with its place."""
    targets, said, words, others = (list(each) for each in zip(*members, strict=True))
    keys = WrittenKeys(lambda reference, here: (SHARED[reference], here))
    one = keys.key(written(targets, said, words, turn=False), None)
    assert one == keys.key(written(targets, said, others, turn), None)
    moved = [targets[at] for at in order]
    assert (one == keys.key(written(moved, said, words, turn), None)) is (moved == targets)
    more = [{**said[0], "minProperties": 1}, *said[1:]]
    assert one != keys.key(written(targets, more, words, turn), None)
