"""Schemas of Avro that no reader or writer can use as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.event.wording import shown
from archlint.files import Kind
from archlint.finding import Severity
from archlint.model.avro import (
    AvroSchema,
    Definitions,
    EndlessField,
    Record,
    RecordField,
    WrongDefault,
    endless_records,
    simple_name,
    worded,
    wrong_parts,
)
from archlint.model.world import World

_OF_SOME_READERS = frozenset({"name-later", "decimal-invalid", "namespace-invalid"})
"""What some libraries take, or take for something else, and others refuse."""
_MOST_WRONG_PARTS = 10
"""Parts of one default that are told: more are one slip in what wrote them."""


@check(AvroSchema)
def avro_schema_invalid(schema: AvroSchema, options: Options) -> Iterator[Observation]:
    """What the specification does not allow in a schema."""
    for problem in schema.reading.problems:
        yield observe(
            problem.node.value_place() if problem.node.text is not None else problem.node.place(),
            problem.id,
            related=[] if problem.first is None else [(problem.first.value_place(), "the first")],
            identity=(problem.id, problem.name),
            severity=Severity.WARNING if problem.id in _OF_SOME_READERS else None,
            name=problem.name,
        )


@check(AvroSchema)
def avro_default_invalid(schema: AvroSchema, options: Options) -> Iterator[Observation]:
    """A default that is no value of its field, at the part of it that is wrong."""
    for record in schema.reading.named.values():
        if not isinstance(record, Record):
            continue
        for field in record.fields:
            if field.has_default:
                wrong = wrong_parts(field.type, field.default, schema.local)
                for part in islice(wrong, _MOST_WRONG_PARTS):
                    yield _wrong_default(record, field, part)


def _wrong_default(record: Record, field: RecordField, part: WrongDefault) -> Observation:
    inside = part.node.route[len(field.default.route) :]
    return observe(
        part.node.value_place(),
        f"{part.id}-inside" if inside and not part.lacking else part.id,
        identity=(record.name, field.name, *map(str, inside)),
        severity=Severity.WARNING if part.id == "later-branch" else None,
        field=field.name,
        record=simple_name(record.name),
        value="" if part.lacking else shown(part.node.value, 60),
        type=worded(part.type),
        inner=part.lacking,
    )


@join(AvroSchema)
def avro_record_endless(schema: AvroSchema, world: World, options: Options) -> Iterator[Observation]:
    """A record that holds itself without end, perhaps by way of other files."""
    for each in world.fact(endless_records).get(schema.document.path, ()):
        yield observe(
            each.field.name_place(),
            related=[(each.further.name_place(), "and it holds the next")] if _is_elsewhere(each) else [],
            identity=(each.record.name, each.field.name),
            record=simple_name(each.record.name),
            field=each.field.name,
        )


def _is_elsewhere(found: EndlessField) -> bool:
    return found.further.node.document.path != found.record.node.document.path


@join(AvroSchema)
def avro_type_undefined(schema: AvroSchema, world: World, options: Options) -> Iterator[Observation]:
    """A name that no file defines, in a namespace of which files define others."""
    definitions = world.fact(Definitions)
    told: set[str] = set()
    for reference in schema.reading.references:
        namespace = reference.name.rpartition(".")[0]
        if reference.name in told or definitions(reference) is not None:
            continue
        if world.paths(Kind.AVRO_IDL):
            return  # files that are not read may define it
        if definitions.has_namespace(namespace) and not definitions.is_placeholder(reference):
            told.add(reference.name)
            yield observe(
                reference.node.value_place(),
                identity=(reference.name,),
                name=reference.name,
                namespace=namespace or "the empty namespace",
            )
