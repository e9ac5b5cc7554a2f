"""Changes of what options, features and defaults say."""

from __future__ import annotations

from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass


@dataclass(frozen=True)
class SettingChanged:
    """Something that is set, here or by default, and says something else now."""

    object: ObjectRef | None
    place: Place
    """Where it is set in the revision, else what it is about."""
    older: Place
    name: str
    """The name of the option, or of what has it."""
    old: str
    new: str
    rules: tuple[str, ...]
    """Ids of buf's rules about it."""


class FileOptionChanged(SettingChanged):
    """An option of a file that decides about generated code."""


@dataclass(frozen=True)
class SyntaxChanged(SettingChanged):
    """A file in another syntax or edition."""

    gained: tuple[str, ...] = ()
    """Fields that know whether they are set by this alone."""
    others: tuple[str, ...] = ()
    """Further fields of the file that would lose what they know if the whole file were told otherwise."""


class MessageOptionChanged(SettingChanged):
    """An option of a message."""


class FieldOptionChanged(SettingChanged):
    """An option or feature of a field that decides how programs hold it."""


class FieldDefaultChanged(SettingChanged):
    """What a field reads as that nobody set."""


class OneofRemoved(SettingChanged):
    """A oneof that is gone, or has another name."""


class ExtensionRemoved(SettingChanged):
    """An extension of which neither number nor name is left."""


class ExtensionRangeRemoved(SettingChanged):
    """Numbers of a message that were open to extensions."""


class EnumKindChanged(SettingChanged):
    """An enum that was open to unknown numbers and is closed, or the other way round."""


class JsonFormatChanged(SettingChanged):
    """A message or enum whose form in JSON is no longer promised."""


class IdempotencyChanged(SettingChanged):
    """A method that may be called again, or no longer."""
