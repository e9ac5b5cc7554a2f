"""Schemas that differ only in pairs which are compared on their own: seen without asking the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.comparison.schemas.congruence import Congruence
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.schema import IN_PLACE, Schema

OLD, NEW = {"type": "string"}, {"type": "string", "maxLength": 3}
OTHER = {"type": "boolean"}
LAYERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "items": lambda inner: {"type": "array", "items": inner},
    "prefixItems": lambda inner: {"prefixItems": [OTHER, inner]},
    "properties": lambda inner: {"properties": {"a": inner, "b": OTHER}, "required": ["b"]},
    "patternProperties": lambda inner: {"patternProperties": {"^x": inner}},
    "additionalProperties": lambda inner: {"properties": {"a": OTHER}, "additionalProperties": inner},
    "allOf": lambda inner: {"allOf": [{"minLength": 1}, inner]},
    "anyOf": lambda inner: {"anyOf": [inner, OTHER]},
    "oneOf": lambda inner: {"oneOf": [OTHER, inner]},
    "not": lambda inner: {"not": inner},
}
"""What may stand around a schema; the names say by which keyword it is reached."""
_ways = st.lists(st.sampled_from(sorted(LAYERS)), max_size=4)


def around(inner: Any, way: Sequence[str]) -> dict[str, Any]:
    """A schema within others: the first keyword of the way is the outermost."""
    for name in reversed(way):
        inner = LAYERS[name](inner)
    return dict(inner)


def same(one: Sequence[Schema], other: Sequence[Schema]) -> bool:
    """Whether schemas say the same, one by one."""
    return list(map(key, one)) == list(map(key, other))


@given(_ways, st.booleans())
def test_a_pair_below_counts_unless_parts_are_to_be_looked_at(way: list[str], in_place: bool) -> None:
    compared = [(read(OLD), read(NEW))]
    sides = read(around(OLD, way)), read(around(NEW, way))
    is_below = bool(way) and (in_place or way[-1] not in IN_PLACE)
    assert Congruence(compared, in_place).holds(*sides) is is_below
    assert not Congruence([], in_place).holds(*sides)
    assert Congruence([], in_place).holds(sides[0], sides[0])
    assert Congruence([], in_place).holds(sides[0], read(around(OLD, way)))


@given(_ways.filter(bool), st.sampled_from(sorted(LAYERS)), st.booleans())
def test_all_that_differs_is_one_of_the_pairs(way: list[str], beside: str, is_first: bool) -> None:
    """Two differences side by side, of which one is compared on its own, or only the other way round."""
    sides = []
    for one, two in ((OLD, {"minimum": 1}), (NEW, {"minimum": 2})):
        members = [around(one, way), around(two, [beside])]
        sides.append(read({"prefixItems": members if is_first else members[::-1]}))
    first, second = (read(OLD), read(NEW)), (read({"minimum": 1}), read({"minimum": 2}))
    assert Congruence([first, second]).holds(*sides)
    assert not Congruence([first]).holds(*sides)
    assert not Congruence([second]).holds(*sides)
    assert not Congruence([first[::-1], second]).holds(*sides)


@given(_ways, _ways)
def test_what_a_schema_says_itself_is_no_pair(way: list[str], inner: list[str]) -> None:
    sides = (around({**around(OLD, inner), "minProperties": most}, way) for most in (1, 2))
    assert not Congruence([(read(OLD), read(NEW))]).holds(*map(read, sides))


def test_what_is_nested_deeper_than_anybody_writes_is_left_to_the_engine() -> None:
    compared = [(read(OLD), read(NEW))]
    for depth, is_seen in ((30, True), (60, False)):
        sides = [read(around(side, ["items"] * depth)) for side in (OLD, NEW)]
        assert Congruence(compared).holds(*sides) is is_seen
        assert Congruence([]).holds(sides[0], sides[0])


@given(_ways)
def test_a_part_for_the_same_value_that_is_compared_is_seen_from_above(way: list[str]) -> None:
    found = Congruence([(read(OLD), read(NEW))])
    is_part = bool(way) and all(name in IN_PLACE for name in way)
    assert found.is_combined(read(around(OLD, way))) is is_part
    assert not found.is_combined(read(around({"minimum": 1}, way)))


@pytest.mark.parametrize("way", ["items", "additionalProperties", "properties"])
@pytest.mark.parametrize("other", [OLD, {}])
def test_a_member_that_takes_anything_is_taken_as_the_other_side_says(way: str, other: Any) -> None:
    beside = {"minProperties": 1, "minItems": 1}
    narrow, wide = ({**around(inner, [way]), **beside} for inner in (NEW, other))
    compared = Congruence([(read(NEW), read(other)), (read(other), read(NEW))])
    expected = (narrow, narrow) if other == {} else (narrow, wide)
    for sides, levelled in (((narrow, wide), expected), ((wide, narrow), expected[::-1])):
        assert same(compared.levelled(*map(read, sides)), [*map(read, levelled)])
        assert same(Congruence([]).levelled(*map(read, sides)), [*map(read, sides)])


def test_members_of_one_side_alone_stay_as_they_are() -> None:
    compared = Congruence([(read({}), read(NEW)), (read(OLD), read({}))])
    base = {"properties": {"a": {}, "b": OLD, "old": {}}, "items": OLD}
    revision = {"properties": {"a": NEW, "b": {}, "new": NEW}, "additionalProperties": NEW}
    told = (
        {"properties": {"a": NEW, "b": OLD, "old": {}}, "items": OLD},
        {"properties": {"a": NEW, "b": OLD, "new": NEW}, "additionalProperties": NEW},
    )
    assert same(compared.levelled(read(base), read(revision)), [*map(read, told)])
