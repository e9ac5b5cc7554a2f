"""Changes of AsyncAPI documents that let down whoever sends to an application, or listens to it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.asyncapi import (
    DescriptionRemoved,
    EncodingChanged,
    EventChanged,
    EventRemoved,
    Flow,
    FlowRemoved,
)
from archlint.finding import Severity, Witness
from archlint.finding.words import number_of

_SIDES = ("revision", "base")
"""Which side takes the witness, and which does not, of what an application sends."""
_LONGEST = 300
"""Characters of a value that a message shows."""


@change(DescriptionRemoved)
def asyncapi_document_removed(change: DescriptionRemoved, options: Options) -> Iterator[Observation]:
    """A document that is gone."""
    title = change.base.root.get("info", "title")
    yield observe(change.base.root.get("asyncapi").value_place(), title=title.text or "without a title")


@change(FlowRemoved)
def asyncapi_operation_removed(change: FlowRemoved, options: Options) -> Iterator[Observation]:
    """An address at which the application does not send, or receive, any more."""
    yield observe(
        change.place,
        ("turned-" if change.is_turned else "") + _side(change.base),
        related=[(change.base.operation.place(), "as it was")],
        identity=(change.base.address, _side(change.base)),
        address=change.base.address,
    )


@change(EventRemoved)
def asyncapi_message_removed(change: EventRemoved, options: Options) -> Iterator[Observation]:
    """A message that the application does not send, or understand, any more."""
    yield observe(
        change.revision.operation.place(),
        _side(change.base),
        related=[(change.base.messages[change.name].place(), "as it was")],
        identity=(change.base.address, change.name, _side(change.base)),
        severity=Severity.WARNING if change.base.sends else None,
        address=change.base.address,
        name="without a name" if change.is_nameless else change.name,
    )


@change(EventChanged)
def asyncapi_payload_incompatible(change: EventChanged, options: Options) -> Iterator[Observation]:
    """A payload or headers that the other side does not take."""
    text = json.dumps(change.witness, ensure_ascii=False)
    others = number_of(change.others, "other message")
    yield observe(
        change.new.place(),
        _side(change.base),
        related=[(change.old.place(), "as it was")],
        identity=(change.base.address, change.name, change.field, *change.trail, _side(change.base)),
        witness=Witness(change.witness, *(_SIDES if change.base.sends else reversed(_SIDES))),
        address=change.base.address,
        field=change.field,
        example=text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "...",
        what=_edited(change.trail),
        others=f" (and in {others} with the same schema)" if change.others else "",
    )


def _edited(trail: tuple[str, ...]) -> str:
    """What was edited, in words: a keyword, and the way to where it stands."""
    *members, keyword, name = trail
    if keyword in ("properties", "patternProperties", "required"):
        members = [*members, name]
    way = "".join(step if step in ("[]", "{}") else f".{step}" for step in members).removeprefix(".")
    if not keyword:
        return f"the schema of '{way}'" if way else "its schema"
    if keyword in ("properties", "patternProperties"):
        return f"'{way}'"
    return f"`{keyword}` of '{way}'" if way else f"`{keyword}`"


@change(EncodingChanged)
def asyncapi_content_type_changed(change: EncodingChanged, options: Options) -> Iterator[Observation]:
    """Messages that are written in another way."""
    yield observe(
        change.new.value_place(),
        related=[(change.old.value_place(), "as it was")],
        identity=(change.base.address, change.name, _side(change.base)),
        address=change.base.address,
        old=change.old.text,
        new=change.new.text,
    )


def _side(flow: Flow) -> str:
    return "sent" if flow.sends else "received"
