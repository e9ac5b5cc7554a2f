"""Which changes of events in protos break what is promised: by whose reading counts.

Calls go both ways, so that messages which methods use are compared for both sides, whatever is promised of
events; so are files of which nothing was said: ``BACKWARD`` as the default promises no less than before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.comparison.protobuf.changes import (
    Breaks,
    EnumValueChanged,
    EnumValueRemoved,
    FieldLabelChanged,
    FieldNumberChanged,
    FieldNumberReused,
    FieldRemoved,
    FieldRenamed,
    FieldTypeChanged,
    JsonNameChanged,
    JsonNameForgotten,
    OneofChanged,
    RequiredFieldAdded,
    ReservationRemoved,
)
from archlint.comparison.protobuf.events import holds_events
from archlint.comparison.protobuf.narrowing import is_held
from archlint.comparison.protobuf.usage import usage_of
from archlint.comparison.terms import ComparisonTerms, Compatibility, Readers
from archlint.comparison.worlds import Change
from archlint.model.protobuf import Enum, Field, Label, Message, ProtoSchema

_OF_MESSAGE = (
    *(FieldRemoved, FieldNumberReused, FieldNumberChanged, FieldRenamed, FieldTypeChanged),
    *(FieldLabelChanged, JsonNameChanged, OneofChanged, RequiredFieldAdded),
)
_OF_ENUM = (EnumValueRemoved, EnumValueChanged)


def as_promised(
    changes: Iterable[Change], schemas: Sequence[ProtoSchema], terms: ComparisonTerms
) -> Iterator[Change]:
    """The changes without those that harm none of the readers who count."""
    called: frozenset[str] | None = None
    for change in changes:
        holder = _holder(change)
        promised = None if holder is None else _promised(holder, terms)
        if holder is not None and promised is not None:
            if called is None:
                usage = usage_of(schemas)
                called = usage.sent | usage.received
            is_kept = holder.full_name in called or not _readers(change).isdisjoint(_counting(promised))
            if not is_kept:
                continue
        yield change


def _holder(change: Change) -> Message | Enum | None:
    """The message or enum whose data a change is about."""
    if isinstance(change, _OF_MESSAGE):
        return change.message
    if isinstance(change, _OF_ENUM):
        return change.enum
    if isinstance(change, JsonNameForgotten):
        return change.holder
    return change.revision if isinstance(change, ReservationRemoved) else None


def _promised(holder: Message | Enum, terms: ComparisonTerms) -> Compatibility | None:
    """What the configuration says of the events in a file; None if nothing is said of it."""
    path, package = holder.source.path, holder.source.descriptor.package
    is_said = terms.compatibility is not Compatibility.BACKWARD and holds_events(path, package, terms)
    return terms.compatibility_of(path, package) if is_said or terms.is_subject(path, package) else None


def _counting(promised: Compatibility) -> set[Readers]:
    backward = {Readers.NEW} if promised.is_backward else set()
    return backward | ({Readers.OLD} if promised.is_forward else set())


def _readers(change: Change) -> set[Readers]:
    """Who misreads what the other side writes; both where that is not certain."""
    both = {Readers.NEW, Readers.OLD}
    if isinstance(change, RequiredFieldAdded):
        return {Readers.NEW}
    if isinstance(change, FieldRemoved):
        is_only_missed = change.is_number_reserved and change.is_name_reserved
        return {Readers.OLD} if is_only_missed and change.base.label is Label.REQUIRED else both
    if isinstance(change, FieldLabelChanged):
        labels = {change.base.label, change.revision.label}
        if Label.REQUIRED not in labels or labels & {Label.REPEATED, Label.MAP}:
            return both
        return {Readers.OLD if change.base.label is Label.REQUIRED else Readers.NEW}
    if isinstance(change, FieldTypeChanged) and change.breaks is not Breaks.WIRE:
        return _losing(change.base, change.revision) or both
    return both


def _losing(old: Field, new: Field) -> set[Readers]:
    """Who gets numbers that his type does not hold, where both are whole numbers that are sent alike."""
    ends = ((old, new, Readers.NEW), (new, old, Readers.OLD))
    if old.key_type != new.key_type:
        return set()
    held = [(is_held(writer.type, reader.type), readers) for writer, reader, readers in ends]
    return (
        set() if None in (found for found, _ in held) else {readers for found, readers in held if not found}
    )
