"""What identifies a parameter of a path is its position: names may change, and change places."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import breaks_of, world_of

NAMES = ("a", "b", "c")
SCHEMAS: dict[str, dict[str, Any]] = {
    "a": {"type": "string"},
    "b": {"type": "integer"},
    "c": {"type": "string", "enum": ["x", "y"]},
}

WIDER = {("b", "a"), ("c", "a")}
"""Schemas of which the second takes all that the first takes."""


def contract(names: tuple[str, ...], schemas: dict[str, dict[str, Any]], *, shared: bool) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": schemas[name]} for name in sorted(names)
    ]
    operation: dict[str, Any] = {"responses": {"204": {"description": "done"}}}
    item: dict[str, Any] = {"get": operation}
    (item if shared else operation)["parameters"] = parameters
    path = "/v1" + "".join(f"/{at}/{{{name}}}" for at, name in enumerate(names))
    return {"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "paths": {path: item}}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("order", list(permutations(NAMES)))
def test_names_that_change_places_take_their_schemas_with_them(order: tuple[str, ...], shared: bool) -> None:
    base, revision = contract(NAMES, SCHEMAS, shared=shared), contract(order, SCHEMAS, shared=shared)
    found = breaks_of(world_of({"a.json": base}, "base"), world_of({"a.json": revision}))
    narrowed = {new for old, new in zip(NAMES, order, strict=True) if old != new and (old, new) not in WIDER}
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    assert {sorted(NAMES)[_position(finding)] for finding in errors} == narrowed


def _position(finding: Finding) -> int:
    """The index of the parameter that a finding is about."""
    return int((finding.location.pointer or "").split("/parameters/")[1].split("/")[0])


@pytest.mark.parametrize("shared", [False, True])
def test_new_names_in_the_old_places_are_no_change(shared: bool) -> None:
    swapped = {"b": SCHEMAS["a"], "c": SCHEMAS["b"], "a": SCHEMAS["c"]}
    base, revision = (
        contract(NAMES, SCHEMAS, shared=shared),
        contract(("b", "c", "a"), swapped, shared=shared),
    )
    assert not breaks_of(world_of({"a.json": base}, "base"), world_of({"a.json": revision}))
