"""Judges promises that are taken back: an end that comes too soon, a lower level of stability."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_operations import judge, sunset_day, today_of
from archlint.checks.oas.element_names import LIFECYCLES, PARAMETER_LIFECYCLES, aliases
from archlint.comparison.openapi.changes import Realm
from archlint.comparison.openapi.element_changes import (
    RESPONSE,
    DeprecationChanged,
    LifecycleChange,
    StabilityChanged,
    StabilityInvalid,
    SunsetChanged,
)


def lifecycle_names(changed: LifecycleChange, key: object) -> list[str]:
    """The names of what became of an operation or parameter; of parameters of a whole path and of headers of
    responses there are none."""
    if changed.parameter:
        return (
            []
            if changed.is_shared or changed.location == RESPONSE
            else aliases(changed, PARAMETER_LIFECYCLES, key)
        )
    return aliases(changed, LIFECYCLES, key)


def identity_of(changed: LifecycleChange) -> tuple[str, ...]:
    """What tells changes of two parameters of an operation apart."""
    return (changed.location, changed.parameter) if changed.parameter else ()


def subject_of(changed: LifecycleChange) -> str:
    """The operation, parameter or header in words."""
    if changed.location == RESPONSE:
        return f"the response header '{changed.parameter}'"
    if changed.parameter:
        return f"the {changed.location} parameter '{changed.parameter}'"
    return changed.where


def days_in_words(count: int) -> str:
    """A number of days."""
    return f"{count} {'day' if count == 1 else 'days'}"


def ahead(days: int) -> str:
    """How far away a day is."""
    if days <= 0:
        return "today" if days == 0 else "in the past"
    return f"{days_in_words(days)} from now"


def promised_days(changed: LifecycleChange, options: Options) -> int:
    """How many days must lie between a deprecation and the end, for this level of stability."""
    return int(options.get("deprecation-days", {}).get(changed.stability, 0))


def notice_of(changed: DeprecationChanged, options: Options) -> str:
    """What is wrong with how a deprecation is announced; empty if nothing is."""
    if not changed.after.is_deprecated:
        return ""
    days = promised_days(changed, options)
    if changed.after.sunset is None:
        return "missing" if days > 0 else ""
    day = sunset_day(changed.after.sunset)
    if day is None:
        return "unreadable"
    return "soon" if (day - today_of(options)).days < days else ""


def _arguments(changed: LifecycleChange, options: Options) -> dict[str, Any]:
    days, sunset = promised_days(changed, options), changed.after.sunset or ""
    day = sunset_day(sunset)
    subject = subject_of(changed)
    return {
        "subject": subject[:1].upper() + subject[1:],
        "days": days,
        "promised": days_in_words(days),
        "ahead": ahead((day - today_of(options)).days) if day is not None else "",
        "sunset": sunset,
        "before": changed.before.sunset or "",
        "left": (day - today_of(options)).days if day is not None else "",
        "stability": changed.stability,
    }


@change(DeprecationChanged)
def deprecation_without_notice(deprecated: DeprecationChanged, options: Options) -> Iterator[Observation]:
    """Something whose end comes sooner than its stability promises, or on no day that can be read."""
    notice = notice_of(deprecated, options)
    if notice:
        yield judge(
            deprecated,
            identity_of(deprecated),
            lifecycle_names(deprecated, notice),
            message_id="default" if notice == "soon" else notice,
            arguments=_arguments(deprecated, options),
        )


@change(SunsetChanged)
def sunset_moved(moved: SunsetChanged, options: Options) -> Iterator[Observation]:
    """An end that was announced comes sooner, too soon, or is not announced any more."""
    new, old = sunset_day(moved.after.sunset or ""), sunset_day(moved.before.sunset or "")
    if moved.after.sunset is None:
        message_id = "deleted"
    elif new is None or old is None:
        message_id = "unreadable"
    elif new < old and (new - today_of(options)).days < promised_days(moved, options):
        message_id = "earlier"
    else:
        return
    yield judge(
        moved,
        identity_of(moved),
        lifecycle_names(moved, f"sunset-{message_id}"),
        message_id="default" if message_id == "earlier" else message_id,
        arguments={
            **_arguments(moved, options),
            "unread": (moved.after.sunset if new is None else moved.before.sunset) or "",
        },
    )


@change(StabilityChanged)
def stability_lowered(changed: StabilityChanged, options: Options) -> Iterator[Observation]:
    """An operation that promises less than those who use it were told."""
    if changed.is_lower:
        arguments = {"operation": changed.where, "old": changed.old, "new": changed.new}
        yield judge(changed, (), aliases(changed, LIFECYCLES, "stability-decreased"), arguments=arguments)


@change(StabilityInvalid)
def stability_level_unknown(changed: StabilityInvalid, options: Options) -> Iterator[Observation]:
    """A level of stability that does not exist, so that nobody knows what is promised."""
    names = aliases(changed, LIFECYCLES, "stability-invalid") if changed.realm is Realm.CALL else []
    arguments = {"operation": changed.where, "level": changed.level}
    side = "base" if changed.is_base else "revision"
    message_id = "base" if changed.is_base else "default"
    yield judge(changed, (side,), names, message_id=message_id, arguments=arguments)
