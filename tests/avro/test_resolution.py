"""Whether data that was written with one schema is read with another, judged by fastavro from values."""

from __future__ import annotations

import copy
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

import fastavro
import pytest

from archlint.comparison.avro.resolution import Misfit, resolve
from archlint.model.avro import Record, SchemaReading, TypeReference, accepts, read_schema
from tests.avro.generated import Schemas, changed, values
from tests.avro.support import node_of

PAIRS = 5_000
SEED = 20261130


def _lookup(reading: SchemaReading) -> Any:
    def find(reference: TypeReference) -> Any:
        return reading.named.get(reference.name) or reading.named.get(reference.fallback)

    return find


def _is_schema(schema: Any) -> bool:
    """Whether a schema has no problem that fastavro sees, which takes two branches of a kind, and defines all
    that it names."""
    reading = read_schema(node_of(schema))
    problems = [each for each in reading.problems if each.id != "branch-doubled"]
    lookup = _lookup(reading)
    records = [each for each in reading.named.values() if isinstance(each, Record)]
    fields = [field for record in records for field in record.fields if field.has_default]
    defaults = all(accepts(field.type, field.default.value, lookup) for field in fields)
    return not problems and defaults and all(map(lookup, reading.references))


def are_schemas(writer: Any, reader: Any) -> bool:
    """Whether a pair can be judged: both are schemas, and some value can be written."""
    return _is_schema(reader) and next(values(writer), None) is not None


def refusals(writer: Any, reader: Any) -> list[Misfit]:
    """All that a reader refuses of what a writer writes."""
    written, read = read_schema(node_of(writer)), read_schema(node_of(reader))
    found = resolve([(written.types[0], read.types[0])], _lookup(written), _lookup(read))
    assert not found.unknown
    return [each.misfit for each in found.mismatches]


def _refused(writer: Any, reader: Any) -> str | None:
    """The first value that fastavro writes with one schema and does not read with the other, and why."""
    old, new = (fastavro.parse_schema(copy.deepcopy(each)) for each in (writer, reader))
    for value in values(writer):
        data = BytesIO()
        fastavro.schemaless_writer(data, old, value)
        data.seek(0)
        try:
            fastavro.schemaless_reader(data, old, new)
        except Exception as error:  # whatever the library raises, it does not read the value
            return f"{value}: {error!r}"
    return None


def test_what_is_refused_is_what_some_value_fails_at() -> None:
    incompatible = 0
    for at in range(PAIRS):
        random = Random(f"{SEED} {at}")
        writer = Schemas(random).record()
        reader = changed(writer, random)
        if not are_schemas(writer, reader):
            continue
        told, refused = refusals(writer, reader), _refused(writer, reader)
        assert bool(told) == (refused is not None), (at, writer, reader, told, refused)
        incompatible += bool(told)
    assert PAIRS * 0.3 < incompatible < PAIRS * 0.6


def test_what_is_no_schema_is_what_fastavro_does_not_parse() -> None:
    seen = [0, 0]
    for at in range(1_000):
        random = Random(f"{SEED} schema {at}")
        schema = changed(Schemas(random).record(), random)
        try:
            fastavro.parse_schema(copy.deepcopy(schema))
            parses = True
        except (fastavro.schema.SchemaParseException, fastavro.schema.UnknownType):
            parses = False
        assert parses == _is_schema(schema), (at, schema)
        seen[parses] += 1
    assert seen[False] > 5


RECORD = {"type": "record", "name": "R", "fields": []}


@pytest.mark.parametrize(
    ("writer", "reader", "misfits"),
    [
        ("int", "double", []),
        ("double", "int", [Misfit.TYPE]),
        ("string", "bytes", []),
        (["null", "int"], "int", [Misfit.TYPE]),
        (["int"], "long", []),
        ("int", ["string", "null"], [Misfit.BRANCH]),
        ([], "int", []),
        ({"type": "array", "items": "int"}, {"type": "array", "items": "string"}, [Misfit.TYPE]),
        ({"type": "map", "values": "int"}, ["null", {"type": "map", "values": "long"}], []),
        (RECORD, {**RECORD, "namespace": "elsewhere"}, []),
        (RECORD, {**RECORD, "name": "S"}, [Misfit.NAME]),
        (RECORD, {**RECORD, "name": "S", "aliases": ["R"]}, []),
        (RECORD, [{**RECORD, "name": "S"}, {**RECORD, "name": "S2", "aliases": ["R"]}], []),
    ],
)
def test_rules_of_resolution(writer: Any, reader: Any, misfits: list[Misfit]) -> None:
    assert refusals(writer, reader) == misfits


def test_records_that_hold_each_other_are_resolved_once() -> None:
    inner = {"type": "record", "name": "B", "fields": [{"name": "a", "type": ["null", "A"]}]}
    writer = {"type": "record", "name": "A", "fields": [{"name": "b", "type": inner}]}
    reader = copy.deepcopy(writer)
    reader["fields"][0]["type"]["fields"].append({"name": "new", "type": "int"})  # type: ignore[index]
    assert refusals(writer, reader) == [Misfit.FIELD]


def _long(logical: str) -> dict[str, Any]:
    return {"type": "long", "logicalType": logical}


def _decimal(precision: int, scale: int, base: str = "bytes") -> dict[str, Any]:
    return {"type": base, "logicalType": "decimal", "precision": precision, "scale": scale}


@pytest.mark.parametrize(
    ("writer", "reader", "misfits"),
    [
        (_decimal(9, 2), _decimal(9, 3), [Misfit.DECIMAL]),
        (_decimal(9, 2), _decimal(7, 2), [Misfit.DECIMAL]),
        (_decimal(9, 2), _decimal(12, 2), []),
        (_decimal(9, 2), {"type": "bytes"}, []),
        (_decimal(4, 0, "int"), _decimal(6, 1, "int"), []),
        (_long("timestamp-millis"), _long("timestamp-micros"), [Misfit.MEANING]),
        (_long("uuid"), _long("timestamp-micros"), []),
    ],
)
def test_what_values_stand_for(writer: Any, reader: Any, misfits: list[Misfit]) -> None:
    assert refusals(writer, reader) == misfits


DEVIATIONS = ((_decimal(9, 2), _decimal(9, 3)), (_decimal(9, 2), _decimal(7, 2)))
"""Pairs of types of which fastavro reads all values, the specification none; no pair above is one."""


@pytest.mark.parametrize(("writer", "reader"), DEVIATIONS)
def test_where_the_judge_deviates_the_specification_decides(writer: Any, reader: Any) -> None:
    old, new = fastavro.parse_schema(copy.deepcopy(writer)), fastavro.parse_schema(copy.deepcopy(reader))
    data = BytesIO()
    fastavro.schemaless_writer(data, old, Decimal("1.25"))
    data.seek(0)
    assert fastavro.schemaless_reader(data, old, new) is not None
    assert refusals(writer, reader) == [Misfit.DECIMAL]
