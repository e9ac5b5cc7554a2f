"""Every object of an AsyncAPI document with the part it plays, in versions 2 and 3.

An object that is referred to belongs to the document, wherever it stands, and is met once: where it is
written. Data (examples, defaults, values of extensions) is never taken for an object.

Sources: https://www.asyncapi.com/docs/reference/specification/v2.6.0,
https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.event_formats import is_judged
from archlint.model.openapi.references import Broken, References, reference_text


class Piece(StrEnum):
    """What an object describes, as messages call it."""

    DOCUMENT = "document"
    INFO = "info"
    COMPONENTS = "components"
    SERVER = "server"
    VARIABLE = "server variable"
    CHANNEL = "channel"
    OPERATION = "operation"
    OPERATION_TRAIT = "operation trait"
    REPLY = "reply"
    REPLY_ADDRESS = "reply address"
    MESSAGE = "message"
    MESSAGE_TRAIT = "message trait"
    PARAMETER = "parameter"
    SCHEMA = "schema"
    FORMATTED = "schema with a format"
    """A schema of version 3 with ``schemaFormat`` beside it."""
    SECURITY = "security scheme"
    CORRELATION = "correlation ID"
    TAG = "tag"
    DOCS = "link to documentation"
    SERVER_BINDINGS = "set of server bindings"
    CHANNEL_BINDINGS = "set of channel bindings"
    OPERATION_BINDINGS = "set of operation bindings"
    MESSAGE_BINDINGS = "set of message bindings"


_Form = dict[str, Piece]
_NAMED: dict[Piece, _Form] = {
    Piece.DOCUMENT: {
        "servers": Piece.SERVER,
        "channels": Piece.CHANNEL,
        "operations": Piece.OPERATION,
    },
    Piece.COMPONENTS: {
        "schemas": Piece.SCHEMA,
        "servers": Piece.SERVER,
        "serverVariables": Piece.VARIABLE,
        "channels": Piece.CHANNEL,
        "operations": Piece.OPERATION,
        "messages": Piece.MESSAGE,
        "securitySchemes": Piece.SECURITY,
        "parameters": Piece.PARAMETER,
        "correlationIds": Piece.CORRELATION,
        "operationTraits": Piece.OPERATION_TRAIT,
        "messageTraits": Piece.MESSAGE_TRAIT,
        "replies": Piece.REPLY,
        "replyAddresses": Piece.REPLY_ADDRESS,
        "externalDocs": Piece.DOCS,
        "tags": Piece.TAG,
        "serverBindings": Piece.SERVER_BINDINGS,
        "channelBindings": Piece.CHANNEL_BINDINGS,
        "operationBindings": Piece.OPERATION_BINDINGS,
        "messageBindings": Piece.MESSAGE_BINDINGS,
    },
    Piece.SERVER: {"variables": Piece.VARIABLE},
    Piece.CHANNEL: {"parameters": Piece.PARAMETER, "messages": Piece.MESSAGE},
    Piece.SCHEMA: dict.fromkeys(("properties", "patternProperties", "definitions"), Piece.SCHEMA),
}
"""Fields whose value goes from names to objects."""
_IN_BINDINGS: dict[Piece, Mapping[str, tuple[str, ...]]] = {
    Piece.SERVER_BINDINGS: {"mqtt": ("sessionExpiryInterval", "maximumPacketSize")},
    Piece.CHANNEL_BINDINGS: {"ws": ("query", "headers")},
    Piece.OPERATION_BINDINGS: {
        "kafka": ("groupId", "clientId"),
        "http": ("query",),
        "mqtt": ("messageExpiryInterval",),
        "solace": ("timeToLive", "priority"),
    },
    Piece.MESSAGE_BINDINGS: {
        "kafka": ("key",),
        **dict.fromkeys(("http", "jms", "anypointmq"), ("headers",)),
        "mqtt": ("correlationData", "responseTopic"),
    },
}
"""The fields of bindings, by protocol, that are schemas or may be (https://github.com/asyncapi/bindings)."""
BINDINGS = frozenset(_IN_BINDINGS)
_COMMON = {"tags": Piece.TAG, "externalDocs": Piece.DOCS}
_OPERATION = {**_COMMON, "bindings": Piece.OPERATION_BINDINGS}
_MESSAGE = {
    **_COMMON,
    "bindings": Piece.MESSAGE_BINDINGS,
    "headers": Piece.SCHEMA,
    "payload": Piece.SCHEMA,
    "correlationId": Piece.CORRELATION,
}
_DIRECT: dict[Piece, _Form] = {
    Piece.DOCUMENT: {"info": Piece.INFO, "components": Piece.COMPONENTS, "tags": Piece.TAG},
    Piece.INFO: {"tags": Piece.TAG, "externalDocs": Piece.DOCS},
    Piece.SERVER: {**_COMMON, "bindings": Piece.SERVER_BINDINGS},
    Piece.CHANNEL: {
        **_COMMON,
        "bindings": Piece.CHANNEL_BINDINGS,
        "publish": Piece.OPERATION,
        "subscribe": Piece.OPERATION,
    },
    Piece.OPERATION: {**_OPERATION, "traits": Piece.OPERATION_TRAIT, "message": Piece.MESSAGE},
    Piece.OPERATION_TRAIT: _OPERATION,
    Piece.MESSAGE: {**_MESSAGE, "traits": Piece.MESSAGE_TRAIT, "oneOf": Piece.MESSAGE},
    Piece.MESSAGE_TRAIT: _MESSAGE,
    Piece.PARAMETER: {"schema": Piece.SCHEMA},
    Piece.FORMATTED: {"schema": Piece.SCHEMA},
    Piece.SCHEMA: {
        **dict.fromkeys(("items", "additionalItems", "additionalProperties", "contains"), Piece.SCHEMA),
        **dict.fromkeys(("not", "if", "then", "else", "propertyNames"), Piece.SCHEMA),
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), Piece.SCHEMA),
        "externalDocs": Piece.DOCS,
    },
}
"""Fields whose value is an object, or a list of such."""
_ONLY_THIRD: dict[Piece, _Form] = {
    Piece.SERVER: {"security": Piece.SECURITY},
    Piece.CHANNEL: {"servers": Piece.SERVER},
    Piece.OPERATION: {
        "channel": Piece.CHANNEL,
        "messages": Piece.MESSAGE,
        "reply": Piece.REPLY,
        "security": Piece.SECURITY,
    },
    Piece.OPERATION_TRAIT: {"security": Piece.SECURITY},
    Piece.REPLY: {
        "channel": Piece.CHANNEL,
        "messages": Piece.MESSAGE,
        "address": Piece.REPLY_ADDRESS,
    },
}
_DIRECT_THIRD = {part: {**_DIRECT.get(part, {}), **_ONLY_THIRD.get(part, {})} for part in Piece}


