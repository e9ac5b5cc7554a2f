"""Whether a rule finds a defect where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archlint.finding import Finding, Rule
from tests.defects.defects import Defect, Line
from tests.metamorphic.repositories import Files, findings_in


@dataclass(frozen=True)
class Score:
    """How many of some defects a rule found, and what it missed."""

    tried: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part that was found, from 0 to 1."""
        return 1 - len(self.missed) / self.tried if self.tried else 0.0


def score(rule: Rule, healthy: Files, defects: Sequence[Defect]) -> Score:
    """Holds a rule against defects of one repository."""
    before = Counter(item.fingerprint for item in _found(healthy, rule))
    missed = [item.what for item in defects if not _is_found(rule, item, before)]
    return Score(len(defects), tuple(missed))


def false_alarms(rule: Rule, healthy: Files, variants: Iterable[Files]) -> int:
    """How many findings a rule has in harmless variants of a repository, and not in that itself."""
    before = Counter(item.fingerprint for item in _found(healthy, rule))
    return sum(
        (Counter(item.fingerprint for item in _found(files, rule)) - before).total() for files in variants
    )


def _found(files: Files, rule: Rule, base: Files | None = None) -> list[Finding]:
    return findings_in(files, [rule], base=base, evaluated=True)


def _is_found(rule: Rule, defect: Defect, before: Counter[str]) -> bool:
    found = _found(defect.files, rule, defect.base)
    new = Counter(item.fingerprint for item in found) - before
    return any(item.fingerprint in new and _tells(item, defect) for item in found)


def _tells(finding: Finding, defect: Defect) -> bool:
    """Whether a finding stands on one side of the join and shows the other one."""
    at = (finding.location.path, finding.location.span.line)
    other = defect.other_sides | (defect.places if at in defect.other_sides else frozenset())
    return at in defect.places and (not defect.other_sides or not other.isdisjoint(_related(finding)))


def _related(finding: Finding) -> Iterable[Line]:
    return ((item.path, item.span.line) for item in finding.related)
