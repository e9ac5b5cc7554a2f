"""Changes of what annotations promise to those who call over HTTP or with generated clients."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.protobuf.annotation_changes import (
    AnnotationChanged,
    BehaviorChanged,
    BehaviorRestricted,
    HostChanged,
    HttpRouteChanged,
    OperationChanged,
    ReferenceChanged,
    ResourceChanged,
    SignatureChanged,
)
from archlint.finding import Severity


def _told(change: AnnotationChanged) -> Observation:
    names = change.place.source.names(change.place.route)
    return observe(
        change.place,
        change.case,
        object=change.object,
        related=[(change.older, "as it was")],
        identity=(*names, change.case, change.old),
        aliases=[f"proto-breaking-change-detector:{change.alias}"],
        severity=Severity.WARNING if change.case == "format" else None,
        name=change.name,
        old=change.old,
        new=change.new,
    )


@change(HttpRouteChanged)
def proto_http_changed(change: HttpRouteChanged, options: Options) -> Iterator[Observation]:
    """A way to call a method over HTTP that older callers still use."""
    yield _told(change)


@change(ResourceChanged)
def proto_resource_changed(change: ResourceChanged, options: Options) -> Iterator[Observation]:
    """A type of resource by whose names callers find things."""
    yield _told(change)


@change(ReferenceChanged)
def proto_reference_changed(change: ReferenceChanged, options: Options) -> Iterator[Observation]:
    """A field that names a resource of another type."""
    yield _told(change)


@change(BehaviorChanged)
def proto_behavior_changed(change: BehaviorChanged, options: Options) -> Iterator[Observation]:
    """A field that callers have to set, or that has another format."""
    yield _told(change)


@change(BehaviorRestricted)
def proto_behavior_restricted(change: BehaviorRestricted, options: Options) -> Iterator[Observation]:
    """A field that callers cannot set any more, or do not get any more."""
    yield _told(change)


@change(SignatureChanged)
def proto_signature_changed(change: SignatureChanged, options: Options) -> Iterator[Observation]:
    """A method that generated clients offered with some parameters."""
    yield _told(change)


@change(OperationChanged)
def proto_operation_changed(change: OperationChanged, options: Options) -> Iterator[Observation]:
    """What clients unpack at the end of a long-running operation."""
    yield _told(change)


@change(HostChanged)
def proto_host_changed(change: HostChanged, options: Options) -> Iterator[Observation]:
    """Where generated clients call by themselves."""
    yield _told(change)
