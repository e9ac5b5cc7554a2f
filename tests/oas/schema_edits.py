"""Edits of schemas, small and by themselves, and the places in a contract where they can happen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
Edit = tuple[Schema, Schema]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
OBJECT: Schema = {"type": "object"}
LIST: Schema = {"type": "array", "items": TEXT}
COMPONENTS: dict[str, Schema] = {
    "Cart": {"type": "object", "properties": {"sum": TEXT}},
    "Gift": {"type": "object", "properties": {"note": TEXT}},
    "Code": {"type": "object", "required": ["code"], "properties": {"code": TEXT}},
    "Short": {"type": "string", "maxLength": 9},
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


CART, GIFT, CODE, SHORT = map(ref, COMPONENTS)


def of(**properties: Schema) -> Schema:
    return {**OBJECT, "properties": properties}


def text(**more: Any) -> Schema:
    return {**TEXT, **more}


def limits() -> Iterator[tuple[str, Edit]]:
    """Bounds of every kind: moved, and new."""
    for keyword, kind in (
        ("minimum", WHOLE),
        ("maximum", WHOLE),
        ("minLength", TEXT),
        ("maxLength", TEXT),
        ("minItems", LIST),
        ("maxItems", LIST),
        ("minProperties", OBJECT),
        ("maxProperties", OBJECT),
        ("multipleOf", WHOLE),
    ):
        yield f"{keyword} moved", ({**kind, keyword: 2}, {**kind, keyword: 4})
        yield f"{keyword} set", (kind, {**kind, keyword: 2})
    yield "multipleOf other", ({**WHOLE, "multipleOf": 2}, {**WHOLE, "multipleOf": 3})
    yield "uniqueItems", (LIST, {**LIST, "uniqueItems": True})
    yield "pattern", (text(pattern="^a$"), text(pattern="^b$"))
    yield "pattern set", (TEXT, text(pattern="^a$"))
    yield "pattern any", (text(pattern="^a$"), text(pattern=".*"))


def limits_3_1() -> Iterator[tuple[str, Edit]]:
    """Keywords that only versions since 3.1 have."""
    for keyword in ("exclusiveMinimum", "exclusiveMaximum"):
        yield f"{keyword} moved", ({**NUMBER, keyword: 2}, {**NUMBER, keyword: 4})
        yield f"{keyword} set", (NUMBER, {**NUMBER, keyword: 2})
    held = {"type": "array", "contains": TEXT}
    yield "minContains", ({**held, "minContains": 2}, {**held, "minContains": 3})
    yield "maxContains", ({**held, "maxContains": 2}, {**held, "maxContains": 3})
    for keyword, kind, value in (
        ("contains", {"type": "array"}, TEXT),
        ("unevaluatedItems", {"type": "array"}, TEXT),
        ("prefixItems", {"type": "array"}, [TEXT]),
        ("if", OBJECT, {"required": ["a"]}),
        ("then", {**OBJECT, "if": {"required": ["a"]}}, {"required": ["b"]}),
        ("else", {**OBJECT, "if": {"required": ["a"]}}, {"required": ["b"]}),
        ("dependentRequired", OBJECT, {"a": ["b"]}),
        ("dependentSchemas", OBJECT, {"a": {"required": ["b"]}}),
        ("patternProperties", OBJECT, {"^a": TEXT}),
        ("propertyNames", OBJECT, {"pattern": "^a"}),
        ("unevaluatedProperties", OBJECT, TEXT),
        ("contentSchema", TEXT, WHOLE),
    ):
        yield keyword, (kind, {**kind, keyword: value})
    yield (
        "dependentRequired other",
        ({**OBJECT, "dependentRequired": {"a": ["b"]}}, {**OBJECT, "dependentRequired": {"a": ["c"]}}),
    )
    yield "contentMediaType", (text(contentMediaType="image/png"), text(contentMediaType="image/gif"))
    yield "contentEncoding", (text(contentEncoding="base64"), text(contentEncoding="base32"))
    yield "const", (text(const="a"), text(const="b"))
    yield "const set", (TEXT, text(const="a"))
    yield "null as a type", (TEXT, {"type": ["string", "null"]})
    yield "more types", (TEXT, {"type": ["string", "integer"]})
    yield "null as a branch", (SHORT, {"oneOf": [SHORT, {"type": "null"}]})
    yield "null beside branches", ({"anyOf": [CART, CODE]}, {"anyOf": [CART, CODE, {"type": "null"}]})


def values() -> Iterator[tuple[str, Edit]]:
    """Types, formats, null and listed values."""
    yield "other type", (TEXT, WHOLE)
    yield "wider type", (WHOLE, NUMBER)
    yield "any type", (TEXT, {})
    yield "object", (TEXT, OBJECT)
    yield "format", (TEXT, text(format="date"))
    yield "other format", (text(format="uuid"), text(format="email"))
    yield "null", (TEXT, text(nullable=True))
    yield "enum set", (TEXT, text(enum=["a", "b"]))
    yield "enum value", (text(enum=["a"]), text(enum=["a", "b"]))
    yield "open list", (text(**{"x-extensible-enum": ["a", "b"]}), text(**{"x-extensible-enum": ["a"]}))
    yield "types as a choice", (TEXT, {"oneOf": [TEXT, WHOLE]})
    yield "another choice", ({"anyOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE, {"type": "boolean"}]})


def choices() -> Iterator[tuple[str, Edit]]:
    """``oneOf``, ``anyOf``, ``allOf`` and what tells branches apart."""
    for keyword in ("oneOf", "anyOf"):
        yield f"{keyword} branch", ({keyword: [CART, GIFT]}, {keyword: [CART, GIFT, CODE]})
        yield f"{keyword} instead", (of(sum=TEXT), {keyword: [CART, CODE]})
        yield f"{keyword} around", (CART, {keyword: [CART, CODE]})
    yield "allOf part", ({"allOf": [CART]}, {"allOf": [CART, CODE]})
    yield "allOf wording", ({"allOf": [CART]}, {"allOf": [CART, {"title": "A cart"}]})
    choice: Schema = {"oneOf": [CART, CODE]}
    yield "discriminator", (choice, {**choice, "discriminator": {"propertyName": "kind"}})
    yield (
        "discriminator name",
        (
            {**choice, "discriminator": {"propertyName": "kind"}},
            {**choice, "discriminator": {"propertyName": "type"}},
        ),
    )
    told = {"propertyName": "kind", "mapping": {"a": "Cart"}}
    more = {"propertyName": "kind", "mapping": {"a": "Cart", "b": "Code"}}
    other = {"propertyName": "kind", "mapping": {"a": "Code"}}
    yield "mapping", ({**choice, "discriminator": told}, {**choice, "discriminator": more})
    yield "mapping other", ({**choice, "discriminator": told}, {**choice, "discriminator": other})


def properties() -> Iterator[tuple[str, Edit]]:
    """Properties that come, go, become required, or are sent one way only."""
    for name, flags in (("", {}), (" read-only", {"readOnly": True}), (" write-only", {"writeOnly": True})):
        one = of(a=TEXT, b=text(**flags))
        yield f"property{name}", (of(a=TEXT), one)
        yield f"required property{name}", (of(a=TEXT), {**one, "required": ["b"]})
        yield f"required{name}", (one, {**one, "required": ["b"]})
    default = of(a=TEXT, b=text(default="x"))
    yield "required property with default", (of(a=TEXT), {**default, "required": ["b"]})
    yield "required with default", (default, {**default, "required": ["b"]})
    for flag in ("readOnly", "writeOnly"):
        plain, flagged = of(a=TEXT), of(a=text(**{flag: True}))
        yield flag, (plain, flagged)
        yield f"{flag} required", ({**plain, "required": ["a"]}, {**flagged, "required": ["a"]})
    yield "closed", ({**OBJECT, "additionalProperties": True}, {**OBJECT, "additionalProperties": False})


def notes() -> Iterator[tuple[str, Edit]]:
    """What changes no set of values."""
    yield "default set", (TEXT, text(default="a"))
    yield "default", (text(default="a"), text(default="b"))
    yield "deprecated", (TEXT, text(deprecated=True))
    yield "deprecated until", (TEXT, text(deprecated=True, **{"x-sunset": "2999-01-01"}))
    yield "deprecated till once", (TEXT, text(deprecated=True, **{"x-sunset": "2001-01-01"}))
    yield "deprecated till soon", (TEXT, text(deprecated=True, **{"x-sunset": "soon"}))
    yield "stability", (text(**{"x-stability-level": "stable"}), text(**{"x-stability-level": "beta"}))


def hidden(edits: Iterator[tuple[str, Edit]]) -> Iterator[tuple[str, Edit]]:
    """The same edits of what is sent one way only."""
    for name, pair in edits:
        for flag in ("readOnly", "writeOnly"):
            if not any("$ref" in side for side in pair):
                yield f"{flag} {name}", ({**pair[0], flag: True}, {**pair[1], flag: True})


def both_ways(edits: Iterator[tuple[str, Edit]]) -> Iterator[tuple[str, Edit]]:
    """Each edit, and its undoing."""
    for name, (old, new) in edits:
        yield name, (old, new)
        yield f"{name} undone", (new, old)


def every_edit() -> Iterator[tuple[str, str, Edit]]:
    """Version, name and edit."""
    for part in (limits(), values(), choices(), properties(), notes(), hidden(limits()), hidden(values())):
        yield from (("3.0.3", name, edit) for name, edit in both_ways(part))
    for part in (limits_3_1(), hidden(limits_3_1())):
        yield from (("3.1.0", name, edit) for name, edit in both_ways(part))


def places(schema: Schema) -> dict[str, Schema]:
    """Path items with one operation that uses a schema, by the place where it does."""
    content = {"application/json": {"schema": schema}}
    inner = {"application/json": {"schema": of(x=schema)}}
    needed = {"application/json": {"schema": {**of(x=schema), "required": ["x"]}}}
    items = {"application/json": {"schema": {"type": "array", "items": schema}}}
    plain = {"text/plain": {"schema": schema}}
    form = {"application/xml": {"schema": of(x=schema)}}
    ok = {"200": {"description": "ok"}}

    def asked(where: str, shape: Schema) -> Schema:
        return {"get": {"parameters": [{"name": "x", "in": where, "schema": shape}], "responses": ok}}

    bodies = {"body": content, "property": inner, "required": needed, "items": items, "text": plain}
    bodies["text property"] = form
    sent = {
        f"sent {name}": {"post": {"requestBody": {"content": body}, "responses": ok}}
        for name, body in bodies.items()
    }
    got = {
        f"got {name}": {"get": {"responses": {"200": {"description": "ok", "content": body}}}}
        for name, body in bodies.items()
    }
    header = {"200": {"description": "ok", "headers": {"X-Cart": {"schema": schema}}}}
    return {
        **sent,
        **got,
        "query": asked("query", schema),
        "query property": asked("query", of(x=schema)),
        "header": asked("header", schema),
        "header property": asked("header", of(x=schema)),
        "got header": {"get": {"responses": header}},
    }


def contracts(edits: list[tuple[str, Edit]], version: str) -> tuple[Schema, Schema]:
    """A contract with every edit at every place, before and after; paths are ``/edit/place``."""
    sides = []
    for side in (0, 1):
        paths = {
            f"/{at}/{place.replace(' ', '-')}": item
            for at, (_, pair) in enumerate(edits)
            for place, item in places(pair[side]).items()
        }
        sides.append(
            {
                "openapi": version,
                "info": {"title": "Shop", "version": "1"},
                "paths": paths,
                "components": {"schemas": COMPONENTS},
            }
        )
    return sides[0], sides[1]
