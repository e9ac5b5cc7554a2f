"""Findings as plain data and back: for the cache, and between processes.

There may be 100,000 of them. So what findings of a rule share is written once, the others name it by its
number, and what few findings have takes no room in the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archlint.finding.finding import Finding, Location, Witness
from archlint.finding.place import Span
from archlint.finding.vocabulary import Confidence, Edit, Fix, ObjectRef, OperationName, Severity

_Head = tuple[str, str, Severity, Confidence, str, tuple[str, ...], tuple[str, ...]]
"""What findings of a rule share: the fields that ``to_data`` writes once."""


def to_data(findings: Iterable[Finding]) -> dict[str, Any]:
    """Findings as something that JSON can hold."""
    heads: dict[tuple[Any, ...], int] = {}
    rows: list[list[Any]] = []
    for finding in findings:
        head = (
            finding.code,
            finding.rule,
            finding.severity,
            finding.confidence,
            finding.message_id,
            tuple(finding.aliases),
            tuple(finding.ignored_as),
        )
        about, place, through = finding.object, finding.location, finding.through
        rows.append(
            [
                heads.setdefault(head, len(heads)),
                finding.message,
                finding.arguments if type(finding.arguments) is dict else dict(finding.arguments),
                finding.fingerprint,
                None if about is None else (about.kind, about.name, about.namespace),
                None if through == (place.path,) else through,
                *_place_to_data(place),
                _rest_of(finding),
            ]
        )
    return {"heads": [_head_to_data(*head) for head in heads], "rows": rows}


def from_data(data: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings that ``to_data`` was given.

    Raises ``LookupError``, ``TypeError`` or ``ValueError`` for other data.
    """
    heads = [_head_from_data(head) for head in data["heads"]]
    return tuple(_from_row(heads, row) for row in data["rows"])


def _head_to_data(
    code: str, rule: str, severity: Severity, confidence: Confidence, *others: Any
) -> tuple[Any, ...]:
    return (code, rule, severity.label, confidence.value, *others)


def _head_from_data(head: Sequence[Any]) -> _Head:
    code, rule, severity, confidence, message_id, aliases, ignored_as = head
    marks = (tuple(aliases), tuple(ignored_as))
    return (code, rule, Severity.parse(severity), Confidence(confidence), message_id, *marks)


def _from_row(heads: Sequence[_Head], row: Sequence[Any]) -> Finding:
    head, message, arguments, fingerprint, about, through, path, *place, rest = row
    line, column, end_line, end_column, document, pointer, revision, note = place
    code, rule, severity, confidence, message_id, aliases, ignored_as = heads[head]
    at = Location(path, Span(line, column, end_line, end_column), document, pointer, revision, note)
    named = None if about is None else ObjectRef(*about)
    led = (path,) if through is None else tuple(through)
    told = (code, rule, severity, confidence, message, message_id, arguments, at, fingerprint, named)
    if rest is None:
        return Finding(*told, (), aliases, ignored_as, through=led)
    return Finding(*told, aliases=aliases, ignored_as=ignored_as, through=led, **_rest_from_data(**rest))


_NONE = (None,) * 5
"""What most findings have of what few have."""


def _rest_of(finding: Finding) -> dict[str, Any] | None:
    """What few findings have."""
    related, operations, annotation = finding.related, finding.operations, finding.annotation
    said = (finding.fix, finding.witness, finding.unproved, annotation, finding.suppressed)
    if not related and not operations and said == _NONE:
        return None
    rest = {
        "related": [_place_to_data(item) for item in related] or None,
        "operations": [(item.method, item.path) for item in operations] or None,
        "fix": _fix_to_data(finding.fix),
        "witness": _witness_to_data(finding.witness),
        "unproved": finding.unproved,
        "annotation": annotation,
        "suppressed": finding.suppressed,
    }
    return {name: value for name, value in rest.items() if value is not None} or None


def _rest_from_data(
    related: Iterable[Sequence[Any]] = (),
    operations: Iterable[Sequence[str]] = (),
    fix: Sequence[Any] | None = None,
    witness: Sequence[Any] | None = None,
    annotation: Sequence[Any] | None = None,
    **others: Any,
) -> dict[str, Any]:
    return {
        "related": tuple(_place_from_data(*item) for item in related),
        "operations": tuple(OperationName(*item) for item in operations),
        "fix": None if fix is None else Fix(fix[0], tuple(Edit(*edit) for edit in fix[1])),
        "witness": None if witness is None else Witness(json.loads(witness[0]), *witness[1:]),
        "annotation": None if annotation is None else tuple(annotation),
        **others,
    }


def _place_to_data(place: Location) -> tuple[Any, ...]:
    at = place.span
    return (
        place.path,
        at.line,
        at.column,
        at.end_line,
        at.end_column,
        place.document,
        place.pointer,
        place.revision,
        place.message,
    )


def _place_from_data(
    path: str, line: int, column: int, end_line: int, end_column: int, *others: Any
) -> Location:
    return Location(path, Span(line, column, end_line, end_column), *others)


def _witness_to_data(witness: Witness | None) -> list[Any] | None:
    """The value as JSON of its own: it may be anything, while all else is texts and small numbers."""
    if witness is None:
        return None
    return [json.dumps(witness.value, default=str), witness.accepted_by, witness.rejected_by]


def _fields(value: object | None, *names: str) -> list[Any] | None:
    return None if value is None else [getattr(value, name) for name in names]


def _fix_to_data(fix: Fix | None) -> list[Any] | None:
    if fix is None:
        return None
    edits = [_fields(edit, "path", "line", "column", "end_line", "end_column", "text") for edit in fix.edits]
    return [fix.safe, edits]
