"""Every object of a contract with the part it plays: schema, parameter, header, media type, example, server.

What a contract refers to in other files belongs to it, unless it belongs to another contract that is looked
at for its own sake: else each of a chain of contracts would have all that come after it.

The walk needs no valid document: what stands in an unknown place is walked all the same, so a fragment is
seen as whole as a contract. Data (examples, defaults, values of extensions) is never taken for a description.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Any

from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.openapi.references import References


class Role(StrEnum):
    """What an object describes; ``NAMES`` is a map from names that the author chose to objects."""

    OTHER = "other"
    NAMES = "names"
    SCHEMA = "schema"
    PARAMETER = "parameter"
    HEADER = "header"
    MEDIA = "media"
    EXAMPLE = "example"
    RESPONSE = "response"
    BODY = "body"
    LINK = "link"
    CALLBACK = "callback"
    PATH = "path"
    OPERATION = "operation"
    SERVER = "server"
    SECURITY = "security"
    TAG = "tag"
    XML = "xml"


TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
"""The types of JSON Schema."""

_NAMED = {
    **dict.fromkeys(
        ("properties", "patternProperties", "dependentSchemas", "definitions", "$defs", "schemas"),
        Role.SCHEMA,
    ),
    "responses": Role.RESPONSE,
    "parameters": Role.PARAMETER,
    "requestBodies": Role.BODY,
    "headers": Role.HEADER,
    "securitySchemes": Role.SECURITY,
    "securityDefinitions": Role.SECURITY,
    "links": Role.LINK,
    "callbacks": Role.CALLBACK,
    "pathItems": Role.PATH,
    "paths": Role.PATH,
    "webhooks": Role.PATH,
    "content": Role.MEDIA,
    "mediaTypes": Role.MEDIA,
    "encoding": Role.OTHER,
    "variables": Role.OTHER,
    "additionalOperations": Role.OPERATION,
    "examples": Role.EXAMPLE,
}
"""Keys whose value goes from names to objects of a role if it is a map, and has them as items if a list."""

_SINGLE = {
    **dict.fromkeys(
        (
            *("schema", "itemSchema", "items", "additionalProperties", "unevaluatedProperties", "contains"),
            *("unevaluatedItems", "not", "if", "then", "else", "propertyNames", "contentSchema"),
            *("allOf", "anyOf", "oneOf", "prefixItems"),
        ),
        Role.SCHEMA,
    ),
    "requestBody": Role.BODY,
    "server": Role.SERVER,
    "servers": Role.SERVER,
    "tags": Role.TAG,
    "xml": Role.XML,
    **dict.fromkeys(
        ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"), Role.OPERATION
    ),
}
"""Keys whose value is an object of a role, or a list of such."""

_DATA = frozenset(
    (
        *("example", "default", "enum", "const", "value", "dataValue", "mapping", "scopes", "security"),
        *("required", "dependentRequired", "discriminator"),
    )
)
"""Keys whose value is data, or has nothing in it that rules look at as an object."""

_Start = tuple[Node, Role]


@dataclass(frozen=True, slots=True)
class Element:
    """An object and its role."""

    node: Node
    role: Role


class Elements:
    """The objects of one contract, its own document and what it refers to in other files."""

    def __init__(self, root: Node, references: References) -> None:
        self._root = root
        self._references = references
        self._is_v2 = root.is_map and root.get("swagger").exists

    @cached_property
    def all(self) -> tuple[Element, ...]:
        """Every object in the order of the text; those of other files come last."""
        found: list[Element] = []
        starts: list[_Start] = [(self._root, Role.OTHER)]
        walked: dict[Document, set[Route]] = {}
        for start, role in starts:  # grows while it is walked
            if _is_below(start.route, walked.setdefault(start.document, set())):
                continue
            walked[start.document].add(start.route)
            for element in self.below(start, role):
                found.append(element)
                starts.extend(self._elsewhere(element))
        return tuple(found)

    def of(self, role: Role) -> tuple[Node, ...]:
        """The objects of one role, without references."""
        return self._by_role.get(role, ())

    def meant(self, role: Role) -> tuple[Node, ...]:
        """The objects of one role and what is referred to where one is expected, each once."""
        found: dict[tuple[Document, Route], Node] = {}
        for element in self.all:
            if element.role is role:
                node = self._references.follow(element.node).node
                if node.is_map:
                    found.setdefault((node.document, node.route), node)
        return tuple(found.values())

    @cached_property
    def schemas(self) -> tuple[Node, ...]:
        """Everything that describes values: schemas, and whatever else names a type of JSON Schema."""
        return tuple(
            element.node
            for element in self.all
            if element.role is not Role.NAMES
            and (element.role is Role.SCHEMA or types_of(element.node.value))
            and "$ref" not in element.node.value
        )

    @cached_property
    def _by_role(self) -> dict[Role, tuple[Node, ...]]:
        found: dict[Role, list[Node]] = {}
        for element in self.all:
            if not isinstance(element.node.value.get("$ref"), str):
                found.setdefault(element.role, []).append(element.node)
        return {role: tuple(nodes) for role, nodes in found.items()}

    def _elsewhere(self, element: Element) -> Iterator[_Start]:
        """What an object refers to outside of what is walked anyway."""
        text = element.node.value.get("$ref")
        if not isinstance(text, str) or element.role is Role.NAMES:
            return
        if text.startswith("#") and element.node.document is self._root.document:
            return
        target, _ = self._references.step(element.node, text)
        if target is None or not target.is_map or target.document is self._root.document:
            return
        if not self._references.is_apart(target.document) or element.role is not _role_at(target):
            yield target, element.role

    def below(self, start: Node, role: Role) -> Iterator[Element]:
        """An object of a role and all objects in it, as far as its document goes."""
        document = start.document
        waiting: list[tuple[Route, Any, Role, Role]] = [(start.route, start.value, role, Role.OTHER)]
        while waiting:
            route, value, role, inner = waiting.pop()
            if isinstance(value, dict):
                yield Element(Node(document, route, value), role)
                further = self._below(route, value, role, inner)
            else:
                further = [
                    ((*route, at), item, inner if role is Role.NAMES else role, Role.OTHER)
                    for at, item in enumerate(value)
                    if isinstance(item, (dict, list))
                ]
            waiting.extend(reversed(further))

    def _below(
        self, route: Route, value: dict[str, Any], role: Role, inner: Role
    ) -> list[tuple[Route, Any, Role, Role]]:
        found: list[tuple[Route, Any, Role, Role]] = []
        for key, child in value.items():
            roles = _roles_of(key, child, role, inner, is_v2=self._is_v2)
            if roles is not None:
                found.append(((*route, key), child, *roles))
        return found


def _roles_of(key: str, child: Any, role: Role, inner: Role, *, is_v2: bool) -> tuple[Role, Role] | None:
    """The role of what an object has at a key, and of what that names if it is a map of names; ``None`` if
    it is data."""
    if not isinstance(child, (dict, list)):
        return None
    if role is Role.NAMES:
        is_extension = key.startswith("x-") and inner in (Role.PATH, Role.RESPONSE)
        return None if is_extension else (inner, Role.OTHER)
    if role is Role.CALLBACK:
        return Role.PATH, Role.OTHER
    if key in _DATA or key.startswith("x-") or (key == "parameters" and role is Role.LINK):
        return None
    if key == "examples" and (is_v2 or isinstance(child, list)):
        return None
    named = _NAMED.get(key)
    if named is not None:
        return Role.NAMES, named
    found = _SINGLE.get(key, Role.OTHER)
    return (Role.OTHER if found is Role.OPERATION and role is not Role.PATH else found), Role.OTHER


def _role_at(node: Node) -> Role | None:
    """The role of an element in its own document; ``None`` where that has it for data."""
    value, role, inner = node.document.root.value, Role.OTHER, Role.OTHER
    is_v2 = "swagger" in value
    for key in node.route:
        if isinstance(key, int):
            value, role, inner = value[key], inner if role is Role.NAMES else role, Role.OTHER
            continue
        roles = _roles_of(key, value[key], role, inner, is_v2=is_v2)
        if roles is None:
            return None
        value, (role, inner) = value[key], roles
    return role


def types_of(schema: Any) -> tuple[str, ...]:
    """The types that a schema names, of those that JSON Schema has; none if it names none."""
    stated = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(stated, str):
        return (stated,) if stated in TYPES else ()
    if isinstance(stated, list):
        return tuple(name for name in stated if isinstance(name, str) and name in TYPES)
    return ()


def _is_below(route: Route, starts: set[Route]) -> bool:
    return any(route[:length] in starts for length in range(len(route) + 1))
