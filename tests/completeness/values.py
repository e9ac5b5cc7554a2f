"""For each field two values that say different things; the fields of maps without fixed ones are entries."""

from __future__ import annotations

from typing import Any

_URLS = ("https://one.example.org/", "https://two.example.org/")
_TEXTS = ("one", "two")
_OPERATIONS = (
    {"responses": {"200": {"description": "ok"}}},
    {
        "parameters": [{"name": "must", "in": "query", "required": True, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "ok"}},
    },
)
_STRING, _NUMBER = {"type": "string"}, {"type": "integer"}
_BODIES = tuple({"content": {"application/json": {"schema": schema}}} for schema in (_STRING, _NUMBER))
_RESPONSES = tuple({"description": "ok", **body} for body in _BODIES)
_PARAMETERS = tuple([{"name": name, "in": "query", "schema": _STRING}] for name in _TEXTS)
_CALLBACKS = tuple({name: {"{$request.body#/u}": {"post": _OPERATIONS[0]}}} for name in _TEXTS)
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_TEXT_FIELDS = (
    "description",
    "summary",
    "title",
    "name",
    "termsOfService",
    "operationId",
    "bearerFormat",
    "parent",
)
_URL_FIELDS = (
    *("url", "tokenUrl", "authorizationUrl", "refreshUrl", "openIdConnectUrl", "deviceAuthorizationUrl"),
    *("externalValue", "oauth2MetadataUrl", "jsonSchemaDialect", "$self"),
)

COMMON: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(_TEXT_FIELDS, _TEXTS),
    **dict.fromkeys(_URL_FIELDS, _URLS),
    **dict.fromkeys(_METHODS, _OPERATIONS),
    **dict.fromkeys(("required", "deprecated", "allowEmptyValue", "allowReserved", "explode"), (True, False)),
    "additionalOperations": tuple({name: _OPERATIONS[0]} for name in ("LINK", "UNLINK")),
    "callbacks": _CALLBACKS,
    "content": tuple({name: {"schema": _STRING}} for name in ("application/json", "text/csv")),
    "contentType": ("text/csv", "application/json"),
    "dataValue": _TEXTS,
    "email": ("one@example.org", "two@example.org"),
    "encoding": tuple({"tags": {"contentType": name}} for name in ("text/csv", "text/plain")),
    "example": _TEXTS,
    "examples": tuple({"one": {"value": value}} for value in _TEXTS),
    "externalDocs": tuple({"url": url} for url in _URLS),
    "headers": tuple({f"X-{name}": {"schema": _STRING}} for name in ("One", "Two")),
    "in": ("query", "header"),
    "itemEncoding": tuple({"contentType": name} for name in ("text/csv", "text/plain")),
    "prefixEncoding": tuple([{"contentType": name}] for name in ("text/csv", "text/plain")),
    "itemSchema": (_STRING, _NUMBER),
    "links": tuple({name: {"operationId": "readCart"}} for name in _TEXTS),
    "parameters": _PARAMETERS,
    "requestBody": _BODIES,
    "schema": (_STRING, _NUMBER),
    "scopes": ({"read": "to read"}, {"write": "to write"}),
    "security": ([{"web": []}], [{"oidc": []}]),
    "serializedValue": _TEXTS,
    "server": tuple({"url": url} for url in _URLS),
    "servers": tuple([{"url": url}] for url in _URLS),
    "style": ("form", "spaceDelimited"),
    "tags": (["carts"], ["other"]),
    "value": _TEXTS,
}
"""Values of fields that mean the same wherever they stand."""
_SCHEMES = ({"a": {"type": "http", "scheme": "basic"}}, {"a": {"type": "http", "scheme": "bearer"}})
_FLOW = {"scopes": {}}

