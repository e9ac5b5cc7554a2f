"""Values that are lost or refused although what holds them may be read by both versions."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.protobuf import FieldTypeChanged, JsonNameForgotten
from archlint.comparison.protobuf.narrowing import LostValue
from archlint.finding import Severity, Witness
from archlint.finding.words import was_in
from archlint.model.protobuf import Field, Label

_SIDES = ("base", "revision")
_IN_JSON: dict[str, object] = {
    **dict.fromkeys(("string", "bytes"), ""),
    **dict.fromkeys(("int64", "uint64", "sint64", "fixed64", "sfixed64"), "0"),
    "bool": False,
    "message": {},
}
_KEYS = {"string": "key", "bool": "true"}
_NAMED = frozenset(("enum", "message", "group"))


@change(FieldTypeChanged)
def proto_value_range_narrowed(change: FieldTypeChanged, options: Options) -> Iterator[Observation]:
    """A field whose new type cannot hold a value of the old one that is sent in the same way."""
    old, new, lost = change.base, change.revision, change.narrowing
    if lost is None:
        return
    yield observe(
        new.place("type"),
        "default" if lost.read else lost.fate,
        related=[(old.place("type"), was_in("the old type", change.version))],
        identity=(new.name,),
        severity=Severity.WARNING if lost.is_sign else None,
        witness=shown(old, lost),
        name=new.name,
        old=old.type_text,
        new=new.type_text,
        value=lost.value,
        read=lost.read,
    )


def shown(field: Field, lost: LostValue) -> Witness:
    """Data of the older version that holds a lost value in a field."""
    return Witness({field.name_in_json: _held(field, lost)}, *_SIDES)


def _held(field: Field, lost: LostValue) -> object:
    """What is in a field that holds a lost value."""
    if field.label is Label.REPEATED:
        return [lost.value]
    if field.label is not Label.MAP:
        return lost.value
    if lost.is_key:
        return {str(lost.value): 0 if field.type == "enum" else _IN_JSON.get(field.type, 0)}
    return {_KEYS.get(field.key_type, "1"): lost.value}


@change(JsonNameForgotten)
def proto_json_name_forgotten(change: JsonNameForgotten, options: Options) -> Iterator[Observation]:
    """A field or value that is gone, its name reserved, and that JSON of older programs still names."""
    gone = change.base
    key = gone.name_in_json if isinstance(gone, Field) else ""
    written = {key: _example(gone)} if isinstance(gone, Field) else gone.name
    yield observe(
        change.holder.place(),
        "default" if key else "value",
        related=[(gone.place(), "was here")],
        identity=(gone.name,),
        witness=Witness(written, *_SIDES),
        name=gone.name,
        holder=change.holder.name,
        key=key,
    )


def _example(field: Field) -> object:
    """Something that the field may hold; whatever its type is, that is ``null``."""
    if field.label is Label.REPEATED:
        return []
    if field.label is Label.MAP:
        return {}
    return None if field.type in _NAMED else _IN_JSON.get(field.type, 0)
