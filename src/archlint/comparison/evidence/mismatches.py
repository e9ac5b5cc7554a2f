"""Where evidence is not as a contract promises: typed facts, which rules judge (``checks/oas/traffic``).

Each stands at an element of the contract, for all exchanges that show it. No field holds a value of evidence
that the contract does not state, unless a user asked for values.
"""

from __future__ import annotations

from archlint.documents import Node
from archlint.finding import ObjectRef, OperationName, Place, Source
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract


@dataclass(frozen=True, eq=False, kw_only=True)
class TrafficMismatch:
    """What all have in common."""

    contract: Contract
    node: Node
    """The element of the contract that says otherwise."""
    operations: tuple[OperationName, ...] = ()
    identity: tuple[str, ...] = ()
    """The names on the way to the element, and what tells it from others there, in words of the contract."""
    seen: tuple[Place, ...] = ()
    """The first exchanges that show it."""
    count: int = 1
    """How many exchanges show it."""
    is_recorded: bool = True
    """Whether one of them took place, and is not only what somebody means to send."""

    @property
    def object(self) -> ObjectRef:
        """The contract."""
        return self.contract.object

    @property
    def source(self) -> Source:
        """The document of the element."""
        return self.node.document

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        return ""

    @property
    def through(self) -> tuple[str, ...]:
        """The contract, as the element may stand in another file."""
        return (self.contract.document.path,)


@dataclass(frozen=True, eq=False, kw_only=True)
class UndescribedTraffic(TrafficMismatch):
    """A request that no operation describes."""

    method: str
    path: str
    """The path with all segments left out that the contract does not have; a template if it has the path."""
    has_path: bool

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        return f"there is no {self.method} {self.path} any more"


@dataclass(frozen=True, eq=False, kw_only=True)
class ParameterNotSent(TrafficMismatch):
    """A required parameter that a request did not have."""

    name: str
    location: str

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        return f"the {self.location} parameter '{self.name}' is required"


@dataclass(frozen=True, eq=False, kw_only=True)
class ParameterMisfit(TrafficMismatch):
    """A parameter whose value does not fit its schema or is not written in its style."""

    name: str
    location: str
    problem: str

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        return f"of the {self.location} parameter '{self.name}', {self.problem}"


@dataclass(frozen=True, eq=False, kw_only=True)
class ParameterUndeclared(TrafficMismatch):
    """A parameter of the query that the operation does not have."""

    name: str


@dataclass(frozen=True, eq=False, kw_only=True)
class BodyNotSent(TrafficMismatch):
    """A body that is missing: one that a request needs, or that a response promises."""

    status: str
    """Empty for a request."""

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        return "a body is required"


@dataclass(frozen=True, eq=False, kw_only=True)
class BodyMisfit(TrafficMismatch):
    """A body that does not fit its schema, at its smallest part that is wrong."""

    status: str
    problem: str

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        is_whole = self.problem.startswith("the body")
        return self.problem if is_whole else f"in the body, {self.problem}"


@dataclass(frozen=True, eq=False, kw_only=True)
class MediaTypeUndeclared(TrafficMismatch):
    """A body of a media type that is not among those that are declared, or where none is declared."""

    status: str
    media_type: str
    declared: str

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        return f"a body of {self.media_type} is not declared"


@dataclass(frozen=True, eq=False, kw_only=True)
class StatusUndeclared(TrafficMismatch):
    """A status that the operation does not have."""

    status: str
    declared: str


@dataclass(frozen=True, eq=False, kw_only=True)
class HeaderNotSent(TrafficMismatch):
    """A required header that a response did not have."""

    name: str
    status: str


@dataclass(frozen=True, eq=False, kw_only=True)
class HeaderMisfit(TrafficMismatch):
    """A header of a response whose value does not fit."""

    name: str
    status: str
    problem: str


@dataclass(frozen=True, eq=False, kw_only=True)
class CredentialNotSent(TrafficMismatch):
    """A request that was not refused although it has none of the credentials that are asked for."""

    schemes: str

    @property
    def in_short(self) -> str:
        """What is wrong, in a few words."""
        return f"credentials ({self.schemes}) are required"


@dataclass(frozen=True, eq=False, kw_only=True)
class RefusedByChange(TrafficMismatch):
    """Requests that the base accepts and the revision does not."""

    problem: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Uncovered(TrafficMismatch):
    """The operations of a contract that no evidence shows."""

    missing: tuple[OperationName, ...]
    of: int
