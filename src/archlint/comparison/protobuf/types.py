"""What a change of a field's type or label breaks."""

from __future__ import annotations

from archlint.comparison.protobuf.changes import Breaks
from archlint.comparison.protobuf.matching import Matching
from archlint.model.protobuf import Enum, Field, Label, Message

# Types of one group are read from each other's bytes; "Updating A Message Type" in the proto3 guide.
_WIRE = (
    frozenset({"int32", "uint32", "int64", "uint64", "bool", "enum"}),
    frozenset({"sint32", "sint64"}),
    frozenset({"fixed32", "sfixed32"}),
    frozenset({"fixed64", "sfixed64"}),
    frozenset({"string", "bytes"}),
    frozenset({"message", "bytes"}),
)
# Of those, the ones that look alike in JSON too, where 64-bit numbers are strings and enums are names.
_JSON = (
    frozenset({"int32", "uint32"}),
    frozenset({"int64", "uint64"}),
    frozenset({"fixed32", "sfixed32"}),
    frozenset({"fixed64", "sfixed64"}),
)
_DELIMITED = frozenset({"string", "bytes", "message"})


def type_breaks(base: Field, revision: Field, matching: Matching) -> Breaks | None:
    """What the change of type between two fields breaks; ``None`` if the type is the same, or if it differs
    only because the type's definition has another name, which is a change of its own."""
    keys = _scalar_breaks(base.key_type, revision.key_type)
    values = _scalar_breaks(base.type, revision.type)
    if values is None and base.type in ("message", "group", "enum"):
        known = base.is_type_known and revision.is_type_known
        values = named_breaks(base.type_name, revision.type_name, matching, is_known=known)
    return max((found for found in (keys, values) if found is not None), default=None)


def _scalar_breaks(base: str, revision: str) -> Breaks | None:
    if base == revision:
        return None
    pair = {base, revision}
    if any(pair <= group for group in _JSON):
        return Breaks.SOURCE
    return Breaks.JSON if any(pair <= group for group in _WIRE) else Breaks.WIRE


def named_breaks(base: str, revision: str, matching: Matching, *, is_known: bool = True) -> Breaks | None:
    """What it breaks if a message or enum takes the place of another of its kind."""
    if matching.name(base) == revision:
        return None
    if not is_known:
        return None if base.rpartition(".")[2] == revision.rpartition(".")[2] else Breaks.WIRE
    if not _is_alike(base, revision, matching):
        return Breaks.WIRE
    return Breaks.SOURCE if matching.exists(base) else None


def _is_alike(base: str, revision: str, matching: Matching) -> bool:
    older, newer = matching.message(base, is_new=False), matching.message(revision, is_new=True)
    if older is not None and newer is not None:
        return is_same_message(older, newer, matching)
    enums = matching.enum(base, is_new=False), matching.enum(revision, is_new=True)
    return enums[0] is not None and enums[1] is not None and is_same_enum(enums[0], enums[1])


def is_same_message(base: Message, revision: Message, matching: Matching) -> bool:
    """Whether two messages have the same fields, their own names aside."""
    own = {base.full_name: revision.full_name}

    def shape(field: Field, *, is_base: bool) -> tuple[object, ...]:
        named = own.get(field.type_name, matching.name(field.type_name)) if is_base else field.type_name
        return (field.number, field.name, field.label, field.type, field.key_type, named, field.oneof)

    older = sorted((shape(field, is_base=True) for field in base.fields), key=str)
    return older == sorted((shape(field, is_base=False) for field in revision.fields), key=str)


def is_same_enum(base: Enum, revision: Enum) -> bool:
    """Whether two enums have the same values, their own names aside."""
    return {(v.name, v.number) for v in base.values} == {(v.name, v.number) for v in revision.values}


def label_breaks(base: Field, revision: Field) -> Breaks | None:
    """What the change of label between two fields breaks; ``None`` if it is the same."""
    if base.label is revision.label:
        return None
    labels = {base.label, revision.label}
    if Label.REQUIRED in labels:
        return Breaks.WIRE
    if labels == {Label.SINGULAR, Label.OPTIONAL}:
        return Breaks.SOURCE
    if labels == {Label.MAP, Label.REPEATED}:
        return Breaks.JSON
    grows = revision.label is Label.REPEATED and base.label is not Label.MAP
    return Breaks.JSON if grows and base.type in _DELIMITED else Breaks.WIRE
