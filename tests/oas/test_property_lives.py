"""Properties are deprecated, dated and removed by the laws of operations."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import news_of, world_of

ENDS: list[dict[str, Any]] = [
    {},
    {"deprecated": True},
    {"deprecated": False, "x-sunset": "2020-01-01"},
    *(
        {"deprecated": True, "x-sunset": day}
        for day in (
            "2020-01-01",
            "2999-01-01",
            "2998-01-01",
            "2020-01-01T00:00:00Z",
            "soon",
            "",
            {"a": "b"},
            [1],
            7,
        )
    ),
]


def contract_of(
    end: dict[str, Any] | None, subject: str, is_required: bool, direction: str
) -> dict[str, Any]:
    """A contract with a property, or an operation, that says something about its end, or is not there."""
    properties: dict[str, Any] = {"id": {"type": "string"}}
    schema: dict[str, Any] = {"type": "object", "properties": properties, "required": ["id"]}
    item: dict[str, Any] = {"get": {"responses": {"200": {"description": "d"}}}}
    body = {"content": {"application/json": {"schema": schema}}}
    if subject == "property" and end is not None:
        properties["old"] = {"type": "string", **end}
        schema["required"] = ["id", "old"] if is_required else ["id"]
    if subject == "operation" and end is not None:
        item["put"] = {"responses": {"200": {"description": "d"}}, **end}
    if direction == "request":
        item["post"] = {"requestBody": body, "responses": {"204": {"description": "d"}}}
    else:
        item["post"] = {"responses": {"200": {"description": "d", **body}}}
    info = {"title": "T", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": {"/v1/a": item}}


def findings(*sides: dict[str, Any]) -> list[Finding]:
    worlds = (world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    return [each for each in news_of(*worlds) if each.rule != "contract-version-kept"]


def is_told(found: list[Finding]) -> bool:
    return any(each.severity > Severity.INFO for each in found)


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("is_required", [True, False])
def test_what_goes_as_announced_is_no_break(is_required: bool, direction: str) -> None:
    for end in ENDS:
        seen = {}
        for subject in ("property", "operation"):
            sides = [contract_of(side, subject, is_required, direction) for side in (end, None)]
            found = findings(*sides)
            assert len(found) == 1 or subject == "operation", (end, found)
            seen[subject] = is_told(found)
        assert seen["property"] is seen["operation"], end


def test_ends_are_announced_and_moved_alike() -> None:
    for before, after in product(ENDS, ENDS):
        seen = {}
        for subject in ("property", "operation"):
            sides = [contract_of(side, subject, False, "response") for side in (before, after)]
            found = findings(*sides)
            seen[subject] = sorted((each.rule.replace("property-", ""), each.severity) for each in found)
        assert seen["property"] == seen["operation"], (before, after)
