"""An edit of a shared schema is one finding for each direction, in whatever way others are made of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.finding import Finding
from tests.oas.worlds import news_of, world_of

Schema = dict[str, Any]

_LINK = {"$ref": "#/components/schemas/User"}
WAYS: dict[str, Schema] = {
    "reference": _LINK,
    "described": {**_LINK, "description": "who"},
    "deprecated": {**_LINK, "deprecated": True},
    "part": {"allOf": [_LINK]},
    "described part": {"allOf": [_LINK, {"description": "who"}]},
    "described whole": {"description": "who", "allOf": [_LINK]},
    "more members": {"allOf": [_LINK, {"properties": {"note": {"type": "integer"}}}]},
    "part of a part": {"allOf": [{"allOf": [_LINK, {"title": "a"}]}, {"description": "who"}]},
    "alias": {"$ref": "#/components/schemas/Alias"},
    "alias as part": {"allOf": [{"$ref": "#/components/schemas/Alias"}, {"description": "who"}]},
}
EDITS: dict[str, Schema] = {
    "property-added": {"properties": {"id": {"type": "string"}, "name": {"maxLength": 9}, "new": {}}},
    "required": {"required": ["id", "name"]},
    "optional": {"required": []},
    "closed": {"additionalProperties": False},
    "limit of members": {"maxProperties": 5},
    "below": {"properties": {"id": {"type": "string"}, "name": {"maxLength": 7}}},
}


def user(edit: Schema) -> Schema:
    """The shared schema, edited."""
    members = {"id": {"type": "string"}, "name": {"maxLength": 9}}
    return {"type": "object", "required": ["id"], "maxProperties": 9, "properties": members, **edit}


def document(version: str, ways: list[str], edit: Schema) -> dict[str, Any]:
    """One operation for each way to the shared schema, which both sends and gets it."""
    paths = {}
    for at, way in enumerate(ways):
        content = {"content": {"application/json": {"schema": {"properties": {"user": WAYS[way]}}}}}
        answer = {"200": {"description": "ok", **content}}
        paths[f"/{at}"] = {"post": {"requestBody": content, "responses": answer}}
    schemas = {"User": user(edit), "Alias": _LINK}
    info = {"title": "Shop", "version": "1"}
    return {"openapi": version, "info": info, "paths": paths, "components": {"schemas": schemas}}


def told(version: str, ways: list[str], edit: Schema) -> list[Finding]:
    """What is said of an edit."""
    base, revision = (
        world_of({"openapi.json": document(version, ways, each)}, side)
        for each, side in (({}, "base"), (edit, None))
    )
    return [each for each in news_of(base, revision) if each.rule != "contract-version-kept"]


@settings(deadline=None)
@given(
    st.sampled_from(("3.0.3", "3.1.0")),
    st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=6),
    st.sampled_from(sorted(EDITS)),
)
def test_an_edit_is_told_as_that_of_the_shared_schema(version: str, ways: list[str], edit: str) -> None:
    if edit == "closed":  # what stands beside a closed part is refused now: another break
        ways = [way for way in ways if way != "more members"] or ["part"]
    found = told(version, ways, EDITS[edit])
    alone = told(version, ["reference"], EDITS[edit])
    assert alone
    assert [(each.code, each.severity) for each in found] == [(each.code, each.severity) for each in alone]
    assert [each.location.pointer for each in found] == [each.location.pointer for each in alone]
    for each in found:
        assert [operation.path for operation in each.operations] == [f"/{at}" for at in range(len(ways))]
        assert "User" in each.message


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_what_a_whole_absorbs_is_told_apart(edit: str) -> None:
    absorbing = {"allOf": [_LINK, user(EDITS[edit])]}
    WAYS["absorbing"] = absorbing
    try:
        found = told("3.1.0", ["reference", "absorbing"], EDITS[edit])
    finally:
        del WAYS["absorbing"]
    alone = told("3.1.0", ["reference"], EDITS[edit])
    assert {each.code for each in alone} <= {each.code for each in found}
