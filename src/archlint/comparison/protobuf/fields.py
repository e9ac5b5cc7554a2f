"""Changes inside a message that exists on both sides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from difflib import SequenceMatcher
from typing import TypeVar

from archlint.comparison.protobuf.changes import (
    Breaks,
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
from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.narrowing import narrowing
from archlint.comparison.protobuf.setting_changes import FieldDefaultChanged
from archlint.comparison.protobuf.types import label_breaks, type_breaks
from archlint.comparison.worlds import Change
from archlint.model.protobuf import EnumValue, Field, Label, Message, Reserved

_WITHOUT_DEFAULT = frozenset({"message", "group"})
_REPEATS = frozenset({Label.REPEATED, Label.MAP})
_ZEROS = {"string": "", "bytes": "", "bool": "false"}

_TOGETHER = 16
"""So many are reserved by one edit; as each of them tells it, more would make long reports of long lists."""
P = TypeVar("P", Field, EnumValue)

_SIMILAR = 0.6
"""Names at least this much alike (``difflib`` ratio) are taken for a rename, others for a new use of the
number."""


def compare_messages(base: Message, revision: Message, matching: Matching) -> Iterator[Change]:
    """All changes of a message's fields and reservations."""
    numbers = {field.number: field for field in revision.fields}
    names = {field.name: field for field in revision.fields}
    old_names = {field.name: field for field in base.fields}
    beside = together(base.fields, set(numbers), set(names))
    reused: set[str] = set()
    moved: list[tuple[Field, Field]] = []
    kept: list[tuple[Field, Field]] = []
    for field in base.fields:
        same_number, same_name = numbers.get(field.number), names.get(field.name)
        if same_number is not None and same_number.name == field.name:
            kept.append((field, same_number))
            yield from compare_fields(field, same_number, revision, matching)
        elif same_name is not None:
            moved.append((field, same_name))
        elif same_number is None:
            yield FieldRemoved(revision, field, beside[field.number])
            if field.label is not Label.REQUIRED and revision.reserved.holds(field.number, field.name):
                yield JsonNameForgotten(revision, field)
        elif same_number.name not in old_names and _is_rename(field, same_number, matching):
            kept.append((field, same_number))
            yield FieldRenamed(revision, field, same_number)
        else:
            reused.add(same_number.name)
            yield FieldNumberReused(revision, field, same_number)
    for older, newer in moved:
        if newer.name not in reused:
            taken_by = numbers.get(older.number)
            yield FieldNumberChanged(revision, older, newer, taken_by.name if taken_by else "")
    yield from _oneof_changes(kept, base, revision)
    yield from _additions(base, revision)
    freed = freed_reservations(base.reserved, revision.reserved, numbers, names)
    if freed is not None:
        yield ReservationRemoved(base, revision, freed)


def together(older: Sequence[P], numbers: Set[int], names: Set[str]) -> dict[int, tuple[P, ...]]:
    """Those whose number and name are gone, by number, each with some that are next to it."""
    gone = [item for item in older if item.number not in numbers and item.name not in names]
    groups = [tuple(gone[at : at + _TOGETHER]) for at in range(0, len(gone), _TOGETHER)]
    return {item.number: group for group in groups for item in group}


def compare_fields(base: Field, revision: Field, message: Message, matching: Matching) -> Iterator[Change]:
    """What is another in a field that both revisions have, its name aside."""
    label = label_breaks(base, revision, matching)
    if label is not None:
        yield FieldLabelChanged(message, base, revision, label)
    is_map = Label.MAP in (base.label, revision.label)
    type_ = None if label is not None and is_map else type_breaks(base, revision, matching)
    if type_ is not None:
        lost = narrowing(base, revision, matching) if type_ is not Breaks.WIRE else None
        yield FieldTypeChanged(message, base, revision, type_, lost)
    if base.json_name != revision.json_name and not base.extendee:
        yield JsonNameChanged(message, base, revision)
    if type_ is None:
        yield from _default(base, revision, message, matching)


