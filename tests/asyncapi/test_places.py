"""What keeps a payload from being understood is told where it was edited, and each edit by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for

from archlint.comparison.asyncapi import EventChanged
from tests.asyncapi.test_comparison import changed, second, third

_ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "s": {"enum": ["a", "b"]}},
}
_ORDER: dict[str, Any] = {"type": "object", "properties": {"items": {"type": "array", "items": _ITEM}}}


def _order(**item: Any) -> dict[str, Any]:
    return {**_ORDER, "properties": {"items": {"type": "array", "items": {**_ITEM, **item}}}}


_NARROWER = [
    (_order(required=["n"]), ("items", "[]", "required", "n"), ("required", 0)),
    (_order(minProperties=1), ("items", "[]", "minProperties", ""), ("minProperties",)),
    (
        _order(properties={**_ITEM["properties"], "n": {"type": "integer", "minimum": 1}}),
        ("items", "[]", "n", "minimum", ""),
        ("properties", "n", "minimum"),
    ),
    (
        _order(properties={**_ITEM["properties"], "s": {"enum": ["a"]}}),
        ("items", "[]", "s", "enum", ""),
        ("properties", "s", "enum"),
    ),
    (_order(additionalProperties=False, properties={}), ("items", "[]", "", ""), ()),
]


@pytest.mark.parametrize(("payload", "trail", "way"), _NARROWER)
@pytest.mark.parametrize("form", [second, third])
def test_the_keyword_is_marked(tmp_path: Path, payload: Any, trail: Any, way: Any, form: Any) -> None:
    (found,) = changed(tmp_path, form({"m": _ORDER}, sends=False), form({"m": payload}, sends=False))
    assert isinstance(found, EventChanged)
    assert found.trail == trail
    assert found.new.route[-3 - len(way) :] == ("properties", "items", "items", *way)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(["n", "s"]), min_size=1), st.booleans(), st.booleans())
def test_each_edit_is_told_by_a_value_of_its_own(
    tmp_path_factory: Any, names: Any, bound: Any, sends: bool
) -> None:
    folder: Path = tmp_path_factory.mktemp("edits")
    narrow = _order(required=sorted(names), **({"maxProperties": 1} if bound else {}))
    old, new = (narrow, _ORDER) if sends else (_ORDER, narrow)
    found = changed(folder, third({"m": old}, sends=sends), third({"m": new}, sends=sends))
    assert {each.trail[-2:] for each in found if isinstance(each, EventChanged)} == {
        *(("required", name) for name in names),
        *([("maxProperties", "")] if bound else []),
    }
    for each in found:
        assert isinstance(each, EventChanged)
        assert validator_for(_ORDER).is_valid(each.witness)
        assert not validator_for(narrow).is_valid(each.witness)


def test_what_several_messages_share_is_told_once(tmp_path: Path) -> None:
    reference = {"$ref": "#/components/schemas/Item"}
    sides = [
        {**third({"b": reference, "a": reference}, sends=False), "components": {"schemas": {"Item": item}}}
        for item in (_ITEM, {**_ITEM, "required": ["n"]})
    ]
    (found,) = changed(tmp_path, *sides)
    assert isinstance(found, EventChanged)
    assert (found.name, found.others) == ("a", 1)
    assert found.new.route[:3] == ("components", "schemas", "Item")


def test_a_schema_within_itself_is_told_once(tmp_path: Path) -> None:
    reference = {"$ref": "#/components/schemas/Node"}
    sides = [
        {
            **third({"m": reference}, sends=False),
            "components": {
                "schemas": {"Node": {"type": "object", "properties": {"next": reference, "n": n}}}
            },
        }
        for n in ({"type": "string"}, {"type": "string", "minLength": 1})
    ]
    (found,) = changed(tmp_path, *sides)
    assert isinstance(found, EventChanged)
    assert found.trail == ("n", "minLength", "")


def test_of_another_type_that_alone_is_told(tmp_path: Path) -> None:
    old, new = {"type": "string", "format": "date", "maxLength": 3}, {"type": "number", "minimum": 1}
    (found,) = changed(tmp_path, third({"m": old}, sends=True), third({"m": new}, sends=True))
    assert isinstance(found, EventChanged)
    assert found.trail == ("type", "")


def test_a_keyword_is_called_as_it_is_written(tmp_path: Path) -> None:
    sides = [third({"m": {"type": name}}, sends=True) for name in ("integer", "number")]
    (found,) = changed(tmp_path, *sides)
    assert isinstance(found, EventChanged)
    assert found.trail == ("type", "")


@pytest.mark.parametrize("mark", ["readOnly", "writeOnly"])
@pytest.mark.parametrize("sends", [True, False])
def test_messages_carry_what_requests_or_responses_leave_out(tmp_path: Path, mark: str, sends: bool) -> None:
    sides = [
        third({"m": {"type": "object", "properties": {"id": {"type": name, mark: True}}}}, sends=sends)
        for name in ("string", "boolean")
    ]
    (found,) = changed(tmp_path, *sides)
    assert isinstance(found, EventChanged)
    assert found.trail == ("id", "type", "")


def test_members_that_are_edited_alike_are_told_each(tmp_path: Path) -> None:
    sides = [
        third({"m": {"type": "object", "properties": {each: {"type": kind} for each in "ab"}}}, sends=False)
        for kind in ("string", "boolean")
    ]
    found = changed(tmp_path, *sides)
    assert [each.trail for each in found if isinstance(each, EventChanged)] == [
        ("a", "type", ""),
        ("b", "type", ""),
    ]


@pytest.mark.parametrize(
    ("old", "new", "trails"),
    [
        ({"additionalProperties": True}, {"additionalProperties": False}, [("additionalProperties", "")]),
        ({"properties": {"a": {}}}, {"properties": {"a": False}}, [("properties", "a")]),
        (
            {"type": "string"},
            {"type": "string", "pattern": "^A", "format": "byte"},
            [("format", ""), ("pattern", "")],
        ),
        (
            {"type": "array", "items": [{}]},
            {"type": "array", "items": [{}], "additionalItems": False},
            [("items", "")],
        ),
        ({"type": "integer"}, {"type": "integer", "format": "int32"}, [("format", "")]),
        ({"type": "integer"}, {"type": "integer", "format": "int64"}, []),
    ],
)
def test_words_of_draft_7_and_of_asyncapi_count(tmp_path: Path, old: Any, new: Any, trails: Any) -> None:
    more = {"type": "object", "properties": {"x": {"type": "string"}}} if "type" not in old else {}
    sides = [third({"m": {**more, **each}}, sends=False) for each in (old, new)]
    found = changed(tmp_path, *sides)
    assert sorted(each.trail for each in found if isinstance(each, EventChanged)) == trails
    assert all(isinstance(each, EventChanged) and each.others == 0 for each in found)