OWN: dict[tuple[str, str], tuple[Any, Any]] = {
    ("root", "openapi"): ("3.0.3", "3.0.4"),
    ("root", "info"): ({"title": "A", "version": "1"}, {"title": "B", "version": "1"}),
    ("root", "tags"): ([{"name": "carts"}], [{"name": "other"}]),
    ("root", "paths"): ({}, {"/v1/other": {"get": _OPERATIONS[0]}}),
    ("root", "webhooks"): ({"one": {"post": _OPERATIONS[0]}}, {"two": {"post": _OPERATIONS[0]}}),
    ("root", "components"): ({"securitySchemes": _SCHEMES[0]}, {"securitySchemes": _SCHEMES[1]}),
    ("info", "version"): ("1.0.0", "2.0.0"),
    ("info", "contact"): ({"name": "one"}, {"name": "two"}),
    ("info", "license"): ({"name": "one"}, {"name": "two"}),
    ("license", "identifier"): ("MIT", "Apache-2.0"),
    ("server", "variables"): tuple(
        {"env": {"default": "eu", "enum": each}} for each in (["eu", "us"], ["eu"])
    ),
    ("encoding", "headers"): tuple(
        {name: {"required": True, "schema": _STRING}} for name in ("X-One", "X-Two")
    ),
    ("server-variable", "default"): ("eu", "us"),
    ("server-variable", "enum"): (["eu", "us"], ["eu"]),
    ("operation", "responses"): ({"200": _RESPONSES[0]}, {"200": _RESPONSES[1]}),
    ("responses", "default"): _RESPONSES,
    ("link", "operationRef"): ("#/paths/~1v1~1carts~1{id}/get", "#/paths/~1v1~1carts~1{id}/post"),
    ("link", "operationId"): ("readCart", "writeCart"),
    ("link", "parameters"): ({"id": "$response.body#/id"}, {"id": "$response.body#/n"}),
    ("link", "requestBody"): _TEXTS,
    ("link", "body"): _TEXTS,
    ("path-item", "$ref"): ("#/components/pathItems/a", "#/components/pathItems/b"),
    ("tag", "kind"): _TEXTS,
    ("type-apikey", "in"): ("header", "query"),
    ("type-apikey", "type"): ("apiKey", "http"),
    ("type-http", "type"): ("http", "apiKey"),
    ("type-oauth2", "type"): ("oauth2", "apiKey"),
    ("type-oidc", "type"): ("openIdConnect", "apiKey"),
    ("type-http", "scheme"): ("bearer", "basic"),
    ("type-oauth2", "flows"): (
        {"password": {"tokenUrl": _URLS[0], **_FLOW}},
        {"clientCredentials": {"tokenUrl": _URLS[0], **_FLOW}},
    ),
    **{
        ("oauth-flows", name): tuple({"tokenUrl": url, **_FLOW} for url in _URLS)
        for name in ("password", "clientCredentials")
    },
    ("oauth-flows", "implicit"): tuple({"authorizationUrl": url, **_FLOW} for url in _URLS),
    ("oauth-flows", "authorizationCode"): tuple(
        {"authorizationUrl": url, "tokenUrl": _URLS[0], **_FLOW} for url in _URLS
    ),
    ("oauth-flows", "deviceAuthorization"): tuple(
        {"deviceAuthorizationUrl": url, "tokenUrl": _URLS[0], **_FLOW} for url in _URLS
    ),
    ("components", "schemas"): ({"Other": _STRING}, {"Third": _STRING}),
    ("components", "securitySchemes"): _SCHEMES,
    ("components", "responses"): ({"a": _RESPONSES[0]}, {"a": _RESPONSES[1]}),
    ("components", "parameters"): tuple({"a": one[0]} for one in _PARAMETERS),
    ("components", "requestBodies"): tuple({"a": one} for one in _BODIES),
    ("components", "callbacks"): tuple({"a": next(iter(one.values()))} for one in _CALLBACKS),
    ("components", "headers"): tuple({"a": {"schema": one}} for one in (_STRING, _NUMBER)),
    ("components", "pathItems"): tuple({"a": {"get": one}} for one in _OPERATIONS),
    ("components", "mediaTypes"): tuple({"a": {"schema": one}} for one in (_STRING, _NUMBER)),
    # entries of maps
    ("paths", "/v1/other"): ({"get": _OPERATIONS[0]}, {"get": _OPERATIONS[1]}),
    ("responses", "202"): _RESPONSES,
    ("responses", "404"): _RESPONSES,
    ("responses", "5XX"): _RESPONSES,
    ("content", "text/csv"): tuple({"schema": one} for one in (_STRING, _NUMBER)),
    ("headers", "X-Other"): tuple({"schema": one} for one in (_STRING, _NUMBER)),
    ("callbacks", "{$request.body#/other}"): tuple({"post": one} for one in _OPERATIONS),
    ("security-requirement", "oauth"): (["read"], ["write"]),
}
"""Values of fields that mean something else there, and of the entries of maps."""


def values(kind: str, field: str) -> tuple[Any, Any] | None:
    """Two values of a field, or ``None`` if nobody has thought of it yet."""
    return OWN.get((kind, field)) or COMMON.get(field)


def fields(known: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Every field of every object, and the entries of maps."""
    found = {(kind, field) for kind, names in known.items() for field in names}
    entries = {
        (kind, field) for kind, field in OWN if (kind in _MAPS and kind not in known) or kind == "responses"
    }
    return sorted(found | entries)


_MAPS = ("paths", "content", "headers", "callbacks", "security-requirement")
