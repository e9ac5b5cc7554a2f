"""Changes of what annotations promise: routes of HTTP, resources, behaviour of fields, operations."""

from __future__ import annotations

from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass


@dataclass(frozen=True)
class AnnotationChanged:
    """An annotation that says something else, or nothing any more."""

    object: ObjectRef
    place: Place
    """Where it is said in the revision, else what it is about."""
    older: Place
    case: str
    """Which of the ways to change it is."""
    name: str
    """What is annotated."""
    old: str
    new: str
    alias: str
    """How proto-breaking-change-detector calls it."""


class HttpRouteChanged(AnnotationChanged):
    """A way to call a method over HTTP that is gone, or that takes or gives another body."""


class ResourceChanged(AnnotationChanged):
    """A type of resource that is gone, or whose names look otherwise."""


class ReferenceChanged(AnnotationChanged):
    """A field that names a resource of another type, or of none."""


class BehaviorChanged(AnnotationChanged):
    """A field that callers have to set now, or that has another format."""


class BehaviorRestricted(AnnotationChanged):
    """A field that callers cannot set any more, or do not get any more."""


class SignatureChanged(AnnotationChanged):
    """A list of parameters that generated clients offered for a method."""


class OperationChanged(AnnotationChanged):
    """What a long-running operation gives at its end, or on its way."""


class HostChanged(AnnotationChanged):
    """The host at which a service is reached, or what a caller must be allowed there."""
