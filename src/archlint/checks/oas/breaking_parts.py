"""Judges changes of what operations take and send: parameters, bodies, responses, headers, and how they are
written."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_operations import hits, judge, way_of
from archlint.checks.oas.element_names import (
    ANNOUNCED,
    BODIES,
    HEADERS,
    MEDIA,
    MEDIA_SCHEMAS,
    PARAMETERS,
    RESPONSES,
    SHARED_PARAMETERS,
    SUDDEN,
    aliases,
)
from archlint.comparison.openapi.changes import Containment, Realm
from archlint.comparison.openapi.element_changes import (
    Happening,
    MediaSchemaChanged,
    MediaTypeChanged,
    Naming,
    ParameterChanged,
    ParameterDefaultChanged,
    RequestBodyChanged,
    ResponseChanged,
    ResponseHeaderChanged,
    SerializationChanged,
)
from archlint.comparison.openapi.media import is_range
from archlint.finding import Severity
from archlint.model.openapi import Direction

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
_DEMANDED = (Happening.ADDED, Happening.REQUIRED)


@change(ParameterChanged)
def parameter_removed(removed: ParameterChanged, options: Options) -> Iterator[Observation]:
    """A parameter that is no longer declared: sent all the same, it is ignored or refused."""
    way = way_of(removed.lifecycle, options)
    arguments = {"name": removed.name, "location": removed.location}
    identity = (removed.location, removed.name)
    if removed.what is Happening.OPTIONAL and not removed.is_sent:
        names = parameter_names(removed, Happening.OPTIONAL)
        severity = Severity.WARNING
        yield judge(removed, identity, names, message_id="optional", severity=severity, arguments=arguments)
    if removed.what is not Happening.REMOVED or way == ANNOUNCED:
        return
    severity = Severity.WARNING if way == SUDDEN else Severity.ERROR
    if not removed.is_sent:
        severity = Severity.ERROR if removed.is_required else Severity.WARNING
    yield judge(
        removed,
        identity,
        parameter_names(removed, (Happening.REMOVED, way)),
        message_id="default" if removed.is_sent else "unsent",
        severity=severity,
        arguments=arguments,
    )


def parameter_names(changed: ParameterChanged | ParameterDefaultChanged, key: object) -> list[str]:
    """The names of a change of a parameter; of one that is declared for a whole path only if it is new."""
    return aliases(changed, SHARED_PARAMETERS if changed.is_shared else PARAMETERS, key)


@change(ParameterChanged)
def parameter_required(required: ParameterChanged, options: Options) -> Iterator[Observation]:
    """A parameter that callers of the base do not have to send, and now must."""
    if required.what not in _DEMANDED or not required.is_required or not required.is_sent:
        return
    is_new, is_path = required.what is Happening.ADDED, required.location == "path"
    key = (Happening.ADDED, "path" if is_path else True) if is_new else Happening.REQUIRED
    yield judge(
        required,
        (required.location, required.name),
        parameter_names(required, key),
        message_id="path" if is_path else "new" if is_new else "default",
        severity=Severity.WARNING if is_path else None,
        arguments={"name": required.name, "location": required.location, "hits": hits(required)},
    )


@change(ParameterDefaultChanged)
def parameter_default_changed(changed: ParameterDefaultChanged, options: Options) -> Iterator[Observation]:
    """Requests without the parameter mean something else now."""
    if not changed.is_sent:
        return
    had, has = changed.old is not None, changed.new is not None
    yield judge(
        changed,
        (changed.location, changed.name),
        parameter_names(changed, ("default", had, has)),
        message_id="default" if had and has else "removed" if had else "added",
        severity=None if had and has else Severity.WARNING,
        arguments={
            "name": changed.name,
            "location": changed.location,
            "old": changed.old or "",
            "new": changed.new or "",
            "hits": hits(changed),
        },
    )


@change(SerializationChanged)
def serialization_changed(changed: SerializationChanged, options: Options) -> Iterator[Observation]:
    """The same value is written as another text."""
    if changed.is_harmless:
        return
    is_narrower = changed.accepts is not Containment.INCOMPARABLE
    yield judge(
        changed,
        (changed.location, changed.name, changed.keyword),
        [],
        message_id="narrower" if is_narrower else "default",
        severity=Severity.WARNING if is_narrower else None,
        arguments={
            "name": changed.name,
            "location": changed.location,
            "keyword": changed.keyword,
            "old": changed.old,
            "new": changed.new,
            "hits": hits(changed),
        },
    )


@change(RequestBodyChanged)
def request_body_required(required: RequestBodyChanged, options: Options) -> Iterator[Observation]:
    """A body that callers of the base do not have to send, and now must."""
    if required.what not in _DEMANDED or not required.is_required or not required.is_sent:
        return
    is_new = required.what is Happening.ADDED
    names = aliases(required, BODIES, (Happening.ADDED, True) if is_new else Happening.REQUIRED)
    yield judge(required, (), names, message_id="new" if is_new else "default", arguments={})


@change(RequestBodyChanged)
def request_body_removed(removed: RequestBodyChanged, options: Options) -> Iterator[Observation]:
    """A body that is not taken any more; of a request of the provider, one that may be missing."""
    if removed.what is Happening.REMOVED:
        message_id, severity = ("default" if removed.is_sent else "unsent"), None
    elif removed.what is Happening.OPTIONAL and not removed.is_sent:
        message_id, severity = "optional", Severity.WARNING
    else:
        return
    names = aliases(removed, BODIES, removed.what)
    yield judge(removed, (), names, message_id=message_id, severity=severity, arguments={})


def is_success(status: str) -> bool:
    """Whether a status or range stands for success."""
    return status.startswith("2")


def response_names(changed: ResponseChanged) -> list[str]:
    """The names of a status that is new or gone; ranges and ``default`` have none."""
    if not changed.status.isdigit():
        return []
    return aliases(changed, RESPONSES, (is_success(changed.status), changed.what))


@change(ResponseChanged)
def response_removed(removed: ResponseChanged, options: Options) -> Iterator[Observation]:
    """A success that is no longer answered; errors come and go, clients treat unknown ones by their class."""
    if removed.what is Happening.REMOVED and is_success(removed.status):
        yield judge(
            removed,
            (removed.status,),
            response_names(removed),
            message_id="default" if removed.is_sent else "unsent",
            arguments={"status": removed.status},
        )


def media_names(changed: MediaTypeChanged) -> list[str]:
    """The names of a media type that is new, gone or called otherwise: a range is another one."""
    if changed.what is not Happening.CHANGED:
        return aliases(changed, MEDIA, (changed.direction, changed.what))
    if is_range(changed.renamed) or is_range(changed.names[0]):
        return aliases(changed, MEDIA, *((changed.direction, what) for what in ("added", "removed")))
    return aliases(changed, MEDIA, (changed.direction, changed.naming))


@change(MediaTypeChanged)
def media_type_removed(removed: MediaTypeChanged, options: Options) -> Iterator[Observation]:
    """Media types that are no longer accepted or sent; of what the provider sends by itself, new ones."""
    is_pushed = not removed.is_sent and removed.direction is _REQUEST
    if removed.what is not (Happening.ADDED if is_pushed else Happening.REMOVED):
        return
    direction = removed.turned(removed.direction)
    yield judge(
        removed,
        (removed.direction, *removed.names),
        media_names(removed),
        message_id="pushed"
        if is_pushed
        else f"{direction.value}-none"
        if removed.is_whole
        else direction.value,
        severity=Severity.WARNING if is_pushed else None,
        arguments={"names": ", ".join(removed.names)},
    )


def is_renamed_badly(changed: MediaTypeChanged) -> bool:
    """Whether the new name of a media type covers other things than one side is ready for."""
    bad = Naming.WIDER if changed.turned(changed.direction) is _RESPONSE else Naming.NARROWER
    return changed.what is Happening.CHANGED and changed.naming is bad


@change(MediaTypeChanged)
def media_type_renamed(changed: MediaTypeChanged, options: Options) -> Iterator[Observation]:
    """A media type that is sent is called by a wider name, or one that is taken by a narrower one."""
    if is_renamed_badly(changed):
        direction = changed.turned(changed.direction)
        yield judge(
            changed,
            (changed.direction, changed.names[0], changed.renamed),
            media_names(changed),
            message_id=direction.value,
            severity=Severity.WARNING if direction is _REQUEST else None,
            arguments={"old": changed.names[0], "new": changed.renamed},
        )


def is_schema_demanded(changed: MediaSchemaChanged) -> bool:
    """Whether a schema is new for what is taken, or gone for what is sent."""
    is_taken = changed.turned(changed.direction) is _REQUEST
    return changed.what is (Happening.ADDED if is_taken else Happening.REMOVED)


def schema_names(changed: MediaSchemaChanged) -> list[str]:
    """The names of a schema of a media type that is new or gone."""
    return aliases(changed, MEDIA_SCHEMAS, (changed.direction, changed.keyword, changed.what))


@change(MediaSchemaChanged)
def media_schema_changed(changed: MediaSchemaChanged, options: Options) -> Iterator[Observation]:
    """What was taken whatever it was must match a schema, or what is sent matches none."""
    if is_schema_demanded(changed):
        is_taken = changed.what is Happening.ADDED
        yield judge(
            changed,
            (changed.direction, changed.keyword),
            schema_names(changed),
            message_id="request" if is_taken else "response",
            severity=None if is_taken else Severity.WARNING,
            arguments={"keyword": changed.keyword},
        )


@change(ResponseHeaderChanged)
def response_header_removed(changed: ResponseHeaderChanged, options: Options) -> Iterator[Observation]:
    """A header that clients may rely on is gone, or only comes now and then."""
    is_removed = changed.what is Happening.REMOVED
    if changed.realm is not Realm.CALL or not (is_removed or changed.what is Happening.OPTIONAL):
        return
    key = (Happening.REMOVED, changed.is_required) if is_removed else Happening.OPTIONAL
    yield judge(
        changed,
        (changed.name.lower(),),
        aliases(changed, HEADERS, key),
        message_id="default" if is_removed else "optional",
        severity=Severity.WARNING if is_removed and not changed.is_required else None,
        arguments={"name": changed.name},
    )
