"""How the end of a property is announced, by what the operations that use it promise."""

from __future__ import annotations

from archlint.checks import Options
from archlint.checks.oas.breaking_operations import sunset_day, today_of, way_of
from archlint.checks.oas.element_names import ANNOUNCED
from archlint.comparison.openapi.schema_changes import (
    PropertyLifecycleChanged,
    PropertyRemoved,
    PropertySunsetChanged,
)


def days_of(changed: PropertyLifecycleChanged | PropertySunsetChanged, options: Options) -> int:
    """How many days must lie between the deprecation and the end."""
    return int(options.get("deprecation-days", {}).get(changed.stability, 0))


def notice_word(changed: PropertyLifecycleChanged, options: Options) -> str:
    """What is told of a deprecation, or of the end of one, in the words of the names."""
    if not changed.is_deprecated:
        return "reactivated"
    days = days_of(changed, options)
    if changed.sunset is None:
        return "deprecated-sunset-missing" if days > 0 else "deprecated"
    day = sunset_day(changed.sunset)
    if day is None:
        return "deprecated-sunset-invalid"
    is_soon = (day - today_of(options)).days < days
    return "sunset-date-too-small" if is_soon else "deprecated-with-sunset"


def is_announced(removed: PropertyRemoved, options: Options) -> bool:
    """Whether a property that is gone had been deprecated, with no day or with one that has passed."""
    return way_of(removed.lifecycle, options) == ANNOUNCED
