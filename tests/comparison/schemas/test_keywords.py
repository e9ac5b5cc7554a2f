"""What each keyword does to the answer, both ways; the witnesses are judged inside the engine."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.schemas.answers import Kinship, No, Unknown, Yes
from archlint.comparison.schemas.containment import compare, contains
from archlint.comparison.schemas.json_schema import read

EQUAL, NARROWER, WIDER = Kinship.EQUAL, Kinship.NARROWER, Kinship.WIDER
APART, UNKNOWN = Kinship.INCOMPARABLE, Kinship.UNKNOWN

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


PAIRS: dict[str, tuple[Any, Any, Kinship]] = {
    "true": (True, {}, EQUAL),
    "false": (False, {"not": {}}, EQUAL),
    "false lies within all": (False, WHOLE, WIDER),
    "type": (WHOLE, NUMBER, WIDER),
    "types": ({"type": ["string", "null"]}, TEXT, NARROWER),
    "types apart": (TEXT, WHOLE, APART),
    "all types written out": (
        {"type": ["null", "boolean", "number", "string", "array", "object"]},
        {},
        EQUAL,
    ),
    "enum": ({"enum": [1, 2]}, {"enum": [2, 1, 3]}, WIDER),
    "enum of equal numbers": ({"enum": [1]}, {"enum": [1.0]}, EQUAL),
    "true is not 1": ({"enum": [True]}, {"enum": [1]}, APART),
    "const": ({"const": "a"}, {"enum": ["a"]}, EQUAL),
    "enum against bounds": ({"enum": [1, 5]}, {"minimum": 1, "type": "number"}, WIDER),
    "enum of all that is left": (
        {"type": "integer", "minimum": 1, "maximum": 3},
        {"enum": [1, 2, 3]},
        EQUAL,
    ),
    "enum of booleans": ({"type": "boolean"}, {"enum": [True, False]}, EQUAL),
    "enum against pattern": ({"enum": ["ab", "b"]}, {"pattern": "^a", "type": "string"}, APART),
    "minimum": ({**NUMBER, "minimum": 1}, {**NUMBER, "minimum": 2}, NARROWER),
    "minimum of whole numbers": ({**WHOLE, "minimum": 1}, {**WHOLE, "exclusiveMinimum": 0}, EQUAL),
    "minimum of any numbers": ({**NUMBER, "minimum": 1}, {**NUMBER, "exclusiveMinimum": 0}, WIDER),
    "maximum": ({**NUMBER, "maximum": 1}, {**NUMBER, "exclusiveMaximum": 1}, NARROWER),
    "bounds that leave one number": (
        {**NUMBER, "minimum": 2, "maximum": 2},
        {"const": 2},
        EQUAL,
    ),
    "bounds that leave nothing": ({**NUMBER, "minimum": 2, "exclusiveMaximum": 2}, False, EQUAL),
    "multipleOf": ({**NUMBER, "multipleOf": 4}, {**NUMBER, "multipleOf": 2}, WIDER),
    "multipleOf a decimal": ({**NUMBER, "multipleOf": 0.02}, {**NUMBER, "multipleOf": 0.01}, WIDER),
    "multipleOf both": (
        {**NUMBER, "allOf": [{"multipleOf": 2}, {"multipleOf": 3}]},
        {**NUMBER, "multipleOf": 6},
        EQUAL,
    ),
    "multipleOf apart": ({**WHOLE, "multipleOf": 2}, {**WHOLE, "multipleOf": 3}, APART),
    "no multiple within bounds": (
        {**NUMBER, "multipleOf": 10, "minimum": 1, "maximum": 9},
        False,
        EQUAL,
    ),
    "minLength": ({**TEXT, "minLength": 1}, {**TEXT, "minLength": 2}, NARROWER),
    "maxLength": ({**TEXT, "maxLength": 1}, {**TEXT, "maxLength": 2}, WIDER),
    "length against pattern": ({**TEXT, "pattern": "^.{2,3}$"}, {**TEXT, "minLength": 2}, WIDER),
    "pattern": ({**TEXT, "pattern": "^a+$"}, {**TEXT, "pattern": "^[ab]+$"}, WIDER),
    "pattern unanchored": ({**TEXT, "pattern": "^abc$"}, {**TEXT, "pattern": "b"}, WIDER),
    "patterns of the same language": (
        {**TEXT, "pattern": "^(a|b)+$"},
        {**TEXT, "pattern": "^[ab][ab]*$"},
        EQUAL,
    ),
    "pattern with look-ahead": (
        {**TEXT, "pattern": "^(?!x)[a-z]$"},
        {**TEXT, "pattern": "^[a-wyz]$"},
        EQUAL,
    ),
    "pattern that matches all": ({**TEXT, "pattern": ".*"}, TEXT, EQUAL),
    "format": ({**TEXT, "format": "date"}, TEXT, WIDER),
    "format implied": ({**TEXT, "format": "uri"}, {**TEXT, "format": "uri-reference"}, WIDER),
    "formats apart": ({**TEXT, "format": "date"}, {**TEXT, "format": "uuid"}, APART),
    "format against pattern": (
        {**TEXT, "format": "ipv4"},
        {**TEXT, "pattern": "^[0-9.]+$"},
        WIDER,
    ),
    "format that nobody knows": ({**TEXT, "format": "pet-name"}, TEXT, UNKNOWN),
    "properties": (thing(a=TEXT), thing(a=TEXT, b=WHOLE), NARROWER),
    "property of another type": (thing(a=WHOLE), thing(a=NUMBER), WIDER),
    "property that says nothing": (thing(a=TEXT), thing(a=TEXT, b={}), EQUAL),
    "required": (thing(a=TEXT), {**thing(a=TEXT), "required": ["a"]}, NARROWER),
    "required what cannot be": ({**thing(a=False), "required": ["a"]}, False, EQUAL),
    "additionalProperties false": (
        thing(a=TEXT),
        {**thing(a=TEXT), "additionalProperties": False},
        NARROWER,
    ),
    "additionalProperties schema": (
        {**thing(), "additionalProperties": WHOLE},
        {**thing(), "additionalProperties": NUMBER},
        WIDER,
    ),
    "additionalProperties covers": (
        {**thing(), "additionalProperties": WHOLE},
        {**thing(a=NUMBER), "additionalProperties": WHOLE},
        WIDER,
    ),
    "patternProperties": (
        {"type": "object", "patternProperties": {"^x-": TEXT}},
        {"type": "object", "patternProperties": {"^x": TEXT}},
        NARROWER,
    ),
    "patternProperties and others": (
        {"type": "object", "patternProperties": {"^x-": TEXT}, "additionalProperties": False},
        {"type": "object", "propertyNames": {"pattern": "^x-"}},
        WIDER,
    ),
    "propertyNames": (
        {"type": "object", "propertyNames": {"maxLength": 2}},
        {"type": "object", "propertyNames": {"maxLength": 3}},
        WIDER,
    ),
    "minProperties": (
        {"type": "object", "minProperties": 1},
        {"type": "object", "minProperties": 2},
        NARROWER,
    ),
    "maxProperties": (
        {**thing(a=TEXT), "additionalProperties": False},
        {"type": "object", "maxProperties": 1},
        WIDER,
    ),
    "too few names": (
        {**thing(a=TEXT), "additionalProperties": False, "minProperties": 2},
        False,
        EQUAL,
    ),
    "dependentRequired": (
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        {"type": "object", "anyOf": [{"not": {"required": ["a"]}}, {"required": ["b"]}]},
        EQUAL,
    ),
    "dependentSchemas": (
        {"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}},
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        EQUAL,
    ),
    "unevaluatedProperties": (
        {"allOf": [thing(a=TEXT)], "unevaluatedProperties": False, "type": "object"},
        {**thing(a=TEXT), "additionalProperties": False},
        EQUAL,
    ),
    "unevaluatedProperties beside what looks at all": (
        {"additionalProperties": True, "unevaluatedProperties": False},
        {},
        EQUAL,
    ),
    "unevaluatedProperties beside a part that looks at all": (
        {"allOf": [{"additionalProperties": TEXT}], "unevaluatedProperties": False},
        {"additionalProperties": TEXT},
        EQUAL,
    ),
    "unevaluatedProperties beside branches that look at all": (
        {"oneOf": [{"type": "object", "additionalProperties": TEXT}, TEXT], "unevaluatedProperties": False},
        {"oneOf": [{"type": "object", "additionalProperties": TEXT}, TEXT]},
        EQUAL,
    ),
    "unevaluatedProperties beside one branch that looks at all": (
        {"anyOf": [thing(a=TEXT), {"additionalProperties": TEXT}], "unevaluatedProperties": False},
        {"anyOf": [thing(a=TEXT), {"additionalProperties": TEXT}]},
        UNKNOWN,
    ),
    "unevaluatedItems beside a part that looks at all": (
        {"allOf": [{"items": TEXT}], "unevaluatedItems": False},
        {"items": TEXT},
        EQUAL,
    ),
    "unevaluatedItems beside items of any kind": (
        {"type": "array", "items": True, "unevaluatedItems": False},
        {"type": "array"},
        EQUAL,
    ),
    "unevaluatedItems beside a part that takes what is left": (
        {"type": "array", "allOf": [{"unevaluatedItems": True}], "unevaluatedItems": False},
        {"type": "array"},
        EQUAL,
    ),
    "unevaluatedProperties beside a part that takes what is left": (
        {"type": "object", "allOf": [{"unevaluatedProperties": True}], "unevaluatedProperties": False},
        {"type": "object"},
        EQUAL,
    ),
    "unevaluatedItems that say nothing": (
        {"anyOf": [{"items": TEXT}, {"prefixItems": [WHOLE]}], "unevaluatedItems": True},
        {"anyOf": [{"items": TEXT}, {"prefixItems": [WHOLE]}]},
        EQUAL,
    ),
    "unevaluatedProperties after a choice": (
        {"anyOf": [thing(a=TEXT), thing(b=TEXT)], "unevaluatedProperties": False},
        {"anyOf": [thing(a=TEXT), thing(b=TEXT)]},
        UNKNOWN,
    ),
    "items": (
        {"type": "array", "items": WHOLE},
        {"type": "array", "items": NUMBER},
        WIDER,
    ),
    "items that cannot be": ({"type": "array", "items": False}, {"const": []}, EQUAL),
    "prefixItems": (
        {"type": "array", "prefixItems": [TEXT], "items": WHOLE},
        {"type": "array", "items": {"type": ["string", "integer"]}},
        WIDER,
    ),
    "minItems": ({"type": "array", "minItems": 1}, {"type": "array"}, WIDER),
    "maxItems": ({"type": "array", "maxItems": 1}, {"type": "array", "maxItems": 2}, WIDER),
    "uniqueItems": ({"type": "array", "uniqueItems": True}, {"type": "array"}, WIDER),
    "uniqueItems of one": (
        {"type": "array", "maxItems": 1},
        {"type": "array", "maxItems": 1, "uniqueItems": True},
        EQUAL,
    ),
    "uniqueItems of few values": (
        {"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": True, "minItems": 3},
        False,
        EQUAL,
    ),
    "contains": (
        {"type": "array", "contains": WHOLE},
        {"type": "array", "minItems": 1},
        WIDER,
    ),
    "contains what cannot be": (
        {"type": "array", "items": TEXT, "contains": WHOLE},
        False,
        EQUAL,
    ),
    "minContains": (
        {"type": "array", "contains": TEXT, "minContains": 2},
        {"type": "array", "contains": TEXT},
        WIDER,
    ),
    "minContains of more than there is place for": (
        {"type": "array", "prefixItems": [TEXT], "items": WHOLE, "contains": TEXT, "minContains": 2},
        False,
        EQUAL,
    ),
    "maxContains none": (
        {"type": "array", "contains": TEXT, "minContains": 0, "maxContains": 0},
        {"type": "array", "items": {"not": TEXT}},
        EQUAL,
    ),
    "anyOf": ({"anyOf": [TEXT, WHOLE]}, {"type": ["string", "number"]}, WIDER),
    "anyOf in another order": ({"anyOf": [TEXT, WHOLE]}, {"anyOf": [WHOLE, TEXT]}, EQUAL),
    "anyOf split": (
        {**WHOLE, "minimum": 0},
        {"anyOf": [{**WHOLE, "minimum": 0, "maximum": 5}, {**WHOLE, "minimum": 6}]},
        EQUAL,
    ),
    "allOf": ({"allOf": [thing(a=TEXT), {"required": ["a"]}]}, thing(a=TEXT), WIDER),
    "oneOf apart is anyOf": ({"oneOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE]}, EQUAL),
    "oneOf that overlaps": ({"oneOf": [NUMBER, WHOLE]}, NUMBER, WIDER),
    "not": ({"not": {"type": "string"}}, {"not": {**TEXT, "minLength": 1}}, WIDER),
    "not twice": ({"not": {"not": TEXT}}, TEXT, EQUAL),
    "if": (
        {"if": TEXT, "then": {"minLength": 1}, "else": WHOLE},
        {"anyOf": [{**TEXT, "minLength": 1}, WHOLE]},
        EQUAL,
    ),
    "annotations": ({**TEXT, "title": "a", "description": "b", "x-z": 1}, TEXT, EQUAL),
    "dynamicRef on both sides": ({"$dynamicRef": "#a"}, {"$dynamicRef": "#a"}, EQUAL),
    "dynamicRef on one side": ({"$dynamicRef": "#a"}, {}, UNKNOWN),
    "a keyword from elsewhere": ({**TEXT, "minimumLength": 3}, TEXT, UNKNOWN),
    "a keyword of a wrong shape": ({**TEXT, "maxLength": "3"}, TEXT, UNKNOWN),
    "a pattern that is none": ({**TEXT, "pattern": "("}, TEXT, UNKNOWN),
}


@pytest.mark.parametrize("name", PAIRS)
def test_keyword(name: str) -> None:
    base, revision, expected = PAIRS[name]
    relation = compare(read(base), read(revision))
    assert relation.kinship is expected, relation


@pytest.mark.parametrize("name", PAIRS)
def test_the_other_way_round_is_the_mirror_image(name: str) -> None:
    base, revision, expected = PAIRS[name]
    mirrored = {NARROWER: WIDER, WIDER: NARROWER}.get(expected, expected)
    assert compare(read(revision), read(base)).kinship is mirrored


def test_a_keyword_that_is_not_understood_never_gives_yes_but_to_itself() -> None:
    odd = {"type": "string", "format": "pet-name"}
    assert isinstance(contains(read(odd), read({"type": "string"})), Yes)
    assert isinstance(contains(read({"type": "string"}), read(odd)), Unknown)
    assert isinstance(contains(read(odd), read({**odd, "format": "other"})), Unknown)
    assert isinstance(contains(read({"anyOf": [odd]}), read(odd)), Yes)


def test_a_no_that_does_not_rest_on_an_unknown_keyword_stands() -> None:
    base, revision = {"type": ["string", "null"], "format": "pet-name"}, {"type": "string"}
    answer = contains(read(base), read(revision))
    assert answer == No(None)


def test_widening_a_branch_that_then_overlaps_narrows_the_whole() -> None:
    base = {"oneOf": [{**WHOLE, "maximum": 5}, {**WHOLE, "minimum": 6}]}
    revision = {"oneOf": [{**WHOLE, "maximum": 8}, {**WHOLE, "minimum": 6}]}
    relation = compare(read(base), read(revision))
    assert isinstance(relation.forward, No)
    assert relation.forward.witness in (6, 7, 8)
    assert relation.loose is not None
    assert isinstance(relation.loose[0], Yes)


def test_a_yes_can_be_followed() -> None:
    answer = contains(read(thing(a=WHOLE)), read(thing(a=NUMBER)))
    assert isinstance(answer, Yes)
    lines = answer.derivation.lines()
    assert any("member 'a'" in line for line in lines)


def test_witnesses_are_small() -> None:
    answer = contains(read(thing(a=TEXT)), read(thing(a=TEXT, b=WHOLE)))
    assert isinstance(answer, No)
    assert list(answer.witness) == ["b"]
