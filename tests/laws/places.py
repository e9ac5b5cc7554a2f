"""Where a contract uses schemas: bodies, parameters, headers, responses, callbacks and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.laws.contexts import ROOT, Json, Site
from tests.laws.documents import Way
from tests.laws.marked import Writing

OK: Json = {"200": {"description": "ok"}}
_Put = Callable[[Site], tuple[str, ...]]


@dataclass(frozen=True)
class Place:
    """A place for schemas; ``put`` returns the route of the schema in the contract."""

    name: str
    put: _Put
    way: Way
    """Who writes the values: callers write requests, and read what the provider writes."""
    writing: Writing = Writing.JSON
    is_modern: bool = False


def put_around(
    site: Site, route: tuple[str, ...], around: Callable[[Json], Json], way: tuple[str, ...]
) -> tuple[str, ...]:
    site.pairs.put(ROOT, route, around(site.base), around(site.revision))
    return (*route, *way)


def _media(schema: Json, kind: str = "application/json") -> Json:
    return {"content": {kind: {"schema": schema}}}


_CONTENT = ("content", "application/json", "schema")


def path_of(site: Site) -> tuple[str, ...]:
    return ("paths", f"/{site.key}")


def body(site: Site) -> tuple[str, ...]:
    def around(schema: Json) -> Json:
        return {"requestBody": _media(schema), "responses": OK}

    return put_around(site, (*path_of(site), "post"), around, ("requestBody", *_CONTENT))


def answer(site: Site) -> tuple[str, ...]:
    def around(schema: Json) -> Json:
        return {"responses": {"200": {"description": "ok", **_media(schema)}}}

    return put_around(site, (*path_of(site), "get"), around, ("responses", "200", *_CONTENT))


def shared_item(site: Site) -> tuple[str, ...]:
    """A path whose item is that of another path as well."""
    used = {"$ref": f"#/paths/~1{site.key}"}
    site.pairs.put(ROOT, ("paths", f"/{site.key}/too"), used, used)
    return body(site)


def component_item(site: Site) -> tuple[str, ...]:
    """A path whose item is a component."""

    def around(schema: Json) -> Json:
        return {"get": {"responses": {"200": {"description": "ok", **_media(schema)}}}}

    name = f"{site.key}Item"
    used = {"$ref": f"#/components/pathItems/{name}"}
    site.pairs.put(ROOT, path_of(site), used, used)
    way = ("get", "responses", "200", *_CONTENT)
    return put_around(site, ("components", "pathItems", name), around, way)


def shared_body(site: Site) -> tuple[str, ...]:
    name = f"{site.key}Body"
    route = put_around(site, ("components", "requestBodies", name), _media, _CONTENT)
    used = {"requestBody": {"$ref": f"#/components/requestBodies/{name}"}, "responses": OK}
    site.pairs.put(ROOT, (*path_of(site), "put"), used, used)
    return route


def shared_answer(site: Site) -> tuple[str, ...]:
    name = f"{site.key}Answer"
    route = put_around(
        site,
        ("components", "responses", name),
        lambda schema: {"description": "ok", **_media(schema)},
        _CONTENT,
    )
    used = {"responses": {"default": {"$ref": f"#/components/responses/{name}"}}}
    site.pairs.put(ROOT, (*path_of(site), "get"), used, used)
    return route


def _parameter(where: str, *, is_content: bool = False, is_shared: bool = False) -> _Put:
    way = _CONTENT if is_content else ("schema",)

    def put(site: Site) -> tuple[str, ...]:
        def around(schema: Json) -> Json:
            held = _media(schema) if is_content else {"schema": schema}
            return {"name": "x", "in": where, "required": where == "path", **held}

        path = ("paths", f"/{site.key}/{{x}}" if where == "path" else f"/{site.key}")
        if is_shared:
            route = put_around(site, ("components", "parameters", f"{site.key}P"), around, way)
            used = {"parameters": [{"$ref": f"#/components/parameters/{site.key}P"}], "responses": OK}
            site.pairs.put(ROOT, (*path, "get"), used, used)
            return route
        used = [{"parameters": [around(schema)], "responses": OK} for schema in (site.base, site.revision)]
        site.pairs.put(ROOT, (*path, "get"), *used)
        return (*path, "get", "parameters", "0", *way)

    return put


def _header(*, is_content: bool = False) -> _Put:
    way = _CONTENT if is_content else ("schema",)

    def put(site: Site) -> tuple[str, ...]:
        def around(schema: Json) -> Json:
            held = _media(schema) if is_content else {"schema": schema}
            return {"responses": {"200": {"description": "ok", "headers": {"X-Left": held}}}}

        inside = ("responses", "200", "headers", "X-Left", *way)
        return put_around(site, (*path_of(site), "get"), around, inside)

    return put


def _form(kind: str) -> _Put:
    """A field of a form."""

    def put(site: Site) -> tuple[str, ...]:
        def around(schema: Json) -> Json:
            fields = {"type": "object", "properties": {"f": schema}}
            return {"requestBody": _media(fields, kind), "responses": OK}

        way = ("requestBody", "content", kind, "schema", "properties", "f")
        return put_around(site, (*path_of(site), "post"), around, way)

    return put


def _called_back(is_sent: bool) -> _Put:
    def put(site: Site) -> tuple[str, ...]:
        def around(schema: Json) -> Json:
            return {
                "callbacks": {"done": {"{$request.body#/url}": {"post": _sent_or_answered(schema, is_sent)}}}
            } | {"responses": OK}

        way = ("callbacks", "done", "{$request.body#/url}", "post", *_sent_way(is_sent))
        return put_around(site, (*path_of(site), "post"), around, way)

    return put


def _hooked(is_sent: bool) -> _Put:
    def put(site: Site) -> tuple[str, ...]:
        return put_around(
            site,
            ("webhooks", site.key, "post"),
            lambda schema: _sent_or_answered(schema, is_sent),
            _sent_way(is_sent),
        )

    return put


def _sent_or_answered(schema: Json, is_sent: bool) -> Json:
    if is_sent:
        return {"requestBody": _media(schema), "responses": OK}
    return {"responses": {"200": {"description": "ok", **_media(schema)}}}


def _sent_way(is_sent: bool) -> tuple[str, ...]:
    return ("requestBody", *_CONTENT) if is_sent else ("responses", "200", *_CONTENT)


PLACES: tuple[Place, ...] = (
    Place("body", body, Way.WRITE),
    Place("answer", answer, Way.READ),
    Place("shared path item", shared_item, Way.WRITE),
    Place("component path item", component_item, Way.READ, is_modern=True),
    Place("shared body", shared_body, Way.WRITE),
    Place("shared answer", shared_answer, Way.READ),
    Place("query", _parameter("query"), Way.WRITE, Writing.TEXT),
    Place("path", _parameter("path"), Way.WRITE, Writing.TEXT),
    Place("request header", _parameter("header"), Way.WRITE, Writing.TEXT),
    Place("cookie", _parameter("cookie"), Way.WRITE, Writing.TEXT),
    Place("shared query", _parameter("query", is_shared=True), Way.WRITE, Writing.TEXT),
    Place("query content", _parameter("query", is_content=True), Way.WRITE),
    Place("header", _header(), Way.READ, Writing.TEXT),
    Place("header content", _header(is_content=True), Way.READ),
    Place("form field", _form("application/x-www-form-urlencoded"), Way.WRITE, Writing.TEXT),
    Place("multipart field", _form("multipart/form-data"), Way.WRITE, Writing.TEXT),
    Place("callback body", _called_back(is_sent=True), Way.READ),
    Place("callback answer", _called_back(is_sent=False), Way.WRITE),
    Place("webhook body", _hooked(is_sent=True), Way.READ, is_modern=True),
    Place("webhook answer", _hooked(is_sent=False), Way.WRITE, is_modern=True),
)
