"""Judges what happened to contracts, paths, operations, parameters, bodies and responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.openapi.changes import ContractChange, Direction
from archlint.comparison.openapi.element_changes import (
    ContractRemoved,
    Lifecycle,
    MediaTypeRemoved,
    OperationDeprecated,
    OperationRemoved,
    ParameterRemoved,
    ParameterRequired,
    PathRemoved,
    RequestBodyRequired,
    ResponseHeaderChanged,
    ResponseRemoved,
)
from archlint.comparison.openapi.schema_changes import SchemaChange
from archlint.finding import Place, Severity

_BEFORE, _UNREADABLE, _ANNOUNCED, _SUDDEN = (
    "before-sunset",
    "sunset-parse",
    "with-deprecation",
    "without-deprecation",
)


def base_place(changed: ContractChange) -> list[tuple[Place, str]]:
    """The old place of a change as its related place."""
    return [] if changed.was is None else [(changed.was, "in the base")]


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
    return observe(
        changed.at,
        message_id,
        related=base_place(changed),
        identity=(changed.where, *direction, *identity),
        operations=changed.operations,
        aliases=aliases,
        severity=severity,
        where=changed.where,
        reach=reach(changed),
        **arguments,
    )


@change(ContractRemoved)
def contract_removed(removed: ContractRemoved, options: Options) -> Iterator[Observation]:
    """A contract without a successor."""
    arguments = {"title": removed.title, "count": len(removed.operations)}
    yield judge(removed, (), [], arguments=arguments)


def _retirement(lifecycle: Lifecycle, options: Options) -> str:
    """How the end of an operation or parameter was announced."""
    if not lifecycle.is_deprecated:
        return _SUDDEN
    if lifecycle.sunset is None:
        return _ANNOUNCED
    try:
        day = date.fromisoformat(lifecycle.sunset[:10])
    except ValueError:
        return _UNREADABLE
    return _BEFORE if _today(options) < day else _ANNOUNCED


def _today(options: Options) -> date:
    """The day on which dates are judged; outside of a run the present one."""
    return date.fromisoformat(options["today"]) if options.get("today") else date.today()


@change(PathRemoved)
def path_removed(removed: PathRemoved, options: Options) -> Iterator[Observation]:
    """A path or webhook that is gone; one that was announced is only worth knowing."""
    ways = {_retirement(lifecycle, options) for lifecycle in removed.lifecycles}
    if removed.is_webhook:
        names = ["oasdiff:webhook-removed"]
    else:
        names = sorted(f"oasdiff:{_PATH_IDS[way]}" for way in ways)
    is_announced = ways == {_ANNOUNCED} and not removed.is_webhook
    message_id = "webhook" if removed.is_webhook else "announced" if is_announced else "default"
    severity = Severity.INFO if is_announced else None
    arguments = {"path": removed.path}
    yield judge(removed, (), names, message_id=message_id, severity=severity, arguments=arguments)


_PATH_IDS = {
    _SUDDEN: "api-path-removed-without-deprecation",
    _ANNOUNCED: "api-path-removed-with-deprecation",
    _BEFORE: "api-path-removed-before-sunset",
    _UNREADABLE: "api-path-sunset-parse",
}
_OPERATION_IDS = {
    _SUDDEN: "api-removed-without-deprecation",
    _ANNOUNCED: "api-removed-with-deprecation",
    _BEFORE: "api-removed-before-sunset",
    _UNREADABLE: "api-path-sunset-parse",
}
_PARAMETER_IDS = {
    _SUDDEN: "request-parameter-removed",
    _ANNOUNCED: "request-parameter-removed-with-deprecation",
    _BEFORE: "request-parameter-removed-before-sunset",
    _UNREADABLE: "request-parameter-sunset-parse",
}


@change(OperationRemoved)
def operation_removed(removed: OperationRemoved, options: Options) -> Iterator[Observation]:
    """A method that is gone from a path that still exists."""
    way = _retirement(removed.lifecycle, options)
    is_announced = way == _ANNOUNCED
    yield judge(
        removed,
        (),
        [f"oasdiff:{_OPERATION_IDS[way]}"],
        message_id="announced" if is_announced else "default",
        severity=Severity.INFO if is_announced else None,
        arguments={"operation": removed.where},
    )


@change(OperationDeprecated)
def deprecation_without_notice(deprecated: OperationDeprecated, options: Options) -> Iterator[Observation]:
    """An operation whose end comes sooner than its stability promises, or on no day that can be read."""
    days = int(options.get("deprecation-days", {}).get(deprecated.stability, 0))
    sunset = deprecated.lifecycle.sunset
    arguments = {
        "operation": deprecated.where,
        "days": days,
        "sunset": sunset or "",
        "stability": deprecated.stability,
    }
    if sunset is None:
        if days > 0:
            names = ["oasdiff:api-deprecated-sunset-missing"]
            yield judge(deprecated, (), names, message_id="missing", arguments=arguments)
        return
    try:
        left = (date.fromisoformat(sunset[:10]) - _today(options)).days
    except ValueError:
        names = ["oasdiff:api-deprecated-sunset-parse"]
        yield judge(deprecated, (), names, message_id="unreadable", arguments=arguments)
        return
    if left < days:
        names = ["oasdiff:api-sunset-date-too-small"]
        yield judge(deprecated, (), names, arguments={**arguments, "left": left})


@change(ParameterRemoved)
def parameter_removed(removed: ParameterRemoved, options: Options) -> Iterator[Observation]:
    """A parameter that is no longer declared: sent all the same, it is ignored or refused."""
    way = _retirement(removed.lifecycle, options)
    severity = {_SUDDEN: Severity.WARNING, _ANNOUNCED: Severity.INFO}.get(way, Severity.ERROR)
    yield judge(
        removed,
        (removed.location, removed.name),
        [f"oasdiff:{_PARAMETER_IDS[way]}"],
        severity=severity,
        arguments={"name": removed.name, "location": removed.location},
    )


@change(ParameterRequired)
def parameter_required(required: ParameterRequired, options: Options) -> Iterator[Observation]:
    """A parameter that callers of the base do not have to send, and now must."""
    if not required.is_new:
        name = "request-parameter-became-required"
    elif required.is_shared:
        name = "new-required-request-default-parameter-to-existing-path"
    else:
        name = "new-required-request-parameter"
    yield judge(
        required,
        (required.location, required.name),
        [f"oasdiff:{name}"],
        message_id="new" if required.is_new else "default",
        arguments={"name": required.name, "location": required.location, "hits": hits(required)},
    )


@change(RequestBodyRequired)
def request_body_required(required: RequestBodyRequired, options: Options) -> Iterator[Observation]:
    """A body that callers of the base do not have to send, and now must."""
    name = "request-body-added-required" if required.is_new else "request-body-became-required"
    message_id = "new" if required.is_new else "default"
    yield judge(required, (), [f"oasdiff:{name}"], message_id=message_id, arguments={})


@change(ResponseRemoved)
def response_removed(removed: ResponseRemoved, options: Options) -> Iterator[Observation]:
    """A success that is no longer answered; errors come and go, clients treat unknown ones by their class."""
    if removed.status.startswith("2"):
        arguments = {"status": removed.status}
        yield judge(
            removed, (removed.status,), ["oasdiff:response-success-status-removed"], arguments=arguments
        )


@change(MediaTypeRemoved)
def media_type_removed(removed: MediaTypeRemoved, options: Options) -> Iterator[Observation]:
    """Media types that are no longer accepted or sent."""
    if removed.direction is Direction.RESPONSE:
        name, message_id = "response-media-type-removed", "response"
    elif removed.is_whole:
        name, message_id = "request-body-removed", "body"
    else:
        name, message_id = "request-body-media-type-removed", "request"
    yield judge(
        removed,
        (removed.direction, *removed.names),
        [f"oasdiff:{name}"],
        message_id=message_id,
        arguments={"names": ", ".join(removed.names), "status": removed.status or ""},
    )


@change(ResponseHeaderChanged)
def response_header_removed(changed: ResponseHeaderChanged, options: Options) -> Iterator[Observation]:
    """A header that clients may rely on is gone, or only comes now and then."""
    if not changed.is_removed:
        name = "response-header-became-optional"
    elif changed.was_required:
        name = "required-response-header-removed"
    else:
        name = "optional-response-header-removed"
    yield judge(
        changed,
        (changed.name.lower(),),
        [f"oasdiff:{name}"],
        message_id="default" if changed.is_removed else "optional",
        severity=None if changed.was_required else Severity.WARNING,
        arguments={"name": changed.name},
    )
