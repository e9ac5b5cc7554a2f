"""What is said of two documents does not depend on how they are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.inside import archlint

_OLD_PLACED = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "state": {"type": "string", "enum": ["open"]}},
}
_NEW_PLACED = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string", "maxLength": 9}, "state": {"type": "string"}},
}
_SIDES: list[dict[str, Any]] = [
    {
        "server": "a.dev",
        "address": "carts/{cart}",
        "values": ["a", "b"],
        "payload": _OLD_PLACED,
        "headers": {"type": "object"},
        "location": "$message.header#/id",
        "type": "application/json",
        "names": ["placed", "paid", "lost"],
    },
    {
        "server": "b.dev",
        "address": "baskets/{basket}",
        "values": ["a"],
        "payload": _NEW_PLACED,
        "headers": {"type": "object", "required": ["trace"]},
        "location": "$message.header#/trace",
        "type": "application/xml",
        "names": ["placed", "paid"],
    },
]
"""What the documents say on both sides, in neither version of AsyncAPI."""


def _messages(side: dict[str, Any]) -> dict[str, Any]:
    placed = {
        "payload": {"$ref": "#/components/schemas/Placed"},
        "headers": side["headers"],
        "correlationId": {"location": side["location"]},
    }
    others = {name: {"payload": {"type": "string"}, "contentType": side["type"]} for name in side["names"]}
    return {**others, "placed": placed}


def second(side: dict[str, Any]) -> dict[str, Any]:
    """The document in version 2."""
    messages = {name: {"messageId": name, **each} for name, each in _messages(side).items()}
    (name,) = side["address"].split("{")[1].split("}")[:1]
    listed = {"message": {"oneOf": [{"$ref": f"#/components/messages/{name}"} for name in messages]}}
    return {
        "asyncapi": "2.6.0",
        "info": {"title": "Carts", "version": "1"},
        "servers": {"main": {"url": side["server"], "protocol": "kafka"}},
        "channels": {
            side["address"]: {
                "parameters": {name: {"schema": {"type": "string", "enum": side["values"]}}},
                "publish": {"operationId": "take", **listed},
                "subscribe": {"operationId": "tell", **listed},
            }
        },
        "components": {"messages": messages, "schemas": {"Placed": side["payload"]}},
    }


def third(side: dict[str, Any]) -> dict[str, Any]:
    """The same in version 3."""
    (name,) = side["address"].split("{")[1].split("}")[:1]
    channel = {"$ref": "#/channels/carts"}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Carts", "version": "1"},
        "servers": {"main": {"host": side["server"], "protocol": "kafka"}},
        "channels": {
            "carts": {
                "address": side["address"],
                "parameters": {name: {"enum": side["values"]}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages(side)},
            }
        },
        "operations": {
            "take": {"action": "receive", "channel": channel},
            "tell": {"action": "send", "channel": channel},
        },
        "components": {"messages": _messages(side), "schemas": {"Placed": side["payload"]}},
    }


_Files = dict[str, str]
_Form = Callable[[dict[str, Any]], Any]


def plain(document: dict[str, Any]) -> _Files:
    """The document as JSON."""
    return {"events.json": json.dumps(document)}


def as_yaml(document: dict[str, Any]) -> _Files:
    """The same as YAML; the name of the file is none of it."""
    return {"events.yaml": yaml.safe_dump(document, sort_keys=False)}


def reordered(document: dict[str, Any]) -> _Files:
    """The same with all keys the other way round."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(child) for name, child in reversed(value.items())}
        return [turned(child) for child in value] if isinstance(value, list) else value

    return {"events.json": json.dumps(turned(document))}


def split(document: dict[str, Any]) -> _Files:
    """The same with schemas and messages in files of their own."""
    text = json.dumps(document).replace("#/components/messages/", "./messages.json#/")
    main = json.loads(text)
    parts = main.pop("components")
    messages = json.dumps(parts["messages"]).replace("#/components/schemas/", "./schemas.json#/")
    return {
        "events.json": json.dumps(main),
        "messages.json": messages,
        "schemas.json": json.dumps(parts["schemas"]),
    }


def _said(folder: Path, forms: tuple[_Form, _Form], write: Callable[[dict[str, Any]], _Files]) -> Any:
    for name, form, side in zip(("old", "new"), forms, _SIDES, strict=True):
        (folder / name).mkdir(parents=True)
        for path, text in write(form(side)).items():
            (folder / name / path).write_text(text)
    done = archlint("breaking", "old", "new", "--fail-on", "never", "--format", "json", cwd=folder)
    assert done.code == 0, done.err
    return sorted((each["code"], each["fingerprint"]) for each in json.loads(done.out)["findings"])


@pytest.mark.parametrize("write", [plain, as_yaml, reordered, split])
def test_findings_do_not_depend_on_the_form(tmp_path: Path, write: Any) -> None:
    expected = _said(tmp_path / "plain", (third, third), plain)
    codes = {code for code, _ in expected}
    assert codes == {"EVENT553", "EVENT554", "EVENT555", "EVENT556", "EVENT558", "EVENT560"}
    for forms in ((second, second), (second, third), (third, third)):
        assert _said(tmp_path / f"{forms[0].__name__}-{forms[1].__name__}", forms, write) == expected
