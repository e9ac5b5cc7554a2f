"""What a house's own rules say already is told with the house's name alone.

A rule of the house that demands what an element lacks, and a rule of archlint that misses the same there,
have one mend. The house said how grave it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.finding import Finding
from archlint.finding.place import steps_of
from archlint.judging.local_severities import LevelThere

ELEMENT = "element"
"""The argument in which a finding of a house's rule has the pointer of what is meant, be it there or not."""
_HOUSE = "HOUSE"
_NOT_TOLD = LevelThere(None)

MISSED = {
    "array-items-missing": "items",
    "asyncapi-contact-missing": "contact",
    "asyncapi-description-missing": "description",
    "asyncapi-license-missing": "license",
    "asyncapi-license-url-missing": "url",
    "asyncapi-operation-id-missing": "operationId",
    "asyncapi-operation-undescribed": "description",
    "asyncapi-parameter-undescribed": "description",
    "asyncapi-payload-missing": "payload",
    "asyncapi-server-list-missing": "servers",
    "asyncapi-tag-list-missing": "tags",
    "asyncapi-tag-undescribed": "description",
    "contact-missing": "contact",
    "host-missing": "host",
    "info-description-missing": "description",
    "license-missing": "license",
    "license-url-missing": "url",
    "operation-id-missing": "operationId",
    "operation-undescribed": "description",
    "operation-untagged": "tags",
    "parameter-undescribed": "description",
    "schemes-missing": "schemes",
    "server-list-missing": "servers",
    "tag-list-missing": "tags",
    "tag-undescribed": "description",
}
"""What an element lacks of which such a rule tells, and nothing else."""


class HouseDemands:
    """What the rules of a house demand, and is missing."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._missing = {
            (finding.location.path, finding.location.pointer, steps[0])
            for finding in findings
            if finding.code.startswith(_HOUSE) and (steps := _missing_steps(finding))
        }

    def there(self, finding: Finding) -> LevelThere | None:
        """Whether a finding is about one of these."""
        name = MISSED.get(finding.rule)
        at = finding.location
        return _NOT_TOLD if name and (at.path, at.pointer, name) in self._missing else None


def _missing_steps(finding: Finding) -> list[str]:
    """The steps from where a finding stands to what is missing."""
    element, here = str(finding.arguments.get(ELEMENT, "")), finding.location.pointer or ""
    return steps_of(element[len(here) :]) if element.startswith(f"{here}/") else []
