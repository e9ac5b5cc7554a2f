"""Counting findings and saying the counts in words, the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import attrgetter

from archlint.finding import Finding, Rule, Severity
from archlint.finding.records import dataclass
from archlint.finding.words import listed, number_of

GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_SEVERITY_OF = attrgetter("severity")
_NEWS = "changelog"
"""The tag of rules that tell of compatible changes."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule found something of one severity, and in how many files."""

    code: str
    rule: str
    severity: Severity
    findings: int
    files: int


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """The number of findings of each severity, gravest first, zeros included."""
    counts = Counter(map(_SEVERITY_OF, findings))
    return {severity: counts[severity] for severity in GRAVEST_FIRST}


def by_rule(findings: Iterable[Finding]) -> list[RuleCount]:
    """Counts by rule, one for each severity that its findings have, so that they add up to the totals by
    severity: the gravest first, then the most frequent, then by code."""
    groups: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.severity), []).append(finding)
    counts = [
        RuleCount(
            code=code,
            rule=group[0].rule,
            severity=severity,
            findings=len(group),
            files=len({finding.location.path for finding in group}),
        )
        for (code, severity), group in groups.items()
    ]
    return sorted(counts, key=lambda count: (-count.severity, -count.findings, count.code))


def in_words(counts: dict[Severity, int], compatible: int = 0) -> str:
    """Such as ``2 errors, 1 warning and 3 infos``; severities without findings are left out."""
    parts = [number_of(count, severity.label) for severity, count in counts.items() if count]
    parts += [number_of(compatible, "compatible change")] if compatible else []
    return listed(parts) or "no findings"


def is_news(finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether a finding tells of a compatible change, which nobody has to fix."""
    rule = rules.get(finding.code)
    return rule is not None and _NEWS in rule.tags and finding.severity is Severity.INFO
