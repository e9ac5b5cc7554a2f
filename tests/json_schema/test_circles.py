"""Schemas against which no value can be held in finite time are told, and no others."""

from __future__ import annotations

import random
from typing import Any

import pytest

from archlint.model.json_schema import JsonSchema
from archlint.model.json_schema.structure import Looseness, loose_ends
from tests.json_schema.support import BASES, EVENT, world_of

NAMES = "ABCD"


def some_schema(chance: random.Random) -> dict[str, Any]:
    def reference() -> dict[str, Any]:
        return {"$ref": f"#/definitions/{chance.choice(NAMES)}"}

    made: dict[str, Any] = {"type": "object"}
    if chance.random() < 0.3:
        made |= reference()
    if chance.random() < 0.4:
        inner = reference() if chance.random() < 0.7 else {"allOf": [reference()]}
        made["allOf"] = [{"required": ["a"]}, inner]
    if chance.random() < 0.5:
        made["properties"] = {"a": reference()}
    return made


def is_endless(schema: dict[str, Any], known: dict[str, Any], draft: int, depth: int = 0) -> bool:
    """Whether a validator that does what the keywords say comes to no end."""
    if depth > 20:
        return True
    parts = [known[schema["$ref"][-1]]] if "$ref" in schema else []
    if draft > 7 or not parts:
        parts += schema.get("allOf", [])
    return any(is_endless(part, known, draft, depth + 1) for part in parts)


@pytest.mark.parametrize("draft", [7, 2020])
def test_what_comes_to_no_end_is_told(draft: int) -> None:
    chance = random.Random(draft)
    seen = set()
    for _ in range(150):
        known = {name: some_schema(chance) for name in NAMES}
        (schema,) = world_of({EVENT: {"$schema": BASES[draft], "definitions": known}}).all(JsonSchema)
        expected = any(is_endless(each, known, draft) for each in known.values())
        found = [fault for _, fault in loose_ends(schema)]
        assert bool(found) is expected, known
        seen.update(found)
    assert seen == {Looseness.LOOP, Looseness.ENDLESS}
