"""Recorded traffic that is not as a contract promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.evidence.mismatches import (
    BodyMisfit,
    BodyNotSent,
    CredentialNotSent,
    HeaderMisfit,
    HeaderNotSent,
    MediaTypeUndeclared,
    ParameterMisfit,
    ParameterNotSent,
    ParameterUndeclared,
    RefusedByChange,
    StatusUndeclared,
    TrafficMismatch,
    Uncovered,
    UndescribedTraffic,
)
from archlint.finding import Severity
from archlint.finding.words import number_of

_MOST_NAMED = 5
_OF_GATEWAYS = frozenset(
    (*("301", "302", "307", "308", "401", "403", "407", "408", "413", "414", "429", "431"),)
)
"""Statuses that what stands in front of a service answers by itself, besides all that begin with 5."""
_RECORDED = {"was": "was answered", "correct": "refuse such requests"}
_WRITTEN = {"was": "is called", "correct": "correct the request"}
"""What is said of requests that took place, and of those that somebody only means to send."""


def _told(
    found: TrafficMismatch, message_id: str = "default", *, severity: Severity | None = None, **arguments: str
) -> Observation:
    """A mismatch at its element, with the exchanges that show it."""
    written = _RECORDED if found.is_recorded else _WRITTEN
    said: dict[str, Any] = {"where": _where(found), **written, **arguments}
    if not found.is_recorded and severity is None:
        severity = Severity.WARNING  # it may be meant to be refused
    said["seen"] = "" if found.count == 1 else f" (in {number_of(found.count, 'exchange')})"
    return observe(
        found.node.place(),
        message_id,
        related=[(place, "seen here") for place in found.seen],
        identity=found.identity or None,
        operations=found.operations,
        severity=severity,
        **said,
    )


def _where(found: TrafficMismatch) -> str:
    """The operations that show it."""
    first = found.operations[0] if found.operations else None
    if first is None:
        return "a request"
    more = f" and {number_of(len(found.operations) - 1, 'other')}" if len(found.operations) > 1 else ""
    return f"{first.method} {first.path}{more}"


@change(UndescribedTraffic)
def traffic_undescribed(found: UndescribedTraffic, options: Options) -> Iterator[Observation]:
    """A request that was answered and that no operation describes."""
    message = "method" if found.has_path else "default"
    severity = None if found.is_recorded else Severity.INFO
    yield _told(found, message, severity=severity, method=found.method, path=found.path)


@change(ParameterNotSent)
def traffic_parameter_missing(found: ParameterNotSent, options: Options) -> Iterator[Observation]:
    """A request without a parameter that is required."""
    yield _told(found, location=found.location, name=found.name)


@change(ParameterMisfit)
def traffic_parameter_invalid(found: ParameterMisfit, options: Options) -> Iterator[Observation]:
    """A parameter whose value is refused."""
    yield _told(found, location=found.location, name=found.name, problem=found.problem)


@change(ParameterUndeclared)
def traffic_parameter_undeclared(found: ParameterUndeclared, options: Options) -> Iterator[Observation]:
    """A parameter that no operation has."""
    yield _told(found, severity=None if found.is_recorded else Severity.INFO, name=found.name)


@change(BodyNotSent)
def traffic_body_missing(found: BodyNotSent, options: Options) -> Iterator[Observation]:
    """A request or response without the body that it should have."""
    yield _told(found, "response" if found.status else "default", status=found.status)


@change(BodyMisfit)
def traffic_body_invalid(found: BodyMisfit, options: Options) -> Iterator[Observation]:
    """A body that its schema refuses."""
    yield _told(found, "response" if found.status else "default", status=found.status, problem=found.problem)


@change(MediaTypeUndeclared)
def traffic_media_type_undeclared(found: MediaTypeUndeclared, options: Options) -> Iterator[Observation]:
    """A body of a media type that nobody declared."""
    if found.declared:
        message = "response" if found.status else "default"
        yield _told(found, message, status=found.status, media_type=found.media_type, declared=found.declared)
    else:
        yield _told(
            found, "none", severity=Severity.WARNING, status=found.status, media_type=found.media_type
        )


@change(StatusUndeclared)
def traffic_status_undeclared(found: StatusUndeclared, options: Options) -> Iterator[Observation]:
    """An answer with a status that the operation does not have; a gateway's is a warning."""
    is_of_gateway = found.status.startswith("5") or found.status in _OF_GATEWAYS
    severity = Severity.WARNING if is_of_gateway else None
    yield _told(found, severity=severity, status=found.status, declared=found.declared)


@change(HeaderNotSent)
def traffic_header_missing(found: HeaderNotSent, options: Options) -> Iterator[Observation]:
    """A response without a header that is required."""
    yield _told(found, status=found.status, name=found.name)


@change(HeaderMisfit)
def traffic_header_invalid(found: HeaderMisfit, options: Options) -> Iterator[Observation]:
    """A header of a response whose value is refused."""
    yield _told(found, status=found.status, name=found.name, problem=found.problem)


@change(CredentialNotSent)
def traffic_credential_missing(found: CredentialNotSent, options: Options) -> Iterator[Observation]:
    """A request that got its answer without any credential."""
    yield _told(found, schemes=found.schemes)


@change(RefusedByChange)
def traffic_refused(found: RefusedByChange, options: Options) -> Iterator[Observation]:
    """Requests that were taken by the older contract."""
    title = found.contract.title or found.contract.document.path
    where = _where(found) if found.operations else f"'{title}'"
    requests = number_of(found.count, "recorded request")
    yield _told(found, where=where, problem=found.problem, requests=requests)


@change(Uncovered)
def traffic_missing(found: Uncovered, options: Options) -> Iterator[Observation]:
    """What no evidence shows."""
    named = ", ".join(f"{one.method} {one.path}" for one in found.missing[:_MOST_NAMED])
    more = len(found.missing) - _MOST_NAMED
    yield _told(
        found,
        missing=str(len(found.missing)),
        of=number_of(found.of, "operation"),
        named=f"{named} and {more} more" if more > 0 else named,
    )
