"""Judges what is gone: contracts, paths, webhooks, operations, servers; and how a change is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.checks.oas.element_names import (
    ANNOUNCED,
    BEFORE,
    PATHS,
    SUDDEN,
    UNREADABLE,
    WEBHOOKS,
)
from archlint.checks.oas.element_names import aliases as names_of
from archlint.checks.oas.verdict_guards import proof, unproved
from archlint.comparison.openapi.changes import CALLED, ContractChange, Realm
from archlint.comparison.openapi.element_changes import (
    ContractRemoved,
    ElementChange,
    Lifecycle,
    OperationRemoved,
    PathRemoved,
    ServerRemoved,
)
from archlint.comparison.openapi.schema_changes import SchemaChange, Sense
from archlint.finding import Place, Severity
from archlint.finding.regex import regex
from archlint.model.openapi import Direction


def base_place(changed: ContractChange) -> list[tuple[Place, str]]:
    """The old place of a change as its related place, and what else helps to understand it."""
    found = [] if changed.was is None else [(changed.was, "in the base")]
    return [*found, *(changed.context if isinstance(changed, ElementChange) else ())]


def reach(changed: ContractChange) -> str:
    """Which operations a change hits, in brackets; nothing where the place says it already."""
    stated = hits(changed)
    return "" if stated in changed.where else f" ({stated})"


def hits(changed: ContractChange) -> str:
    """The one operation that a change hits, or how many there are."""
    operations = changed.operations
    if len(operations) != 1:
        return f"{len(operations)} operations"
    return f"{operations[0].method} {operations[0].path}"


def judge(
    changed: ContractChange,
    identity: tuple[str, ...],
    aliases: list[str],
    *,
    message_id: str = "default",
    severity: Severity | None = None,
    arguments: Mapping[str, Any],
) -> Observation:
    """One finding about one change; the identity is made of names that outlive edits elsewhere."""
    direction = (changed.direction.value,) if isinstance(changed, SchemaChange) else ()
    words = _words(changed) if isinstance(changed, SchemaChange) else {}
    return observe(
        changed.at,
        message_id,
        related=base_place(changed),
        identity=(changed.where, *direction, *identity),
        operations=changed.operations,
        aliases=aliases,
        severity=severity,
        witness=proof(changed) if isinstance(changed, SchemaChange) else None,
        unproved=unproved(changed) if isinstance(changed, SchemaChange) else None,
        where=changed.where,
        reach=reach(changed),
        **{**words, **arguments},
    )


_CALL = {name: name for name in ("requests", "responses", "response", "clients", "callers")}
_WEBHOOK = {"requests": "answers", "responses": "calls", "clients": "receivers", "callers": "receivers"}


def _words(changed: SchemaChange) -> dict[str, str]:
    """Who sends what to whom: what the provider calls itself, it does not answer."""
    if not changed.usages or not changed.usages <= CALLED:
        return _CALL
    is_webhook = all(usage.startswith("webhook") for usage in changed.usages)
    return {**_WEBHOOK, "response": "webhook" if is_webhook else "callback"}


def way_word(changed: SchemaChange) -> str:
    """In what a schema is sent, in the plural."""
    return _words(changed)["requests" if changed.direction is Direction.REQUEST else "responses"]


def condition_of(changed: SchemaChange) -> str:
    """What the schema decides that is not one for the values themselves; empty if it is one."""
    return {Sense.INVERTED: "what 'not' shuts out", Sense.UNCLEAR: "the condition of 'if'"}.get(
        changed.sense, ""
    )


@change(ContractRemoved)
def contract_removed(removed: ContractRemoved, options: Options) -> Iterator[Observation]:
    """A contract without a successor."""
    count = len(removed.operations)
    arguments = {"title": removed.title, "count": count, "noun": "operation" if count == 1 else "operations"}
    yield judge(removed, (), [], arguments=arguments)


def way_of(lifecycle: Lifecycle, options: Options) -> str:
    """How something went that is gone: as was announced, before its day, or suddenly."""
    if not lifecycle.is_deprecated:
        return SUDDEN
    if lifecycle.sunset is None:
        return ANNOUNCED
    day = sunset_day(lifecycle.sunset)
    if day is None:
        return UNREADABLE
    return BEFORE if today_of(options) < day else ANNOUNCED


_DAY = regex(r"(\d{4}-\d\d-\d\d)(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?")
"""A full-date or date-time of RFC 3339."""


def sunset_day(text: str) -> date | None:
    """The day of ``x-sunset``; ``None`` if it is no date."""
    found = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def today_of(options: Options) -> date:
    """The day on which dates are judged; outside of a run the present one."""
    return date.fromisoformat(options["today"]) if options.get("today") else date.today()


@change(PathRemoved)
def path_removed(removed: PathRemoved, options: Options) -> Iterator[Observation]:
    """A path, webhook or callback that is gone; what went as announced is told by another rule."""
    arguments = {"path": removed.path}
    if removed.realm is not Realm.CALL:
        names = names_of(removed, WEBHOOKS, "removed")
        yield judge(removed, (), names, message_id=removed.realm.value, arguments=arguments)
        return
    ways = {way_of(lifecycle, options) for lifecycle in removed.lifecycles} - {ANNOUNCED}
    if ways:
        names = names_of(removed, PATHS, *((not removed.is_emptied, way) for way in ways))
        yield judge(removed, (), names, arguments=arguments)


@change(OperationRemoved)
def operation_removed(removed: OperationRemoved, options: Options) -> Iterator[Observation]:
    """A method that is gone from a path that still exists."""
    way = way_of(removed.lifecycle, options)
    if way != ANNOUNCED:
        names = names_of(removed, PATHS, (False, way))
        message_id = "default" if removed.is_sent else "unsent"
        yield judge(removed, (), names, message_id=message_id, arguments={"operation": removed.where})


@change(ServerRemoved)
def server_removed(removed: ServerRemoved, options: Options) -> Iterator[Observation]:
    """A URL that clients may have been told to use is not named any more."""
    arguments = {"url": removed.url, "hits": hits(removed)}
    yield judge(removed, (removed.url,), [], arguments=arguments)
