"""Counting findings and saying the counts in words, the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archlint.finding import Finding, Severity

GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule found something, in how many files, and its gravest severity."""

    code: str
    rule: str
    severity: Severity
    findings: int
    files: int


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """The number of findings of each severity, gravest first, zeros included."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in GRAVEST_FIRST}


def by_rule(findings: Iterable[Finding]) -> list[RuleCount]:
    """Counts by rule: the gravest first, then the most frequent, then by code."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    counts = [
        RuleCount(
            code=code,
            rule=group[0].rule,
            severity=max(finding.severity for finding in group),
            findings=len(group),
            files=len({finding.location.path for finding in group}),
        )
        for code, group in groups.items()
    ]
    return sorted(counts, key=lambda count: (-count.severity, -count.findings, count.code))


def number_of(count: int, word: str) -> str:
    """Such as ``1 error`` or ``2 errors``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def in_words(counts: dict[Severity, int]) -> str:
    """Such as ``2 errors, 1 warning and 3 infos``; severities without findings are left out."""
    parts = [number_of(count, severity.label) for severity, count in counts.items() if count]
    if len(parts) < 2:
        return parts[0] if parts else "no findings"
    return ", ".join(parts[:-1]) + " and " + parts[-1]
