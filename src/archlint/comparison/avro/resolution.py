"""What of the data that was written with one Avro schema cannot be read with another.

The judgement follows the rules of resolution alone: there is a mismatch if and only if some value that the
writer's schema allows is refused by a reader. Source: Apache Avro 1.12, specification, "Schema Resolution"
and "Aliases" (https://avro.apache.org/docs/1.12.0/specification/#schema-resolution).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from enum import StrEnum

from archlint.finding.records import dataclass
from archlint.model.avro import (
    ArrayType,
    AvroType,
    EnumType,
    FixedType,
    Lookup,
    MapType,
    NamedType,
    Primitive,
    Record,
    RecordField,
    TypeReference,
    Union,
    Unreadable,
    simple_name,
)

_PROMOTIONS = {
    "int": frozenset({"long", "float", "double"}),
    "long": frozenset({"float", "double"}),
    "float": frozenset({"double"}),
    "string": frozenset({"bytes"}),
    "bytes": frozenset({"string"}),
}
"""What a reader may take a primitive type for."""


_OPEN = (Union, TypeReference, Unreadable)
"""What may turn out to be any type."""


class Misfit(StrEnum):
    """The ways in which what is written does not fit what is read, as registries of schemas call them."""

    TYPE = "TYPE_MISMATCH"
    NAME = "NAME_MISMATCH"
    FIELD = "READER_FIELD_MISSING_DEFAULT_VALUE"
    SYMBOLS = "MISSING_ENUM_SYMBOLS"
    SIZE = "FIXED_SIZE_MISMATCH"
    BRANCH = "MISSING_UNION_BRANCH"
    DECIMAL = "DECIMAL_MISMATCH"
    """Numbers that would be read as others: registries do not look at it, the specification lets nobody read
    them."""
    MEANING = "LOGICAL_TYPE_MISMATCH"
    """Values that are read and mean something else, such as milliseconds that are taken for microseconds."""


@dataclass(frozen=True)
class Mismatch:
    """One thing that a reader refuses."""

    misfit: Misfit
    writer: AvroType
    """What is written; where a field is missing, the record without it."""
    reader: AvroType
    """What is expected."""
    trail: tuple[str, ...]
    """The record around it by full name, the field, and ``[]`` for items and ``{}`` for values in it."""
    field: RecordField | None = None
    """The field of the reader that lacks a default."""
    symbols: tuple[str, ...] = ()
    """Symbols that the reader does not know."""


@dataclass
class Resolution:
    """All that a reader refuses, and what could not be judged."""

    mismatches: list[Mismatch] = field(default_factory=list)
    unknown: list[TypeReference] = field(default_factory=list)
    """Names on either side that nothing defines."""


def resolve(pairs: Iterable[tuple[AvroType, AvroType]], written: Lookup, read: Lookup) -> Resolution:
    """Hold schemas that data was written with against those it is read with; what several share is told once.

    ``written`` and ``read`` say what names mean on each side. Takes time linear in the pairs of definitions
    that meet, and ends for types that contain themselves.
    """
    return _Resolver(written, read).run(pairs)


_Pair = tuple[AvroType, AvroType, tuple[str, ...]]


class _Resolver:
    def __init__(self, written: Lookup, read: Lookup) -> None:
        self._written = written
        self._read = read
        self._result = Resolution()
        self._met: set[tuple[int, int]] = set()

    def run(self, pairs: Iterable[tuple[AvroType, AvroType]]) -> Resolution:
        for writer, reader in pairs:
            waiting: list[_Pair] = [(writer, reader, ())]
            while waiting:
                waiting.extend(self._step(*waiting.pop()))
        return self._result

    def _step(self, writer: AvroType, reader: AvroType, trail: tuple[str, ...]) -> Iterator[_Pair]:
        """What is refused at a pair; gives the pairs below it."""
        met = self._meaning(writer, self._written), self._meaning(reader, self._read)
        writer, reader = met
        if isinstance(writer, (TypeReference, Unreadable)) or isinstance(reader, (TypeReference, Unreadable)):
            self._result.unknown += [each for each in met if isinstance(each, TypeReference)]
        elif isinstance(writer, Union):
            yield from ((branch, reader, trail) for branch in writer.branches)
        elif isinstance(reader, Union):
            branch = self._branch(writer, reader)
            if branch is None:
                self._refuse(Misfit.BRANCH, writer, reader, trail)
            else:
                yield writer, branch, trail
        elif isinstance(writer, Record) and isinstance(reader, Record):
            yield from self._records(writer, reader, trail)
        elif isinstance(writer, ArrayType) and isinstance(reader, ArrayType):
            yield writer.items, reader.items, (*trail, "[]")
        elif isinstance(writer, MapType) and isinstance(reader, MapType):
            yield writer.values, reader.values, (*trail, "{}")
        else:
            self._leaves(writer, reader, trail)

    def _records(self, writer: Record, reader: Record, trail: tuple[str, ...]) -> Iterator[_Pair]:
        if (id(writer), id(reader)) in self._met:
            return
        self._met.add((id(writer), id(reader)))
        if not _same_name(writer, reader):
            self._refuse(Misfit.NAME, writer, reader, trail)
            return
        fields = {each.name: each for each in writer.fields}
        for expected in reader.fields:
            names = (expected.name, *expected.aliases)
            given = next((fields[name] for name in names if name in fields), None)
            if given is not None:
                yield given.type, expected.type, (reader.name, expected.name)
            elif not expected.has_default:
                found = Mismatch(Misfit.FIELD, writer, reader, (reader.name, expected.name), expected)
                self._result.mismatches.append(found)

    def _leaves(self, writer: AvroType, reader: AvroType, trail: tuple[str, ...]) -> None:
        """Types in which no others stand."""
        if isinstance(writer, Primitive) and isinstance(reader, Primitive):
            if not _reads(writer.name, reader.name):
                self._refuse(Misfit.TYPE, writer, reader, trail)
            else:
                self._meanings(writer, reader, trail)
        elif isinstance(writer, EnumType) and isinstance(reader, EnumType):
            self._enums(writer, reader, trail)
        elif isinstance(writer, FixedType) and isinstance(reader, FixedType):
            if not _same_name(writer, reader):
                self._refuse(Misfit.NAME, writer, reader, trail)
            elif writer.size != reader.size:
                self._refuse(Misfit.SIZE, writer, reader, trail)
            else:
                self._meanings(writer, reader, trail)
        else:
            self._refuse(Misfit.TYPE, writer, reader, trail)

    def _meanings(
        self, writer: Primitive | FixedType, reader: Primitive | FixedType, trail: tuple[str, ...]
    ) -> None:
        """What values stand for: where only one side says it, the other may know."""
        old, new = writer.logical, reader.logical
        if old is None or new is None or old == new:
            return
        if old.name != "decimal" or new.name != "decimal":
            self._refuse(Misfit.MEANING, writer, reader, trail)
        elif old.scale != new.scale or (old.precision or 0) > (new.precision or 0):
            self._refuse(Misfit.DECIMAL, writer, reader, trail)

    def _enums(self, writer: EnumType, reader: EnumType, trail: tuple[str, ...]) -> None:
        if not _same_name(writer, reader):
            self._refuse(Misfit.NAME, writer, reader, trail)
            return
        known = set(reader.symbols)
        missing = tuple(symbol for symbol in writer.symbols if symbol not in known)
        if missing and reader.default is None:
            self._refuse(Misfit.SYMBOLS, writer, reader, trail, missing)

    def _refuse(
        self,
        misfit: Misfit,
        writer: AvroType,
        reader: AvroType,
        trail: tuple[str, ...],
        symbols: tuple[str, ...] = (),
    ) -> None:
        self._result.mismatches.append(Mismatch(misfit, writer, reader, trail, symbols=symbols))

    def _branch(self, writer: AvroType, reader: Union) -> AvroType | None:
        """The branch of the reader that values of the writer are read with.

        The one of the very same type or full name before others, as Avro's library takes it; else the first
        that matches.
        """
        branches = [self._meaning(branch, self._read) for branch in reader.branches]
        unknown = next((each for each in branches if isinstance(each, (TypeReference, Unreadable))), None)
        for is_match in (_is_same, self._matches):
            for branch in branches:
                if is_match(writer, branch):
                    return branch
        return unknown

    def _matches(self, writer: AvroType, reader: AvroType) -> bool:
        """Whether a reader takes a type for its own, before it looks into records."""
        writer, reader = self._meaning(writer, self._written), self._meaning(reader, self._read)
        if isinstance(writer, _OPEN) or isinstance(reader, _OPEN):
            return True
        if isinstance(writer, ArrayType) and isinstance(reader, ArrayType):
            return self._matches(writer.items, reader.items)
        if isinstance(writer, MapType) and isinstance(reader, MapType):
            return self._matches(writer.values, reader.values)
        if isinstance(writer, Primitive) and isinstance(reader, Primitive):
            return _reads(writer.name, reader.name)
        if isinstance(writer, FixedType) and isinstance(reader, FixedType):
            return writer.size == reader.size and _same_name(writer, reader)
        if isinstance(writer, NamedType) and isinstance(reader, NamedType):
            return type(writer) is type(reader) and _same_name(writer, reader)
        return False

    def _meaning(self, type_: AvroType, lookup: Lookup) -> AvroType:
        if isinstance(type_, TypeReference):
            return lookup(type_) or type_
        return type_


def _reads(writer: str, reader: str) -> bool:
    return writer == reader or reader in _PROMOTIONS.get(writer, ())


def _is_same(writer: AvroType, reader: AvroType) -> bool:
    """Whether two types are one primitive type, or of one kind and one full name."""
    if isinstance(writer, Primitive) and isinstance(reader, Primitive):
        return writer.name == reader.name
    return isinstance(writer, NamedType) and type(writer) is type(reader) and writer.name == reader.name


def _same_name(writer: NamedType, reader: NamedType) -> bool:
    """Whether a reader takes a definition for its own: by the last part of the name, or by an alias."""
    return simple_name(writer.name) == simple_name(reader.name) or writer.name in reader.aliases
