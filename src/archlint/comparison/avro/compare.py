"""Compares the schemas of Avro of two worlds, as the readers that count would resolve them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.comparison.avro.changes import CHANGES, DataRefused, SchemaRemoved
from archlint.comparison.avro.resolution import Misfit, Mismatch, resolve
from archlint.comparison.terms import ComparisonTerms, Readers
from archlint.comparison.worlds import Change
from archlint.files.kinds import holds_test_data
from archlint.finding.records import replace
from archlint.model.avro import AvroSchema, AvroType, Definitions
from archlint.model.world import World

_Types = tuple[AvroType, AvroType]
"""What is written, and what it is read with."""
_MUTUAL = frozenset({Misfit.TYPE, Misfit.NAME, Misfit.SIZE, Misfit.DECIMAL, Misfit.MEANING})
"""What is one difference if both sides refuse it."""
_PASSED = frozenset({Misfit.DECIMAL, Misfit.MEANING})
"""What the registry does not look at."""


def compare(base: World, revision: World, terms: ComparisonTerms) -> Iterable[Change]:
    """All changes that keep a reader that counts from data, and schemas that are gone."""
    pairs, gone = _paired(base, revision, terms)
    yield from map(SchemaRemoved, gone)
    older, newer = base.fact(Definitions), revision.fact(Definitions)
    read: list[_Types] = []
    written: list[_Types] = []
    for before, after in pairs:
        promised = terms.compatibility_of(after.document.path, after.name)
        if promised.is_backward:
            read.extend(_types(before, after))
        if promised.is_forward:
            written.extend(_types(after, before))
    new, old = resolve(read, older, newer), resolve(written, newer, older)
    for change in _told(new.mismatches, old.mismatches):
        is_passed = terms.registry == "confluent" and change.mismatch.misfit in _PASSED
        yield replace(change, is_passed_by_registry=True) if is_passed else change


def _types(writer: AvroSchema, reader: AvroSchema) -> Iterator[_Types]:
    """What is written and what it is read with: the type of a file; of those in a protocol the namesakes."""
    written, read = writer.reading.types, reader.reading.types
    if len(written) == len(read) == 1:
        yield written[0], read[0]
    else:
        named = {name: each for each in read if (name := getattr(each, "name", None)) is not None}
        yield from ((each, named[name]) for each in written if (name := getattr(each, "name", "")) in named)


def _told(new: Iterable[Mismatch], old: Iterable[Mismatch]) -> Iterator[DataRefused]:
    """What newer and older readers refuse; what is one difference for both is told once."""
    mutual = {(each.misfit, id(each.writer), id(each.reader)) for each in old if each.misfit in _MUTUAL}
    told: set[tuple[Misfit, int, int]] = set()
    for each in new:
        key = each.misfit, id(each.reader), id(each.writer)
        told.add(key)
        yield CHANGES[each.misfit](Readers.BOTH if key in mutual else Readers.NEW, each)
    for each in old:
        if each.misfit not in _MUTUAL or (each.misfit, id(each.writer), id(each.reader)) not in told:
            yield CHANGES[each.misfit](Readers.OLD, each)


def _paired(
    base: World, revision: World, terms: ComparisonTerms
) -> tuple[list[tuple[AvroSchema, AvroSchema]], list[AvroSchema]]:
    """Older schemas with what they became, by path, else by name; and those that became nothing. Those among
    tests are left out unless somebody names them."""
    newer = {schema.document.path: schema for schema in revision.all(AvroSchema)}
    paths: Mapping[str, str] = {old: new for new, old in terms.renames.items()}
    pairs, left = [], []
    is_named = bool(base.named and revision.named)
    for schema in base.all(AvroSchema):
        path = schema.document.path
        if holds_test_data(path) and not is_named and not terms.is_subject(path, schema.name):
            continue
        same = newer.get(paths.get(path, path))
        if same is None:
            left.append(schema)
        else:
            pairs.append((schema, same))
    taken = {id(other) for _, other in pairs}
    free = {schema.name: schema for schema in newer.values() if id(schema) not in taken and schema.name}
    defined = revision.fact(Definitions)
    unreadable = {problem.path for problem in revision.problems}
    gone = []
    for schema in left:
        if schema.name in free:
            pairs.append((schema, free[schema.name]))
        elif not defined.has(schema.name) and schema.document.path not in unreadable:
            gone.append(schema)
    return pairs, gone
