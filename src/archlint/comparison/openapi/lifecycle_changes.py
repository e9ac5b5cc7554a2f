"""Typed changes of how long something is promised: deprecation, sunset, stability."""

from __future__ import annotations

from archlint.comparison.openapi.element_changes import ElementChange, Lifecycle
from archlint.finding.records import dataclass

RESPONSE = "response"


@dataclass(frozen=True, kw_only=True)
class LifecycleChange(ElementChange):
    """What an operation, or a parameter or response header of it, said and says about its end."""

    before: Lifecycle
    after: Lifecycle
    stability: str
    """The level that the revision of the operation states; ``stable`` if it states none."""
    parameter: str = ""
    location: str = ""
    """Of the parameter; ``RESPONSE`` for a header of a response."""


@dataclass(frozen=True, kw_only=True)
class DeprecationChanged(LifecycleChange):
    """``deprecated`` is set now, or is not any more."""


@dataclass(frozen=True, kw_only=True)
class SunsetChanged(LifecycleChange):
    """Something that is deprecated ends on another day, or on none that is stated."""


@dataclass(frozen=True, kw_only=True)
class Retired(ElementChange):
    """Something that had been deprecated is gone: a path, operation or parameter."""

    kind: str
    name: str
    location: str = ""
    is_shared_path: bool = False
    """Of an operation: whether the whole path is gone."""
    lifecycle: Lifecycle


@dataclass(frozen=True, kw_only=True)
class StabilityChanged(ElementChange):
    """An operation promises more or less than before."""

    old: str
    new: str
    is_lower: bool


@dataclass(frozen=True, kw_only=True)
class StabilityInvalid(ElementChange):
    """A level of stability that does not exist."""

    level: str
    is_base: bool
    """Whether the base states it, and not the revision."""
