"""Traits win over what they are applied to in version 2, and give way to it in version 3."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.asyncapi import compare
from archlint.comparison.terms import ComparisonTerms
from archlint.model.asyncapi import AsyncDescription, Piece
from tests.kube.worlds import world_of
from tests.support.rules import own_rules
from tests.support.runners import found_in

_OWN, _TRAIT = {"type": "object", "title": "own"}, {"type": "string", "minLength": 1}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.6.0", {"type": "string", "title": "own", "minLength": 1}),
        ("3.0.0", {"type": "object", "title": "own", "minLength": 1}),
    ],
)
def test_which_side_wins(tmp_path: Path, version: str, expected: dict[str, Any]) -> None:
    message = {"headers": _OWN, "traits": [{"$ref": "#/components/messageTraits/t"}]}
    parts = {"messages": {"m": message}, "messageTraits": {"t": {"headers": _TRAIT}}}
    text = json.dumps({"asyncapi": version, "channels": {}, "components": parts})
    (description,) = world_of(tmp_path, {"asyncapi.json": text}).all(AsyncDescription)
    (node,) = description.pieces.of(Piece.MESSAGE)
    assert description.stated(node, "headers").value == expected


_HEADERS = {"type": "object", "properties": {"id": {"type": "string"}}}
_MORE = {"required": ["id"], "properties": {"at": {"type": "integer"}}}
_BOTH = _HEADERS | _MORE | {"properties": {"id": {"type": "string"}, "at": {"type": "integer"}}}


@pytest.mark.parametrize("version", ["2.6.0", "3.0.0"])
def test_headers_of_traits_are_read_where_they_are_written(tmp_path: Path, version: str) -> None:
    """In a file that documents share, and there behind references within it."""
    shared: dict[str, Any] = {"schemas": {"h": _HEADERS, "more": _MORE}}
    for at, (own, traits, expected) in enumerate(
        (
            ({}, ["h"], _HEADERS),
            ({}, ["h", "more"], _BOTH),
            ({"headers": {"title": "own"}}, ["h"], {**_HEADERS, "title": "own"}),
        )
    ):
        shared["messageTraits"] = {each: {"headers": {"$ref": f"#/schemas/{each}"}} for each in traits}
        message = {**own, "traits": [{"$ref": f"shared.json#/messageTraits/{each}"} for each in traits]}
        text = json.dumps({"asyncapi": version, "channels": {}, "components": {"messages": {"m": message}}})
        world = world_of(tmp_path / str(at), {"asyncapi.json": text, "shared.json": json.dumps(shared)})
        (description,) = world.all(AsyncDescription)
        (node,) = description.pieces.of(Piece.MESSAGE)
        found = description.meant(description.part_of(node, "headers").node)
        assert found.value == expected
        assert not own or found.document is description.document
        assert len(traits) > 1 or own or found.document.path == "shared.json"


_MESSAGE: dict[str, Any] = {
    "messageId": "placed",
    "name": "placed",
    "title": "Placed",
    "contentType": "application/json",
    "correlationId": {"location": "$message.header#/id"},
    "headers": {"properties": {"id": {"type": "string", "default": 1}}},
    "tags": [{"name": "a"}, {"name": "a"}],
    "bindings": {"kafka": {"key": {"type": "string", "minLength": 1}}},
    "examples": [{"payload": {"id": 1}, "headers": {"id": 2}}],
}
_OPERATION: dict[str, Any] = {
    "operationId": "place",
    "description": "Places an order.",
    "security": [{"nobody": []}],
    "tags": [{"name": "b"}, {"name": "b"}],
    "bindings": {"mqtt": {"qos": 1}},
}
_PAYLOAD = {"type": "object", "properties": {"id": {"type": "string"}}}
_RECORD = {"type": "record", "name": "Order", "fields": [{"name": "a", "type": "long"}]}
_AVRO = {"schemaFormat": "application/vnd.apache.avro;version=1.9.0"}
_ONLY_SECOND = ("messageId", "operationId")


def document(
    version: int, payload: Any, message: dict[str, Any], operation: dict[str, Any], traits: Any
) -> dict[str, Any]:
    """An application that receives two messages; some fields of each object stand in a trait of it."""
    parts: dict[str, dict[str, Any]] = {}

    def split(kind: str, owner: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
        known = {name: each for name, each in owner.items() if version == 2 or name not in _ONLY_SECOND}
        moved = {name: known.pop(name) for name in traits if name in known}
        if moved:
            parts[kind] = {"common": moved}
            known["traits"] = [{"$ref": f"#/components/{kind}/common"}]
        return {**known, **more}

    sent = split("messageTraits", message, {"payload": payload})
    other = {"messageId": "placed"} if version == 2 else {}
    other |= {"name": "paid", "payload": {"type": "string"}}
    if version == 2:
        done = split("operationTraits", operation, {"message": {"oneOf": [sent, other]}})
        rest: dict[str, Any] = {"channels": {"x": {"publish": done}}}
    else:
        done = split("operationTraits", operation, {"action": "receive", "channel": {"$ref": "#/channels/x"}})
        if "security" in done:
            done["security"] = [{"$ref": "#/components/securitySchemes/nobody"}]
        elif "operationTraits" in parts and "security" in parts["operationTraits"]["common"]:
            parts["operationTraits"]["common"]["security"] = [{"$ref": "#/components/securitySchemes/nobody"}]
        channel = {"address": "x", "messages": {"placed": sent, "paid": other}}
        rest = {"channels": {"x": channel}, "operations": {"place": done}}
    head = {"asyncapi": "2.6.0" if version == 2 else "3.0.0", "info": {"title": "Orders", "version": "1"}}
    return {**head, **rest, "components": parts}


def said(folder: Path, made: dict[str, Any]) -> list[tuple[str, str]]:
    """What the rules about one document say."""
    asked = [rule for rule in own_rules() if rule.code.startswith("EVENT1") and rule.code != "EVENT150"]
    found = found_in(world_of(folder, {"asyncapi.json": json.dumps(made)}), asked)
    return sorted((each.code, each.message) for each in found)


def moves() -> Iterable[tuple[str, ...]]:
    """Which fields are moved: each alone, some pairs, and all of them."""
    names = tuple(dict.fromkeys((*_MESSAGE, *_OPERATION, *_AVRO)))
    return (*((name,) for name in names), *list(combinations(names, 2))[::9], names)


@pytest.mark.parametrize("version", [2, 3])
def test_a_trait_that_is_written_out_gives_the_same_findings(tmp_path: Path, version: int) -> None:
    for at, more in enumerate(({}, _AVRO) if version == 2 else ({},)):
        payload = _RECORD if more else _PAYLOAD
        plain = document(version, payload, _MESSAGE | more, _OPERATION, ())
        expected = said(tmp_path / f"plain{at}", plain)
        assert {"EVENT105", "EVENT110", "EVENT111", "EVENT112"} <= {code for code, _ in expected}
        for number, moved in enumerate(moves()):
            made = document(version, payload, _MESSAGE | more, _OPERATION, moved)
            assert said(tmp_path / f"{at}-{number}", made) == expected, moved


def test_headers_that_a_trait_completes_are_an_object(tmp_path: Path) -> None:
    message = {"headers": {"properties": {"id": {"type": "string"}}}, "payload": {"type": "string"}}
    message["traits"] = [{"headers": {"type": "object"}}]
    made = {"asyncapi": "2.6.0", "channels": {"x": {"publish": {"message": message}}}}
    assert not [code for code, _ in said(tmp_path, made) if code == "EVENT111"]


@pytest.mark.parametrize("version", [2, 3])
def test_a_trait_that_is_written_out_is_no_change(tmp_path: Path, version: int) -> None:
    for at, more in enumerate(({}, _AVRO) if version == 2 else ({},)):
        payload = _RECORD if more else _PAYLOAD
        worlds = []
        for number, moved in enumerate(((), tuple({**_MESSAGE, **_OPERATION, **_AVRO}))):
            made = document(version, payload, _MESSAGE | more, _OPERATION, moved)
            worlds.append(world_of(tmp_path / f"{at}-{number}", {"asyncapi.json": json.dumps(made)}))
        for one, other in (worlds, reversed(worlds)):
            assert list(compare(one, other, ComparisonTerms())) == []
