"""References in and to bindings are judged as others are: by where they lead, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

_FIELDS = {
    "server": ("mqtt/sessionExpiryInterval", "mqtt/maximumPacketSize"),
    "channel": ("ws/query", "ws/headers"),
    "operation": ("kafka/groupId", "kafka/clientId", "http/query", "mqtt/messageExpiryInterval"),
    "message": ("kafka/key", "http/headers", "jms/headers", "mqtt/correlationData", "mqtt/responseTopic"),
}
"""Where schemas stand in bindings, by owner."""
_RIGHT, _GONE, _OTHER = "#/components/schemas/s", "#/components/schemas/{}", "#/components/correlationIds/c"


def _document(version: str, bindings: dict[str, Any]) -> dict[str, Any]:
    """A document whose objects have these bindings, by owner."""
    held = {owner: {"bindings": bindings[owner]} for owner in bindings}
    components = {
        "schemas": {"s": {"type": "object"}},
        "correlationIds": {"c": {"location": "$message.header#/c"}},
        "messageBindings": {"m": {"mqtt": {"contentType": "text/plain"}}},
        "operationBindings": {"o": {"mqtt": {"qos": 1}}},
    }
    message = {"payload": {"type": "string"}, **held.get("message", {})}
    head = {"asyncapi": version, "info": {"title": "A", "version": "1"}, "components": components}
    if version < "3":
        server = {"url": "a.net", "protocol": "mqtt", **held.get("server", {})}
        channel = {"publish": {"message": message, **held.get("operation", {})}, **held.get("channel", {})}
        return {**head, "servers": {"a": server}, "channels": {"c": channel}}
    server = {"host": "a.net", "protocol": "mqtt", **held.get("server", {})}
    channel = {"address": "c", "messages": {"m": message}, **held.get("channel", {})}
    operation = {"action": "send", "channel": {"$ref": "#/channels/c"}, **held.get("operation", {})}
    return {**head, "servers": {"a": server}, "channels": {"c": channel}, "operations": {"o": operation}}


def _told(folder: Path, document: Any) -> list[tuple[str, str]]:
    """The rules and references that are told, where no other rule has anything to say."""
    (folder / "asyncapi.json").write_text(json.dumps(document, indent=1))
    rules = "asyncapi-structure-invalid,asyncapi-reference-broken"
    done = archlint("check", "--select", rules, "--fail-on", "never", "--format", "json", cwd=folder)
    found = json.loads(done.out)["findings"]
    return sorted((each["code"], _at(document, each["pointer"])) for each in found)


def _at(document: Any, pointer: str) -> str:
    for step in pointer.split("/")[1:]:
        document = document[int(step) if isinstance(document, list) else step.replace("~1", "/")]
    return str(document)


def _bindings(target: str) -> dict[str, Any]:
    bindings: dict[str, Any] = {owner: {} for owner in _FIELDS}
    for owner, fields in _FIELDS.items():
        for at, field in enumerate(fields):
            protocol, name = field.split("/")
            holder = bindings[owner].setdefault(protocol, {})
            holder[name] = {"$ref": target.format(f"{owner}{at}")}
    return bindings


@pytest.mark.parametrize("version", ["2.6.0", "3.0.0"])
def test_schemas_in_bindings_are_looked_for(version: str, tmp_path: Path) -> None:
    gone = [_GONE.format(f"{owner}{at}") for owner, fields in _FIELDS.items() for at in range(len(fields))]
    assert _told(tmp_path, _document(version, _bindings(_RIGHT))) == []
    assert _told(tmp_path, _document(version, _bindings(_GONE))) == [
        ("EVENT102", each) for each in sorted(gone)
    ]
    # once for each target, as all lead to the same
    assert _told(tmp_path, _document(version, _bindings(_OTHER))) == [("EVENT101", _OTHER)]


@pytest.mark.parametrize("version", ["2.6.0", "3.0.0"])
def test_bindings_are_of_what_they_are_for(version: str, tmp_path: Path) -> None:
    right = {"operation": {"$ref": "#/components/operationBindings/o"}}
    assert _told(tmp_path, _document(version, right)) == []
    other = {"operation": {"$ref": "#/components/messageBindings/m"}, "message": {"$ref": _RIGHT}}
    found = [_RIGHT] if version < "3" else [_RIGHT, "#/components/messageBindings/m"]
    assert _told(tmp_path, _document(version, other)) == [("EVENT101", each) for each in sorted(found)]


def test_a_circle_over_files_is_told_once_by_the_whole_program(tmp_path: Path) -> None:
    for own, other in (("a", "b"), ("b", "a")):
        document = _document("2.6.0", {})
        document["components"]["schemas"]["s"] = {"$ref": f"{other}.asyncapi.json#/components/schemas/s"}
        (tmp_path / f"{own}.asyncapi.json").write_text(json.dumps(document))
        schema = {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "definitions": {"s": {"$ref": f"{other}.schema.json#/definitions/s"}},
        }
        (tmp_path / f"{own}.schema.json").write_text(json.dumps(schema))
    rules = "json-schema-reference-broken,asyncapi-reference-broken"
    done = archlint("check", "--select", rules, "--fail-on", "never", "--format", "json", cwd=tmp_path)
    found = [(each["path"], each["code"]) for each in json.loads(done.out)["findings"]]
    assert sorted(found) == [("a.asyncapi.json", "EVENT102"), ("a.schema.json", "EVENT011")]