def _default(base: Field, revision: Field, message: Message, matching: Matching) -> Iterator[Change]:
    """What the field reads as where nobody set it; nothing is told of what is read from unknown enums."""
    if base.type != revision.type or base.type in _WITHOUT_DEFAULT or _REPEATS & {base.label, revision.label}:
        return
    old, new = _default_of(base, matching, is_new=False), _default_of(revision, matching, is_new=True)
    if None not in (old, new) and old != new:
        place = revision.place("default" if revision.default else None)
        was, now = str(base.default or old), str(revision.default or new)
        if was == now:  # one name of an enum, with another number
            was, now = f"{was} = {old}", f"{now} = {new}"
        yield FieldDefaultChanged(
            message.object,
            place,
            base.place("default" if base.default else None),
            revision.name,
            was,
            now,
            ("FIELD_SAME_DEFAULT",),
        )


def _default_of(field: Field, matching: Matching, *, is_new: bool) -> str | None:
    """The default as text, of an enum the number; ``None`` if the enum is not known."""
    if field.type != "enum":
        return field.default or _ZEROS.get(field.type, "0")
    enum = matching.enum(field.type_name, is_new=is_new)
    if enum is None or not enum.values:
        return None
    if not field.default:
        return str(enum.values[0].number)
    return next((str(value.number) for value in enum.values if value.name == field.default), None)


def _is_rename(base: Field, revision: Field, matching: Matching) -> bool:
    """Whether a field with another name under the same number is still the same field."""
    if base.label is not revision.label or type_breaks(base, revision, matching) is not None:
        return False
    if base.json_name == revision.json_name:
        return True
    old, new = base.name.lower(), revision.name.lower()
    words = {word for word in old.split("_") if len(word) > 2}
    return (
        bool(words & set(new.split("_")))
        or SequenceMatcher(None, old, new, autojunk=False).ratio() >= _SIMILAR
    )


def _additions(base: Message, revision: Message) -> Iterator[Change]:
    """New fields that use what was reserved, or that are required."""
    numbers = {field.number for field in base.fields}
    names = {field.name for field in base.fields}
    for field in revision.fields:
        if field.number in numbers or field.name in names:
            continue
        if base.reserved.has_number(field.number) or field.name in base.reserved.names:
            yield FieldNumberReused(revision, None, field)
        elif field.label is Label.REQUIRED:
            yield RequiredFieldAdded(revision, field)


def _oneof_changes(kept: Iterable[tuple[Field, Field]], base: Message, revision: Message) -> Iterator[Change]:
    """One change for each pair of oneofs (or none) between which fields moved."""
    moves: dict[tuple[str | None, str | None], list[tuple[Field, Field]]] = defaultdict(list)
    origins: dict[str | None, Counter[str | None]] = defaultdict(Counter)
    for older, newer in kept:
        repeats = {older.label, newer.label} & {Label.REPEATED, Label.MAP}
        origins[newer.oneof][older.oneof] += 1
        if older.oneof != newer.oneof and not repeats and older.name == newer.name:
            moves[older.oneof, newer.oneof].append((older, newer))
    for (source, target), pairs in moves.items():
        if (
            source is not None
            and target is not None
            and source not in revision.oneofs
            and target not in base.oneofs
        ):
            continue  # the oneof has another name, which nobody sends
        breaks = Breaks.WIRE if _excludes(source, target, origins) else Breaks.SOURCE
        yield OneofChanged(revision, tuple(old for old, _ in pairs), tuple(new for _, new in pairs), breaks)


def _excludes(
    source: str | None, target: str | None, origins: Mapping[str | None, Counter[str | None]]
) -> bool:
    """Whether fields that could be set together before are in one oneof now."""
    if target is None:
        return False
    together = origins[target]
    return len(together) > 1 or (source is None and together[None] > 1)


def freed_reservations(
    base: Reserved, revision: Reserved, numbers: Iterable[int], names: Iterable[str]
) -> Reserved | None:
    """What was reserved and is now neither reserved nor used."""
    cover = sorted([*revision.ranges, *((number, number) for number in numbers)])
    ranges = tuple(part for first, last in base.ranges for part in uncovered(first, last, cover))
    freed = base.names - revision.names - set(names)
    return Reserved(ranges, frozenset(freed)) if ranges or freed else None


def uncovered(first: int, last: int, cover: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a range that none of the sorted ranges covers."""
    for start, end in cover:
        if end < first:
            continue
        if start > last:
            break
        if start > first:
            yield first, start - 1
        first = end + 1
    if first <= last:
        yield first, last
