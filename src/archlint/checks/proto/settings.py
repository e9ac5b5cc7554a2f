"""Changes of options, features and defaults."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.protobuf.setting_changes import (
    EnumKindChanged,
    ExtensionRangeRemoved,
    ExtensionRemoved,
    FieldDefaultChanged,
    FieldOptionChanged,
    FileOptionChanged,
    IdempotencyChanged,
    JsonFormatChanged,
    MessageOptionChanged,
    OneofRemoved,
    SettingChanged,
    SyntaxChanged,
)
from archlint.finding import Severity
from archlint.finding.records import replace


def _told(change: SettingChanged) -> Observation:
    names = (*change.place.source.names(change.place.route), change.name)
    return observe(
        change.place,
        related=[(change.older, "as it was")],
        identity=names,
        aliases=[f"buf:{rule}" for rule in change.rules],
        name=change.name,
        old=change.old or "''",
        new=change.new or "''",
    )


@change(FileOptionChanged)
def proto_file_option_changed(change: FileOptionChanged, options: Options) -> Iterator[Observation]:
    """Generated code that lies elsewhere, or looks otherwise."""
    yield _told(change)


@change(SyntaxChanged)
def proto_syntax_changed(change: SyntaxChanged, options: Options) -> Iterator[Observation]:
    """A file in another syntax, with what that alone changes of its fields."""
    told = _told(change)
    if change.gained:
        count = len(change.gained)
        said = {"count": str(count), "noun": "field" if count == 1 else "fields", "field": change.gained[0]}
        said["other"] = change.others[0] if change.others else ""
        case = "presence_of_some" if change.others else "presence"
        told = replace(told, message_id=case, arguments={**told.arguments, **said}, severity=Severity.WARNING)
    yield told


@change(MessageOptionChanged)
def proto_message_option_changed(change: MessageOptionChanged, options: Options) -> Iterator[Observation]:
    """A message that is generated or written otherwise."""
    yield _told(change)


@change(FieldOptionChanged)
def proto_field_option_changed(change: FieldOptionChanged, options: Options) -> Iterator[Observation]:
    """A field that programs hold or check otherwise."""
    yield _told(change)


@change(FieldDefaultChanged)
def proto_default_changed(change: FieldDefaultChanged, options: Options) -> Iterator[Observation]:
    """A field that reads otherwise where nobody set it."""
    yield _told(change)


@change(OneofRemoved)
def proto_oneof_removed(change: OneofRemoved, options: Options) -> Iterator[Observation]:
    """A oneof whose generated code is gone."""
    yield _told(change)


@change(ExtensionRemoved)
def proto_extension_removed(change: ExtensionRemoved, options: Options) -> Iterator[Observation]:
    """An extension that is gone."""
    yield _told(change)


@change(ExtensionRangeRemoved)
def proto_extension_range_removed(change: ExtensionRangeRemoved, options: Options) -> Iterator[Observation]:
    """Numbers that others may have taken for their extensions."""
    yield _told(change)


@change(EnumKindChanged)
def proto_enum_kind_changed(change: EnumKindChanged, options: Options) -> Iterator[Observation]:
    """An enum that keeps unknown numbers, or no longer."""
    yield _told(change)


@change(JsonFormatChanged)
def proto_json_format_changed(change: JsonFormatChanged, options: Options) -> Iterator[Observation]:
    """A message or enum that may not be written as JSON any more."""
    yield _told(change)


@change(IdempotencyChanged)
def proto_idempotency_changed(change: IdempotencyChanged, options: Options) -> Iterator[Observation]:
    """A method that clients may repeat, or no longer."""
    yield _told(change)
