"""Definitions that left a file which stays, and stand in another one now under the same full name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set

from archlint.comparison.protobuf.changes import DefinitionsMoved
from archlint.comparison.protobuf.definitions import Definition, definitions
from archlint.comparison.protobuf.matching import Matching
from archlint.documents.proto.graph import reachable
from archlint.model.protobuf import ProtoSchema
from archlint.model.protobuf.modules import name_below, roots_of

_TOP = 2
"""The length of the route of what stands in no message."""


def moved_definitions(matching: Matching, left_out: Set[str]) -> Iterator[DefinitionsMoved]:
    """Each move out of one file into another one, once for all that moved so.

    Who imports the file still gets what it imports as public.
    """
    found: dict[tuple[str, str], list[tuple[Definition, Definition]]] = defaultdict(list)
    known = {schema.path: schema for schema in matching.revision}
    for schema in matching.base:
        stays = matching.successors[schema.path]
        if schema.path in left_out or stays is None or not matching.is_same_file(schema, stays):
            continue
        for item in definitions(schema):
            newer = matching.find(item) if len(item.route) == _TOP else None
            if newer is None or newer.full_name != item.full_name or newer.source.path == stays.path:
                continue
            if not matching.is_copy(item, newer):
                found[stays.path, newer.source.path].append((item, newer))
    if not found:
        return
    imports, public = _imports(matching.revision), _imports(matching.revision, only_public=True)
    roots = roots_of([schema.source for schema in matching.revision])
    passed_on = {path: reachable(public, (path,)) for path, _ in found}
    for (path, target), pairs in found.items():
        if target not in passed_on[path]:
            name, other = (name_below(each, roots) for each in (path, target))
            imported = (item.name for item in known[path].source.imports if item.target == target)
            needs_it = path in reachable(imports, (target,))
            yield DefinitionsMoved(known[path], tuple(pairs), name, other, next(imported, ""), needs_it)


def _imports(schemas: Iterable[ProtoSchema], *, only_public: bool = False) -> dict[str, list[str]]:
    """The files that each file imports, or those alone that who imports it gets as well."""
    return {
        schema.path: [
            item.target
            for item in schema.source.imports
            if item.target is not None and (item.kind == "public" or not only_public)
        ]
        for schema in schemas
    }
