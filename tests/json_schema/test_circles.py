"""Schemas against which no value can be held in finite time are told, and no others."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archlint.documents import load_text
from archlint.files import Kind, WorkingTree
from archlint.model.json_schema.loose_ends import LooseEnds, Looseness
from archlint.model.world import World
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
        world = world_of({EVENT: {"$schema": BASES[draft], "definitions": known}})
        expected = any(is_endless(each, known, draft) for each in known.values())
        found = [end.fault for end in world.fact(LooseEnds).of(EVENT)]
        assert bool(found) is expected, known
        seen.update(found)
    assert seen == {Looseness.LOOP, Looseness.ENDLESS}


def over_files(known: dict[str, Any]) -> dict[str, Any]:
    """The same schemas in files of their own."""
    text = json.dumps(known)
    for name in known:
        text = text.replace(f'"#/definitions/{name}"', f'"{name}.json#/definitions/{name}"')
    return {
        f"events/{name}.json": {"$schema": BASES[2020], "definitions": {name: each}}
        for name, each in json.loads(text).items()
    }


def test_circles_over_several_files_are_told_as_those_in_one() -> None:
    chance = random.Random(11)
    for _ in range(150):
        known = {name: some_schema(chance) for name in NAMES}
        whole = {EVENT: {"$schema": BASES[2020], "definitions": known}}
        in_one = Counter(end.fault for end in world_of(whole).fact(LooseEnds).of(EVENT))
        files = over_files(known)
        apart = world_of(files).fact(LooseEnds)
        assert Counter(end.fault for path in files for end in apart.of(path)) == in_one, known


def test_a_circle_through_a_file_that_is_no_schema_by_itself() -> None:
    schemas = {"events/b.json": {"$schema": BASES[7], "allOf": [{"$ref": "parts.json#/a"}]}}
    parts = {"a": {"allOf": [{"$ref": "#/c"}]}, "c": {"$ref": "b.json"}}
    documents = {
        path: load_text(path, json.dumps(data), kind).documents
        for path, data, kind in (
            ("events/b.json", schemas["events/b.json"], Kind.JSON_SCHEMA),
            ("events/parts.json", parts, Kind.DATA),
        )
    }
    kinds = {"events/b.json": Kind.JSON_SCHEMA, "events/parts.json": Kind.DATA}
    world = World(WorkingTree(Path("/nowhere"), sorted(kinds)), kinds, documents)
    found = world.fact(LooseEnds).of("events/b.json")
    assert [(end.node.text, end.fault) for end in found] == [("parts.json#/a", Looseness.ENDLESS)]
