"""Where AsyncAPI documents break the published schema of their version, before and after references are
looked through."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding import Route
from archlint.finding.articles import with_article
from archlint.finding.records import dataclass
from archlint.model.asyncapi.descriptions import AsyncDescription
from archlint.model.asyncapi.pieces import BINDINGS, Piece, is_reference
from archlint.model.asyncapi.published import known_fields, validator
from archlint.model.event_formats import is_judged
from archlint.model.openapi.structure import MISPLACED, StructureViolation, broken

UNSEEN = "$ref unseen"
"""The keyword of references that the published schema lets pass."""
_DEFINITIONS = {
    Piece.SERVER: "server",
    Piece.VARIABLE: "serverVariable",
    Piece.CHANNEL: "channelItem",
    Piece.OPERATION: "operation",
    Piece.OPERATION_TRAIT: "operationTrait",
    Piece.MESSAGE: "message",
    Piece.MESSAGE_TRAIT: "messageTrait",
    Piece.PARAMETER: "parameter",
    Piece.SCHEMA: "schema",
    Piece.SECURITY: "SecurityScheme",
    Piece.CORRELATION: "correlationId",
    Piece.TAG: "tag",
    Piece.DOCS: "externalDocs",
    **dict.fromkeys(BINDINGS, "bindingsObject"),
}
_THIRD = {
    Piece.CHANNEL: "channel",
    Piece.MESSAGE: "messageObject",
    Piece.SCHEMA: "anySchema",
    Piece.FORMATTED: "anySchema",
    Piece.REPLY: "operationReply",
    Piece.REPLY_ADDRESS: "operationReplyAddress",
    Piece.SERVER_BINDINGS: "serverBindingsObject",
    Piece.CHANNEL_BINDINGS: "channelBindingsObject",
    Piece.OPERATION_BINDINGS: "operationBindingsObject",
    Piece.MESSAGE_BINDINGS: "messageBindingsObject",
}


_OF_ANY_MAP = BINDINGS | {Piece.SCHEMA}
"""What the published schemas take any map for."""


@dataclass(frozen=True, slots=True)
class MisplacedTarget:
    """A reference that leads to something that is no such object as is needed there."""

    reference: Node
    part: Piece
    target: Node
    found: Piece | None
    """What stands there, if its place tells."""
    violation: StructureViolation


def violations(description: AsyncDescription) -> list[StructureViolation]:
    """All breaks in the document as it is written; nothing if its version is unknown."""
    version = description.version
    if version is None:
        return []
    found = broken(description.root, validator(version), known_fields(version))
    others = _in_other_languages(description) if found else ()
    found = [each for each in found if not any(each.node.route[: len(way)] == way for way in others)]
    return _with_replaced_names(description, found)


def _with_replaced_names(
    description: AsyncDescription, found: list[StructureViolation]
) -> list[StructureViolation]:
    """With references in the place of names, which the schema takes for an object that is called ``$ref``."""
    replaced = {(node.document, node.route): node for node in description.pieces.replaced}
    seen = {(each.node.document, each.node.route) for each in found}
    problem = "no reference is allowed in this place"
    made = [
        StructureViolation(node, MISPLACED if key in seen else UNSEEN, problem, is_value=True)
        for key, node in replaced.items()
    ]
    return [each for each in found if (each.node.document, each.node.route) not in replaced] + made


def _in_other_languages(description: AsyncDescription) -> tuple[Route, ...]:
    """The ways to payloads of version 2 of which a trait says that they are no schemas of AsyncAPI, which the
    published schema cannot know."""
    return tuple(
        (*message.route, "payload")
        for message in (() if description.is_third else description.pieces.of(Piece.MESSAGE))
        if message.get("traits").is_list
        and message.document is description.document
        and not is_judged(description.schema_format(message).text)
    )


def trait_payload_violations(description: AsyncDescription) -> Iterator[StructureViolation]:
    """Breaks in payloads that traits of version 2 have, in which the schema allows none."""
    version = description.version
    if version is None or description.is_third:
        return
    for trait in description.pieces.of(Piece.MESSAGE_TRAIT):
        payload = trait.get("payload")
        if payload.is_map and not trait.get("schemaFormat").exists:
            yield from broken(payload, validator(version, "schema"), known_fields(version))


def misplaced_targets(description: AsyncDescription) -> Iterator[MisplacedTarget]:
    """Each reference to something that the schema does not take for what is needed there."""
    version = description.version
    if version is None:
        return
    names = {**_DEFINITIONS, **_THIRD} if description.is_third else _DEFINITIONS
    told: set[tuple[str, tuple[str | int, ...], Piece]] = set()
    for each in description.pieces.references:
        definition, target = names.get(each.part), each.target
        if definition is None or target is None or is_reference(target):
            continue
        if each.found is each.part or {each.found, each.part} == {Piece.SCHEMA, Piece.FORMATTED}:
            continue
        key = target.document.path, target.route, each.part
        if key in told:
            continue
        told.add(key)
        found = broken(target, validator(version, definition), known_fields(version))
        other = None if {each.part, each.found} <= BINDINGS else each.found
        if not found and other is not None and each.part in _OF_ANY_MAP:
            found = [StructureViolation(target, UNSEEN, f"it is {with_article(other.value)}")]
        if found:
            yield MisplacedTarget(each.node, each.part, target, each.found, found[0])
