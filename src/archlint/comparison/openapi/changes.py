"""The typed changes between two revisions of a contract: they say what differs, not how bad that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from archlint.finding import ObjectRef, Operation, Place

ANY_TYPE = "any type"
"""How a schema without types is called; most often its author left them out."""


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


@dataclass(frozen=True, kw_only=True)
class ContractRemoved(ContractChange):
    """A whole contract is gone."""

    title: str


@dataclass(frozen=True, kw_only=True)
class PathRemoved(ContractChange):
    """A path, or a webhook, with all its operations is gone."""

    path: str
    is_webhook: bool = False
    lifecycles: tuple[Lifecycle, ...] = ()
    """Of each of its operations."""


@dataclass(frozen=True, kw_only=True)
class OperationRemoved(ContractChange):
    """A method of a path that still exists is gone."""

    lifecycle: Lifecycle


@dataclass(frozen=True)
class Lifecycle:
    """What the base says about the end of an operation or parameter."""

    is_deprecated: bool = False
    sunset: str | None = None


@dataclass(frozen=True, kw_only=True)
class OperationDeprecated(ContractChange):
    """An operation that is marked as deprecated now and was not before."""

    lifecycle: Lifecycle
    stability: str
    """The level that the operation states; ``stable`` if it states none."""


@dataclass(frozen=True, kw_only=True)
class ParameterRemoved(ContractChange):
    """A parameter is no longer declared."""

    name: str
    location: str
    lifecycle: Lifecycle


@dataclass(frozen=True, kw_only=True)
class ParameterRequired(ContractChange):
    """A parameter that callers did not have to send must be sent."""

    name: str
    location: str
    is_new: bool
    is_shared: bool
    """Whether it is declared for all operations of the path."""


@dataclass(frozen=True, kw_only=True)
class RequestBodyRequired(ContractChange):
    """A body that callers did not have to send must be sent."""

    is_new: bool


@dataclass(frozen=True, kw_only=True)
class ResponseRemoved(ContractChange):
    """A status is no longer documented, nor a range that it belongs to."""

    status: str


@dataclass(frozen=True, kw_only=True)
class MediaTypeRemoved(ContractChange):
    """Media types of a body are gone; ``is_whole``: no media type is left, or the body itself is gone."""

    direction: Direction
    names: tuple[str, ...]
    is_whole: bool
    status: str | None = None


@dataclass(frozen=True, kw_only=True)
class ResponseHeaderChanged(ContractChange):
    """A header of a response is gone, or no longer guaranteed."""

    name: str
    was_required: bool
    is_removed: bool


@dataclass(frozen=True, kw_only=True)
class SchemaChange(ContractChange):
    """A change of a schema, seen in one direction."""

    direction: Direction
    slots: frozenset[Slot] = frozenset()


@dataclass(frozen=True, kw_only=True)
class PropertyRequired(SchemaChange):
    """A property that was optional, or unknown, is required now."""

    name: str
    is_new: bool
    is_declared: bool
    """Whether the revision has a schema for it, and does not only name it in ``required``."""
    has_default: bool


@dataclass(frozen=True, kw_only=True)
class PropertyOptional(SchemaChange):
    """A property that was required is optional now."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PropertyRemoved(SchemaChange):
    """A property is no longer declared; ``is_forbidden``: the schema refuses undeclared names."""

    name: str
    was_required: bool
    is_forbidden: bool


@dataclass(frozen=True, kw_only=True)
class TypeChanged(SchemaChange):
    """Types or format differ; ``accepts`` compares the sets of values."""

    old: str
    new: str
    accepts: Containment
    is_format_only: bool
    is_list: bool = False
    """Whether a side states its types as a choice between types."""
    is_presence: bool = False
    """Whether one side has no schema at all."""


class Containment(StrEnum):
    """How the values of the revision relate to those of the base."""

    NARROWER = "narrower"
    WIDER = "wider"
    INCOMPARABLE = "incomparable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class EnumChanged(SchemaChange):
    """The list of allowed values differs; an empty side means that anything is allowed there."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_set: bool
    is_unset: bool
    keyword: str
    """``const`` if both sides that have a list have a single value by that keyword, else ``enum``."""


class Transition(StrEnum):
    """What happened to a keyword that limits values."""

    SET = "set"
    UNSET = "unset"
    INCREASED = "increased"
    DECREASED = "decreased"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class ConstraintChanged(SchemaChange):
    """A keyword that limits values differs."""

    keyword: str
    transition: Transition
    accepts: Containment
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class AlternativeChanged(SchemaChange):
    """A branch of ``oneOf`` or ``anyOf`` is gone or new; ``is_wrapped``: there was no choice before."""

    keyword: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_wrapped: bool = False
