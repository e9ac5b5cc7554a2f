"""Which proto files hold events, and which of their changes are asked of all versions that were released."""

from __future__ import annotations

from archlint.comparison.protobuf.changes import (
    Breaks,
    EnumValueChanged,
    FieldLabelChanged,
    FieldNumberReused,
    FieldTypeChanged,
    RequiredFieldAdded,
)
from archlint.comparison.terms import ComparisonTerms, Compatibility
from archlint.comparison.worlds import Change
from archlint.model.json_schema import names_events
from archlint.model.protobuf import schemas
from archlint.model.world import World


def holds_events(path: str, package: str, terms: ComparisonTerms) -> bool:
    """Whether a proto file is one of events, by the words of its path or by a pattern."""
    return names_events(path) or terms.is_subject(path, package)


def has_events(world: World, terms: ComparisonTerms) -> bool:
    """Whether any proto file is one of events of which something is promised."""
    return any(_is_promised(each.path, each.package, terms) for each in world.reading(schemas))


_MISREAD = (FieldNumberReused, FieldTypeChanged, FieldLabelChanged, RequiredFieldAdded, EnumValueChanged)


def misreads_events(change: Change, terms: ComparisonTerms) -> bool:
    """Whether events of another version are misread after a change, though something is promised of them."""
    if not isinstance(change, _MISREAD):
        return False
    if isinstance(change, (FieldTypeChanged, FieldLabelChanged)) and change.breaks is Breaks.SOURCE:
        return False
    source = change.revision.source
    return _is_promised(source.path, source.descriptor.package, terms)


def _is_promised(path: str, package: str, terms: ComparisonTerms) -> bool:
    is_event = holds_events(path, package, terms)
    return is_event and terms.compatibility_of(path, package) is not Compatibility.NONE
