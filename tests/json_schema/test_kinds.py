"""Every kind of edit that Confluent's registry refuses is given to an edit of that kind."""

from __future__ import annotations

from typing import Any

from archlint.comparison.json_schema import EventEdit
from archlint.comparison.json_schema.kinds import REFUSED, is_refused
from tests.json_schema.support import BASES, EVENT, changes
from tests.json_schema.test_comparison import EDITS
from tests.support.rules import own_rules

_TEXT, _NUMBER = {"type": "string"}, {"type": "number"}
_A, _AB = {"a": {}}, {"a": {}, "b": {}}
_CLOSED: dict[str, Any] = {"additionalProperties": False}
_PARTLY: dict[str, Any] = {"additionalProperties": _TEXT}
_ITEMS: dict[str, Any] = {"prefixItems": [{}]}
_BOUNDED = ("Length", "Properties", "Items", "Contains")
_LIMITS = {
    **{f"{end}{what}": f"{end}_{what}".upper() for end in ("max", "min") for what in _BOUNDED},
    **{f"{end}imum": f"{end}imum".upper() for end in ("max", "min")},
    **{f"exclusive{end}imum": f"exclusive_{end}imum".upper() for end in ("Max", "Min")},
}
_OTHERS: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    (_TEXT, _NUMBER, "TYPE_CHANGED"),
    ({}, {"multipleOf": 2}, "MULTIPLE_OF_ADDED"),
    ({"pattern": "^a"}, {"pattern": "^b"}, "PATTERN_CHANGED"),
    ({"dependentRequired": {}}, {"dependentRequired": {"a": ["b"]}}, "DEPENDENCY_ARRAY_ADDED"),
    (
        {"dependentRequired": {"a": ["b"]}},
        {"dependentRequired": {"a": ["c"]}},
        "DEPENDENCY_ARRAY_CHANGED",
    ),
    ({}, {"dependentSchemas": {"a": {"maxProperties": 2}}}, "DEPENDENCY_SCHEMA_ADDED"),
    (
        {"properties": _A},
        {"properties": {**_A, "b": {"type": "string", "default": ""}}, "required": ["b"]},
        "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL",
    ),
    (
        {"properties": _A},
        {"properties": {**_A, "b": _TEXT}},
        "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
    ),
    (
        {"properties": _A, **_CLOSED},
        {"properties": _AB, "required": ["b"], **_CLOSED},
        "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL",
    ),
    (
        {"properties": _A, **_PARTLY},
        {"properties": {**_A, "b": _NUMBER}, **_PARTLY},
        "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    ),
    (
        {"properties": {**_A, "b": _NUMBER}, **_PARTLY},
        {"properties": _A, **_PARTLY},
        "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    ),
    ({"allOf": [_TEXT]}, {"allOf": [_TEXT, {"maxLength": 3}]}, "PRODUCT_TYPE_EXTENDED"),
    ({}, {"items": _TEXT}, "SCHEMA_ADDED"),
    (_ITEMS, {"prefixItems": [{}, _TEXT]}, "ITEM_ADDED_TO_OPEN_CONTENT_MODEL"),
    (
        {"prefixItems": [{}, {}], "items": False},
        {**_ITEMS, "items": False},
        "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL",
    ),
    (
        {**_ITEMS, "items": _TEXT},
        {"prefixItems": [{}, _NUMBER], "items": _TEXT},
        "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    ),
    (
        {"prefixItems": [{}, _NUMBER], "items": _TEXT},
        {**_ITEMS, "items": _TEXT},
        "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    ),
    ({}, _CLOSED, "ADDITIONAL_PROPERTIES_REMOVED"),
    ({}, _PARTLY, "ADDITIONAL_PROPERTIES_NARROWED"),
    ({}, {"unevaluatedProperties": False}, "UNEVALUATED_PROPERTIES_REMOVED"),
    ({}, {"unevaluatedProperties": _TEXT}, "UNEVALUATED_PROPERTIES_NARROWED"),
    (_ITEMS, {**_ITEMS, "items": False}, "ADDITIONAL_ITEMS_REMOVED"),
    (_ITEMS, {**_ITEMS, "items": _TEXT}, "ADDITIONAL_ITEMS_NARROWED"),
    ({}, {"unevaluatedItems": False}, "UNEVALUATED_ITEMS_REMOVED"),
    ({"not": {"type": "integer"}}, {"not": _NUMBER}, "NOT_TYPE_EXTENDED"),
    ({}, {"unevaluatedItems": _TEXT}, "UNEVALUATED_ITEMS_NARROWED"),
)


_REST = ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")
_PASSED: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"not": _NUMBER}, {"not": {"type": "integer"}}),
    ({"not": {"not": {"type": "integer"}}}, {"not": {"not": _NUMBER}}),
    ({"not": {"enum": [1, 2]}}, {"not": {"enum": [1]}}),
    (_ITEMS, {"prefixItems": [{}, {}, True]}),
    ({"prefixItems": [{}, False], "items": False}, {**_ITEMS, "items": False}),
    *(({word: False}, {word: True}) for word in _REST),
    *(({word: False}, {word: _TEXT}) for word in _REST),
)
"""Edits that the registry lets pass, near to others of the same keywords that it refuses."""


