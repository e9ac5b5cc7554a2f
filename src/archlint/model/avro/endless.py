"""Records of which no value can be written, as each holds another of its kind."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.finding.records import dataclass
from archlint.model.avro.defaults import Lookup
from archlint.model.avro.schemas import AvroSchema, Definitions
from archlint.model.avro.types import AvroType, Record, RecordField, TypeReference, Union
from archlint.model.graph.cycles import strongly_connected
from archlint.model.world import World


@dataclass(frozen=True)
class EndlessField:
    """A field through which a record holds itself, with nothing on the way that may be empty."""

    record: Record
    field: RecordField
    further: RecordField
    """The one through which the record in it leads on, back to the first."""


def endless_fields(records: Iterable[Record], lookup: Lookup) -> list[EndlessField]:
    """One field of each of the records that hold themselves."""
    known = {_key(record): record for record in records}
    inner: dict[str, dict[str, RecordField]] = {}
    for key, record in known.items():
        inner[key] = {}
        for field in record.fields:
            held = _held(field.type, lookup)
            if held is not None:
                inner[key].setdefault(_key(held), field)
    circles = {key: number for number, circle in enumerate(strongly_connected(inner)) for key in circle}
    through: dict[str, tuple[str, RecordField]] = {}
    for key, fields in inner.items():
        leading = (each for each in fields.items() if circles.get(each[0]) == circles[key])
        if (first := next(leading, None)) is not None:
            through[key] = first
    return [EndlessField(known[key], field, through[held][1]) for key, (held, field) in through.items()]


def _key(record: Record) -> str:
    return f"{record.node.document.path}\n{record.name}"


def _held(type_: AvroType, lookup: Lookup) -> Record | None:
    """The record that every value of a type holds at once; ``None`` if it may go without one."""
    if isinstance(type_, Union):
        return _held(type_.branches[0], lookup) if len(type_.branches) == 1 else None
    meant = lookup(type_) if isinstance(type_, TypeReference) else type_
    return meant if isinstance(meant, Record) else None


def endless_records(world: World) -> dict[str, list[EndlessField]]:
    """By file the fields through which its records hold themselves; ask with ``world.fact``."""
    named = (each for schema in world.all(AvroSchema) for each in schema.reading.named.values())
    records = (each for each in named if isinstance(each, Record))
    found: dict[str, list[EndlessField]] = {}
    for each in endless_fields(records, world.fact(Definitions).certain):
        found.setdefault(each.record.node.document.path, []).append(each)
    return found
