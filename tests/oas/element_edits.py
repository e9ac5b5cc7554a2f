"""Edits of everything in a contract that is above its schemas, each as a base and a revision."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

Document = dict[str, Any]
TODAY = date(2026, 3, 1)
OK = {"responses": {"200": {"description": "ok"}}}
OBJECT = {"type": "object"}


def day(days: int) -> str:
    """A day so many days from the one on which dates are judged."""
    return (TODAY + timedelta(days)).isoformat()


def document(item: dict[str, Any] | None = None, version: str = "3.0.3", **top: Any) -> Document:
    """A contract with one path, whose GET is always there."""
    path = {"parameters": [parameter("id", "path", required=True)], "get": OK}
    return {
        "openapi": version,
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/v1/carts/{id}": copy.deepcopy({**path, **(item or {})})},
        **copy.deepcopy(top),
    }


def versioned(made: Document, version: str) -> Document:
    """A contract that states a version."""
    return {**made, "info": {"title": "Shop", "version": version}}


def get(**fields: Any) -> Document:
    """A contract whose GET has some fields."""
    return document({"get": {**OK, **fields}})


def post(**fields: Any) -> Document:
    """A contract that has a POST as well."""
    return document({"post": {**OK, **fields}})


def shared(*parameters: dict[str, Any]) -> Document:
    """A contract with parameters that are declared for all operations of the path."""
    return document({"post": OK, "parameters": [parameter("id", "path", required=True), *parameters]})


def webhook(**fields: Any) -> Document:
    """A contract with one webhook."""
    hooks = {"paid": {"post": {**OK, **fields}}}
    return {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "webhooks": copy.deepcopy(hooks)}


def callback(**fields: Any) -> Document:
    """A contract with one callback."""
    return post(callbacks={"done": {"{$request.body#/url}": {"post": {**OK, **fields}}}})


def parameter(name: str = "q", location: str = "query", **fields: Any) -> dict[str, Any]:
    """A parameter that is a string."""
    return {"name": name, "in": location, "schema": {"type": "string"}, **fields}


def content(*names: str, schema: Any = OBJECT) -> dict[str, Any]:
    """The content of a body; with ``schema=None`` the media types are empty."""
    return {"content": {name: {} if schema is None else {"schema": schema} for name in names}}


def answers(**statuses: dict[str, Any]) -> dict[str, Any]:
    """Responses by status, which is written after an underscore."""
    return {"responses": {status[1:]: {"description": "ok", **body} for status, body in statuses.items()}}


def secured(own: Any = None, common: Any = None, schemes: Any = None) -> Document:
    """A contract with requirements of an operation, and of the document."""
    made = get() if own is None else get(security=own)
    if common is not None:
        made["security"] = common
    flows = {"implicit": IMPLICIT}
    key = {"type": "apiKey", "in": "header", "name": "X"}
    default = {"key": key, "login": {"type": "oauth2", "flows": flows}}
    made["components"] = {"securitySchemes": schemes or default}
    return made


IMPLICIT = {"authorizationUrl": "https://login.example", "scopes": {"read": "Read", "write": "Write"}}
ENDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "deprecated": ({}, {"deprecated": True}),
    "deprecated with a day": ({}, {"deprecated": True, "x-sunset": day(20)}),
    "deprecated too soon": ({}, {"deprecated": True, "x-sunset": day(5)}),
    "deprecated unreadably": ({}, {"deprecated": True, "x-sunset": "soon"}),
    "kept": ({"deprecated": True}, {}),
    "day gone": ({"deprecated": True, "x-sunset": day(5)}, {"deprecated": True}),
    "day sooner": ({"deprecated": True, "x-sunset": day(50)}, {"deprecated": True, "x-sunset": day(5)}),
    "day unreadable": ({"deprecated": True, "x-sunset": day(50)}, {"deprecated": True, "x-sunset": "soon"}),
}
GONE: dict[str, dict[str, Any]] = {
    "suddenly": {},
    "deprecated": {"deprecated": True},
    "before its day": {"deprecated": True, "x-sunset": day(5)},
    "with a day that is no date": {"deprecated": True, "x-sunset": "soon"},
}


def _lives() -> dict[str, tuple[Document, Document]]:
    made: dict[str, tuple[Document, Document]] = {}
    for name, (old, new) in ENDS.items():
        made[f"operation {name}"] = get(**old), get(**new)
        made[f"parameter {name}"] = get(parameters=[parameter(**old)]), get(parameters=[parameter(**new)])
    for name, fields in GONE.items():
        made[f"operation gone {name}"] = post(**fields), document()
        made[f"parameter gone {name}"] = get(parameters=[parameter(**fields)]), get()
        path = {"/v1/old": {"get": {**OK, **fields}}}
        base = document()
        base["paths"].update(path)
        empty = document()
        empty["paths"]["/v1/old"] = {}
        made[f"path gone {name}"] = base, document()
        made[f"path emptied {name}"] = base, empty
    made["operation gone of no level"] = post(**{"x-stability-level": "odd"}), document()
    for old, new in (("stable", "draft"), ("beta", "stable"), ("stable", "odd"), ("odd", "stable")):
        made[f"stability {old} {new}"] = get(**{"x-stability-level": old}), get(**{"x-stability-level": new})
    return made


def _names() -> dict[str, tuple[Document, Document]]:
    return {
        "operation": (document(), post()),
        "operation id": (get(), get(operationId="one")),
        "operation id gone": (get(operationId="one"), get()),
        "tag": (get(tags=["one"]), get(tags=["two"])),
        "schema": (document(components={"schemas": {"Cart": OBJECT}}), document(components={"schemas": {}})),
        "version": (document(), post()),
        "version lower": (document(), {**post(), "info": {"title": "Shop", "version": "0"}}),
        "version of a break": (versioned(post(), "1.2.0"), versioned(document(), "1.3.0")),
        "webhook": ({**webhook(), "webhooks": {}}, webhook()),
        "webhook gone": (webhook(), {**webhook(), "webhooks": {}}),
        "callback": (post(), callback()),
        "callback gone": (callback(), post()),
        "server": (
            document(servers=[{"url": "https://a.example"}]),
            document(servers=[{"url": "https://b.example"}]),
        ),
    }


def _parameters() -> dict[str, tuple[Document, Document]]:
    needed = parameter(required=True)
    bare = {**document(), "paths": {"/x/{id}": {"get": OK}}}
    declared = {**document(), "paths": {"/x/{id}": {"get": {**OK, "parameters": [parameter("id", "path")]}}}}
    made = {
        "new": (get(), get(parameters=[parameter()])),
        "new and required": (get(), get(parameters=[needed])),
        "required": (get(parameters=[parameter()]), get(parameters=[needed])),
        "optional": (get(parameters=[needed]), get(parameters=[parameter()])),
        "new for the path": (shared(), shared(parameter())),
        "new and required for the path": (shared(), shared(needed)),
        "of the path": (bare, declared),
    }
    for name, old, new in (("", "a", "b"), (" new", None, "b"), (" gone", "a", None)):
        sides = [{"type": "string", **({"default": text} if text else {})} for text in (old, new)]
        made[f"default{name}"] = (
            get(parameters=[parameter(schema=sides[0])]),
            get(parameters=[parameter(schema=sides[1])]),
        )
    listed = {"type": "array", "items": {"type": "string"}}
    made["style"] = (
        get(parameters=[parameter(schema=listed)]),
        get(parameters=[parameter(schema=listed, explode=False)]),
    )
    for name in ("new", "new and required", "required", "optional"):
        old_list, new_list = (
            side["paths"]["/v1/carts/{id}"]["get"].get("parameters", []) for side in made[name]
        )
        made[f"of a webhook {name}"] = webhook(parameters=old_list), webhook(parameters=new_list)
        made[f"of a webhook {name} reversed"] = webhook(parameters=new_list), webhook(parameters=old_list)
    hooks = {"for the path": parameter(required=True), "with a path": parameter("id", "path")}
    for name, declared_once in hooks.items():
        hook = webhook()
        path = hook["webhooks"]["paid"]
        (path if name == "for the path" else path["post"])["parameters"] = [declared_once]
        made[f"of a webhook {name}"] = webhook(), hook
    return made


def _bodies() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """The fields of the operation before and after."""
    json, some = "application/json", content("application/json")
    pairs = {
        "new": ({}, some),
        "new and required": ({}, {"required": True, **some}),
        "required": (some, {"required": True, **some}),
        "schema": (content(json, schema=None), some),
        "items": (content(json, schema=None), {"content": {json: {"itemSchema": OBJECT}}}),
        "media": (some, content(json, "text/csv")),
        "media range": (some, content("application/*")),
        "media kind": (some, content("application/merge-patch+json")),
        "media parameter": (some, content(json + "; charset=utf-8")),
    }
    made: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for name, (old, new) in pairs.items():
        made[f"request {name}"] = (
            {"requestBody": old} if old else {},
            {"requestBody": new},
        )
        if "new" not in name and "required" not in name:
            made[f"response {name}"] = answers(_200=old), answers(_200=new)
    header, needed = {"schema": {"type": "string"}}, {"required": True, "schema": {"type": "string"}}
    for name, one, other in (
        ("header", {}, {"X-A": header}),
        ("header that is required", {}, {"X-A": needed}),
        ("header required", {"X-A": header}, {"X-A": needed}),
    ):
        made[name] = answers(_200={"headers": one}), answers(_200={"headers": other})
    made["success"] = answers(_200={}), answers(_200={}, _202={})
    made["error"] = answers(_200={}), answers(_200={}, _404={})
    return made


def _security() -> dict[str, tuple[Document, Document]]:
    lists: dict[str, tuple[Any, Any]] = {
        "closed": (None, [{"key": []}]),
        "way": ([{"key": []}], [{"key": []}, {"login": ["read"]}]),
        "scope": ([{"login": ["read"]}], [{"login": ["read", "write"]}]),
        "scope that nobody needs": ([{"login": []}, {}], [{"login": ["read"]}, {}]),
        "choice": ([{"key": []}, {}], [{"key": []}]),
    }
    made: dict[str, tuple[Document, Document]] = {}
    for name, (old, new) in lists.items():
        made[f"own {name}"] = secured(own=old), secured(own=new)
        made[f"common {name}"] = secured(common=old), secured(common=new)
    held = [{"key": []}, {"login": ["read"]}]
    wider = [{"key": []}, {"login": ["read", "write"]}, {"login": []}]
    common = [{"login": ["read", "write"]}]
    made["common of nobody"] = secured(held, [{"login": ["read"]}]), secured(held, common)
    made["own wide"] = secured(own=wider), secured(own=held)
    flow = {**IMPLICIT, "authorizationUrl": "https://b.example", "tokenUrl": "https://c.example"}
    flow["scopes"] = {"read": "See", "delete": "Delete"}
    old_login = {"login": {"type": "oauth2", "flows": {"implicit": IMPLICIT}}}
    new_login = {"login": {"type": "oauth2", "flows": {"implicit": flow}}}
    basic = {"login": {"type": "http", "scheme": "basic"}}
    made["flow"] = secured(schemes=old_login), secured(schemes=new_login)
    made["type"] = secured(schemes=old_login), secured(schemes=basic)
    made["scheme"] = secured(schemes=basic), secured(schemes={**basic, "key": basic["login"]})
    return made


_TOP_2_0 = frozenset(
    ("host", "basePath", "schemes", "consumes", "produces", "security", "securityDefinitions")
)


def post_2_0(**fields: Any) -> Document:
    """A contract of version 2.0 whose POST has some fields; what stands at the top goes there."""
    path = parameter("id", "path", required=True)
    item = {"parameters": [flat(path)], "get": OK, "post": {**OK}}
    item["post"].update({name: value for name, value in fields.items() if name not in _TOP_2_0})
    top = {name: value for name, value in fields.items() if name in _TOP_2_0}
    info = {"title": "Shop", "version": "1"}
    return copy.deepcopy({"swagger": "2.0", "info": info, **top, "paths": {"/v1/carts/{id}": item}})


def flat(declared: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A parameter as version 2.0 writes it, without a schema."""
    return {
        **{name: value for name, value in declared.items() if name != "schema"},
        "type": "string",
        **fields,
    }


