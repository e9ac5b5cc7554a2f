"""Files that went from proto3 to an edition, where fields know whether they are set unless told not to.

That is one edit, so it is told once for a file, and not for each of its fields. Fields that cannot be told
not to are left out: https://protobuf.dev/editions/features/#field_presence
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.comparison.protobuf.changes import FieldLabelChanged
from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.setting_changes import SyntaxChanged
from archlint.comparison.worlds import Change
from archlint.finding.records import replace
from archlint.model.protobuf import Field, Label, ProtoSchema


def with_presence_told_once(
    changes: Iterable[Change], revision: ProtoSchema, matching: Matching
) -> Iterator[Change]:
    """The changes of a file, the one of its syntax last, with what fields know now as a part of that."""
    gained: list[FieldLabelChanged] = []
    for change in changes:
        if isinstance(change, FieldLabelChanged) and _is_by_default(change, revision, matching):
            gained.append(change)
        elif isinstance(change, SyntaxChanged) and gained:
            fields = [each.revision for each in gained]
            others = _others(fields, revision)
            yield replace(change, gained=tuple(field.name for field in fields), others=others)
            gained = []
        else:
            yield change
    yield from gained


def _is_by_default(change: FieldLabelChanged, revision: ProtoSchema, matching: Matching) -> bool:
    """Whether a field knows that it is set since its file is in an edition, without saying so itself."""
    old, new = change.base, change.revision
    if (old.label, new.label) != (Label.SINGULAR, Label.OPTIONAL) or new.source is not revision.source:
        return False
    if old.source.descriptor.syntax != "proto3" or new.source.descriptor.syntax != "editions":
        return False
    return not _says_presence(new) and _may_be_implicit(new, matching)


def _says_presence(field: Field) -> bool:
    element = field.source.element(field.route)
    return element is None or bool(element.options.features.field_presence)


def _may_be_implicit(field: Field, matching: Matching) -> bool:
    """Whether compilers take it without presence: not with a default, nor with a closed enum."""
    enum = matching.enum(field.type_name, is_new=True) if field.type == "enum" else None
    return not field.default and (enum is None or not enum.is_closed)


def _others(gained: Iterable[Field], revision: ProtoSchema) -> tuple[str, ...]:
    """Fields that lose their presence, or are refused, if the whole file is told to have none."""
    routes = {field.route for field in gained}
    return tuple(
        field.name
        for message in revision.messages
        for field in message.fields
        if field.label is Label.OPTIONAL and field.route not in routes and not _says_presence(field)
    )
