"""Which changes of events in protos break what is promised: by whose reading counts.

Calls go both ways, so that messages which methods use are compared for both sides, whatever is promised of
events; so are files of which nothing was said: ``BACKWARD`` as the default promises no less than before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.comparison.protobuf import changes as of
from archlint.comparison.protobuf.events import holds_events
from archlint.comparison.protobuf.narrowing import is_held
from archlint.comparison.protobuf.usage import usage_of
from archlint.comparison.terms import ComparisonTerms, Compatibility, Readers
from archlint.comparison.worlds import Change
from archlint.model.protobuf import Enum, Field, Label, Message, ProtoSchema


def as_promised(
    changes: Iterable[Change], schemas: Sequence[ProtoSchema], terms: ComparisonTerms
) -> Iterator[Change]:
    """The changes without those that harm none of the readers who count."""
    if terms.compatibility is Compatibility.BACKWARD and not terms.subjects:
        yield from changes
        return
    called: frozenset[str] | None = None
    known: dict[str, Compatibility | None] = {}
    for change in changes:
        holder = _holder(change)
        if holder is not None:
            path = holder.source.path
            if path not in known:
                known[path] = _promised(holder, terms)
            promised = known[path]
            if promised is not None and _readers(change).isdisjoint(_counting(promised)):
                if called is None:
                    usage = usage_of(schemas)
                    called = usage.sent | usage.received
                if holder.full_name not in called:
                    continue
        yield change


def _holder(change: Change) -> Message | Enum | None:
    """The message or enum whose data a change is about."""
    if isinstance(change, of.InMessage):
        return change.message
    if isinstance(change, of.InEnum):
        return change.enum
    if isinstance(change, of.JsonNameForgotten):
        return change.holder
    return change.revision if isinstance(change, of.ReservationRemoved) else None


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
    if isinstance(change, of.RequiredFieldAdded):
        return {Readers.NEW}
    if isinstance(change, of.FieldRemoved):
        is_only_missed = change.is_number_reserved and change.is_name_reserved
        return {Readers.OLD} if is_only_missed and change.base.label is Label.REQUIRED else both
    if isinstance(change, of.FieldLabelChanged):
        labels = {change.base.label, change.revision.label}
        if Label.REQUIRED not in labels or labels & {Label.REPEATED, Label.MAP}:
            return both
        return {Readers.OLD if change.base.label is Label.REQUIRED else Readers.NEW}
    if isinstance(change, of.FieldTypeChanged) and change.breaks is not of.Breaks.WIRE:
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
