"""Where a contract of Swagger 2.0 has schemas: bodies, answers, and parameters, which are schemas."""

from __future__ import annotations

from collections.abc import Callable

from tests.laws.contexts import Json, Site
from tests.laws.documents import Way
from tests.laws.marked import Writing
from tests.laws.places import OK, Place, path_of, put_around

_JSON = ["application/json"]


def _taken(schema: Json) -> Json:
    return {"name": "b", "in": "body", "schema": schema}


def _answered(schema: Json) -> Json:
    return {"description": "ok", "schema": schema}


def body(site: Site) -> tuple[str, ...]:
    def around(schema: Json) -> Json:
        return {"consumes": _JSON, "parameters": [_taken(schema)], "responses": OK}

    return put_around(site, (*path_of(site), "post"), around, ("parameters", "0", "schema"))


def answer(site: Site) -> tuple[str, ...]:
    def around(schema: Json) -> Json:
        return {"produces": _JSON, "responses": {"200": _answered(schema)}}

    return put_around(site, (*path_of(site), "get"), around, ("responses", "200", "schema"))


def shared_body(site: Site) -> tuple[str, ...]:
    name = f"{site.key}Body"
    used = {"consumes": _JSON, "parameters": [{"$ref": f"#/parameters/{name}"}], "responses": OK}
    site.pairs.put("openapi.json", (*path_of(site), "put"), used, used)
    return put_around(site, ("parameters", name), _taken, ("schema",))


def shared_answer(site: Site) -> tuple[str, ...]:
    name = f"{site.key}Answer"
    used = {"produces": _JSON, "responses": {"default": {"$ref": f"#/responses/{name}"}}}
    site.pairs.put("openapi.json", (*path_of(site), "get"), used, used)
    return put_around(site, ("responses", name), _answered, ("schema",))


def shared_item(site: Site) -> tuple[str, ...]:
    used = {"$ref": f"#/paths/~1{site.key}"}
    site.pairs.put("openapi.json", ("paths", f"/{site.key}/too"), used, used)
    return body(site)


def _parameter(where: str) -> Callable[[Site], tuple[str, ...]]:
    def put(site: Site) -> tuple[str, ...]:
        def around(schema: Json) -> Json:
            stated = {"name": "x", "in": where, "required": where == "path", **schema}
            kinds = {"consumes": ["application/x-www-form-urlencoded"]} if where == "formData" else {}
            return {**kinds, "parameters": [stated], "responses": OK}

        path = ("paths", f"/{site.key}/{{x}}" if where == "path" else f"/{site.key}")
        return put_around(site, (*path, "post"), around, ("parameters", "0"))

    return put


def header(site: Site) -> tuple[str, ...]:
    def around(schema: Json) -> Json:
        return {"responses": {"200": {"description": "ok", "headers": {"X-Left": schema}}}}

    return put_around(site, (*path_of(site), "get"), around, ("responses", "200", "headers", "X-Left"))


PLACES: tuple[Place, ...] = (
    Place("body", body, Way.WRITE),
    Place("answer", answer, Way.READ),
    Place("shared path item", shared_item, Way.WRITE),
    Place("shared body", shared_body, Way.WRITE),
    Place("shared answer", shared_answer, Way.READ),
    Place("query", _parameter("query"), Way.WRITE, Writing.TEXT),
    Place("path", _parameter("path"), Way.WRITE, Writing.TEXT),
    Place("request header", _parameter("header"), Way.WRITE, Writing.TEXT),
    Place("form field", _parameter("formData"), Way.WRITE, Writing.TEXT),
    Place("header", header, Way.READ, Writing.TEXT),
)
