"""What Spectral calls a finding is said where Spectral says it too, as its program was seen to do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support.inside import archlint

_SECOND: dict[str, Any] = {"asyncapi": "2.6.0", "info": {"title": "t", "version": "1"}, "channels": {}}
_THIRD: dict[str, Any] = {**_SECOND, "asyncapi": "3.0.0"}
_SCHEME = {"securitySchemes": {"k": {"type": "apiKey", "in": "user"}}}


def _channel(address: str, **channel: Any) -> dict[str, Any]:
    return {**_SECOND, "channels": {address: channel}}


def _server(**server: Any) -> dict[str, Any]:
    return {**_SECOND, "servers": {"s": {"protocol": "kafka", **server}}}


def _asking(*requirements: Any) -> dict[str, Any]:
    operation = {"action": "send", "channel": {"$ref": "#/channels/c"}, "security": list(requirements)}
    return {**_THIRD, "channels": {"c": {}}, "operations": {"o": operation}, "components": _SCHEME}


_EXAMPLE = {"payload": {"type": "string"}, "examples": [{"payload": 1}]}
_ENUM = {"stage": {"enum": ["a"], "default": "b"}}
_BAD = {"type": "integer", "default": "x", "examples": ["y"]}
_HEADERS: dict[str, Any] = {"headers": {"type": "array"}}
_TWICE = {"tags": [{"name": "a"}, {"name": "a"}]}


def _message(message: Any) -> dict[str, Any]:
    return _channel("a", publish={"message": message})


def _parts(**components: Any) -> dict[str, Any]:
    return {**_SECOND, "components": components}


_CASES: list[tuple[str, dict[str, Any], int]] = [
    ("channel-parameters", _channel("a/{x}"), 0),
    ("channel-parameters", _channel("a/{x}", parameters={}), 1),
    ("channel-parameters", _channel("a/{x}", parameters={"y": {}}), 2),
    ("channel-parameters", _channel("a", parameters={"y": {}}), 0),
    ("channel-parameters", {**_SECOND, "components": {"channels": {"a/{x}": {"parameters": {}}}}}, 1),
    ("channel-parameters", {**_THIRD, "channels": {"c": {"address": "a/{x}", "parameters": {}}}}, 1),
    ("channel-parameters", {**_THIRD, "channels": {"c": {"address": "a/{x}"}}}, 0),
    ("server-variables", _server(url="a", variables={"stage": {}}), 1),
    ("server-variables", _server(url="{stage}", variables=_ENUM), 1),
    ("info-license-url", _SECOND, 1),
    ("info-license-url", {**_SECOND, "info": {**_SECOND["info"], "license": {"name": "MIT"}}}, 1),
    ("tags", {**_SECOND, "tags": []}, 0),
    ("tags", _SECOND, 1),
    ("tags-alphabetical", {**_SECOND, "tags": [{"name": "z"}, {"name": "\u00e9"}]}, 1),
    ("latest-version", _THIRD, 1),
    ("latest-version", {**_THIRD, "asyncapi": "3.1.0"}, 0),
    ("message-examples", _channel("a", publish={"message": _EXAMPLE}), 1),
    ("message-examples", {**_THIRD, "channels": {"c": {"messages": {"m": _EXAMPLE}}}}, 0),
    ("3-operation-security", _asking({"none": []}), 1),
    ("3-operation-security", _asking({"k": []}, {"$ref": "#/components/securitySchemes/none"}), 0),
    ("3-document-unresolved", {**_THIRD, "info": {"$ref": "#/x-info"}, "x-info": _THIRD["info"]}, 1),
    ("3-document-resolved", {**_THIRD, "info": {"$ref": "#/x-info"}, "x-info": _THIRD["info"]}, 0),
    ("3-document-unresolved", {**_THIRD, "info": {"title": "t"}}, 0),
    ("3-document-resolved", {**_THIRD, "info": {"title": "t"}}, 1),
    ("info-contact-properties", {**_SECOND, "info": {"$ref": "#/x-info"}, "x-info": {"contact": {}}}, 1),
    ("payload-default", _message({"payload": _BAD}), 1),
    ("payload-examples", _message({"oneOf": [{"payload": _BAD}]}), 0),
    ("payload-default", {**_message({"payload": {"$ref": "#/x"}}), "x": _BAD}, 1),
    ("headers-schema-type-object", _message(_HEADERS), 1),
    ("headers-schema-type-object", _message({"headers": True}), 1),
    ("headers-schema-type-object", _message({"traits": [_HEADERS]}), 1),
    ("headers-schema-type-object", _message({"oneOf": [_HEADERS]}), 0),
    ("headers-schema-type-object", _parts(messageTraits={"t": _HEADERS}), 1),
    ("headers-schema-type-object", _parts(messages={"m": {"traits": [_HEADERS]}}), 0),
    ("operation-security", _parts(channels={"c": {"publish": {"security": [{"x": []}]}}}), 0),
    ("operation-security", _channel("a", publish={"security": [{"x": []}]}), 1),
    ("3-tags-uniqueness", {**_THIRD, "channels": {"c": _TWICE}}, 0),
    ("3-tags-uniqueness", {**_THIRD, "channels": {"c": {"messages": {"m": _TWICE}}}}, 1),
    ("parameter-description", _parts(channels={"c": {"parameters": {"p": {}}}}), 0),
    ("parameter-description", _parts(parameters={"p": {}}), 1),
    ("payload", _channel("a", publish={"message": {"payload": {"type": 1}}}), 1),
    ("payload", _channel("a", publish={"message": {"oneOf": [{"payload": {"type": 1}}]}}), 0),
]


def test_each_name_is_said_as_often_as_spectral_says_it(tmp_path: Path) -> None:
    for at, (_, document, _) in enumerate(_CASES):
        (tmp_path / f"{at}.json").write_text(json.dumps(document))
    run = archlint("check", "--select", "ALL", "--fail-on", "never", "--format", "json", cwd=tmp_path)
    said = Counter(
        (finding["path"], alias)
        for finding in json.loads(run.out)["findings"]
        for alias in finding.get("aliases") or ()
    )
    for at, (name, document, number) in enumerate(_CASES):
        assert said[f"{at}.json", f"spectral:asyncapi-{name}"] == number, (name, document)
