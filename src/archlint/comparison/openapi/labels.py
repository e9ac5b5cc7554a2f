"""How messages call a place in a contract, and whose finding a change of it is."""

from __future__ import annotations

from posixpath import basename, splitext

from archlint.documents import Node
from archlint.finding import ObjectRef, Route
from archlint.model.openapi import METHODS

_KINDS = {
    "schemas": "Schema",
    "parameters": "Parameter",
    "responses": "Response",
    "requestBodies": "RequestBody",
    "headers": "Header",
    "pathItems": "PathItem",
    "definitions": "Schema",
    "$defs": "Schema",
}
_KEYWORDS = frozenset(
    (
        *("properties", "patternProperties", "additionalProperties", "items", "allOf", "oneOf", "anyOf"),
        *(
            "required",
            "type",
            "enum",
            "content",
            "headers",
            "responses",
            "parameters",
            "requestBody",
            "schema",
        ),
        *("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"),
    )
)
"""First keys of files that hold one element, and not several by name."""
_ROOT_HOMES = ("definitions", "parameters", "responses", "$defs")


def about(node: Node) -> ObjectRef:
    """The component that a place belongs to, else the operation or path, else the file."""
    route = node.route
    home = _component(route)
    if home is not None:
        return ObjectRef(_KINDS.get(home[0], "Component"), home[1])
    if len(route) >= 3 and route[0] in ("paths", "webhooks") and route[2] in METHODS:
        return ObjectRef("Operation", f"{str(route[2]).upper()} {route[1]}")
    if len(route) >= 2 and route[0] in ("paths", "webhooks"):
        return ObjectRef("Path", str(route[1]))
    if not route and isinstance(node.value, dict) and ("openapi" in node.value or "swagger" in node.value):
        return ObjectRef("OpenAPI", node.get("info", "title").text or "")
    return ObjectRef("File", basename(node.document.path))


def label(node: Node) -> str:
    """A place in words: ``Order.lines[].price``, ``200 response of GET /orders: items[]``."""
    route = node.route
    home = _component(route)
    if home is not None:
        depth = 2 if route[0] in _ROOT_HOMES else 3
        return home[1] + _tail(route[depth:])
    if len(route) >= 2 and route[0] in ("paths", "webhooks"):
        return _in_path(node)
    if route and isinstance(route[0], str) and route[0] not in _KEYWORDS:
        return route[0] + _tail(route[1:])  # a file that is a map of schemas
    return splitext(basename(node.document.path))[0] + _tail(route)


def _component(route: Route) -> tuple[str, str] | None:
    if len(route) >= 3 and route[0] == "components":
        return str(route[1]), str(route[2])
    if len(route) >= 2 and route[0] in _ROOT_HOMES:
        return str(route[0]), str(route[1])
    return None


def _in_path(node: Node) -> str:
    route = node.route
    is_operation = len(route) >= 3 and route[2] in METHODS
    owner = f"{str(route[2]).upper()} {route[1]}" if is_operation else str(route[1])
    rest = route[3:] if is_operation else route[2:]
    part = str(rest[0]) if rest else ""
    what, used = "", 0
    if part == "requestBody":
        what, used = "body", 1
    elif part == "responses" and len(rest) > 1:
        what, used = f"{rest[1]} response", 2
    elif part == "parameters" and len(rest) > 1:
        name = node.document.at(route[: len(route) - len(rest) + 2]).get("name").text
        what, used = f"parameter '{name or rest[1]}'", 2
    tail = _tail(rest[used:]).lstrip(".")
    whole = f"{what} of {owner}" if what else owner
    return f"{whole}: {tail}" if tail else whole


def _tail(route: Route) -> str:
    """The steps of a schema as one would write them in code."""
    text, at = "", 0
    while at < len(route):
        part = route[at]
        if part in ("properties", "patternProperties", "headers") and at + 1 < len(route):
            text += f".{route[at + 1]}"
            at += 2
        elif part == "content" and at + 1 < len(route):
            at += 2
        else:
            text += {"items": "[]", "additionalProperties": "{}"}.get(str(part), "")
            at += 1
    return text
