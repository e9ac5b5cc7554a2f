"""Typed changes of what a contract is made of above its schemas: paths, operations, parameters, bodies,
responses, headers, security; and of how long these are promised: deprecation, sunset, stability.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from archlint.comparison.openapi.changes import Containment, ContractChange, Realm
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.openapi import Direction


class Happening(StrEnum):
    """What became of an element."""

    ADDED = "added"
    REMOVED = "removed"
    REQUIRED = "required"
    """It could be left out before."""
    OPTIONAL = "optional"
    CHANGED = "changed"


@dataclass(frozen=True)
class Lifecycle:
    """What a revision says about the end of an operation or parameter."""

    is_deprecated: bool = False
    sunset: str | None = None
    """``x-sunset`` as it is written; ``None`` if it is not there."""


@dataclass(frozen=True, kw_only=True)
class ElementChange(ContractChange):
    """A change of an element; ``is_shared``: it is declared for all operations of its path at once."""

    realm: Realm = Realm.CALL
    is_shared: bool = False
    context: tuple[tuple[Place, str], ...] = field(default=(), compare=False)
    """Other places that help to understand, of the first operation that the change hits."""

    def turned(self, direction: Direction) -> Direction:
        """Who sends: a direction as the contract writes it, turned round where the provider is the caller."""
        if self.realm is Realm.CALL:
            return direction
        return Direction.RESPONSE if direction is Direction.REQUEST else Direction.REQUEST

    @property
    def is_sent(self) -> bool:
        """Whether clients send what a request carries here."""
        return self.realm is Realm.CALL


@dataclass(frozen=True, kw_only=True)
class ContractRemoved(ContractChange):
    """A whole contract is gone."""

    title: str


@dataclass(frozen=True, kw_only=True)
class ContractAdded(ContractChange):
    """A whole contract is new."""

    title: str


@dataclass(frozen=True, kw_only=True)
class OperationMoved(ElementChange):
    """An operation stands in another contract of the same server now."""

    old: str
    new: str
    """The files of the two contracts."""


@dataclass(frozen=True, kw_only=True)
class PathRemoved(ElementChange):
    """A path, webhook or callback with all its operations is gone."""

    path: str
    is_emptied: bool = False
    """Whether the path is still listed, without operations."""
    lifecycles: tuple[Lifecycle, ...] = ()
    """Of each of its operations."""


@dataclass(frozen=True, kw_only=True)
class OperationAdded(ElementChange):
    """An operation that the base does not have; of a new webhook or callback it is the whole."""

    name: str
    is_whole: bool = False


@dataclass(frozen=True, kw_only=True)
class OperationRemoved(ElementChange):
    """A method of a path that still exists is gone."""

    lifecycle: Lifecycle


@dataclass(frozen=True, kw_only=True)
class OperationIdChanged(ElementChange):
    """The name of an operation in code that was generated for it; empty where there is none."""

    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class OperationTagChanged(ElementChange):
    """An operation belongs to a group, or does so no longer."""

    what: Happening
    tag: str
    old: str = ""
    """The tag that gave way to it, if it was the only one that went."""


@dataclass(frozen=True, kw_only=True)
class ParameterChanged(ElementChange):
    """A parameter is new or gone, or whether it must be sent is another matter now."""

    what: Happening
    name: str
    location: str
    is_required: bool
    """Of what is left, or of what is gone."""
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    """What the base says, of a parameter that is gone."""


@dataclass(frozen=True, kw_only=True)
class ParameterDefaultChanged(ElementChange):
    """What holds for requests without a parameter; ``None`` where no default is stated."""

    name: str
    location: str
    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True)
class SerializationChanged(ElementChange):
    """A value is written as text in another way; ``accepts``: how what may be written now lies to what might
    be written before."""

    direction: Direction
    name: str
    location: str
    keyword: str
    old: str
    new: str
    accepts: Containment

    @property
    def is_harmless(self) -> bool:
        """Whether all that is sent now could be read before."""
        received = self.turned(self.direction) is Direction.RESPONSE
        return self.accepts is (Containment.NARROWER if received else Containment.WIDER)


@dataclass(frozen=True, kw_only=True)
class RequestBodyChanged(ElementChange):
    """A body is new or gone, or whether it must be sent is another matter now."""

    what: Happening
    is_required: bool


@dataclass(frozen=True, kw_only=True)
class ResponseChanged(ElementChange):
    """A status is newly documented, or no longer, nor is a range that it belongs to."""

    what: Happening
    status: str


class Naming(StrEnum):
    """How the new name of a media type relates to the old one."""

    WIDER = "wider"
    NARROWER = "narrower"
    PARAMETERS = "parameters"


@dataclass(frozen=True, kw_only=True)
class MediaTypeChanged(ElementChange):
    """A media type of a body is new, gone or called otherwise; ``direction`` is as the contract writes it."""

    what: Happening
    direction: Direction
    names: tuple[str, ...]
    renamed: str = ""
    """What the first of the names is called in the revision."""
    naming: Naming | None = None
    is_whole: bool = False
    """Whether no media type is left, or there was none before."""


@dataclass(frozen=True, kw_only=True)
class MediaSchemaChanged(ElementChange):
    """A media type that took anything has a schema now, or the other way round."""

    what: Happening
    direction: Direction
    keyword: str
    """``schema``, or ``itemSchema`` for the items of a stream."""


@dataclass(frozen=True, kw_only=True)
class ResponseHeaderChanged(ElementChange):
    """A header of a response is new or gone, or is or is not guaranteed now."""

    what: Happening
    name: str
    is_required: bool
    """Of a header that is new or gone; of others, whether it is required now."""


class SecurityPart(StrEnum):
    """What of the security of a contract has changed."""

    REQUIREMENT = "requirement"
    SCOPE = "scope"


@dataclass(frozen=True, kw_only=True)
class SecurityChanged(ElementChange):
    """One way to be let in is new or gone, or asks for another scope."""

    what: Happening
    part: SecurityPart
    name: str
    """The way in words, or the scope."""
    scheme: str = ""
    is_global: bool = False
    """Whether it is stated for the whole document."""
    is_stated: bool = True
    """Whether it is the very list that has changed, and not which list is in force."""
    is_stricter: bool = False
    """Whether callers who were let in are not any more."""
    was_open: bool = False
    """Whether it takes the place of a way that asked for nothing."""


@dataclass(frozen=True, kw_only=True)
class SecuritySchemeChanged(ElementChange):
    """A security scheme is new or gone, or is described otherwise."""

    what: Happening
    name: str
    part: str = ""
    """What of it: ``type``, ``scope``, ``authorizationUrl`` and so on; empty for the whole."""
    flow: str = ""
    item: str = ""
    """The scope."""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, kw_only=True)
class ServerRemoved(ElementChange):
    """A URL at which operations could be reached is no longer named."""

    url: str


@dataclass(frozen=True, kw_only=True)
class ComponentRemoved(ElementChange):
    """A schema that others may have referred to by name is gone."""

    name: str


@dataclass(frozen=True, kw_only=True)
class VersionStated(ElementChange):
    """The version that a changed contract states, before and now."""

    old: str
    new: str
    changes: tuple[ContractChange, ...] = field(default=(), compare=False)
    """Everything that changed."""


RESPONSE = "response"


@dataclass(frozen=True, kw_only=True)
class LifecycleChange(ElementChange):
    """What an operation, or a parameter or response header of it, said and says about its end."""

    before: Lifecycle
    after: Lifecycle
    stability: str
    """The level that the revision of the operation states; ``stable`` if it states none."""
    parameter: str = ""
    location: str = ""
    """Of the parameter; ``RESPONSE`` for a header of a response."""


@dataclass(frozen=True, kw_only=True)
class DeprecationChanged(LifecycleChange):
    """``deprecated`` is set now, or is not any more."""


@dataclass(frozen=True, kw_only=True)
class SunsetChanged(LifecycleChange):
    """Something that is deprecated ends on another day, or on none that is stated."""


@dataclass(frozen=True, kw_only=True)
class Retired(ElementChange):
    """Something that had been deprecated is gone: a path, operation or parameter."""

    kind: str
    name: str
    location: str = ""
    is_shared_path: bool = False
    """Of an operation: whether the whole path is gone."""
    lifecycle: Lifecycle


@dataclass(frozen=True, kw_only=True)
class StabilityChanged(ElementChange):
    """An operation promises more or less than before."""

    old: str
    new: str
    is_lower: bool


@dataclass(frozen=True, kw_only=True)
class StabilityInvalid(ElementChange):
    """A level of stability that does not exist."""

    level: str
    is_base: bool
    """Whether the base states it, and not the revision."""
