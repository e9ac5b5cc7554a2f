"""How grave findings are in some files or at some elements, where that is said of these alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from archlint.finding import Finding, Severity
from archlint.finding.records import dataclass, replace


@dataclass(frozen=True, eq=False)
class SeverityThere:
    """How grave some rules are somewhere; ``None`` if they tell nothing there."""

    codes: frozenset[str]
    holds_in: Callable[[str], bool]
    """Whether it speaks of a file."""
    severity: Severity | None
    pointer: str = ""
    reason: str = ""
    """Why nothing is told."""


def with_levels(findings: Iterable[Finding], levels: Sequence[SeverityThere]) -> Iterator[Finding]:
    """The findings, each as grave as the last of the levels that speak of it wants it."""
    by_code: dict[str, list[SeverityThere]] = {}
    for level in reversed(levels):
        for code in level.codes:
            by_code.setdefault(code, []).append(level)
    for finding in findings:
        said = next((each for each in by_code.get(finding.code, ()) if _is_about(each, finding)), None)
        if said is None:
            yield finding
        elif said.severity is None:
            yield replace(finding, suppressed=said.reason)
        else:
            unproved = finding.unproved if said.severity is Severity.ERROR else None
            yield replace(finding, severity=said.severity, unproved=unproved)


def _is_about(level: SeverityThere, finding: Finding) -> bool:
    pointer = finding.location.pointer or ""
    is_there = not level.pointer or pointer == level.pointer or pointer.startswith(f"{level.pointer}/")
    return is_there and level.holds_in(finding.location.path)
