"""Changes of methods, enum values and reservations."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.checks.proto.fields import reserving
from archlint.comparison.protobuf import (
    Breaks,
    EnumValueChanged,
    EnumValueRemoved,
    ReservationRemoved,
    RpcChanged,
)
from archlint.documents.proto.editing import with_reserved
from archlint.finding import Place, Severity
from archlint.finding.words import quoted, was_in
from archlint.model.protobuf import Rpc

_RPC_PARTS = {
    "input": ("request", "buf:RPC_SAME_REQUEST_TYPE"),
    "output": ("response", "buf:RPC_SAME_RESPONSE_TYPE"),
    "client_streaming": ("streaming", "buf:RPC_SAME_CLIENT_STREAMING"),
    "server_streaming": ("streaming", "buf:RPC_SAME_SERVER_STREAMING"),
}
_EFFECTS = {
    "input": "requests of older clients are misread",
    "output": "older clients misread the response",
}
_LAST_NUMBER = 2**29 - 1
"""The greatest field number; ``to max`` means it."""


@change(RpcChanged)
def proto_rpc_type_changed(change: RpcChanged, options: Options) -> Iterator[Observation]:
    """A method with another request or response type, or that streams where it did not."""
    old, new = change.base, change.revision
    message_id, alias = _RPC_PARTS[change.part]
    is_source = change.breaks is Breaks.SOURCE
    effect = _EFFECTS.get(change.part, "clients of the other version cannot call it")
    yield observe(
        _part(new, change.part),
        message_id,
        related=[(_part(old, change.part), "the old one")],
        identity=(new.name, change.part),
        aliases=[alias],
        effect="data stays readable, programs that use the method do not compile" if is_source else effect,
        name=new.name,
        old=_signature(old, change.part),
        new=_signature(new, change.part),
    )


def _part(rpc: Rpc, part: str) -> Place:
    """The type that a part of a method names; a stream is marked at its type."""
    return rpc.place({"client_streaming": "input", "server_streaming": "output"}.get(part, part))


def _signature(rpc: Rpc, part: str) -> str:
    if part == "input":
        return rpc.input
    if part == "output":
        return rpc.output
    if part == "client_streaming":
        return "a stream of requests" if rpc.client_streaming else "one request"
    return "a stream of responses" if rpc.server_streaming else "one response"


@change(EnumValueRemoved)
def proto_enum_value_removed(change: EnumValueRemoved, options: Options) -> Iterator[Observation]:
    """A value that is gone and whose number or name can be used again."""
    if change.is_number_reserved and change.is_name_reserved:
        return
    aliases = ["buf:ENUM_VALUE_NO_DELETE"]
    if not change.is_name_reserved:
        aliases.append("buf:ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED")
    if not change.is_number_reserved:
        aliases.append("buf:ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED")
    yield observe(
        change.enum.place(),
        "name" if change.is_number_reserved else "default",
        related=[(change.base.place(), "was here")],
        identity=(change.base.name,),
        aliases=aliases,
        severity=Severity.WARNING if change.is_number_reserved else None,
        fix=reserving(change.enum, change.beside),
        name=change.base.name,
        number=change.base.number,
        enum=change.enum.name,
    )


@change(EnumValueChanged)
def proto_enum_value_changed(change: EnumValueChanged, options: Options) -> Iterator[Observation]:
    """A value with another name or number."""
    old, new = change.base, change.revision
    is_renamed = old.number == new.number
    yield observe(
        new.place(None if is_renamed else "number"),
        "alias" if change.is_alias else "name" if is_renamed else "number",
        related=[(old.place(None if is_renamed else "number"), was_in("the old value", change.version))],
        identity=(old.name,),
        aliases=_told_of_value(change),
        enum=change.enum.name,
        old=old.name if is_renamed else old.number,
        new=new.name if is_renamed else new.number,
        number=new.number,
        name=new.name,
    )


def _told_of_value(change: EnumValueChanged) -> list[str]:
    """The names that buf has for it, which asks of each older number whether it still has its names."""
    if not change.is_number_gone:
        return ["buf:ENUM_VALUE_SAME_NAME"]
    return [*(["buf:ENUM_VALUE_SAME_NAME"] if change.is_taken else []), "buf:ENUM_VALUE_NO_DELETE"]


@change(ReservationRemoved)
def proto_reservation_removed(change: ReservationRemoved, options: Options) -> Iterator[Observation]:
    """Numbers or names that were reserved and are free for a new meaning."""
    numbers = [
        str(first) if first == last else f"{first} to {'max' if last >= _LAST_NUMBER else last}"
        for first, last in change.freed.ranges
    ]
    names = quoted(sorted(change.freed.names))
    kind = change.object.kind
    yield observe(
        change.revision.place(),
        related=[(change.base.place(), "reserved here")],
        identity=("reserved",),
        fix=with_reserved(
            change.revision.source, change.revision.route, change.freed.ranges, change.freed.names
        ),
        aliases=["buf:RESERVED_ENUM_NO_DELETE" if kind == "enum" else "buf:RESERVED_MESSAGE_NO_DELETE"],
        kind=kind.capitalize(),
        name=change.revision.name,
        freed=", ".join([*numbers, *names]),
    )
