"""Which edits of schemas are findings of their own: the law of each kind of edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from archlint.checks import Observation, Options
from archlint.checks.declaration import DECLARATION
from archlint.checks.oas import breaking_schemas as laws
from archlint.checks.oas.verdict_guards import is_harmless
from archlint.comparison.openapi.schema_changes import SchemaChange
from archlint.finding import Severity

_LAWS: Mapping[type[Any], Callable[[Any, Options], Iterable[Observation]]] = {
    getattr(law, DECLARATION).subject: law
    for law in (
        laws.all_of_changed,
        laws.alternative_changed,
        laws.constraint_changed,
        laws.enum_changed,
        laws.property_deprecation_without_notice,
        laws.property_optional,
        laws.property_removed,
        laws.property_required,
        laws.property_stability_lowered,
        laws.property_sunset_moved,
        laws.property_visibility_changed,
        laws.schema_type_changed,
    )
}
"""The check of each kind of edit; one that is missing is told by the verdict on the whole alone."""


def is_reported(edit: SchemaChange, options: Options) -> bool:
    """Whether an edit is a finding of its own above the level of information."""
    law = _LAWS.get(type(edit))
    if law is None or is_harmless(edit):
        return False
    return any(observation.severity is not Severity.INFO for observation in law(edit, options))
