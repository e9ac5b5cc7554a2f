"""The fixed fields of each object of OpenAPI, as the published schema of a version lists them."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DIALECTS = ("3.0", "3.1", "3.2")
_BELOW = frozenset(
    ("properties", "$defs", "definitions", "items", "additionalProperties", "patternProperties")
)
_OAUTH_FLOWS = frozenset(
    ("implicit", "password", "client-credentials", "authorization-code", "device-authorization")
)
_NAMES = {
    "Info": "info",
    "Contact": "contact",
    "License": "license",
    "Server": "server",
    "ServerVariable": "server-variable",
    "Components": "components",
    "Discriminator": "discriminator",
    "Response": "response",
    "MediaType": "media-type",
    "Example": "example",
    "Header": "header",
    "PathItem": "path-item",
    "Operation": "operation",
    "Tag": "tag",
    "ExternalDocumentation": "external-documentation",
    "Parameter": "parameter",
    "RequestBody": "request-body",
    "APIKeySecurityScheme": "type-apikey",
    "HTTPSecurityScheme": "type-http",
    "OAuth2SecurityScheme": "type-oauth2",
    "OpenIdConnectSecurityScheme": "type-oidc",
    "OAuthFlows": "oauth-flows",
    "ImplicitOAuthFlow": "implicit",
    "PasswordOAuthFlow": "password",
    "ClientCredentialsFlow": "client-credentials",
    "AuthorizationCodeOAuthFlow": "authorization-code",
    "Link": "link",
    "Encoding": "encoding",
}
"""Definitions of 3.0 by the names that they have since 3.1."""
_MERGED = {
    "type-http-bearer": "type-http",
    "examples": None,
    "reference": None,
    "parameters": None,
    "explode-default": None,
    "explode-for-form": None,
    "schema": None,
    "Schema": None,
    "XML": None,
    "security-scheme": None,
}
"""Definitions that are parts of others; schemas have a test of their own, references are followed."""
_EXAMPLES = {"parameter", "header", "media-type"}


@cache
def published(dialect: str) -> Any:
    """The published schema of a version."""
    found = find_spec("openapi_spec_validator")
    assert found is not None and found.submodule_search_locations
    path = Path(found.submodule_search_locations[0]) / "resources" / "schemas" / f"v{dialect}" / "schema.json"
    return json.loads(path.read_text("utf-8"))


def fields_of(dialect: str) -> dict[str, set[str]]:
    """The fields of each object, by the object's name; ``root`` is the document."""
    schema = published(dialect)
    definitions = schema.get("definitions") or schema["$defs"]
    found = {
        "root": _fields({key: value for key, value in schema.items() if key not in ("definitions", "$defs")})
    }
    for name, definition in definitions.items():
        parts = {name: definition, **(definition.get("$defs") or {} if isinstance(definition, dict) else {})}
        for part, content in parts.items():
            _add(found, _NAMES.get(part, part if dialect != "3.0" else None), _fields(content))
    for name in _EXAMPLES:
        found[name] |= {"example", "examples"}
    for name in [name for name in found if name.startswith("type-")]:
        found[name] |= {"description", *({"deprecated"} if dialect == "3.2" else ())}
    return found


def _add(found: dict[str, set[str]], name: str | None, fields: set[str]) -> None:
    name = _MERGED.get(name, name) if name is not None else None
    if name is not None and fields:
        found.setdefault(name, set()).update(fields)


def _fields(schema: Any) -> set[str]:
    """The names of properties that a definition states, with those of its conditions."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found.update(part["properties"] if isinstance(part.get("properties"), dict) else ())
            waiting.extend(value for key, value in part.items() if key not in _BELOW)
        elif isinstance(part, list):
            waiting.extend(part)
    return found
