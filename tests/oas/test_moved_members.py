"""A member that moves between an object and the parts it is made of is neither gone nor new."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.finding import Severity
from tests.oas.worlds import contract, news_of, world_of
from tests.support.sampling import usually

NAMES = ("a", "b", "c", "d")
HOMES = ("itself", "inline", "One", "Two", "Three")
"""The object, a part written in it, and parts that are shared schemas."""
_homes = st.fixed_dictionaries({name: st.sampled_from(HOMES) for name in NAMES})
_required = st.sets(st.sampled_from(NAMES))


def contract_of(homes: dict[str, str], required: set[str]) -> dict[str, Any]:
    """A contract that takes and sends an object whose members are declared in some homes."""
    made: dict[str, dict[str, Any]] = {}
    for name, home in homes.items():
        part = made.setdefault(home, {"type": "object", "properties": {}})
        part["properties"][name] = {"type": "string"}
        if name in required:
            part.setdefault("required", []).append(name)
    whole = made.pop("itself", {"type": "object"})
    inline = made.pop("inline", None)
    parts = [{"$ref": f"#/components/schemas/{home}"} for home in sorted(made)]
    whole["allOf"] = [*parts, *([] if inline is None else [inline])] or [{"type": "object"}]
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Whole"}}}}
    put = {"requestBody": content, "responses": {"200": {"description": "ok", **content}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/v1/carts": {"put": put}},
        "components": {"schemas": {"Whole": whole, **made}},
    }


@given(_homes, _homes, _required, st.none() | st.sampled_from(NAMES), st.none() | st.sampled_from(NAMES))
@settings(max_examples=usually(150, 2000), derandomize=True)
def test_what_both_sides_have_is_told_by_no_name(
    old: dict[str, str], new: dict[str, str], required: set[str], lost: str | None, fresh: str | None
) -> None:
    old = {name: home for name, home in old.items() if name != fresh}
    new = {name: home for name, home in new.items() if name != lost}
    kept = old.keys() & new.keys()
    sides = [world_of({"openapi.json": contract_of(homes, required)}) for homes in (old, new)]
    wrong = [
        finding.message
        for finding in news_of(*sides)
        if finding.severity is not Severity.INFO and finding.arguments.get("name") in kept
    ]
    assert wrong == []


def test_what_is_demanded_of_objects_says_nothing_of_lists() -> None:
    items = {"type": "array", "items": {"type": "string"}}
    sides = []
    for schema in (items, {**items, "required": ["items"]}):
        document = contract_of(dict.fromkeys(NAMES, "itself"), set())
        document["components"]["schemas"]["Whole"] = schema
        sides.append(world_of({"openapi.json": document}))
    assert {finding.severity for finding in news_of(*sides)} <= {Severity.INFO}
    assert {finding.severity for finding in news_of(*reversed(sides))} <= {Severity.INFO}


WORDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^[a-z]+$"},
    "number": {"type": "integer", "minimum": 2, "maximum": 9, "multipleOf": 2},
    "object": {"type": "object", "minProperties": 2, "maxProperties": 9, "required": ["a"]},
    "list": {"type": "array", "minItems": 2, "maxItems": 9, "items": {"type": "string"}},
}
NARROWER: dict[str, Any] = {"maxLength": 7, "maximum": 7, "maxProperties": 7, "maxItems": 7}
"""What is said of a value, and what says less of it."""


def spread(words: dict[str, Any], homes: list[str]) -> dict[str, Any]:
    """A contract with a schema whose keywords are said in some homes."""
    parts: dict[str, dict[str, Any]] = {"itself": {}, "one": {}, "two": {}}
    for home, (word, value) in zip(homes, words.items(), strict=False):
        parts[home][word] = value
    listed = [parts[name] for name in ("one", "two") if parts[name]]
    document = contract_of({}, set())
    document["components"]["schemas"]["Whole"] = parts["itself"] | ({"allOf": listed} if listed else {})
    return document


_spreads = st.lists(st.sampled_from(("itself", "itself", "one", "two")), min_size=4, max_size=4)


@given(st.sampled_from(sorted(WORDS)), _spreads, _spreads, st.booleans())
@settings(max_examples=usually(150, 3000), derandomize=True, deadline=None)
def test_what_both_sides_say_of_a_value_is_told_nowhere(
    name: str, old: list[str], new: list[str], is_edited: bool
) -> None:
    """Whether the schema says it itself or in a part; and an edit does harm where it does to the whole."""
    words = WORDS[name]
    edited = {word: NARROWER.get(word, value) if is_edited else value for word, value in words.items()}
    alone, spread_out = (
        {
            operation.method
            for each in news_of(*(world_of({"openapi.json": spread(*side)}) for side in sides))
            if each.severity is not Severity.INFO
            for operation in each.operations
        }
        for sides in (
            ((words, ["itself"] * 4), (edited, ["itself"] * 4)),
            ((words, old), (edited, new)),
        )
    )
    assert spread_out == alone


LIMITS: dict[str, tuple[str, int, int, int]] = {
    # the type, a limit that is weaker, the one that holds, and what that becomes
    **dict.fromkeys(("maximum", "exclusiveMaximum"), ("number", 9, 3, 4)),
    **dict.fromkeys(("minimum", "exclusiveMinimum"), ("number", 1, 3, 2)),
    **{
        f"max{of}": (kind, 9, 3, 4)
        for of, kind in (("Length", "string"), ("Items", "array"), ("Properties", "object"))
    },
    **{
        f"min{of}": (kind, 1, 3, 2)
        for of, kind in (("Length", "string"), ("Items", "array"), ("Properties", "object"))
    },
}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("order", [1, -1])
def test_of_a_limit_that_several_parts_state_the_strictest_counts(limit: str, order: int) -> None:
    kind, weak, old, new = LIMITS[limit]
    sides = []
    for value in (old, new):
        parts = [{limit: weak}, {limit: value}][::order]
        sides.append(world_of({"openapi.json": contract({"type": kind, "allOf": parts}, "3.1.0")}))
    for ends, said in ((sides, f"was {old} and is {new} now"), (sides[::-1], f"was {new} and is {old} now")):
        told = [each.message for each in news_of(*ends) if each.rule.startswith("constraint")]
        assert told
        assert all(said in message for message in told), told
