"""The producer rule: a sender uses only names that its own document declares."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.comparison.schemas.answers import No, Yes
from archlint.comparison.schemas.containment import contains
from archlint.comparison.schemas.evaluation import Evaluator
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.producing import is_produced
from archlint.comparison.schemas.schema import produced

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def thing(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


COMPATIBLE: dict[str, tuple[Any, Any]] = {
    "a new optional member": (thing(a=TEXT), thing(a=TEXT, b=WHOLE)),
    "a new optional member far below": (
        thing(a={"type": "array", "items": thing(b=TEXT)}),
        thing(a={"type": "array", "items": thing(b=TEXT, c=WHOLE)}),
    ),
    "any other name": (
        {**thing(a=TEXT), "additionalProperties": True},
        thing(a=TEXT),
    ),
    "a free object in a part of one that declares members": (
        {"allOf": [{"type": "object"}, thing(a=TEXT)]},
        {**thing(a=TEXT), "additionalProperties": False},
    ),
    "closing an object": (thing(a=TEXT), {**thing(a=TEXT), "additionalProperties": False}),
    "members of both parts": (
        {"allOf": [thing(a=TEXT), thing(b=TEXT)]},
        {**thing(a=TEXT, b=TEXT), "additionalProperties": False},
    ),
    "members that a part declares below": (
        {"allOf": [thing(a=thing(d={})), thing(a=thing(b=TEXT))]},
        thing(a=thing(b=TEXT, c=WHOLE)),
    ),
    "a new optional member of a branch": (
        {"oneOf": [thing("k", k={"const": 1}), thing("k", k={"const": 2}, b=TEXT)]},
        {"oneOf": [thing("k", k={"const": 1}, c=WHOLE), thing("k", k={"const": 2}, b=TEXT)]},
    ),
    "a member declared by another branch only": (
        {"anyOf": [thing("a", a=TEXT), thing("b", b=TEXT)]},
        {"anyOf": [thing("a", a=TEXT, b=TEXT), thing("b", b=TEXT)]},
    ),
    "a map": (
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
    ),
    "an object without members": ({"type": "object", "maxProperties": 0}, thing(a=TEXT)),
    "members declared by a condition": (
        {"if": thing("a", a=TEXT), "then": thing(b=TEXT), "type": "object"},
        {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False},
    ),
}
BREAKING: dict[str, tuple[Any, Any, Any]] = {
    "a new required member": (thing(a=TEXT), thing("b", a=TEXT, b=WHOLE), {}),
    "a member of another type": (thing(a=TEXT), thing(a=WHOLE), {"a": "a"}),
    "a map that gets a member": (
        {"type": "object", "additionalProperties": TEXT},
        {**thing(a=WHOLE), "additionalProperties": TEXT},
        {"a": "a"},
    ),
    "a free-form object that gets a member": (
        {"type": "object", "additionalProperties": True},
        thing(a=WHOLE),
        {"a": "a"},
    ),
    "an object of which nothing is said": ({"type": "object"}, thing(a=TEXT), {"a": False}),
    "the default written out": (
        {**thing(a=TEXT), "additionalProperties": True},
        thing(a=TEXT, b=WHOLE),
        {"b": "a"},
    ),
    "a free branch": (
        {"oneOf": [TEXT, {"type": "object"}, thing("k", k={"const": 1})]},
        {"oneOf": [TEXT, thing("k", k={"const": 1})]},
        {},
    ),
    "a declared member that goes from a closed object": (
        thing(a=TEXT, b={}),
        {**thing(a=TEXT), "additionalProperties": False},
        {"b": "a"},
    ),
    "names by a pattern": (
        {"type": "object", "patternProperties": {"^x-": TEXT}},
        {"type": "object", "patternProperties": {"^x-": WHOLE}},
        {"x-": "a"},
    ),
}


@pytest.mark.parametrize("name", COMPATIBLE)
def test_compatible(name: str) -> None:
    sent, taken = COMPATIBLE[name]
    answer = contains(produced(read(sent)), read(taken))
    assert isinstance(answer, Yes), answer


@pytest.mark.parametrize("name", BREAKING)
def test_breaking(name: str) -> None:
    sent, taken, witness = BREAKING[name]
    answer = contains(produced(read(sent)), read(taken))
    assert answer == No(witness)


def test_without_the_rule_a_new_member_is_a_break() -> None:
    assert isinstance(contains(read(thing(a=TEXT)), read(thing(a=TEXT, b=WHOLE))), No)


def test_what_is_produced_is_valid() -> None:
    schema = read(thing("a", a=TEXT, b=WHOLE))
    assert isinstance(contains(produced(schema), schema), Yes)


NAMES = "abc"
SENT = [
    {name: value for name, value in zip(NAMES, values, strict=True) if value is not None}
    for values in product((None, 0, 1, "a"), repeat=len(NAMES))
]
"""All small objects."""
LEAVES = st.sampled_from([TEXT, WHOLE, {"const": 1}, {}])
THINGS = st.builds(
    lambda properties, required, others: {
        "type": "object",
        "properties": properties,
        "required": sorted(required & properties.keys()),
        **others,
    },
    st.dictionaries(st.sampled_from(NAMES), LEAVES, min_size=1, max_size=2),
    st.sets(st.sampled_from(NAMES), max_size=2),
    st.sampled_from([{}, {}, {}, {"additionalProperties": False}, {"additionalProperties": TEXT}]),
)
SEVERAL = st.lists(THINGS, min_size=2, max_size=3)
WRITTEN = st.one_of(
    THINGS,
    SEVERAL.map(lambda things: {"anyOf": things}),
    SEVERAL.map(lambda things: {"oneOf": things}),
    SEVERAL.map(lambda things: {"allOf": [things[0], {"anyOf": things[1:]}]}),
    st.tuples(THINGS, THINGS).map(lambda two: {"type": "object", "if": two[0], "then": two[1]}),
    st.tuples(THINGS, THINGS).map(lambda two: {**two[0], "dependentSchemas": {"a": two[1]}}),
)


@given(WRITTEN, WRITTEN)
def test_what_is_sent_is_not_refused_by_what_takes_all(sent: dict[str, Any], taken: dict[str, Any]) -> None:
    """Also where a member is declared only by a schema that may hold or not."""
    holds, sender, taker = Evaluator(False, 10**6).holds, read(sent), read(taken)
    answer = contains(produced(sender), taker)
    refused = [
        value
        for value in SENT
        if holds(value, sender) is True
        and is_produced(value, produced(sender))
        and holds(value, taker) is False
    ]
    assert not (refused and isinstance(answer, Yes)), refused
    assert refused or not (isinstance(answer, No) and answer.witness in SENT), answer
