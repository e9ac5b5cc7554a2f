"""Files that others import under a name that is gone, as what they defined stands in another file now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from posixpath import dirname

from archlint.comparison.protobuf.changes import FileMoved
from archlint.comparison.protobuf.definitions import definitions
from archlint.comparison.protobuf.matching import Matching
from archlint.model.protobuf import ProtoSchema
from archlint.model.protobuf.modules import name_below, roots_of

Pair = tuple[ProtoSchema, ProtoSchema]


def moved_files(matching: Matching, left_out: Set[str]) -> Iterator[FileMoved]:
    """Each move from one folder into another, once for all its files.

    What has another package as well is told as that. Where no file is where it was, and all that are left
    moved in the same way, their root did, and what they import each other as is the same.
    """
    there = {schema.path for schema in matching.revision}
    known = there | left_out | {older.path for older, _ in matching.moved_packages}
    pairs = [
        (schema, newer)
        for schema in matching.base
        if (newer := matching.successors[schema.path]) is not None
        and schema.path not in known
        and _holds(newer, schema, matching)
    ]
    is_root = len({_heads(older.path, newer.path) for older, newer in pairs}) == 1
    if not pairs or (is_root and there.isdisjoint(schema.path for schema in matching.base)):
        return
    old, new = (roots_of([schema.source for schema in side]) for side in (matching.base, matching.revision))
    moves: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for older, newer in pairs:
        if name_below(older.path, old) != name_below(newer.path, new):
            moves[dirname(older.path), dirname(newer.path)].append((older, newer))
    for members in moves.values():
        names = tuple((name_below(older.path, old), name_below(newer.path, new)) for older, newer in members)
        yield FileMoved(tuple(members), names)


def _holds(newer: ProtoSchema, schema: ProtoSchema, matching: Matching) -> bool:
    """Whether a file has some of what another one defined, and did not have a copy of it before."""
    found = ((item, matching.find(item)) for item in definitions(schema))
    return any(
        other is not None and other.source.path == newer.path and not matching.is_copy(item, other)
        for item, other in found
    )


def _heads(one: str, other: str) -> tuple[str, ...]:
    """What is another at the beginning of two paths that end alike."""
    first, second = one.split("/"), other.split("/")
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    return "/".join(first), "/".join(second)
