"""Event schemas of Apache Avro: types, what is no schema, and which file defines a name."""

from archlint.model.avro.defaults import Lookup, WrongDefault, accepts, wrong_parts
from archlint.model.avro.endless import EndlessField, endless_fields, endless_records
from archlint.model.avro.reading import SchemaProblem, SchemaReading, read_schema
from archlint.model.avro.schemas import AvroSchema, Definitions
from archlint.model.avro.types import (
    PRIMITIVES,
    ArrayType,
    AvroType,
    EnumType,
    FixedType,
    LogicalType,
    MapType,
    NamedType,
    Primitive,
    Record,
    RecordField,
    TypeReference,
    Union,
    Unreadable,
    place_of,
    simple_name,
)
from archlint.model.avro.wording import worded

__all__ = [
    "PRIMITIVES",
    "ArrayType",
    "AvroSchema",
    "AvroType",
    "Definitions",
    "EndlessField",
    "EnumType",
    "FixedType",
    "LogicalType",
    "Lookup",
    "MapType",
    "NamedType",
    "Primitive",
    "Record",
    "RecordField",
    "SchemaProblem",
    "SchemaReading",
    "TypeReference",
    "Union",
    "Unreadable",
    "WrongDefault",
    "accepts",
    "endless_fields",
    "endless_records",
    "place_of",
    "read_schema",
    "simple_name",
    "worded",
    "wrong_parts",
]