def _of_limit(keyword: str, name: str) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    around = {"contains": _TEXT} if "ontains" in keyword else {}
    old, new = (2, 3) if keyword.lower().startswith(("min", "exclusivemin")) else (3, 2)
    word = "INCREASED" if new > old else "DECREASED"
    return [
        ({**around}, {**around, keyword: new}, f"{name}_ADDED"),
        ({**around, keyword: old}, {**around, keyword: new}, f"{name}_{word}"),
    ]


def _kinds(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    stated = {"$schema": BASES[2020], "title": "Order"}
    ends = ({EVENT: {**stated, **each}} for each in (old, new))
    found = [each for each in changes(*ends, registry="confluent") if isinstance(each, EventEdit)]
    return {kind for each in found for kind in each.kinds}


def test_what_the_registry_lets_pass_has_no_kind_that_it_refuses() -> None:
    assert [(old, new, _kinds(old, new)) for old, new in _PASSED if _kinds(old, new)] == []


def test_all_and_nothing_are_the_same_said_or_not() -> None:
    """Without the keyword everything is allowed, as with ``true`` and with ``{}``."""
    for word in _REST:
        for new in (False, _TEXT):
            kinds = [_kinds(old, {word: new}) for old in ({}, {word: True}, {word: {}})]
            assert {name[:3] for each in kinds for name in each} == {word[:3].upper()}, (word, new, kinds)
            assert kinds[0] == kinds[1], (word, new, kinds)


def test_below_not_what_is_refused_by_itself_is_let_pass_and_the_other_way_round() -> None:
    turned = (
        {"not": {"properties": {"a": {"maxLength": 2}}}},
        {"not": {"properties": {"a": {"maxLength": 3}}}},
    )
    assert _kinds(*turned) == {"NOT_TYPE_EXTENDED"}
    assert _kinds(turned[1], turned[0]) == set()
    twice = {"not": turned[0]}, {"not": turned[1]}
    assert _kinds(*twice) == set()
    assert _kinds(twice[1], twice[0]) == {"NOT_TYPE_EXTENDED"}


def test_every_kind_that_is_refused_has_an_edit_and_is_an_alias() -> None:
    rows = [*_OTHERS, *(row for name in _LIMITS.items() for row in _of_limit(*name))]
    wrong = [(old, new, kind, _kinds(old, new)) for old, new, kind in rows if kind not in _kinds(old, new)]
    assert wrong == []
    assert {kind for *_, kind in (*rows, *EDITS)} == {kind for kind in REFUSED if is_refused(kind)}
    known = {alias for rule in own_rules() if rule.code in ("EVENT510", "EVENT514") for alias in rule.aliases}
    assert {f"confluent:{kind}" for kind in REFUSED} <= known
