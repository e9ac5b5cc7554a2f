"""Contracts that use a schema in each place where an operation can have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
_EMPTY: Json = {"description": "d"}


def _content(media: str, schema: Json) -> Json:
    return {"content": {media: {"schema": schema}}}


def _takes(media: str, schema: Json) -> Json:
    return {
        "post": {"requestBody": {"required": True, **_content(media, schema)}, "responses": {"204": _EMPTY}}
    }


def _gives(media: str, schema: Json) -> Json:
    return {"get": {"responses": {"200": {**_EMPTY, **_content(media, schema)}}}}


def _asks(location: str, schema: Json) -> Json:
    parameter = {"name": "X-Id", "in": location, "required": location == "path", "schema": schema}
    return {"get": {"parameters": [parameter], "responses": {"204": _EMPTY}}}


def _tells(schema: Json) -> Json:
    return {"get": {"responses": {"204": {**_EMPTY, "headers": {"X-Id": {"schema": schema}}}}}}


def _field(schema: Json) -> Json:
    return {"type": "object", "properties": {"p": schema}}


def _items(schema: Json) -> Json:
    return {"type": "array", "items": schema}


_JSON, _XML, _TEXT, _FORM = "application/json", "application/xml", "text/plain", "multipart/form-data"
ITEMS: dict[str, Callable[[Json], Json]] = {
    "request": lambda schema: _takes(_JSON, schema),
    "request property": lambda schema: _takes(_JSON, _field(schema)),
    "request items": lambda schema: _takes(_JSON, _items(schema)),
    "request xml": lambda schema: _takes(_XML, schema),
    "request xml property": lambda schema: _takes(_XML, _field(schema)),
    "request text": lambda schema: _takes(_TEXT, schema),
    "request form": lambda schema: _takes(_FORM, _field(schema)),
    "response": lambda schema: _gives(_JSON, schema),
    "response property of any media type": lambda schema: _gives("*/*", _field(schema)),
    "response property of any application": lambda schema: _gives("application/*", _field(schema)),
    "response property of json as text": lambda schema: _gives("text/json", _field(schema)),
    "response property of a problem": lambda schema: _gives("application/problem+json", _field(schema)),
    "response property": lambda schema: _gives(_JSON, _field(schema)),
    "response items": lambda schema: _gives(_JSON, _items(schema)),
    "response xml": lambda schema: _gives(_XML, schema),
    "response xml property": lambda schema: _gives(_XML, _field(schema)),
    "response text": lambda schema: _gives(_TEXT, schema),
    "response header": _tells,
    "response header property": lambda schema: _tells(_field(schema)),
    "query": lambda schema: _asks("query", schema),
    "query property": lambda schema: _asks("query", _field(schema)),
    "query items": lambda schema: _asks("query", _items(schema)),
    "path": lambda schema: _asks("path", schema),
    "cookie": lambda schema: _asks("cookie", schema),
    "header": lambda schema: _asks("header", schema),
    "header property": lambda schema: _asks("header", _field(schema)),
}
REALMS = ("call", "webhook", "callback")


def contract_with(items: list[Json], realm: str, version: str = "3.1.0") -> Json:
    """A contract with path items, all of them called, webhooks, or callbacks."""
    made: Json = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}}
    if realm == "call":
        made["paths"] = {f"/v1/a{at}/{{X-Id}}": item for at, item in enumerate(items)}
    elif realm == "webhook":
        made["webhooks"] = {f"w{at}": item for at, item in enumerate(items)}
    else:
        callbacks = {f"c{at}": {"{$url}": item} for at, item in enumerate(items)}
        made["paths"]["/v1/a"] = {"put": {"responses": {"204": _EMPTY}, "callbacks": callbacks}}
    return made
