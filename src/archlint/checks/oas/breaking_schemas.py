"""Tells of changes of schemas that hurt callers: what narrows a request or widens a response."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_lifecycles import ahead, days_in_words
from archlint.checks.oas.breaking_operations import (
    condition_of,
    judge,
    sunset_day,
    today_of,
    way_of,
    way_word,
)
from archlint.checks.oas.element_names import ANNOUNCED, BEFORE, UNREADABLE
from archlint.checks.oas.naming import lifecycle_names, names_of
from archlint.checks.oas.property_lives import days_of, notice_word
from archlint.checks.oas.schema_levels import level_of
from archlint.checks.oas.verdict_guards import is_outdone
from archlint.checks.oas.wording import MOST_NAMED, number_words
from archlint.comparison.openapi.changes import Containment
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
    Sense,
    Transition,
    TypeChanged,
    VisibilityChanged,
)
from archlint.finding import Severity
from archlint.finding.words import listed, quoted
from archlint.model.openapi import Direction

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE


def tell(
    changed: SchemaChange, identity: tuple[str, ...], message_id: str, **arguments: str
) -> Iterator[Observation]:
    """A finding about a change, if it is more than information."""
    level = level_of(changed)
    if changed.sense is not Sense.SAME and is_outdone(changed):
        return  # what it does to the schema with the condition is told at the same place
    if level is not Severity.INFO:
        names = names_of(changed)
        if changed.sense is not Sense.SAME:
            message_id, arguments = "condition", {"condition": condition_of(changed), "harm": _harm(changed)}
        yield judge(changed, identity, names, message_id=message_id, severity=level, arguments=arguments)


def _harm(changed: SchemaChange) -> str:
    is_request = changed.direction is _REQUEST
    return f"{way_word(changed)} that {'were valid and may be refused' if is_request else 'were shut out'}"


@change(PropertyRequired)
def property_required(required: PropertyRequired, options: Options) -> Iterator[Observation]:
    """A property that callers of the base may leave out of a request, and now must send."""
    yield from tell(required, (required.name,), "new" if required.is_new else "default", name=required.name)


@change(PropertyOptional)
def property_optional(optional: PropertyOptional, options: Options) -> Iterator[Observation]:
    """A property that clients find in every response of the base, and now only in some."""
    yield from tell(optional, (optional.name,), "default", name=optional.name)


@change(PropertyRemoved)
def property_removed(removed: PropertyRemoved, options: Options) -> Iterator[Observation]:
    """A property that is gone: clients miss it in responses; in requests it is ignored or refused."""
    way = way_of(removed.lifecycle, options)
    is_sure = level_of(removed) is Severity.ERROR
    if way == ANNOUNCED:
        return
    if way in (BEFORE, UNREADABLE):
        message_id = "early" if way == BEFORE else "unreadable"
    elif removed.direction is _RESPONSE:
        message_id = "response" if is_sure else "optional"
    else:
        message_id = "forbidden" if is_sure else "request"
    sunset = removed.lifecycle.sunset or ""
    yield from tell(removed, (removed.name,), message_id, name=removed.name, sunset=sunset)


@change(VisibilityChanged)
def property_visibility_changed(changed: VisibilityChanged, options: Options) -> Iterator[Observation]:
    """A required property that must be sent now, or is no longer, or newly, in responses."""
    if changed.direction is _REQUEST:
        message_id = "default"
    else:
        message_id = "hidden" if changed.is_now else "shown"
    yield from tell(changed, (changed.name, changed.keyword), message_id, name=changed.name)


@change(TypeChanged)
def schema_type_changed(changed: TypeChanged, options: Options) -> Iterator[Observation]:
    """Types or formats of which the other side's values are no longer a part."""
    yield from tell(changed, (), changed.direction, old=changed.old, new=changed.new)


@change(EnumChanged)
def enum_changed(changed: EnumChanged, options: Options) -> Iterator[Observation]:
    """Values that a request may no longer have, or that clients meet in a response for the first time."""
    if changed.direction is _REQUEST:
        message_id, values = (
            ("request-new", changed.added) if changed.is_set else ("request", changed.removed)
        )
    elif changed.is_unset:
        message_id, values = "response-open", changed.removed
    else:
        message_id, values = "response", changed.added
    shown = listed(quoted(values), MOST_NAMED)
    yield from tell(changed, tuple(sorted(values)), message_id, values=shown, **number_words(values, "Value"))


