"""The same edit is as grave at one place of a contract as at two, and as in a component that both use."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest

from archlint.finding import Severity
from tests.completeness.keywords import WAIVED, edits_of
from tests.completeness.samples import COMPONENTS
from tests.oas.worlds import news_of, world_of
from tests.support.sampling import share_of


def _contract(schema: Any, places: Sequence[str], dialect: str, *, is_shared: bool) -> dict[str, Any]:
    """A contract that sends and gets a schema as a body, a property or both; shared, it is a component."""
    used = {"$ref": "#/components/schemas/Used"} if is_shared else schema
    bodies = [used if place == "body" else {"type": "object", "properties": {"p": used}} for place in places]
    answers = {"200": {"description": "ok"}}
    paths = {}
    for at, body in enumerate(bodies):
        content = {"content": {"application/json": {"schema": body}}}
        paths[f"/v1/sent{at}"] = {"post": {"requestBody": content, "responses": answers}}
        paths[f"/v1/got{at}"] = {"get": {"responses": {"200": {"description": "ok", **content}}}}
    schemas = {**COMPONENTS, **({"Used": schema} if is_shared else {})}
    document = {
        "openapi": f"{dialect}.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return copy.deepcopy(document)


def _worst(
    base: Any, revision: Any, places: Sequence[str], dialect: str, *, is_shared: bool = False
) -> dict[str, Severity]:
    """The gravest level for requests and for responses."""
    sides = (_contract(each, places, dialect, is_shared=is_shared) for each in (base, revision))
    old, new = (world_of({"openapi.json": side}) for side in sides)
    found: dict[str, Severity] = {}
    for finding in news_of(old, new):
        for operation in finding.operations:
            found[operation.method] = max(found.get(operation.method, Severity.INFO), finding.severity)
    return found


def _apart(base: Any, revision: Any, dialect: str) -> dict[str, Severity]:
    """The gravest level with the schema at one place, as a body or as a property."""
    found = [_worst(base, revision, [place], dialect) for place in _PLACES]
    methods = {method for each in found for method in each}
    return {method: max(each.get(method, Severity.INFO) for each in found) for method in methods}


_PLACES = ("body", "property")


def _problem(base: Any, revision: Any, dialect: str) -> str:
    once = _apart(base, revision, dialect)
    for is_shared, words in ((False, "at two places"), (True, "in a component")):
        other = _worst(base, revision, _PLACES, dialect, is_shared=is_shared)
        if other != once:
            return f"{base} -> {revision}: apart {once}, {words} {other}"
    return ""


_DIALECTS = ("3.0", "3.1")


@pytest.mark.parametrize("dialect", _DIALECTS)
def test_as_grave_at_two_places_and_in_a_component(dialect: str) -> None:
    edits = [edit for edit in edits_of(dialect) if edit.keyword not in WAIVED]
    cases = [(edit, *sides) for edit in edits for sides in edit.schemas()]
    turn = _DIALECTS.index(dialect)
    problems = [
        f"{name} {edit.keyword}: {problem}"
        for edit, name, base, revision in share_of(cases, 3, turn)
        if (problem := _problem(base, revision, dialect))
    ]
    assert not problems, "\n" + "\n".join(problems)


_OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}
_PAIRS: list[tuple[Any, Any]] = [
    ({"type": "string"}, {"oneOf": [{"type": "string"}, {"type": "integer"}]}),
    ({"type": "string"}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
    (_OBJECT, {"oneOf": [_OBJECT, {"type": "array", "items": {"type": "string"}}]}),
    ({"type": "string", "minLength": 3}, {"not": {"type": "string", "minLength": 3}}),
    ({"type": "integer"}, {"allOf": [{"type": "integer"}, {"minimum": 3}]}),
]
"""Schemas of which one stands in the other."""


@pytest.mark.parametrize("pair", [*_PAIRS, *((new, old) for old, new in _PAIRS)], ids=str)
def test_a_schema_that_stands_in_its_successor(pair: tuple[Any, Any]) -> None:
    assert not _problem(*pair, "3.1")
    assert max(_apart(*pair, "3.1").values()) > Severity.INFO
