"""Findings as plain data and back: for the cache, and between processes."""

from __future__ import annotations

from typing import Any

from archlint.finding.finding import Finding, Location, Witness
from archlint.finding.place import Span
from archlint.finding.vocabulary import Confidence, Edit, Fix, ObjectRef, OperationName, Severity

_PLAIN = ("code", "rule", "message", "message_id", "fingerprint", "suppressed", "unproved")


def to_data(finding: Finding) -> dict[str, Any]:
    """A finding as something that JSON can hold."""
    return {name: getattr(finding, name) for name in _PLAIN} | {
        "severity": finding.severity.label,
        "confidence": finding.confidence.value,
        "arguments": dict(finding.arguments),
        "location": _place_to_data(finding.location),
        "related": [_place_to_data(item) for item in finding.related],
        "object": _fields(finding.object, "kind", "name", "namespace"),
        "operations": [[item.method, item.path] for item in finding.operations],
        "aliases": list(finding.aliases),
        "ignored_as": list(finding.ignored_as),
        "fix": _fix_to_data(finding.fix),
        "witness": _fields(finding.witness, "value", "accepted_by", "rejected_by"),
        "through": list(finding.through),
        "annotation": finding.annotation,
    }


def from_data(data: dict[str, Any]) -> Finding:
    """The finding that ``to_data`` was given.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for other data.
    """
    about, witness, fix = data["object"], data["witness"], data["fix"]
    return Finding(
        **{name: data[name] for name in _PLAIN},
        severity=Severity.parse(data["severity"]),
        confidence=Confidence(data["confidence"]),
        arguments=data["arguments"],
        location=_place_from_data(data["location"]),
        related=tuple(_place_from_data(item) for item in data["related"]),
        object=None if about is None else ObjectRef(*about),
        operations=tuple(OperationName(*item) for item in data["operations"]),
        aliases=tuple(data["aliases"]),
        ignored_as=tuple(data["ignored_as"]),
        fix=None if fix is None else Fix(fix[0], tuple(Edit(*edit) for edit in fix[1])),
        witness=None if witness is None else Witness(*witness),
        through=tuple(data["through"]),
        annotation=None if data["annotation"] is None else tuple(data["annotation"]),
    )


def _place_to_data(place: Location) -> list[Any]:
    span = place.span
    return [
        place.path,
        [span.line, span.column, span.end_line, span.end_column],
        place.document,
        place.pointer,
        place.revision,
        place.message,
    ]


def _place_from_data(data: list[Any]) -> Location:
    path, span, *rest = data
    return Location(path, Span(*span), *rest)


def _fields(value: object | None, *names: str) -> list[Any] | None:
    return None if value is None else [getattr(value, name) for name in names]


def _fix_to_data(fix: Fix | None) -> list[Any] | None:
    if fix is None:
        return None
    edits = [_fields(edit, "path", "line", "column", "end_line", "end_column", "text") for edit in fix.edits]
    return [fix.safe, edits]
