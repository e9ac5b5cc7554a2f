"""Which findings of a world a report is about: the paths that a user names choose, joins see all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archlint.finding import Finding
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Chooses by the named paths."""

    lies_below: Callable[[str], bool]

    def of(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those of the findings that a report is about."""
        return tuple(filter(self.has, findings))

    def has(self, finding: Finding) -> bool:
        """Whether a place of a finding lies below a named path, or what it was found through does."""
        places = (place.path for place in (finding.location, *finding.related))
        return any(map(self.lies_below, (*places, *finding.through)))
