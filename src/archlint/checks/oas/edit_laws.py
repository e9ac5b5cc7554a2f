"""Which edits of schemas are findings of their own: the law of each kind of edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from archlint.checks import Observation, Options
from archlint.checks.oas import breaking_schemas as laws
from archlint.checks.oas.verdict_guards import is_harmless
from archlint.comparison.openapi.schema_changes import (
    AllOfChanged,
    AlternativeChanged,
    ConstraintChanged,
    EnumChanged,
    PropertyLifecycleChanged,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    PropertyStabilityChanged,
    PropertySunsetChanged,
    SchemaChange,
    TypeChanged,
    VisibilityChanged,
)
from archlint.finding import Severity

_LAWS: Mapping[type[SchemaChange], Callable[[Any, Options], Iterable[Observation]]] = {
    AllOfChanged: laws.all_of_changed,
    AlternativeChanged: laws.alternative_changed,
    ConstraintChanged: laws.constraint_changed,
    EnumChanged: laws.enum_changed,
    PropertyLifecycleChanged: laws.property_deprecation_without_notice,
    PropertyOptional: laws.property_optional,
    PropertyRemoved: laws.property_removed,
    PropertyRequired: laws.property_required,
    PropertyStabilityChanged: laws.property_stability_lowered,
    PropertySunsetChanged: laws.property_sunset_moved,
    TypeChanged: laws.schema_type_changed,
    VisibilityChanged: laws.property_visibility_changed,
}
"""The check of each kind of edit; one that is missing is told by the verdict on the whole alone."""


def is_reported(edit: SchemaChange, options: Options) -> bool:
    """Whether an edit is a finding of its own above the level of information."""
    law = _LAWS.get(type(edit))
    if law is None or is_harmless(edit):
        return False
    return any(observation.severity is not Severity.INFO for observation in law(edit, options))