@dataclass(frozen=True, slots=True)
class AsyncObject:
    """An object, or a reference to one, and its part."""

    node: Node
    part: Piece
    by: Node | None = None
    """The reference that alone says which part an object plays that stands in no known place."""


@dataclass(frozen=True, slots=True)
class AsyncReference:
    """A reference, the part that it needs, and where it leads."""

    node: Node
    part: Piece
    target: Node | None
    problem: Broken | None
    found: Piece | None = None
    """The part of the target where it stands."""


_Key = tuple[Document, Route]


class Pieces:
    """The objects of one document and of what it refers to in other files."""

    def __init__(self, root: Node, references: References, *, is_third: bool) -> None:
        self._root = root
        self._references = references
        self._is_third = is_third
        self._seen: dict[_Key, Piece] = {}
        self._replaced: list[Node] = []

    @cached_property
    def all(self) -> tuple[AsyncObject, ...]:
        """Every object in the order of the text; those that only references lead to come last."""
        return self._found[0]

    @cached_property
    def references(self) -> tuple[AsyncReference, ...]:
        """Every reference between objects."""
        return self._found[1]

    @cached_property
    def replaced(self) -> tuple[Node, ...]:
        """Each ``$ref`` that stands in the place of names, as in ``parameters: {$ref: ...}``."""
        return tuple(self._replaced) if self.all else ()

    def of(self, part: Piece) -> tuple[Node, ...]:
        """The objects of one part, without references."""
        return self._by_part.get(part, ())

    def part_of(self, node: Node) -> Piece | None:
        """The part that an object plays; a reference plays none, and what one leads to by mistake another."""
        is_object = bool(self.all) and not is_reference(node)
        return self._seen.get((node.document, node.route)) if is_object else None

    @cached_property
    def _by_part(self) -> dict[Piece, tuple[Node, ...]]:
        found: dict[Piece, list[Node]] = {}
        for each in self.all:
            if not is_reference(each.node):
                found.setdefault(each.part, []).append(each.node)
        return {part: tuple(nodes) for part, nodes in found.items()}

    @cached_property
    def _found(self) -> tuple[tuple[AsyncObject, ...], tuple[AsyncReference, ...]]:
        objects = list(self._walk(self._root, Piece.DOCUMENT, None))
        references: list[AsyncReference] = []
        for each in objects:  # grows while it is walked
            text = reference_text(each.node)
            if text is None:
                continue
            target, problem = self._references.step(each.node, text)
            known = None if target is None else self._seen.get((target.document, target.route))
            references.append(AsyncReference(each.node, each.part, target, problem, known))
            if target is not None and known is None:
                objects.extend(self._walk(target, each.part, each.node))
        return tuple(objects), tuple(references)

    def _walk(self, start: Node, part: Piece, by: Node | None) -> Iterator[AsyncObject]:
        waiting = [(start, part, by)]
        while waiting:
            node, part, by = waiting.pop()
            if node.is_list:
                waiting.extend((item, part, by) for item in reversed(list(node.elements())))
                continue
            if not node.is_map or (node.document, node.route) in self._seen:
                continue
            if self._is_third and part is Piece.SCHEMA and "schemaFormat" in node.value:
                part = Piece.FORMATTED
            self._seen[node.document, node.route] = part
            yield AsyncObject(node, part, by)
            if not is_reference(node):
                waiting.extend((child, inner, None) for child, inner in reversed(self._below(node, part)))

    def _below(self, node: Node, part: Piece) -> list[tuple[Node, Piece]]:
        named = _NAMED.get(part, {})
        direct = (_DIRECT_THIRD if self._is_third else _DIRECT).get(part, {})
        has_format = part in (Piece.MESSAGE, Piece.MESSAGE_TRAIT, Piece.FORMATTED)
        is_foreign = has_format and not is_judged(self._format_of(node))
        found = [
            (node.get(protocol, field), Piece.SCHEMA)
            for protocol, fields in _IN_BINDINGS.get(part, {}).items()
            for field in fields
        ]
        for name, child in node.items():
            if (inner := named.get(name)) is not None and is_replaced(child):
                self._replaced.append(child.get("$ref"))
            elif inner is not None and child.is_map:
                found.extend((entry, inner) for _, entry in child.items())
            elif (inner := inner or direct.get(name)) is not None and not (
                is_foreign and name in ("payload", "schema")
            ):
                found.append((child, inner))
        return found

    def _format_of(self, node: Node) -> str | None:
        """The format of the schema of a message, which traits of version 2 may give it: the last one wins."""
        traits = () if self._is_third else reversed(list(node.get("traits").elements()))
        stated = (self._references.follow(trait).node.get("schemaFormat") for trait in traits)
        return next((each for each in stated if each.exists), node.get("schemaFormat")).text


def is_reference(node: Node) -> bool:
    """Whether an object is but a reference to another, or meant to be: its target may be no text."""
    return node.is_map and "$ref" in node.value


def is_replaced(names: Node) -> bool:
    """Whether a reference stands where a map goes from names to objects, of which none is called ``$ref``."""
    return is_reference(names) and not isinstance(names.value["$ref"], dict | bool)


def merged(base: Any, patch: Any) -> Any:
    """A value after a JSON Merge Patch (RFC 7386), as traits are applied."""
    if not isinstance(patch, dict):
        return patch
    found = dict(base) if isinstance(base, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found
