"""The messages that operations of AsyncAPI 3 list must be messages of their channels."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.event.spectral import element_of
from archlint.documents import Node
from archlint.finding.place import pointer_of
from archlint.finding.words import quoted
from archlint.model.asyncapi import AsyncDescription, Piece, is_reference
from archlint.model.openapi import reference_text


@check(AsyncDescription)
def asyncapi_message_of_other_channel(
    description: AsyncDescription, options: Options
) -> Iterator[Observation]:
    """Messages of operations and of replies that their channel does not have."""
    if description.is_third:
        for operation in description.operations:
            yield from _strangers(description, operation, "operation")
            yield from _strangers(description, description.meant(operation.get("reply")), "reply")


def _strangers(description: AsyncDescription, owner: Node, called: str) -> Iterator[Observation]:
    channel = description.meant(owner.get("channel"))
    listed = channel.get("messages")
    if description.pieces.part_of(channel) is not Piece.CHANNEL or is_reference(listed):
        return
    entries = dict(listed.items())
    known = set(map(element_of, entries.values()))
    for message in owner.get("messages").elements():
        text = reference_text(message)
        if text is None:
            continue  # which is told as no reference
        target, _ = description.references.step(message, text)
        meant = description.meant(message)
        if target is None or description.pieces.part_of(meant) is not Piece.MESSAGE:
            continue  # which is told
        if element_of(target) in known:
            continue
        same = [name for name, entry in entries.items() if _is_same(description, entry, meant)]
        if not same or listed.document is description.document:
            yield observe(
                message.get("$ref").value_place(),
                "elsewhere" if same else "default" if entries else "none",
                identity=(*description.document.names(owner.route), text),
                owner=called,
                name=text,
                right="#" + pointer_of((*listed.route, *same[:1])),
                messages=", ".join(quoted(entries)),
            )


def _is_same(description: AsyncDescription, entry: Node, message: Node) -> bool:
    return element_of(description.meant(entry)) == element_of(message)
