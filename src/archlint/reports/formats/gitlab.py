"""GitLab's Code Quality report, which shows findings in merge requests."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Any

from archlint.finding import Finding, Severity
from archlint.reports import Report
from archlint.reports.characters import valid, visible
from archlint.reports.encoding import encode_list
from archlint.reports.proof import in_a_line

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """A list of issues. GitLab drops issues of equal fingerprint, so each gets one of its own."""
    seen: Counter[tuple[str, str]] = Counter()
    issues: list[dict[str, Any]] = []
    for finding in sorted(report.result.findings, key=Finding.sort_key):
        key = (finding.location.path, finding.fingerprint)
        seen[key] += 1
        issues.append(_issue(finding, seen[key], _link(report, finding)))
    return encode_list(issues) + "\n"


def _link(report: Report, finding: Finding) -> str | None:
    rule = report.rules.get(finding.code)
    return report.url(rule) if rule is not None else None


def _issue(finding: Finding, occurrence: int, link: str | None) -> dict[str, Any]:
    span = finding.location.span
    path = valid(finding.location.path)
    shown = in_a_line(finding)
    proved = "" if shown is None else f" ({shown})"
    identity = "\0".join((valid(finding.fingerprint), path, str(occurrence)))
    return {
        "type": "issue",
        "description": f"{finding.code} {finding.rule}: {visible(finding.message)}{proved}",
        "check_name": finding.code,
        "fingerprint": sha256(identity.encode()).hexdigest(),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": path,
            "lines": {"begin": span.line, "end": span.end_line},
        },
        **({"content": {"body": f"[{finding.code} {finding.rule}]({link})"}} if link else {}),
    }
