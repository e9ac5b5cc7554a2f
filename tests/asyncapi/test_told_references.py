"""A reference that leads nowhere, or to the wrong thing, or stands where none may, is told once, where it is,
and nothing is guessed of what would be there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.oas.test_hostile_shapes import replaced
from tests.support.inside import archlint

_INFO = {
    "title": "Carts",
    "version": "1",
    "description": "Carts.",
    "contact": {"name": "a", "url": "https://a.net", "email": "a@a.net"},
    "license": {"name": "MIT", "url": "https://a.net/mit"},
}
_TAGS = [{"name": "a", "description": "All."}]
_COMPONENTS = {
    "schemas": {"s": {"type": "object", "properties": {"t": {"type": "string"}}}},
    "messageTraits": {"t": {"headers": {"type": "object"}}},
    "operationTraits": {"t": {"description": "Sends."}},
    "correlationIds": {"c": {"location": "$message.header#/c"}},
}
_SCHEME = {
    "type": "oauth2",
    "flows": {"clientCredentials": {"tokenUrl": "https://a.net", "scopes": {"w": "w"}}},
}
_MESSAGE = {
    "payload": {"$ref": "#/components/schemas/s"},
    "headers": {"type": "object"},
    "correlationId": {"$ref": "#/components/correlationIds/c"},
    "traits": [{"$ref": "#/components/messageTraits/t"}],
    "tags": _TAGS,
}
_FLOW = {"tokenUrl": "https://a.net", "scopes": {"w": "w"}}
_SECOND: dict[str, Any] = {
    "asyncapi": "2.6.0",
    "info": _INFO,
    "tags": _TAGS,
    "externalDocs": {"url": "https://a.net"},
    "servers": {
        "a": {
            "url": "a.net:{p}",
            "protocol": "kafka",
            "variables": {"p": {"enum": ["1"], "default": "1"}},
            "security": [{"o": ["w"]}],
        }
    },
    "channels": {
        "c/{d}": {
            "parameters": {"d": {"$ref": "#/components/parameters/d"}},
            "servers": ["a"],
            "publish": {
                "operationId": "o",
                "description": "Sends.",
                "traits": [{"$ref": "#/components/operationTraits/t"}],
                "message": {"oneOf": [{"$ref": "#/components/messages/m"}]},
            },
        }
    },
    "components": {
        **_COMPONENTS,
        "parameters": {"d": {"description": "Which.", "schema": {"type": "string"}}},
        "messages": {"m": _MESSAGE},
        "securitySchemes": {"o": {"type": "oauth2", "flows": {"clientCredentials": _FLOW}}},
    },
}
_THIRD_FLOW = {"tokenUrl": "https://a.net", "availableScopes": {"w": "w"}}
_THIRD: dict[str, Any] = {
    "asyncapi": "3.0.0",
    "info": {**_INFO, "tags": _TAGS, "externalDocs": {"url": "https://a.net"}},
    "servers": {
        "a": {
            "host": "a.net:{p}",
            "protocol": "kafka",
            "variables": {"p": {"enum": ["1"], "default": "1"}},
            "security": [{"$ref": "#/components/securitySchemes/o"}],
        }
    },
    "channels": {
        "c": {
            "address": "c/{d}",
            "parameters": {"d": {"$ref": "#/components/parameters/d"}},
            "servers": [{"$ref": "#/servers/a"}],
            "messages": {"m": {"$ref": "#/components/messages/m"}},
        }
    },
    "operations": {
        "o": {
            "action": "send",
            "description": "Sends.",
            "channel": {"$ref": "#/channels/c"},
            "messages": [{"$ref": "#/channels/c/messages/m"}],
            "traits": [{"$ref": "#/components/operationTraits/t"}],
            "security": [{"$ref": "#/components/securitySchemes/o"}],
            "reply": {"channel": {"$ref": "#/channels/c"}},
        }
    },
    "components": {
        **_COMPONENTS,
        "parameters": {"d": {"description": "Which."}},
        "messages": {"m": _MESSAGE},
        "securitySchemes": {"o": {"type": "oauth2", "flows": {"clientCredentials": _THIRD_FLOW}}},
    },
}
_UNSEEN = ("scopes", "availableScopes")
"""Maps from names to texts, of which one may be called ``$ref``."""
_TARGETS = ("#/nowhere", 5, "#/info", "#/components")
_NOTHING_ELSE = ("EVENT022", "EVENT023", "EVENT024", "EVENT139", "EVENT150", "EVENT151")
"""What compares documents, which are many here, and what a reference may leave unused or empty."""


def _routes(value: Any, route: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if key in (*_UNSEEN, "$ref", "asyncapi") or (isinstance(value, list) and not isinstance(inner, dict)):
            continue  # values of lists are names and values, in which nothing is a reference
        yield (*route, key)
        if isinstance(inner, dict | list):
            yield from _routes(inner, (*route, key))


@pytest.mark.parametrize("document", [_SECOND, _THIRD], ids=["2.6", "3.0"])
def test_each_is_told_once_where_it_is(document: dict[str, Any], tmp_path: Path) -> None:
    made: list[tuple[tuple[Any, ...], Any]] = [((), None)]
    made += [(route, _TARGETS[at % len(_TARGETS)]) for at, route in enumerate(_routes(document))]
    for at, (route, target) in enumerate(made):
        whole = json.loads(json.dumps(document))
        changed = replaced(whole, [(route, {"$ref": target})]) if route else whole
        (tmp_path / f"asyncapi-{at:03}.json").write_text(json.dumps(changed, indent=1))
    done = archlint(
        *("check", "--select", "EVENT", "--ignore", ",".join(_NOTHING_ELSE)),
        *("--fail-on", "never", "--format", "json"),
        cwd=tmp_path,
    )
    told = defaultdict(list)
    for each in json.loads(done.out)["findings"]:
        told[each["path"]].append(each["pointer"])
    for at, (route, target) in enumerate(made):
        pointer = "/".join(("", *(str(step).replace("/", "~1") for step in route)))
        found = told[f"asyncapi-{at:03}.json"]
        assert len(found) == (1 if route else 0), (route, target, found)
        assert all(f"{each}/".startswith(f"{pointer}/") for each in found), (route, target, found)
