"""The ways in which an AsyncAPI document changes so that somebody else is let down; ``base`` is the older
side."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from archlint.comparison.asyncapi.flows import Flow, is_nameless
from archlint.documents import Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.asyncapi import AsyncDescription


class _Told:
    """A change is told as one of what it is about."""

    base: AsyncDescription | Flow

    @property
    def object(self) -> ObjectRef:
        """The document, or the channel."""
        return self.base.object


@dataclass(frozen=True)
class DescriptionRemoved(_Told):
    """A document that no file has any more."""

    base: AsyncDescription


@dataclass(frozen=True)
class FlowRemoved(_Told):
    """An application sends or receives no more at an address."""

    base: Flow
    place: Place
    """Where in the newer document it would be."""
    is_turned: bool
    """Whether the address is there, and messages go the other way alone."""


@dataclass(frozen=True)
class _OfFlow(_Told):
    """A change of what is carried at an address, or of how."""

    base: Flow
    revision: Flow


@dataclass(frozen=True)
class AddressChanged(_OfFlow):
    """A channel that is at another address."""


@dataclass(frozen=True)
class EventRemoved(_OfFlow):
    """A message that is not carried any more, where others are."""

    name: str

    @property
    def is_nameless(self) -> bool:
        """Whether it has no name, and is called by its number here."""
        return is_nameless(self.name)


@dataclass(frozen=True)
class EventChanged(_OfFlow):
    """A payload, or another part of a message, that is not what the other side takes it for."""

    name: str
    field: str
    old: Node
    new: Node
    trail: tuple[str, ...]
    """The way to the schema in it that was edited, and what was: a keyword and perhaps a member."""
    witness: Any
    is_kept: bool = False
    """Whether it is about messages that were kept, and are read by the schema of another time."""
    others: int = 0
    """At how many other addresses, or in how many other messages, the same schema stands."""
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""

    @property
    def told_as(self) -> tuple[Hashable, ...]:
        """What is one thing to mend in the newer document, whatever the older one is."""
        place = self.new.document.path, self.new.route
        return *place, self.trail[-2:], self.base.sends, self.is_kept


@dataclass(frozen=True)
class EventUnjudged(_OfFlow):
    """A payload, or another part of a message, that is another now, and that could not be compared."""

    name: str
    field: str
    old: Node
    new: Node
    """Missing if it is described no more."""
    reason: str


@dataclass(frozen=True)
class EncodingChanged(_OfFlow):
    """A message that is written in another content type, or schema language."""

    name: str
    old: Node
    new: Node


@dataclass(frozen=True)
class BindingChanged(_OfFlow):
    """A promise of a binding that is another now, or less."""

    promise: str
    field: str
    """The protocol and the way to the field in its binding."""
    old: Node
    new: Node


@dataclass(frozen=True)
class LocationChanged(_OfFlow):
    """A value by which messages are told to belong together is read from somewhere else."""

    field: str
    old: Node
    new: Node
    """Missing if nothing says any more where it is."""


@dataclass(frozen=True)
class _OfServer(_Told):
    """A change of where an application is reached, or by whom."""

    base: AsyncDescription
    revision: AsyncDescription
    name: str
    """The name of the server, or what else it is about."""
    old: Node


@dataclass(frozen=True)
class ServerUnnamed(_OfServer):
    """A server that is named no more."""

    address: str


@dataclass(frozen=True)
class ServerChanged(_OfServer):
    """A server that is somewhere else, or speaks another protocol."""

    new: Node
    was: str
    now: str


@dataclass(frozen=True)
class SecurityNarrowed(_OfServer):
    """A server or operation that asks for what whoever was let in before need not have."""

    new: Node
    lacking: str
    """What was enough before."""
