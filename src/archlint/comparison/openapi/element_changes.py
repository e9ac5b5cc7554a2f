"""Typed changes of what a contract is made of above its schemas: paths, operations, parameters, bodies,
responses."""

from __future__ import annotations

from dataclasses import dataclass

from archlint.comparison.openapi.changes import ContractChange, Direction


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
