"""Copies of one proto file in several places that say different things."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from archlint.checks import Observation, Options, join, observe
from archlint.comparison.protobuf import (
    Breaks,
    EnumValueChanged,
    EnumValueRemoved,
    FieldLabelChanged,
    FieldNumberChanged,
    FieldNumberReused,
    FieldRemoved,
    FieldRenamed,
    FieldTypeChanged,
    RpcChanged,
    RpcRemoved,
)
from archlint.comparison.protobuf.compare import compare_schemas
from archlint.comparison.protobuf.copies import copied
from archlint.finding import Place, Severity
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.finding.words import listed
from archlint.model.protobuf import ProtoSchema
from archlint.model.protobuf.copies import ProtoCopy
from archlint.model.world import World

_VENDORED = regex(r"(?:^|/)(?:vendor(?:ed)?|third[_-]?party|external|node_modules|googleapis)/")
"""Folders of what others publish, each of which may be of another release."""
_SHOWN = 3
_MOST = 100
"""So many differences are looked at; two files that differ in more are told all the same."""


@dataclass(frozen=True)
class Difference:
    """Something that two copies say differently."""

    here: Place
    there: Place
    text: str
    is_wire: bool
    """Whether what one side sends is misread by the other."""


def _removed(change: FieldRemoved) -> Difference:
    field = change.base
    text = f"field '{field.name}' ({field.number}) of '{change.message.name}' is here alone"
    return Difference(field.place(), change.message.place(), text, is_wire=False)


def _retyped(change: FieldTypeChanged) -> Difference:
    old, new = change.base, change.revision
    here, there = change.texts
    text = f"field '{old.name}' of '{change.message.name}' is {here} here and {there} there"
    return Difference(old.place(), new.place(), text, change.breaks is Breaks.WIRE)


def _relabelled(change: FieldLabelChanged) -> Difference:
    old, new = change.base, change.revision
    text = f"field '{old.name}' of '{change.message.name}' is {old.label} here and {new.label} there"
    return Difference(old.place(), new.place(), text, change.breaks is Breaks.WIRE)


def _renamed(change: FieldRenamed | FieldNumberReused) -> Difference | None:
    old, new = change.base, change.revision
    if old is None:
        return None
    text = f"field {old.number} of '{change.message.name}' is '{old.name}' here and '{new.name}' there"
    return Difference(old.place(), new.place(), text, isinstance(change, FieldNumberReused))


def _renumbered(change: FieldNumberChanged) -> Difference:
    old, new = change.base, change.revision
    text = f"field '{old.name}' of '{change.message.name}' is {old.number} here and {new.number} there"
    return Difference(old.place(), new.place(), text, is_wire=True)


def _value_removed(change: EnumValueRemoved) -> Difference:
    text = f"value '{change.base.name}' of '{change.enum.name}' is here alone"
    return Difference(change.base.place(), change.enum.place(), text, is_wire=False)


def _value_changed(change: EnumValueChanged) -> Difference:
    old, new = change.base, change.revision
    if change.is_alias:
        text = f"name '{old.name}' of {old.number} in '{change.enum.name}' is here alone"
        return Difference(old.place(), new.place(), text, is_wire=False)
    ways = (f"{item.name} = {item.number}" for item in (old, new))
    text = f"a value of '{change.enum.name}' is {' here and '.join(ways)} there"
    return Difference(old.place(), new.place(), text, old.number != new.number)


def _rpc_removed(change: RpcRemoved) -> Difference:
    text = f"method '{change.base.name}' of '{change.service.name}' is here alone"
    return Difference(change.base.place(), change.service.place(), text, is_wire=False)


def _rpc_changed(change: RpcChanged) -> Difference:
    old, new = change.base, change.revision
    text = f"method '{old.name}' of '{change.service.name}' takes or gives something else there"
    return Difference(old.place(), new.place(), text, change.breaks is Breaks.WIRE)


_TOLD: Mapping[type, Callable[[Any], Difference | None]] = {
    FieldRemoved: _removed,
    FieldTypeChanged: _retyped,
    FieldLabelChanged: _relabelled,
    FieldRenamed: _renamed,
    FieldNumberReused: _renamed,
    FieldNumberChanged: _renumbered,
    EnumValueRemoved: _value_removed,
    EnumValueChanged: _value_changed,
    RpcRemoved: _rpc_removed,
    RpcChanged: _rpc_changed,
}


def _differences(here: ProtoSchema, there: ProtoSchema) -> Iterator[Difference]:
    for change in compare_schemas([here], [there]):
        tell = _TOLD.get(type(change))
        found = None if tell is None else tell(change)
        if found is not None:
            yield found
    yield from _missing(here, there)


def _missing(here: ProtoSchema, there: ProtoSchema) -> Iterator[Difference]:
    """What definitions of both have there alone."""
    messages = {item.full_name: item for item in here.messages}
    for theirs in there.messages:
        own = messages.get(theirs.full_name)
        if own is None:
            continue
        known = {part for field in own.fields for part in (field.number, field.name)}
        for field in theirs.fields:
            if known.isdisjoint((field.number, field.name)):
                text = f"field '{field.name}' ({field.number}) of '{theirs.name}' is missing here"
                yield Difference(own.place(), field.place(), text, is_wire=False)
    enums = {item.full_name: item for item in here.enums}
    for other in there.enums:
        holder = enums.get(other.full_name)
        if holder is None:
            continue
        numbers = {value.number for value in holder.values}
        for value in other.values:
            if value.number not in numbers:
                text = f"value '{value.name}' of '{other.name}' is missing here"
                yield Difference(holder.place(), value.place(), text, is_wire=False)


@join(ProtoCopy)
def proto_copy_drifted(copy: ProtoCopy, world: World, options: Options) -> Iterator[Observation]:
    """Two files that define the same, of which one was changed and the other was not."""
    found = list(islice(_differences(copy.schema, copy.other), _MOST))
    wire = [item for item in found if item.is_wire]
    told = [*wire, *(item for item in found if not item.is_wire)]
    paths = {copy.schema.path, copy.other.path}
    is_taken_over = any(map(_VENDORED.search, paths)) or not paths.isdisjoint(world.reading(copied))
    if not told or (is_taken_over and not wire):
        return
    yield observe(
        told[0].here,
        "wire" if wire else "default",
        related=[(item.there, "there") for item in told[:_SHOWN]],
        identity=("copy", copy.schema.package),
        severity=None if wire else Severity.WARNING,
        package=copy.schema.package,
        other=copy.other.path,
        differences=listed([item.text for item in told], _SHOWN),
    )
