"""Changes of schemas of Avro after which data is not read any more, or taken for something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.avro import (
    AvroTypeChanged,
    BranchMissing,
    DataRefused,
    DecimalChanged,
    FieldUnfilled,
    MeaningChanged,
    NameChanged,
    SchemaRemoved,
    SizeChanged,
    SymbolsUnknown,
)
from archlint.comparison.terms import Readers
from archlint.finding import Severity
from archlint.finding.words import as_it_was, listed, quoted
from archlint.model.avro import AvroType, FixedType, simple_name, worded

_AROUND = {"[]": "the items of", "{}": "the values of"}


@change(FieldUnfilled)
def avro_field_without_default(change: FieldUnfilled, options: Options) -> Iterator[Observation]:
    """A field that readers want, that is not written, and for which they have nothing to take instead."""
    field = change.mismatch.field
    yield _observed(change, field="" if field is None else field.name, record=_record(change))


@change(AvroTypeChanged)
def avro_type_changed(change: AvroTypeChanged, options: Options) -> Iterator[Observation]:
    """A type that is not read as the other, also as a branch of a union that only writers have."""
    is_branch = change.readers is not Readers.BOTH and _is_branch(change.mismatch.writer)
    yield _observed(
        change, "-branch" if is_branch else "", old=worded(change.base), new=worded(change.revision)
    )


@change(BranchMissing)
def avro_branch_missing(change: BranchMissing, options: Options) -> Iterator[Observation]:
    """A type for which the union of the reader has no branch."""
    mismatch = change.mismatch
    yield _observed(change, written=worded(mismatch.writer), read=worded(mismatch.reader))


@change(NameChanged)
def avro_name_changed(change: NameChanged, options: Options) -> Iterator[Observation]:
    """A record, enumeration or fixed that readers do not take for their own."""
    yield _observed(change, old=worded(change.base), new=worded(change.revision))


@change(SymbolsUnknown)
def avro_symbol_unknown(change: SymbolsUnknown, options: Options) -> Iterator[Observation]:
    """Symbols that are written and that the reader does not have."""
    symbols = change.mismatch.symbols
    yield _observed(change, symbols=listed(quoted(symbols), 5), enum=simple_name(worded(change.revision)))


@change(SizeChanged)
def avro_size_changed(change: SizeChanged, options: Options) -> Iterator[Observation]:
    """A fixed number of bytes that is another."""
    old, new = change.base, change.revision
    sizes = [each.size if isinstance(each, FixedType) else 0 for each in (old, new)]
    yield _observed(change, name=simple_name(worded(new)), old=sizes[0], new=sizes[1])


@change(DecimalChanged)
def avro_decimal_changed(change: DecimalChanged, options: Options) -> Iterator[Observation]:
    """Numbers whose point stands elsewhere."""
    yield _observed(change, old=worded(change.base), new=worded(change.revision))


@change(MeaningChanged)
def avro_meaning_changed(change: MeaningChanged, options: Options) -> Iterator[Observation]:
    """Values that are read and taken for something else."""
    yield _observed(change, old=worded(change.base), new=worded(change.revision))


@change(SchemaRemoved)
def avro_schema_removed(change: SchemaRemoved, options: Options) -> Iterator[Observation]:
    """A schema that nothing defines any more."""
    yield observe(change.base.place(), identity=(change.base.name,), name=change.base.name)


def _is_branch(type_: AvroType) -> bool:
    """Whether a type stands in a union; what stands in the list of a protocol is no branch."""
    *_, home, last = ("", "", *type_.node.route)
    return isinstance(last, int) and home != "types"


def _observed(change: DataRefused, kind: str = "", **arguments: Any) -> Observation:
    misfit = change.mismatch.misfit
    return observe(
        change.place(),
        f"{change.readers}{kind}",
        related=[(change.was(), as_it_was(change.version))],
        identity=(misfit, *change.mismatch.trail[1:], str(change.readers)),
        severity=Severity.INFO if change.is_passed_by_registry else None,
        where=_where(change.mismatch.trail, change),
        **arguments,
    )


def _where(trail: tuple[str, ...], change: DataRefused) -> str:
    """In words where in the schema it is: the record and field, and whether it is an item in it."""
    if len(trail) < 2:
        around = [_AROUND[part] for part in trail if part in _AROUND]
        return " ".join([*around, f"schema '{simple_name(worded(change.base))}'"])
    around = [_AROUND[part] for part in reversed(trail[2:])]
    return " ".join([*around, f"field '{trail[1]}' of '{simple_name(trail[0])}'"])


def _record(change: DataRefused) -> str:
    return simple_name(change.mismatch.trail[0])