def form(*fields: dict[str, Any]) -> Document:
    """A contract of version 2.0 whose POST takes a form."""
    return post_2_0(parameters=list(fields), consumes=["multipart/form-data"]) if fields else post_2_0()


def _of_2_0() -> dict[str, tuple[Document, Document]]:
    one, two = (flat({"name": name, "in": "formData"}) for name in "ab")
    modern = content("multipart/form-data", schema={**OBJECT, "properties": {"a": {"type": "string"}}})
    body = {"name": "b", "in": "body", "schema": OBJECT}
    taken = [body, {**body, "required": True}]
    bodies = [post_2_0(parameters=[each], consumes=["application/json"]) for each in taken]
    listed = flat(parameter(), type="array", items={"type": "string"})
    key, basic = {"type": "apiKey", "in": "header", "name": "A"}, {"type": "basic"}
    shop = {"host": "a.example", "schemes": ["https"]}
    made = {
        "form": (form(), form(one)),
        "form that is required": (form(), form({**one, "required": True})),
        "field": (form(one), form(one, two)),
        "field that is required": (form(one), form(one, {**two, "required": True})),
        "field required": (form(one), form({**one, "required": True})),
        "field type": (form(one), form({**one, "type": "integer"})),
        "form of 3.0 without a field": (form(one, two), post(requestBody=modern)),
        "form of 3.0 gone": (form(one), post()),
        "body": (post_2_0(), bodies[0]),
        "body required": (bodies[0], bodies[1]),
        "query required": (
            post_2_0(parameters=[flat(parameter())]),
            post_2_0(parameters=[flat(parameter(), required=True)]),
        ),
        "collection": (
            post_2_0(parameters=[listed]),
            post_2_0(parameters=[{**listed, "collectionFormat": "pipes"}]),
        ),
        "consumes": (bodies[0], {**bodies[0], "consumes": ["text/csv"]}),
        "host": (post_2_0(**shop), post_2_0(**{**shop, "host": "b.example"})),
        "base path": (post_2_0(**shop, basePath="/a"), post_2_0(**shop, basePath="/b")),
    }
    schemes = {"in": {**key, "in": "query"}, "name": {**key, "name": "B"}, "type": basic}
    for name, scheme in schemes.items():
        sides = (post_2_0(security=[{"k": []}], securityDefinitions={"k": each}) for each in (key, scheme))
        old, new = sides
        made[f"scheme {name}"] = old, new
    return {f"2.0 {name}": pair for name, pair in made.items()}


_ONE_WAY = frozenset(("schema", "of the path", "of a webhook with a path"))
"""Edits that are nobody's concern the other way round."""


def edits() -> dict[str, tuple[Document, Document]]:
    """All edits by name; most of them in both directions."""
    forward = {**_names(), **_parameters(), **_security(), **_of_2_0()}
    for name, (old, new) in _bodies().items():
        forward[name] = post(**old), post(**new)
        forward[f"webhook {name}"] = webhook(**old), webhook(**new)
        forward[f"callback {name}"] = callback(**old), callback(**new)
    backward = {
        f"{name} reversed": (new, old) for name, (old, new) in forward.items() if name not in _ONE_WAY
    }
    return {**_lives(), **forward, **backward}
