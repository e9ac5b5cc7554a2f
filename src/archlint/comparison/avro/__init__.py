"""Changes between two revisions of schemas of Apache Avro."""

from archlint.comparison.avro.changes import (
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
from archlint.comparison.avro.compare import compare

__all__ = [
    "AvroTypeChanged",
    "BranchMissing",
    "DataRefused",
    "DecimalChanged",
    "FieldUnfilled",
    "MeaningChanged",
    "NameChanged",
    "SchemaRemoved",
    "SizeChanged",
    "SymbolsUnknown",
    "compare",
]
