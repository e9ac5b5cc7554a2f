"""What shows that one part of the system connects to another: a place, an address, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from archlint.finding import Confidence, Place
from archlint.finding.records import dataclass
from archlint.model.services.addresses import Address

if TYPE_CHECKING:
    from archlint.model.system.parties import Party

_RANKS = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


class Unit(Protocol):
    """A part of the system as one kind of file describes it: a compose service, a folder of source."""

    @property
    def name(self) -> str:
        """What it is called there."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that says what a unit connects to.

    Confidence is high where the unit's own configuration names the address, or its source reads a variable
    that has it as default; medium for an address that stands in source, or in a value that several services
    take; low where nothing more is known than that the unit could reach it (``depends_on``). What is low
    alone is no edge: it only confirms what another place shows.
    """

    unit: Unit
    address: Address
    place: Place
    text: str
    """What stands there, without user names and passwords."""
    confidence: Confidence = Confidence.HIGH
    variable: str = ""
    """The variable or key that holds it; empty if none does."""
    is_call: bool = True
    """Whether nothing says that the address is for others to use, or to listen on."""
    callee: Party | None = None
    """Who is meant, where that is known without the address."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One place that says that a party may call another, or is meant to."""

    caller: Party
    callee: Party
    place: Place
    text: str


def strongest(confidences: Iterable[Confidence]) -> Confidence:
    """The highest of some confidences; low if there are none."""
    return max(confidences, key=_RANKS.index, default=Confidence.LOW)
