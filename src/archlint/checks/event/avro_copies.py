"""Copies of one schema of Avro in several services that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.comparison.avro.resolution import Misfit, Mismatch, resolve
from archlint.finding import Place
from archlint.finding.words import listed, quoted
from archlint.model.avro import Definitions, place_of, simple_name, worded
from archlint.model.avro.copies import AvroCopy
from archlint.model.world import World


@join(AvroCopy)
def avro_copy_drifted(copy: AvroCopy, world: World, options: Options) -> Iterator[Observation]:
    """Two definitions of one schema of which neither reads what is written with the other.

    Where one reads the other, it may be the one that is updated first.
    """
    ours, theirs = copy.schema, copy.other
    known = world.fact(Definitions)
    types = ours.reading.types[0], theirs.reading.types[0]
    read = resolve([(types[1], types[0])], known, known)
    written = resolve([types], known, known)
    refused = [each for each in read.mismatches if each.reader.node.document is ours.document]
    is_mutual = any(each.writer.node.document is ours.document for each in written.mismatches)
    if not refused or not is_mutual:
        return
    first = refused[0]
    yield observe(
        _place(first),
        related=[(place_of(first.writer), "there")],
        identity=("copy", ours.name),
        name=simple_name(ours.name),
        other=theirs.document.path,
        difference=_difference(first) + (f", and {len(refused) - 1} more" if len(refused) > 1 else ""),
    )


def _place(mismatch: Mismatch) -> Place:
    return place_of(mismatch.reader) if mismatch.field is None else mismatch.field.name_place()


def _difference(mismatch: Mismatch) -> str:
    record, *way = mismatch.trail or ("",)
    where = f"field '{way[0]}' of '{simple_name(record)}'" if way else "the schema"
    if mismatch.misfit is Misfit.FIELD:
        return f"{where} is here alone and has no default"
    if mismatch.misfit is Misfit.SYMBOLS:
        return f"{where} lacks the symbols {listed(quoted(mismatch.symbols), 3)} here"
    return f"{where} is {worded(mismatch.reader)} here and {worded(mismatch.writer)} there"
