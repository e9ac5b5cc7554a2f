"""Messages speak of operations, parameters, responses and schemas, in however many files these stand."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oas.worlds import news_of, world_of

Document = dict[str, Any]
Point = tuple[str, ...]

PATH = ("paths", "/secrets/{name}")
SCHEMA = ("content", "application/json", "schema")
RESPONSE: Point = (*PATH, "patch", "responses", "400")
BODY: Point = (*PATH, "patch", "requestBody")
POINTS: tuple[Point, ...] = (
    PATH,
    (*PATH, "patch", "parameters", "0"),
    BODY,
    (*BODY, *SCHEMA),
    (*BODY, *SCHEMA, "properties", "owner"),
    RESPONSE,
    (*RESPONSE, *SCHEMA),
    (*RESPONSE, *SCHEMA, "properties", "errors", "items"),
    ("components", "schemas", "Secret"),
)


def document() -> Document:
    """One operation, in which everything is used once, and one component that another operation uses."""
    owner = {"type": "object", "properties": {"id": {"type": "string", "maxLength": 9}}}
    error = {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}}
    problem = {
        "type": "object",
        "required": ["errors"],
        "properties": {"errors": {"type": "array", "items": error}},
    }
    secret = {"$ref": "openapi.json#/components/schemas/Secret"}
    ok = {"description": "ok", "content": {"application/json": {"schema": secret}}}
    bad = {"description": "no", "content": {"application/json": {"schema": problem}}}
    body = {"type": "object", "properties": {"owner": owner}}
    patch = {
        "parameters": [{"name": "dry", "in": "query", "schema": {"type": "integer", "maximum": 9}}],
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": ok, "400": bad},
    }
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Vault", "version": "1"},
        "paths": {PATH[1]: {"parameters": [name], "patch": patch}},
        "components": {
            "schemas": {"Secret": {"type": "object", "required": ["value"], "properties": {"value": {}}}}
        },
    }


def at(root: Any, point: Point) -> Any:
    """What stands at a route of the inline document."""
    for part in point:
        root = root[int(part)] if isinstance(root, list) else root[part]
    return root


def spread(whole: Document, points: frozenset[Point]) -> dict[str, Any]:
    """The document with some of its parts in files of their own."""
    whole, files = copy.deepcopy(whole), {}
    for count, point in enumerate(sorted(points, key=len, reverse=True)):
        home = at(whole, point[:-1])
        key: Any = int(point[-1]) if isinstance(home, list) else point[-1]
        files[f"qq{count}.json"] = home[key]
        home[key] = {"$ref": f"qq{count}.json"}
    return {"openapi.json": whole, **files}


def edit_of(point: Point, key: str, value: Any) -> Callable[[Document], None]:
    """An edit that sets one key."""
    return lambda document: at(document, point).__setitem__(key, value)


EDITS = {
    "parameter": edit_of((*PATH, "patch", "parameters", "0", "schema"), "maximum", 5),
    "body": edit_of((*BODY, *SCHEMA), "required", ["owner"]),
    "property of the body": edit_of(
        (*BODY, *SCHEMA, "properties", "owner", "properties", "id"), "maxLength", 5
    ),
    "response": edit_of((*RESPONSE, *SCHEMA), "required", []),
    "media types": edit_of(RESPONSE, "content", {"text/plain": {"schema": {"type": "string"}}}),
    "items of the response": edit_of((*RESPONSE, *SCHEMA, "properties", "errors", "items"), "required", []),
    "component": edit_of(("components", "schemas", "Secret"), "required", []),
}


def messages(points: frozenset[Point], edit: Callable[[Document], None]) -> list[str]:
    """What is said of an edit, with some parts in files of their own."""
    revision = document()
    edit(revision)
    found = news_of(world_of(spread(document(), points), "base"), world_of(spread(revision, points)))
    return sorted(finding.message for finding in found)


@settings(deadline=None)
@given(st.sampled_from(sorted(EDITS)), st.frozensets(st.sampled_from(POINTS)))
def test_files_change_no_message(edited: str, points: frozenset[Point]) -> None:
    if edited == "media types":
        points = frozenset(
            point for point in points if point[: len(RESPONSE)] != RESPONSE or point == RESPONSE
        )
    said = messages(points, EDITS[edited])
    assert said == messages(frozenset(), EDITS[edited])
    assert said and not any("qq" in message for message in said)
    for message in said:
        # a part of an operation has an article, and a sentence that begins with one a capital letter
        assert not re.search(r"(?<![Tt]he )\b(\d{3} response|body of)\b", message)
        assert not message.startswith(("the ", "a ", "an ", "each "))


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("responses", "the shared response 'problem'"),
        ("schemas", "problem"),
    ],
)
def test_a_file_that_is_used_often_is_called_by_its_name(kind: str, named: str) -> None:
    def files(most: int) -> dict[str, Any]:
        whole = document()
        schema = {"type": "object", "properties": {"code": {"type": "string", "maxLength": most}}}
        response = {"description": "no", "content": {"application/json": {"schema": schema}}}
        for status in ("400", "401"):
            used: Any = {"$ref": "errors/problem.json"}
            if kind == "schemas":
                used = {"description": "no", "content": {"application/json": {"schema": used}}}
            at(whole, RESPONSE[:-1])[status] = used
        return {"openapi.json": whole, "errors/problem.json": response if kind == "responses" else schema}

    found = news_of(world_of(files(5), "base"), world_of(files(9)))
    changed = [finding.message for finding in found if finding.rule == "constraint-changed"]
    tail = f"code in {named}" if kind == "responses" else f"{named}.code"
    assert len(changed) == 1 and changed[0].startswith(f"maxLength of {tail} was 5 and is 9 now")


@pytest.mark.parametrize("name", ["401", "Unauthorized"])
def test_a_shared_response_is_called_one(name: str) -> None:
    def whole(schema: Document) -> Document:
        made = document()
        response = {"description": "no", "content": {"application/json": {"schema": schema}}}
        made["components"]["responses"] = {name: response}
        at(made, RESPONSE[:-1])["401"] = {"$ref": f"#/components/responses/{name}"}
        return made

    base, revision = ({"openapi.json": whole({"type": kind})} for kind in ("object", "array"))
    found = news_of(world_of(base, "base"), world_of(revision))
    (said,) = [finding.message for finding in found if finding.rule == "schema-type-changed"]
    assert said.startswith(f"The shared response '{name}' was object and is array now")
