"""How bad a change of a schema is: one law, and the exceptions to it.

The law: a schema that takes less breaks requests, one that takes more breaks responses, one that does both
breaks both. What is never sent breaks nobody. Exceptions are policies: what most often states what was
always so, or touches only clients that were built too strictly, is a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.checks.oas.verdict_guards import is_absorbed, is_harmless
from archlint.comparison.openapi.changes import Containment, Usage
from archlint.comparison.openapi.harm import Harm
from archlint.comparison.openapi.schema_changes import (
    ANY_TYPE,
    AllOfChanged,
    AlternativeChanged,
    ConstraintChanged,
    EnumChanged,
    PropertyAdded,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    SchemaChange,
    Sense,
    Transition,
    TypeChanged,
    VisibilityChanged,
)
from archlint.finding import Severity
from archlint.model.openapi import Direction

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR
_BREAKS = {
    (_REQUEST, Containment.NARROWER),
    (_RESPONSE, Containment.WIDER),
    (_REQUEST, Containment.INCOMPARABLE),
    (_RESPONSE, Containment.INCOMPARABLE),
}
"""A request breaks where less is accepted than before, a response where more is sent than before."""
_NEW_BOUNDS = frozenset(
    (
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "maxLength", "maxItems"),
        *("maxProperties", "multipleOf"),
    )
)
"""Limits that, newly written down, most often state what was always so: a warning."""
_OBEYED = (
    *(TypeChanged, EnumChanged, ConstraintChanged, AlternativeChanged, AllOfChanged),
    *(PropertyRequired, PropertyOptional),
)
"""Changes that break nobody if the whole schema is proved to harm nobody; but see ``_missed``."""


def level_of(change: SchemaChange) -> Severity:
    """The severity of a change; information if nobody is hurt."""
    judge = _LAWS.get(type(change))
    if judge is None or change.is_hidden or change.is_left_to_whole:
        return _INFO
    level: Severity = judge(change, _effective(change))
    if level is not _INFO and _is_proved(change):
        return _missed(change) if isinstance(change, AllOfChanged) else _INFO
    if change.sense is Sense.UNCLEAR:
        return _WARNING if change.direction is _REQUEST else _INFO
    return level


def _missed(change: AllOfChanged) -> Severity:
    """How bad it is that properties went with a part: that no value is new does not bring them back."""
    if not change.lost:
        return _INFO
    is_sure = change.is_lost_required and not is_absorbed(change)
    return _ERROR if change.direction is _RESPONSE and is_sure else _WARNING


def _is_proved(change: SchemaChange) -> bool:
    """Whether the schema as a whole shows that a change harms nobody; how bytes are written it does not."""
    if isinstance(change, ConstraintChanged) and change.keyword.startswith("content"):
        return False
    if isinstance(change, EnumChanged) and change.keyword == "x-extensible-enum":
        return False
    if isinstance(change, VisibilityChanged):
        return is_absorbed(change)
    return isinstance(change, _OBEYED) and is_harmless(change)


def _effective(change: SchemaChange) -> Direction:
    """The direction by which the law sees a change: under ``not`` narrower is wider."""
    if change.sense is not Sense.INVERTED:
        return change.direction
    return _RESPONSE if change.direction is _REQUEST else _REQUEST


def _type(change: TypeChanged, direction: Direction) -> Severity:
    is_mild = direction is _REQUEST and change.old == ANY_TYPE
    if change.accepts is Containment.UNKNOWN and _is_shown(change, "type"):
        return _WARNING if is_mild else _ERROR
    if (direction, change.accepts) not in _BREAKS:
        return _INFO
    is_mild = is_mild or (
        change.is_format_only and change.accepts is Containment.NARROWER and "(" not in change.old
    )
    is_mild = is_mild or (change.usages <= _NESTED and "string" in change.new.split(" or "))
    return _WARNING if is_mild else _ERROR


def _is_shown(change: SchemaChange, keyword: str) -> bool:
    """Whether a value that breaks a keyword proves what the edit alone does not tell."""
    verdict = change.verdict
    if verdict is None or verdict.harm is not Harm.SHOWN:
        return False
    return verdict.is_own or keyword in verdict.broken


_NESTED = frozenset((Usage.PARAMETER_PROPERTY, Usage.HEADER_PROPERTY))
"""Whether their values are written as text or as JSON, a contract rarely says."""


def _values(change: EnumChanged, direction: Direction) -> Severity:
    is_const = change.keyword == "const"
    if direction is _REQUEST:
        return _ERROR if change.is_set or (change.removed and not change.is_unset) else _INFO
    if change.keyword == "x-extensible-enum":
        return _INFO
    if change.is_unset or (change.added and not change.is_set):
        return _ERROR if is_const else _WARNING
    return _INFO


def _limit(change: ConstraintChanged, direction: Direction) -> Severity:
    is_pattern = change.keyword == "pattern"
    if (direction, change.accepts) not in _BREAKS:
        is_doubtful = change.accepts is Containment.UNKNOWN and is_pattern
        is_doubtful = is_doubtful and (direction is _REQUEST or _is_shown(change, "pattern"))
        return _WARNING if is_doubtful and not change.is_whole else _INFO
    is_new_bound = change.transition is Transition.SET and change.keyword in _NEW_BOUNDS
    is_new_bound = is_new_bound and not (change.keyword.startswith("max") and change.new == "0")
    is_open = is_pattern and (change.transition is Transition.CHANGED or direction is _RESPONSE)
    return _WARNING if is_new_bound or is_open or _is_undecided(change) else _ERROR


def _is_undecided(change: ConstraintChanged) -> bool:
    """Whether branches beside a keyword decide which members or items it is about, and nobody can tell."""
    is_unknown = change.verdict is not None and change.verdict.harm is Harm.UNKNOWN
    return is_unknown and change.keyword in ("unevaluatedProperties", "unevaluatedItems")


def _alternative(change: AlternativeChanged, direction: Direction) -> Severity:
    is_one_of = change.keyword == "oneOf"
    if change.is_edited or change.is_told:
        return _INFO
    if change.is_same:  # the branches exclude each other now, or no longer do
        return _WARNING if is_one_of is (direction is _REQUEST) else _INFO
    if direction is _REQUEST:
        is_wrapped = change.is_wrapped and is_one_of
        return _ERROR if change.removed or is_wrapped else _INFO
    if not change.added:
        return _INFO
    return _ERROR if is_one_of else _WARNING


def _parts(change: AllOfChanged, direction: Direction) -> Severity:
    if change.is_wording or change.is_equal:
        return _INFO
    if direction is _REQUEST:
        return _ERROR if change.is_added else _WARNING
    if change.is_added:
        return _INFO
    return _ERROR if change.is_demanding else _WARNING


def _required(change: PropertyRequired, direction: Direction) -> Severity:
    return _ERROR if direction is _REQUEST and not change.is_unsent else _INFO


def _optional(change: PropertyOptional, direction: Direction) -> Severity:
    return _ERROR if direction is _RESPONSE and not change.is_unsent else _INFO


def _removed(change: PropertyRemoved, direction: Direction) -> Severity:
    if change.is_unsent:
        return _INFO
    is_sure = change.was_required if direction is _RESPONSE else change.is_forbidden
    return _ERROR if is_sure and not is_absorbed(change) else _WARNING


def _added(change: PropertyAdded, direction: Direction) -> Severity:
    return _INFO


def _visibility(change: VisibilityChanged, direction: Direction) -> Severity:
    """What is hidden is gone, what is shown is new; required ones matter."""
    if direction is _REQUEST:
        is_asked = change.keyword == "readOnly" and not change.is_now and change.is_required
        return _ERROR if is_asked else _INFO
    if change.keyword != "writeOnly" or not change.was_required:
        return _INFO
    return _ERROR if change.is_now else _WARNING


_LAWS: dict[type[Any], Callable[[Any, Direction], Severity]] = {
    TypeChanged: _type,
    EnumChanged: _values,
    ConstraintChanged: _limit,
    AlternativeChanged: _alternative,
    AllOfChanged: _parts,
    PropertyRequired: _required,
    PropertyOptional: _optional,
    PropertyRemoved: _removed,
    PropertyAdded: _added,
    VisibilityChanged: _visibility,
}