@change(ConstraintChanged)
def constraint_changed(changed: ConstraintChanged, options: Options) -> Iterator[Observation]:
    """A limit that is tighter for requests or looser for responses."""
    yield from tell(
        changed,
        (changed.keyword, *([changed.entry] if changed.entry else [])),
        _limit_message(changed),
        keyword=changed.keyword + (f" '{changed.entry}'" if changed.entry else ""),
        old=changed.old or "not set",
        new=changed.new or "not set",
    )


def _limit_message(changed: ConstraintChanged) -> str:
    if changed.keyword == "nullable":
        return "not-null" if changed.transition is Transition.UNSET else "may-be-null"
    if changed.keyword == "prefixItems" and changed.old and changed.new:
        return f"{changed.direction}-changed"
    if changed.transition is Transition.SET:
        return f"{changed.direction}-set"
    if changed.accepts is Containment.UNKNOWN and changed.direction is _REQUEST:
        return "unknown"
    if changed.transition is Transition.UNSET:
        return f"{changed.direction}-unset"
    return f"{changed.direction}-changed"


@change(AlternativeChanged)
def alternative_changed(changed: AlternativeChanged, options: Options) -> Iterator[Observation]:
    """Alternatives that a request may no longer choose, or that a response may newly be."""
    is_request = changed.direction is _REQUEST
    branches = changed.removed or changed.added if is_request else changed.added
    message_id: str = changed.direction
    if changed.is_same:
        message_id = f"{changed.direction}-same"
    elif is_request and not changed.removed:
        message_id = "wrapped"
    words = {**number_words(branches, "alternative"), "keyword": changed.keyword}
    yield from tell(
        changed, tuple(sorted(branches)), message_id, **words, branches=listed(branches, MOST_NAMED)
    )


@change(AllOfChanged)
def all_of_changed(changed: AllOfChanged, options: Options) -> Iterator[Observation]:
    """Parts that requests must meet in addition, or that responses no longer have."""
    message_id = changed.direction if changed.is_added or changed.direction is _RESPONSE else "removed"
    words = number_words(changed.names, "part")
    yield from tell(
        changed, tuple(sorted(changed.names)), message_id, **words, parts=listed(changed.names, MOST_NAMED)
    )


@change(PropertyLifecycleChanged)
def property_deprecation_without_notice(
    changed: PropertyLifecycleChanged, options: Options
) -> Iterator[Observation]:
    """A property whose end comes sooner than the operation promises, or on no day that can be read."""
    notice = notice_word(changed, options)
    if notice in _NOTICES and not changed.is_hidden:
        arguments = {"sunset": changed.sunset or "", "days": str(days_of(changed, options))}
        arguments["stability"] = changed.stability
        arguments["promised"] = days_in_words(days_of(changed, options))
        names = lifecycle_names(changed, notice)
        yield judge(changed, (), names, message_id=_NOTICES[notice], arguments=arguments)


_NOTICES = {
    "deprecated-sunset-missing": "missing",
    "deprecated-sunset-invalid": "unreadable",
    "sunset-date-too-small": "default",
}


@change(PropertySunsetChanged)
def property_sunset_moved(moved: PropertySunsetChanged, options: Options) -> Iterator[Observation]:
    """The end of a property that was announced comes sooner, too soon, or is not announced any more."""
    if moved.is_hidden:
        return
    old, new = sunset_day(moved.before), sunset_day(moved.after or "")
    left, days = (new - today_of(options)).days if new is not None else 0, days_of(moved, options)
    if moved.after is None:
        message_id = "deleted"
    elif new is None or old is None:
        message_id = "unreadable"
    elif new < old and left < days:
        message_id = "default"
    else:
        return
    arguments = {"before": moved.before, "sunset": moved.after or "", "left": left, "days": days}
    arguments |= {"promised": days_in_words(days), "ahead": ahead(left)}
    arguments["unread"] = moved.after if new is None else moved.before
    yield judge(moved, (), [], message_id=message_id, arguments=arguments)


@change(PropertyStabilityChanged)
def property_stability_lowered(changed: PropertyStabilityChanged, options: Options) -> Iterator[Observation]:
    """A property that is promised for less than those who use it were told."""
    if changed.is_unknown:
        names = ["oasdiff:api-invalid-stability-level"]
        yield judge(changed, (), names, message_id="unknown", arguments={"new": changed.new})
    elif changed.is_less and changed.is_promised:
        names = lifecycle_names(changed, "stability-decreased")
        yield judge(changed, (), names, arguments={"old": changed.old, "new": changed.new})
