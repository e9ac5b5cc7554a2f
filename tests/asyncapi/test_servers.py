"""Servers count by where they are and what they ask for, whatever a document calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.asyncapi import SecurityNarrowed, ServerChanged, ServerUnnamed
from tests.asyncapi.test_comparison import changed

_KEY, _LOGIN = {"type": "apiKey", "in": "user"}, {"type": "userPassword"}
_OAUTH = {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.dev", "scopes": {}}}}


def third(**servers: Any) -> dict[str, Any]:
    return {"asyncapi": "3.0.0", "channels": {}, "servers": servers}


def second(**servers: Any) -> dict[str, Any]:
    return {"asyncapi": "2.6.0", "channels": {}, "servers": servers}


def at(host: str, *security: Any, **server: Any) -> dict[str, Any]:
    return {"host": host, "protocol": "kafka", "security": list(security), **server}


def by_url(url: str, **server: Any) -> dict[str, Any]:
    return {"url": url, "protocol": "kafka", **server}


_STAGES = {"stage": {"enum": ["a", "b"]}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (third(a=at("a.dev")), third(b=at("a.dev")), None),
        (third(a=at("a.dev"), b=at("b.dev")), third(b=at("b.dev")), ServerUnnamed),
        (third(a=at("a.dev")), third(), None),
        (third(a=at("a.dev")), third(a=at("b.dev")), ServerChanged),
        (third(a=at("a.dev")), third(a=at("a.dev", pathname="/x")), ServerChanged),
        (third(a=at("a.dev")), third(a=at("a.dev", protocol="amqp")), ServerChanged),
        (third(a=at("a.dev")), third(a=at("a.dev", protocol="KAFKA")), None),
        (second(a=by_url("kafka://a.dev/x/")), third(c=at("a.dev", pathname="/x")), None),
        (third(a=at("a.dev")), third(x=at("{stage}.dev", variables=_STAGES)), None),
        (third(a=at("{stage}.dev", variables=_STAGES)), third(a=at("a.dev"), b=at("b.dev")), None),
        (third(a=at("{stage}.dev", variables=_STAGES)), third(a=at("a.dev")), ServerChanged),
        (third(a=at("a.dev:9092")), third(a=at("a.dev:9092, b.dev:9092")), None),
        (third(a=at("a.dev:9092,b.dev:9092")), third(a=at("B.dev:9092")), ServerChanged),
        (third(a=at("a.dev", protocol="amqp")), third(a=at("a.dev:5672", protocol="amqp")), None),
        (third(a=at("a.dev"), b=at("localhost:9092")), third(a=at("a.dev")), None),
        (third(a=at("a.dev", protocolVersion="2.8")), third(a=at("a.dev", protocolVersion="3.5")), None),
        (
            third(a=at("a.dev", protocol="amqp", protocolVersion="0-9-1")),
            third(a=at("a.dev", protocol="amqp", protocolVersion="1.0")),
            ServerChanged,
        ),
        (third(a=at("a.dev", _KEY)), third(a=at("a.dev", _LOGIN)), SecurityNarrowed),
        (third(a=at("a.dev", _KEY)), third(a=at("a.dev", _LOGIN, _KEY)), None),
        (third(a=at("a.dev")), third(a=at("a.dev", _KEY)), SecurityNarrowed),
        (third(a=at("a.dev", _KEY)), third(a=at("a.dev")), None),
        (third(a=at("a.dev", {"$ref": "#/x"})), third(a=at("a.dev", _KEY)), None),
        (
            third(a=at("a.dev", {**_OAUTH, "scopes": ["r"]})),
            third(a=at("a.dev", {**_OAUTH, "scopes": ["r", "w"]})),
            SecurityNarrowed,
        ),
        (
            third(a=at("a.dev", {**_OAUTH, "scopes": ["r", "w"]})),
            third(a=at("a.dev", {**_OAUTH, "scopes": ["r"]})),
            None,
        ),
    ],
)
def test_servers(tmp_path: Path, old: Any, new: Any, expected: type | None) -> None:
    assert [type(each) for each in changed(tmp_path, old, new)] == ([expected] if expected else [])
