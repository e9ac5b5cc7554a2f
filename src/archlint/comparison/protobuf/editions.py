"""Files that went from proto3 to an edition, where fields know whether they are set unless told not to.

That is one edit, so it is told once for a file, and not for each of its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.comparison.protobuf.changes import FieldLabelChanged
from archlint.comparison.protobuf.setting_changes import SyntaxChanged
from archlint.comparison.worlds import Change
from archlint.finding.records import replace
from archlint.model.protobuf import Label, ProtoSchema


def with_presence_told_once(changes: Iterable[Change], revision: ProtoSchema) -> Iterator[Change]:
    """The changes of a file, the one of its syntax last, with what fields know now as a part of that."""
    gained: list[FieldLabelChanged] = []
    for change in changes:
        if isinstance(change, FieldLabelChanged) and _is_by_default(change, revision):
            gained.append(change)
        elif isinstance(change, SyntaxChanged) and gained:
            yield replace(change, gained=tuple(each.revision.name for each in gained))
            gained = []
        else:
            yield change
    yield from gained


def _is_by_default(change: FieldLabelChanged, revision: ProtoSchema) -> bool:
    """Whether a field knows that it is set since its file is in an edition, without saying so itself."""
    old, new = change.base, change.revision
    if (old.label, new.label) != (Label.SINGULAR, Label.OPTIONAL) or new.source is not revision.source:
        return False
    if old.source.descriptor.syntax != "proto3" or new.source.descriptor.syntax != "editions":
        return False
    element = new.source.element(new.route)
    return element is not None and not element.options.features.field_presence
