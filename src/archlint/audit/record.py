"""What an audit record says: one before a gate and one after it, which share an id.

A record holds no secret: in all of its texts addresses lose their credentials, and what looks like a token is
covered. What files cannot tell is null.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from time import monotonic
from typing import Any

from archlint.audit.schema import audit_schema
from archlint.comparison.resources import ResourceChange, WorkloadChange, WorkloadState
from archlint.engine.gate.judging import Judged
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_CREDENTIALS = regex(r"(?<=://)(?:[^\s@]{1,500}+@){1,9}+")
"""Passwords may have slashes and more than one @, so paths with an @ in them are covered as well."""
_TOKENS = regex(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_\w{16,255}|glpat-[\w-]{16,255}|xox[abprs]-[\w-]{10,255}"
    r"|AKIA[A-Z0-9]{12,20}|eyJ[\w-]{10,2000}\.[\w-]{10,4000}(?:\.[\w-]{0,4000})?)"
)
_NAMED = regex(r"(?i)\b((?:[\w-]{0,40}[_-])?(?:token|password|passwd|secret|api[_-]?key))=[^\s&]{1,2000}")
_COVERED = "***"
_USERS = (
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "BUILD_REQUESTEDFOR",
    "CIRCLE_USERNAME",
    "BUILDKITE_BUILD_CREATOR",
)
_ENVIRONMENTS = ("ARCHLINT_ENVIRONMENT", "CI_ENVIRONMENT_NAME", "ENVIRONMENT")
_TICKETS = ("ARCHLINT_TICKET", "CHANGE_TICKET")
_TRACE = regex(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}\Z")
"""``traceparent`` of W3C Trace Context."""
_LONGEST = 2000
FIELDS: tuple[str, ...] = tuple(audit_schema()["required"])
"""The keys of every record, in their order."""


class AuditOutcome(StrEnum):
    """How far a gate has come."""

    STARTED = "started"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, and for what: from flags, else from variables that services of CI set."""

    user: str | None
    ticket: str | None
    environment: str | None
    trace: str | None


def who(
    user: str | None, ticket: str | None, environment: str | None, variables: Mapping[str, str] | None = None
) -> Who:
    """The facts that flags or the environment give."""
    given = os.environ if variables is None else variables
    trace = _TRACE.match(given.get("TRACEPARENT", ""))
    return Who(
        _said(user) or _first(given, _USERS),
        _said(ticket) or _first(given, _TICKETS),
        _said(environment) or _first(given, _ENVIRONMENTS),
        trace[1] if trace else None,
    )


def _first(variables: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((said for name in names if (said := _said(variables.get(name)))), None)


def _said(text: str | None) -> str | None:
    """A text without the blanks around it; blanks alone say nothing."""
    return (text or "").strip() or None


def redacted(arguments: Sequence[str]) -> str:
    """A command line without credentials."""
    return _covered(" ".join(arguments))[:_LONGEST]


def _covered(text: str) -> str:
    for pattern, cover in ((_CREDENTIALS, f"{_COVERED}@"), (_TOKENS, _COVERED), (_NAMED, rf"\1={_COVERED}")):
        text = pattern.sub(cover, text)
    return text


def _without_secrets(value: Any) -> Any:
    """A value of a record with what looks like a secret covered in all of its texts."""
    if isinstance(value, dict):
        return {key: _without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return _covered(value) if isinstance(value, str) else value


class AuditTrail:
    """The two records of one gate."""

    def __init__(self, asked: Who, arguments: Sequence[str], operation: str = "gate") -> None:
        self._id = str(uuid.uuid4())
        self._began = monotonic()
        self._asked = asked
        self._operation = operation
        self._command = redacted(arguments)

    def started(self) -> str:
        """The line before the gate."""
        return self._line(AuditOutcome.STARTED, {})

    def ended(self, exit_code: int, judged: Judged | None, problem: str | None = None) -> str:
        """The line after it; ``judged`` is missing where it did not come to a verdict."""
        passed = exit_code == 0
        facts: dict[str, Any] = {
            "verdict": None if judged is None else ("pass" if judged.verdict.passes else "fail"),
            "exit_code": exit_code,
            "duration_seconds": round(monotonic() - self._began, 3),
            "error_detail": None if problem is None else redacted([problem]),
            **({} if judged is None else _effects(judged)),
        }
        return self._line(AuditOutcome.SUCCESS if passed else AuditOutcome.FAILURE, facts)

    def _line(self, outcome: AuditOutcome, facts: Mapping[str, Any]) -> str:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {
            **dict.fromkeys(FIELDS),
            "id": self._id,
            "timestamp": now,
            "user": self._asked.user,
            "change_ticket": self._asked.ticket,
            "environment": self._asked.environment,
            "operation": self._operation,
            "command": self._command,
            "outcome": outcome.value,
            "resources_affected": [],
            "workloads": [],
            "trace_id": self._asked.trace,
            **facts,
        }
        return json.dumps(_without_secrets(record), ensure_ascii=True) + "\n"


def _effects(judged: Judged) -> dict[str, Any]:
    """What the release does to the system."""
    workloads = judged.workloads
    facts: dict[str, Any] = {
        "resources_affected": [_resource(item) for item in judged.resources],
        "workloads": [_workload(item) for item in workloads],
        "rollback_available": judged.rollback.is_available,
        "rollback_reason": "; ".join(judged.rollback.reasons)[:_LONGEST] or None,
    }
    if len(workloads) == 1:
        change = workloads[0]
        facts["service_mesh"] = change.is_meshed
        facts["replicas"] = {"before": _replicas(change.before), "after": _replicas(change.after)}
        facts["image_version"] = {"before": _version(change.before), "after": _version(change.after)}
    return facts


def _resource(item: ResourceChange) -> dict[str, Any]:
    return {"verb": item.verb.value, "resource": _named(item.object), "family": item.family}


def _workload(item: WorkloadChange) -> dict[str, Any]:
    state = item.after or item.before
    return {"resource": _named(item.object), "replicas": _replicas(state), "image_version": _version(state)}


def _named(item: ObjectRef) -> str:
    place = f"{item.namespace}/" if item.namespace else ""
    return f"{item.kind}/{place}{item.name}"


def _replicas(state: WorkloadState | None) -> int | None:
    return None if state is None else state.replicas


def _version(state: WorkloadState | None) -> str | None:
    return None if state is None else state.version
