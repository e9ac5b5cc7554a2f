"""The typed changes between two revisions of a contract: they say what differs, not how bad that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from archlint.finding import ObjectRef, Operation, Place


class Direction(StrEnum):
    """Who sends what a change is about: the caller, or the provider."""

    REQUEST = "request"
    RESPONSE = "response"


class Slot(StrEnum):
    """What role a schema plays in an operation."""

    BODY = "body"
    TEXT_BODY = "text-body"
    """The schema of a body that is not JSON, where a type says little about the text that is sent."""
    PROPERTY = "property"
    """Anywhere below the schema of a body."""
    PARAMETER = "parameter"
    PARAMETER_PROPERTY = "parameter-property"
    HEADER_PARAMETER = "header-parameter"
    """The schema of a header that a request carries."""
    HEADER_PROPERTY = "header-property"
    HEADER = "header"
    """A header of a response, or anything below its schema."""

    @property
    def below(self) -> Slot:
        """The role of what is nested in a schema of this role."""
        return _BELOW.get(self, self)


_BELOW = {
    Slot.BODY: Slot.PROPERTY,
    Slot.TEXT_BODY: Slot.PROPERTY,
    Slot.PARAMETER: Slot.PARAMETER_PROPERTY,
    Slot.HEADER_PARAMETER: Slot.HEADER_PROPERTY,
}


@dataclass(frozen=True, kw_only=True)
class ContractChange:
    """What all changes have in common."""

    at: Place
    """The token to edit in the revision; for what was removed, what still stands above it."""
    was: Place | None
    """The same element, or what stood above it, in the base."""
    about: ObjectRef
    where: str
    """The place in words, such as ``Order.lines[].price``."""
    operations: tuple[Operation, ...] = ()

    @property
    def object(self) -> ObjectRef:
        """The contract element that changed."""
        return self.about


class Containment(StrEnum):
    """How the values of the revision relate to those of the base."""

    NARROWER = "narrower"
    WIDER = "wider"
    INCOMPARABLE = "incomparable"
    UNKNOWN = "unknown"
