"""The report for programs: one object whose fields are documented and only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from archlint.finding import (
    Confidence,
    Finding,
    Fix,
    Location,
    Notice,
    ObjectRef,
    RolledOut,
    SchemaUse,
    Severity,
    Unread,
)
from archlint.reports import Report
from archlint.reports.characters import safe_json
from archlint.reports.counts import by_rule, by_severity
from archlint.reports.encoding import encode, encode_list, listed, plain, quoted

VERSION = 1


def render(report: Report) -> str:
    """The object as text, with one finding a line."""
    result = report.result
    findings = report.findings()
    fields = {"version": encode(VERSION), "tool": encode({"version": report.version})}
    if result.base is not None:
        fields["base"] = encode(result.base)
    fields["findings"] = listed(map(finding_line, findings), " ")
    fields["notices"] = encode_list(map(_notice, result.notices), " ")
    fields["unread"] = encode_list(map(unread_fields, result.unread), " ")
    if result.schemas is not None:
        fields["schemas"] = encode(schema_fields(result.schemas))
    if report.statistics:
        fields["statistics"] = encode_list(
            (
                {
                    "code": count.code,
                    "rule": count.rule,
                    "severity": count.severity.label,
                    "findings": count.findings,
                    "files": count.files,
                }
                for count in by_rule(findings)
            ),
            " ",
        )
    counts = {severity.label: count for severity, count in by_severity(result.findings).items()}
    read = {} if result.read is None else {"read": result.read}
    files = {"files": result.files, **read, "unread": len(result.unread)}
    fields["summary"] = encode({**files, **counts, "suppressed": len(result.suppressed)})
    pieces = [piece for name, text in fields.items() for piece in (",\n", f' "{name}": ', text)]
    return "".join(("{\n", *pieces[1:], "\n}\n"))  # in one go, as the findings may take 100 MB


def finding_fields(finding: Finding) -> dict[str, Any]:
    """A finding as the documented fields; those that do not apply are left out."""
    at = finding.location
    fields: dict[str, Any] = {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity.label,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "message_id": finding.message_id,
        "arguments": dict(finding.arguments),
        **_position(at),
        "document": at.document,
    }
    # one after the other, as there may be 100,000 findings and few have any of these
    if at.pointer is not None:
        fields["pointer"] = at.pointer
    if at.revision is not None:
        fields["revision"] = at.revision
    if finding.object is not None:
        fields["object"] = object_fields(finding)
    if finding.operations:
        fields["operations"] = operation_fields(finding)
    if finding.aliases:
        fields["aliases"] = list(finding.aliases)
    if finding.related:
        fields["related"] = [_related(place) for place in finding.related]
    if finding.fix is not None:
        fields["fix"] = _fix(finding.fix)
    if finding.witness is not None:
        fields["witness"] = witness_fields(finding)
    if finding.unproved is not None:
        fields["unproved"] = finding.unproved
    if finding.affected is not None:
        fields["consumers"] = consumer_fields(finding)
    if finding.rollouts:
        fields["rollouts"] = [_rollout(item) for item in finding.rollouts]
    fields["fingerprint"] = finding.fingerprint
    if finding.suppressed is not None:
        fields["suppressed"] = finding.suppressed
    return fields


def finding_line(finding: Finding) -> str:
    """``finding_fields`` encoded. There may be 100,000 findings, most of which say the same few things: those
    are put together from parts that many share, in a third of the time."""
    at = finding.location
    said = (finding.fix, finding.witness, finding.unproved, finding.affected, finding.suppressed, at.revision)
    if said != _NOTHING or finding.operations or finding.rollouts:
        return encode(finding_fields(finding))
    span = at.span
    arguments = [f"{quoted(name)}: {quoted(value)}" for name, value in finding.arguments.items()]
    pointer = "" if at.pointer is None else f', "pointer": {quoted(at.pointer)}'
    about = "" if finding.object is None else f', "object": {_about(finding.object)}'
    aliases = f', "aliases": {_names(finding.aliases)}' if finding.aliases else ""
    related = f', "related": [{", ".join(map(_related_line, finding.related))}]' if finding.related else ""
    return safe_json(
        f"{_beginning(finding.code, finding.rule, finding.severity, finding.confidence)}"
        f'{quoted(finding.message)}, "message_id": {quoted(finding.message_id)}, '
        f'"arguments": {{{", ".join(arguments)}}}, "path": {quoted(at.path)}, '
        f'"line": {span.line}, "column": {span.column}, '
        f'"end_line": {span.end_line}, "end_column": {span.end_column}, "document": {at.document}'
        f'{pointer}{about}{aliases}{related}, "fingerprint": {quoted(finding.fingerprint)}}}'
    )


_NOTHING = (None,) * 6
"""What most findings have of what few have."""


def _about(named: ObjectRef) -> str:
    within = "" if named.namespace is None else f', "namespace": {quoted(named.namespace)}'
    return f'{{"kind": {quoted(named.kind)}{within}, "name": {quoted(named.name)}}}'


def _related_line(place: Location) -> str:
    """``_related`` encoded."""
    span = place.span
    pointer = "" if place.pointer is None else f', "pointer": {quoted(place.pointer)}'
    revision = "" if place.revision is None else f', "revision": {quoted(place.revision)}'
    return (
        f'{{"path": {quoted(place.path)}, "line": {span.line}, "column": {span.column}, '
        f'"end_line": {span.end_line}, "end_column": {span.end_column}'
        f'{pointer}{revision}, "message": {quoted(place.message)}}}'
    )


@cache
def _names(aliases: tuple[str, ...]) -> str:
    return encode(list(aliases))


@cache
def _beginning(code: str, rule: str, severity: Severity, confidence: Confidence) -> str:
    """The line of a finding up to its message."""
    fields = {"code": code, "rule": rule, "severity": severity.label, "confidence": confidence.value}
    return f'{encode(fields)[:-1]}, "message": '


def object_fields(finding: Finding) -> dict[str, str] | None:
    """Kind, namespace if known, and name of the object that a finding is about."""
    named = finding.object
    if named is None:
        return None
    return _applying({"kind": named.kind, "namespace": named.namespace, "name": named.name})


def operation_fields(finding: Finding) -> list[dict[str, str]]:
    """The API operations that a finding touches."""
    return [{"method": operation.method, "path": operation.path} for operation in finding.operations]


def witness_fields(finding: Finding) -> dict[str, Any] | None:
    """The value that one side accepts and the other rejects."""
    witness = finding.witness
    if witness is None:
        return None
    return {
        "value": plain(witness.value),
        "accepted_by": witness.accepted_by,
        "rejected_by": witness.rejected_by,
    }


def consumer_fields(finding: Finding) -> list[dict[str, Any]] | None:
    """The consumers that a change breaks, each with the places of its uses, or of its calls; empty if none is
    known."""
    if finding.affected is None:
        return None
    return [
        {
            "service": item.name,
            "uses": "operation" if item.is_use else "service",
            "places": [
                {"path": at.path, "line": at.span.line, "column": at.span.column} for at in item.places
            ],
        }
        for item in finding.affected
    ]


def _rollout(item: RolledOut) -> dict[str, Any]:
    at = item.place
    named = {"kind": item.object.kind, "namespace": item.object.namespace, "name": item.object.name}
    return _applying(
        {
            **named,
            "strategy": item.strategy,
            "side_by_side": item.is_side_by_side,
            "path": at.path,
            "line": at.span.line,
            "column": at.span.column,
        }
    )


def _position(place: Location) -> dict[str, Any]:
    span = place.span
    return {
        "path": place.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _related(place: Location) -> dict[str, Any]:
    return _applying(
        {
            **_position(place),
            "pointer": place.pointer,
            "revision": place.revision,
            "message": place.message,
        }
    )


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [
        {
            "path": edit.path,
            "line": edit.line,
            "column": edit.column,
            "end_line": edit.end_line,
            "end_column": edit.end_column,
            "text": edit.text,
        }
        for edit in fix.edits
    ]
    return {"safe": fix.safe, "edits": edits}


def _notice(notice: Notice) -> dict[str, Any]:
    return _applying({"level": notice.level, "message": notice.message, "path": notice.path})


def unread_fields(unread: Unread) -> dict[str, Any]:
    """What was not read, with the code of the reason."""
    return _applying(
        {
            "path": unread.path,
            "document": unread.document,
            "reason": unread.reason,
            "detail": unread.detail or None,
        }
    )


def schema_fields(use: SchemaUse) -> dict[str, Any]:
    """Of which version of Kubernetes the schemas were, and how many objects have one."""
    counts = {"checked": use.checked, "unchecked": dict(use.unchecked)}
    return {"kubernetes": use.version, **counts, **({"rules": dict(use.rules)} if use.rules else {})}


def _applying(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
