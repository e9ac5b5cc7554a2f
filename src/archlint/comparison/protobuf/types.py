"""What a change of a field's type or label breaks."""

from __future__ import annotations

from archlint.comparison.protobuf.changes import Breaks
from archlint.comparison.protobuf.likeness import Parts, parts_of, shape
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
_EMPTY = "google.protobuf.Empty"
"""The well-known message without fields: any message can take its place."""
_DELIMITED = frozenset({"string", "bytes", "message"})


def type_breaks(base: Field, revision: Field, matching: Matching) -> Breaks | None:
    """What the change of type between two fields breaks; ``None`` if the type is the same, or if it differs
    only because the type's definition has another name, which is a change of its own."""
    keys = _scalar_breaks(base.key_type, revision.key_type)
    is_known = base.is_type_known and revision.is_type_known
    if base.type_name and revision.type_name and (base.type == revision.type or not is_known):
        values = named_breaks(base.type_name, revision.type_name, matching, is_known=is_known)
    else:
        values = _scalar_breaks(base.type, revision.type)
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
    if base == _EMPTY:
        return Breaks.SOURCE
    older, newer = matching.message(base, is_new=False), matching.message(revision, is_new=True)
    if older is not None and newer is not None:
        return _message_breaks(older, newer, matching)
    enums = matching.enum(base, is_new=False), matching.enum(revision, is_new=True)
    if enums[0] is not None and enums[1] is not None:
        return _enum_breaks(enums[0], enums[1], matching)
    return Breaks.WIRE


def _message_breaks(base: Message, revision: Message, matching: Matching) -> Breaks | None:
    older, newer = _shapes(base, base, revision, matching), _shapes(revision, base, revision, matching)
    return _set_breaks(older, newer, base, matching)


def _enum_breaks(base: Enum, revision: Enum, matching: Matching) -> Breaks | None:
    return _set_breaks(parts_of(base), parts_of(revision), base, matching)


def _set_breaks(older: Parts, newer: Parts, base: Message | Enum, matching: Matching) -> Breaks | None:
    """What it breaks that ``newer`` takes the place of ``older``: nothing more than the removal of ``base``
    does, if it has all that this had."""
    if not older <= newer:
        return Breaks.WIRE
    return Breaks.SOURCE if matching.exists(base.full_name) else None


def _shapes(message: Message, base: Message, revision: Message, matching: Matching) -> Parts:
    """All that matters about the fields of one of the two messages, in terms of the revision."""

    def named(full_name: str) -> str:
        if message is revision:
            return full_name
        return revision.full_name if full_name == base.full_name else matching.name(full_name)

    return {shape(field, named(field.type_name)) for field in message.fields}


def label_breaks(base: Field, revision: Field, matching: Matching) -> Breaks | None:
    """What the change of label between two fields breaks; ``None`` if it is the same."""
    if base.label is revision.label:
        return None
    labels = {base.label, revision.label}
    if Label.REQUIRED in labels:
        return Breaks.WIRE
    if labels == {Label.SINGULAR, Label.OPTIONAL}:
        return None if _shows_absence(base) and _shows_absence(revision) else Breaks.SOURCE
    if labels == {Label.MAP, Label.REPEATED}:
        return Breaks.JSON if _are_entries(base, revision, matching) else Breaks.WIRE
    grows = revision.label is Label.REPEATED and base.label is not Label.MAP
    return Breaks.JSON if grows and base.type in _DELIMITED else Breaks.WIRE


def _shows_absence(field: Field) -> bool:
    """Whether programs see that it is not there."""
    return field.label is Label.OPTIONAL or field.oneof is not None or field.type in ("message", "group")


def _are_entries(base: Field, revision: Field, matching: Matching) -> bool:
    """Whether the messages of a list are sent as the entries of a map are, as far as that is known."""
    mapped, listed = (base, revision) if base.label is Label.MAP else (revision, base)
    if listed.type != "message":
        return False
    entry = matching.message(listed.type_name, is_new=listed is revision)
    if entry is None:
        return True
    parts = {field.number: field for field in entry.fields}
    key, value = parts.get(1), parts.get(2)
    if key is None or value is None or {key.label, value.label} & {Label.REPEATED, Label.MAP}:
        return False
    names = (base.type_name, value.type_name) if mapped is base else (value.type_name, revision.type_name)
    return key.type == mapped.key_type and value.type == mapped.type and matching.name(names[0]) == names[1]
