"""The ways in which schemas of Avro change so that somebody cannot read; ``base`` is the older side."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from archlint.comparison.avro.resolution import Misfit, Mismatch
from archlint.comparison.terms import Readers
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.avro import AvroSchema, AvroType, place_of


@dataclass(frozen=True)
class DataRefused:
    """One difference that keeps readers of one side from what the other side wrote."""

    readers: Readers
    mismatch: Mismatch
    """How they do not fit; for both, as the newer reader sees it."""
    is_passed_by_registry: bool = False
    """Whether the verdict is the registry's, and it lets this pass."""
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""

    @property
    def base(self) -> AvroType:
        """The older type."""
        return self.mismatch.reader if self.readers is Readers.OLD else self.mismatch.writer

    @property
    def revision(self) -> AvroType:
        """The newer type."""
        return self.mismatch.writer if self.readers is Readers.OLD else self.mismatch.reader

    @property
    def told_as(self) -> tuple[Hashable, ...]:
        """What is one thing to mend in the newer schema, whatever the older one is."""
        mismatch, node = self.mismatch, self.revision.node
        return mismatch.misfit, node.document.path, node.route, mismatch.trail, mismatch.symbols

    @property
    def object(self) -> ObjectRef:
        """The record around it, else the type itself."""
        name = self.mismatch.trail[0] if self.mismatch.trail else getattr(self.base, "name", "")
        return ObjectRef("record" if self.mismatch.trail else "schema", name)

    def place(self) -> Place:
        """Where the newer schema is to be mended."""
        return place_of(self.revision)

    def was(self) -> Place:
        """The same in the older schema."""
        return place_of(self.base)


class FieldUnfilled(DataRefused):
    """A field that the reader wants and the writer does not write."""

    def place(self) -> Place:
        """The new field without a default, else the record that has lost it."""
        field = self.mismatch.field
        return super().place() if field is None or self.readers is Readers.OLD else field.name_place()

    def was(self) -> Place:
        """The record that does not have the field yet, else the field."""
        field = self.mismatch.field
        return field.name_place() if field is not None and self.readers is Readers.OLD else super().was()


class AvroTypeChanged(DataRefused):
    """A type that is not read as the other."""


class NameChanged(DataRefused):
    """A named type that is called otherwise, without an alias."""


class SymbolsUnknown(DataRefused):
    """Symbols of an enumeration that the reader does not know."""


class SizeChanged(DataRefused):
    """A fixed number of bytes that is another."""


class BranchMissing(DataRefused):
    """A type for which the reader's union has no branch."""


class DecimalChanged(DataRefused):
    """A decimal whose point stands elsewhere."""


class MeaningChanged(DataRefused):
    """A value that is read as it was written and taken for something else."""


CHANGES: Mapping[Misfit, type[DataRefused]] = {
    Misfit.FIELD: FieldUnfilled,
    Misfit.TYPE: AvroTypeChanged,
    Misfit.NAME: NameChanged,
    Misfit.SYMBOLS: SymbolsUnknown,
    Misfit.SIZE: SizeChanged,
    Misfit.BRANCH: BranchMissing,
    Misfit.DECIMAL: DecimalChanged,
    Misfit.MEANING: MeaningChanged,
}


@dataclass(frozen=True)
class SchemaRemoved:
    """A schema that no file has any more."""

    base: AvroSchema

    @property
    def object(self) -> ObjectRef:
        """The schema."""
        return self.base.object
