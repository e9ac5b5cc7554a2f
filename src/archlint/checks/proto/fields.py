"""Changes of fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.checks.proto.values import shown
from archlint.comparison.protobuf import (
    Breaks,
    FieldLabelChanged,
    FieldNumberChanged,
    FieldNumberReused,
    FieldRemoved,
    FieldRenamed,
    FieldTypeChanged,
    JsonNameChanged,
    OneofChanged,
    RequiredFieldAdded,
)
from archlint.comparison.protobuf.json_forms import WELL_KNOWN, are_whole_numbers, looks_alike_in_json
from archlint.documents.proto.editing import with_reserved
from archlint.finding import Fix, Severity
from archlint.finding.words import was_in
from archlint.model.protobuf import Enum, EnumValue, Field, Label, Message

_TELL_LOST = frozenset(("json", "values"))
"""What is said of types that are sent alike, with a value that is lost if there is one."""
_MESSAGE_IDS = {Breaks.SOURCE: "source", Breaks.JSON: "json", Breaks.WIRE: "wire"}
_BY_BREAKS = {
    "TYPE": {
        Breaks.SOURCE: ("buf:FIELD_SAME_TYPE",),
        Breaks.JSON: ("buf:FIELD_SAME_TYPE", "buf:FIELD_WIRE_JSON_COMPATIBLE_TYPE"),
        Breaks.WIRE: (
            "buf:FIELD_SAME_TYPE",
            "buf:FIELD_WIRE_JSON_COMPATIBLE_TYPE",
            "buf:FIELD_WIRE_COMPATIBLE_TYPE",
        ),
    },
    "LABEL": {
        Breaks.SOURCE: ("buf:FIELD_SAME_CARDINALITY",),
        Breaks.JSON: ("buf:FIELD_SAME_CARDINALITY", "buf:FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"),
        Breaks.WIRE: (
            "buf:FIELD_SAME_CARDINALITY",
            "buf:FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
            "buf:FIELD_WIRE_COMPATIBLE_CARDINALITY",
        ),
    },
}


def reserving(holder: Message | Enum, gone: Sequence[Field | EnumValue]) -> Fix | None:
    """Reserve the numbers and names of what is gone, as far as they are not and can be."""
    known = holder.reserved
    if isinstance(holder, Message):
        gone = [item for item in gone if not holder.is_open_to_extensions(item.number)]
    numbers = [(item.number, item.number) for item in gone if not known.has_number(item.number)]
    names = [item.name for item in gone if item.name not in known.names]
    return with_reserved(holder.source, holder.route, numbers, names)


def _severity(breaks: Breaks) -> Severity | None:
    """Programs that no longer compile are noticed by their owners; data that is misread is not."""
    return Severity.WARNING if breaks is Breaks.SOURCE else None


@change(FieldRemoved)
def proto_field_removed(change: FieldRemoved, options: Options) -> Iterator[Observation]:
    """A field that is gone and whose number or name can be used again; a required one in any case."""
    field = change.base
    is_required = field.label is Label.REQUIRED
    if change.is_number_reserved and change.is_name_reserved and not is_required:
        return
    aliases = ["buf:FIELD_NO_DELETE"]
    if not change.is_name_reserved:
        aliases.append("buf:FIELD_NO_DELETE_UNLESS_NAME_RESERVED")
    if not change.is_number_reserved:
        aliases.append("buf:FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED")
    only_name = change.is_number_reserved and not is_required
    is_open = change.message.is_open_to_extensions(field.number)
    yield observe(
        change.message.place(),
        "required" if is_required else "name" if only_name else "open" if is_open else "default",
        related=[(field.place(), "was here")],
        identity=(field.name,),
        aliases=aliases,
        severity=Severity.WARNING if only_name else None,
        fix=None if is_required or is_open else reserving(change.message, change.beside),
        name=field.name,
        number=field.number,
        message=change.message.name,
    )


@change(FieldNumberReused)
def proto_field_number_reused(change: FieldNumberReused, options: Options) -> Iterator[Observation]:
    """A number or a reserved name that means something else now."""
    old, new = change.base, change.revision
    if old is None:
        yield observe(
            new.place("number"),
            "reserved",
            identity=(new.name,),
            aliases=["buf:RESERVED_MESSAGE_NO_DELETE"],
            name=new.name,
            number=new.number,
            message=change.message.name,
        )
        return
    aliases = ["buf:FIELD_SAME_NAME", "buf:FIELD_SAME_JSON_NAME"]
    aliases += ["buf:FIELD_SAME_TYPE"] if (old.type, old.type_name) != (new.type, new.type_name) else []
    yield observe(
        new.place("number"),
        related=[(old.place(), was_in("the old field", change.version))],
        identity=(new.name,),
        aliases=aliases,
        number=new.number,
        old=old.name,
        old_type=old.type_text,
        new=new.name,
        new_type=new.type_text,
    )


@change(FieldNumberChanged)
def proto_field_number_changed(change: FieldNumberChanged, options: Options) -> Iterator[Observation]:
    """A field with another number."""
    old, new = change.base, change.revision
    yield observe(
        new.place("number"),
        "taken" if change.taken_by else "default",
        related=[(old.place("number"), "the old number")],
        identity=(new.name,),
        name=new.name,
        old=old.number,
        new=new.number,
        other=change.taken_by,
    )


@change(FieldRenamed)
def proto_field_renamed(change: FieldRenamed, options: Options) -> Iterator[Observation]:
    """A field with another name."""
    old, new = change.base, change.revision
    keeps_json = old.name_in_json == new.name_in_json
    names = (old.name, new.name) if old.name != new.name else (old.full_name, new.full_name)
    names_json = not keeps_json and not new.extendee
    yield observe(
        new.place(),
        "source" if keeps_json else "json",
        related=[(old.place(), "the old name")],
        identity=(new.name,),
        aliases=["buf:FIELD_SAME_NAME", *(["buf:FIELD_SAME_JSON_NAME"] if names_json else [])],
        severity=Severity.WARNING if keeps_json else None,
        old=names[0],
        new=names[1],
        number=new.number,
        old_json=old.name_in_json,
        new_json=new.name_in_json,
    )


@change(FieldTypeChanged)
def proto_field_type_changed(change: FieldTypeChanged, options: Options) -> Iterator[Observation]:
    """A field of another type."""
    old, new, said = change.base, change.revision, _said_of_type(change)
    lost = change.narrowing if said in _TELL_LOST else None
    values: dict[str, Any] = {} if lost is None else {"value": lost.value, "read": lost.read}
    was, now = change.texts
    yield observe(
        new.place("type"),
        said if lost is None else f"{said}_{lost.fate}",
        related=[(old.place("type"), was_in("the old type", change.version))],
        identity=(new.name,),
        aliases=_BY_BREAKS["TYPE"][change.breaks],
        severity=_severity(change.breaks),
        witness=None if lost is None else shown(old, lost),
        name=new.name,
        old=was,
        new=now,
        **values,
    )


def _said_of_type(change: FieldTypeChanged) -> str:
    """The id of the message that tells which data of the other version is still read."""
    old, new, breaks = change.base, change.revision, change.breaks
    if change.is_encoding:
        return "encoding"
    if old.type == new.type and not (old.is_type_known and new.is_type_known):
        return "unknown"
    are_keys_all = (old.type, old.type_name) == (new.type, new.type_name)
    if breaks is Breaks.SOURCE and (not old.type_name or change.narrowing is not None):
        return "values"
    if breaks is Breaks.JSON and are_keys_all and are_whole_numbers(old.key_type, new.key_type):
        return "values"
    if breaks is Breaks.WIRE and looks_alike_in_json(old, new):
        return "binary"
    is_own = not any(name.startswith(WELL_KNOWN) for name in (old.type_name, new.type_name))
    if breaks is Breaks.WIRE and old.type == new.type and old.key_type == new.key_type and is_own:
        return "parts"
    return _MESSAGE_IDS[breaks]


@change(FieldLabelChanged)
def proto_field_label_changed(change: FieldLabelChanged, options: Options) -> Iterator[Observation]:
    """A field that occurs more or less often, or whose presence is or is no longer known."""
    old, new = change.base, change.revision
    yield observe(
        new.place(),
        _MESSAGE_IDS[change.breaks],
        related=[(old.place(), was_in("the old field", change.version))],
        identity=(new.name,),
        aliases=_BY_BREAKS["LABEL"][change.breaks],
        severity=_severity(change.breaks),
        name=new.name,
        old=old.label,
        new=new.label,
    )


@change(JsonNameChanged)
def proto_json_name_changed(change: JsonNameChanged, options: Options) -> Iterator[Observation]:
    """A field with another name in JSON."""
    old, new = change.base, change.revision
    yield observe(
        new.place("json_name"),
        related=[(old.place("json_name"), "the old name")],
        identity=(new.name,),
        name=new.name,
        old=old.json_name,
        new=new.json_name,
    )


@change(OneofChanged)
def proto_oneof_changed(change: OneofChanged, options: Options) -> Iterator[Observation]:
    """Fields that moved into a oneof, out of one or between two."""
    old, new = change.base, change.revision
    names = ", ".join(f"'{field.name}'" for field in new)
    yield observe(
        new[0].place(),
        _MESSAGE_IDS[change.breaks],
        related=[(field.place(), "was here") for field in old],
        identity=tuple(field.name for field in new),
        aliases=["buf:FIELD_SAME_ONEOF"],
        severity=_severity(change.breaks),
        names=names,
        old=f"oneof '{old[0].oneof}'" if old[0].oneof else "no oneof",
        new=f"oneof '{new[0].oneof}'" if new[0].oneof else "no oneof",
    )


@change(RequiredFieldAdded)
def proto_required_field_added(change: RequiredFieldAdded, options: Options) -> Iterator[Observation]:
    """A new required field."""
    field = change.revision
    yield observe(
        field.place(),
        "default" if change.version is None else "version",
        identity=(field.name,),
        name=field.name,
        message=change.message.name,
        version=change.version,
    )
