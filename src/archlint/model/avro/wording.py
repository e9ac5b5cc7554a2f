"""Types in few words, for messages."""

from __future__ import annotations

from archlint.model.avro.types import ArrayType, AvroType, LogicalType, MapType, Primitive, Union

_MOST = 4
"""Branches of a union that are named."""


def worded(type_: AvroType) -> str:
    """A type as a person calls it, such as ``array of long``."""
    if isinstance(type_, Primitive):
        return type_.name if type_.logical is None else _logical(type_.name, type_.logical)
    if isinstance(type_, ArrayType):
        return f"array of {worded(type_.items)}"
    if isinstance(type_, MapType):
        return f"map of {worded(type_.values)}"
    if isinstance(type_, Union):
        named = [worded(branch) for branch in type_.branches[:_MOST]]
        return f"[{', '.join([*named, '...'] if len(type_.branches) > _MOST else named)}]"
    return str(getattr(type_, "name", "what is no schema"))


def _logical(name: str, logical: LogicalType) -> str:
    if logical.precision is None:
        return f"{name} ({logical.name})"
    return f"{name} ({logical.name} of {logical.precision} digits, {logical.scale} behind the point)"
