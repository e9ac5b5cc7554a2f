"""Findings about types of fields in proto files: what holds less is told with the type, else by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.finding import Finding, Severity

RETYPED, NARROWED = "PROTO503", "PROTO580"
"""The rule about types that change, and the one about values that are lost although both are sent alike."""
_Key = tuple[str, str | None, int, int]


def told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, without those about lost values which the one about the field's type shows as well.

    Where that one is not told, as its rule is off or settings of buf ask for the binary format alone, or is
    told as less grave, the value is told by itself.
    """
    narrowed: list[Finding] = []
    shown: dict[_Key, Severity] = {}
    for finding in findings:
        if finding.code == NARROWED:
            narrowed.append(finding)
            continue
        if finding.code == RETYPED and finding.witness is not None:
            shown[_old_type(finding)] = finding.severity
        yield finding
    for finding in narrowed:
        severity = shown.get(_old_type(finding))
        if severity is None or severity < finding.severity:
            yield finding


def _old_type(finding: Finding) -> _Key:
    """The place of the older type: that of the newer one may be that of buf."""
    at = finding.related[0]
    return (at.path, at.revision, at.span.line, at.span.column)
