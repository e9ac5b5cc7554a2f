"""Records of which no value can be written, as each holds another of its kind."""

from __future__ import annotations

from archlint.model.avro.reading import SchemaReading
from archlint.model.avro.types import AvroType, Record, RecordField, TypeReference, Union
from archlint.model.graph.cycles import strongly_connected


def endless_fields(reading: SchemaReading) -> list[tuple[Record, RecordField]]:
    """The records of a document that hold themselves, with nothing on the way that may be empty, each with
    the field through which it does."""
    inner: dict[str, dict[str, RecordField]] = {
        name: {held.name: each for each in named.fields if (held := _held(each.type, reading)) is not None}
        for name, named in reading.named.items()
        if isinstance(named, Record)
    }
    circles = [
        circle
        for circle in strongly_connected(inner)
        if len(circle) > 1 or any(name in inner[name] for name in circle)
    ]
    found = []
    for name, fields in inner.items():
        circle = next((each for each in circles if name in each), frozenset())
        record = reading.named[name]
        through = next((field for held, field in fields.items() if held in circle), None)
        if through is not None and isinstance(record, Record):
            found.append((record, through))
    return found


def _held(type_: AvroType, reading: SchemaReading) -> Record | None:
    """The record that every value of a type holds at once; ``None`` if it may go without one."""
    if isinstance(type_, Union):
        return _held(type_.branches[0], reading) if len(type_.branches) == 1 else None
    if isinstance(type_, TypeReference):
        meant = reading.named.get(type_.name) or reading.named.get(type_.fallback)
        return meant if isinstance(meant, Record) else None
    return type_ if isinstance(type_, Record) else None
