"""How grave findings are in some files or at some elements, where that is said of these alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from archlint.finding import Finding, Severity
from archlint.finding.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class LevelThere:
    """How grave a finding is where it is; ``None`` if its rule tells nothing there."""

    severity: Severity | None
    reason: str = ""
    """Why nothing is told; without one, the rule is not in force there, as if it had not run."""


LevelOf = Callable[[Finding], LevelThere | None]
"""What is said of a finding where it is, if anything."""


def with_levels(findings: Iterable[Finding], levels: Sequence[LevelOf]) -> Iterator[Finding]:
    """The findings, each as grave as the first of the levels that speak of it wants it."""
    for finding in findings:
        said = next((said for level in levels if (said := level(finding)) is not None), None)
        if said is None:
            yield finding
        elif said.severity is not None:
            unproved = finding.unproved if said.severity is Severity.ERROR else None
            yield replace(finding, severity=said.severity, unproved=unproved)
        elif said.reason:
            yield replace(finding, suppressed=said.reason)
