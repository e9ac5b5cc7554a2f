"""What a team asks of a release, and what it excuses for a while."""

from __future__ import annotations

from datetime import date

from archlint.finding import Place
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class Waiver:
    """Findings that do not hold up a release, why, who says so, and until when."""

    rules: tuple[str, ...]
    """Selectors."""
    paths: tuple[str, ...]
    """Patterns of paths."""
    reason: str
    approver: str
    """Who answers for it, as the policy claims: nobody has asked them."""
    until: date
    """The last day."""
    elements: tuple[str, ...] = ()
    """Pointers of elements, or names of objects, to which it is limited; empty for all."""
    place: Place | None = None
    """Where it stands in the policy."""


@dataclass(frozen=True, slots=True)
class TicketTerms:
    """What is asked of the change ticket."""

    is_required: bool = False
    pattern: str | None = None
    """What a ticket looks like, as a regular expression that the whole of it must match."""


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """The key ``gate`` of a configuration."""

    fails: frozenset[str]
    """The parts of the verdict that hold up a release; the others are told."""
    unknown_fails: bool = False
    """Whether what files cannot tell of rollback, versions and ticket holds up a release."""
    tags: tuple[str, ...] = ()
    """Patterns of the tags that are releases."""
    ticket: TicketTerms = TicketTerms()
    waivers: tuple[Waiver, ...] = ()
