"""Which proto files are in both revisions what they were, with all that they import.

Mostly that is nearly all of them, and nothing of them need be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents.proto import ProtoFile
from archlint.documents.proto.graph import dependents
from archlint.model.protobuf import ProtoSchema


def unchanged(base: Iterable[ProtoSchema], revision: Iterable[ProtoSchema]) -> frozenset[str]:
    """The paths of the files that say the same in both revisions, as do all files that they import."""
    newer = {schema.path: schema.source for schema in revision}
    same = {
        schema.path: [item.target for item in schema.source.imports if item.target is not None]
        for schema in base
        if schema.path in newer and _says_the_same(schema.source, newer[schema.path])
    }
    others = {target for targets in same.values() for target in targets} - same.keys()
    return frozenset(same.keys() - dependents(same, others))


def _says_the_same(old: ProtoFile, new: ProtoFile) -> bool:
    return old.says_the_same(new) and old.imports == new.imports and old.stand_ins == new.stand_ins
