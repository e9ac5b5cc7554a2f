"""What shows that a change breaks somebody, in words: the same in every format for people."""

from __future__ import annotations

from archlint.finding import Finding
from archlint.reports.characters import visible
from archlint.reports.encoding import encode, plain

_VALUE_LIMIT = 200
_REASON_LIMIT = 2000


def proof(finding: Finding) -> tuple[str, str] | None:
    """What a value shows, and the value; or that none is shown, and why."""
    if finding.witness is not None:
        is_lost = finding.witness.accepted_by == "base"
        said = "accepted before, rejected now" if is_lost else "possible now, not before"
        return said, visible(encode(plain(finding.witness.value)), _VALUE_LIMIT)
    if finding.unproved is not None:
        return "no value is shown", visible(finding.unproved, _REASON_LIMIT)
    return None


def in_a_line(finding: Finding) -> str | None:
    """The same as one text."""
    found = proof(finding)
    return None if found is None else f"{found[0]}: {found[1]}"
