"""Changes of AsyncAPI documents that let down whoever sends to an application, or listens to it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.checks.event.wording import shown
from archlint.comparison.asyncapi import (
    AddressChanged,
    BindingChanged,
    DescriptionRemoved,
    EncodingChanged,
    EventChanged,
    EventRemoved,
    EventUnjudged,
    Flow,
    FlowRemoved,
    LocationChanged,
    Promise,
)
from archlint.finding import Severity, Witness
from archlint.finding.words import as_it_was, number_of

_SIDES = ("revision", "base")
"""Which side takes the witness, and which does not, of what an application sends."""
_CALLED = {"headers": "set of headers", "correlation data": "piece of correlation data"}
_OWN = "AsyncAPI's own schema"
LONGEST = 300
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
        ("turned-" if change.is_turned else "reply-" if change.base.is_reply else "") + _side(change.base),
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
    others = number_of(change.others, "other message")
    side = ("kept-" if change.is_kept else "") + _side(change.base)
    is_of_new = change.base.sends is not change.is_kept
    yield observe(
        change.new.place(),
        side,
        related=[(change.old.place(), as_it_was(change.version))],
        identity=(change.base.address, change.name, change.field, *change.trail, side),
        witness=Witness(change.witness, *(_SIDES if is_of_new else reversed(_SIDES))),
        address=change.base.address,
        field=worded_field(change.field),
        example=shown(change.witness, LONGEST),
        what=_edit(change),
        others=f" (and in {others} with the same schema)" if change.others else "",
    )


def _edit(change: EventChanged) -> str:
    """What was done to the schema: a property that one side does not have was added or removed."""
    *_, keyword, name = ("", *change.trail)
    had, has = (each.route[-2:] == (keyword, name) for each in (change.old, change.new))
    doing = "" if keyword != "properties" or had is has else "adding " if has else "removing "
    return doing + edited(change.trail)


@change(EventUnjudged)
def asyncapi_compatibility_unknown(change: EventUnjudged, options: Options) -> Iterator[Observation]:
    """A payload or another part of a message that is another now, and that could not be compared."""
    yield observe(
        change.new.place(),
        _side(change.base),
        related=[(change.old.place(), "as it was")] if change.old.exists else (),
        identity=(change.base.address, change.name, change.field, _side(change.base)),
        address=change.base.address,
        field=worded_field(change.field),
        reason=change.reason,
    )


def worded_field(field: str) -> str:
    """What a value of a part of a message is called."""
    return _CALLED.get(field, field)


def edited(trail: tuple[str, ...]) -> str:
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
        old=change.old.text or _OWN,
        new=change.new.text or _OWN,
    )


@change(AddressChanged)
def asyncapi_address_changed(change: AddressChanged, options: Options) -> Iterator[Observation]:
    """A channel that is found somewhere else."""
    old, new = change.base, change.revision
    names = [flow.channel.get("address").text or "" if flow.is_reply else flow.address for flow in (old, new)]
    stated = new.channel.get("address")
    yield observe(
        stated.value_place() if stated.exists else new.channel.place(),
        "reply" if old.is_reply else "default",
        related=[(old.channel.place(), "as it was")],
        identity=(old.address, "reply" if old.is_reply else ""),
        address=old.address,
        old=names[0],
        new=names[1],
    )


@change(BindingChanged)
def asyncapi_binding_changed(change: BindingChanged, options: Options) -> Iterator[Observation]:
    """A promise of a binding that is another now."""
    yield observe(
        change.new.value_place(),
        change.promise,
        related=[(change.old.value_place(), "as it was")],
        identity=(change.base.address, change.field, _side(change.base)),
        severity=Severity.WARNING if change.promise in (Promise.ORDER, Promise.LESS) else None,
        address=change.base.address,
        field=change.field,
        old=change.old.value,
        new=change.new.value,
    )


@change(LocationChanged)
def asyncapi_location_changed(change: LocationChanged, options: Options) -> Iterator[Observation]:
    """A value by which messages are told to belong together that is somewhere else."""
    yield observe(
        change.new.value_place(),
        "default" if change.new.exists else "removed",
        related=[(change.old.value_place(), "as it was")],
        identity=(change.base.address, change.field, _side(change.base)),
        address=change.base.address,
        field=change.field,
        old=change.old.text,
        new=change.new.text,
    )


def _side(flow: Flow) -> str:
    return "sent" if flow.sends else "received"
