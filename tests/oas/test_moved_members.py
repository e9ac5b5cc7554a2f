"""A member that moves between an object and the parts it is made of is neither gone nor new."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.finding import Severity
from tests.oas.worlds import news_of, world_of
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
