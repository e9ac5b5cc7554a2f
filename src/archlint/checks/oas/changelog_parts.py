"""Tells of compatible changes of what operations take and send, and of who is let in."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_operations import hits, judge
from archlint.checks.oas.breaking_parts import (
    is_renamed_badly,
    is_schema_demanded,
    is_success,
    media_names,
    parameter_names,
    response_names,
    schema_names,
)
from archlint.checks.oas.breaking_security import (
    is_other_credential,
    scheme_names,
    security_identity,
    security_names,
    security_reach,
)
from archlint.checks.oas.element_names import BODIES, HEADERS, aliases
from archlint.comparison.openapi.changes import Realm
from archlint.comparison.openapi.element_changes import (
    Happening,
    MediaSchemaChanged,
    MediaTypeChanged,
    ParameterChanged,
    RequestBodyChanged,
    ResponseChanged,
    ResponseHeaderChanged,
    SecurityChanged,
    SecurityPart,
    SecuritySchemeChanged,
    SerializationChanged,
)
from archlint.model.openapi import Direction


@change(ParameterChanged)
def parameter_relaxed(changed: ParameterChanged, options: Options) -> Iterator[Observation]:
    """A parameter that may be sent, or may be left out now; of the provider's own calls, one more."""
    what, is_new = changed.what, changed.what is Happening.ADDED
    if _asks_for_no_more(changed):
        key = (what, "path" if changed.location == "path" else changed.is_required) if is_new else what
        message_id = "new" if is_new else "default" if changed.is_sent else "certain"
        yield judge(
            changed,
            (changed.location, changed.name),
            parameter_names(changed, key),
            message_id=message_id,
            arguments={"name": changed.name, "location": changed.location, "hits": hits(changed)},
        )


def _asks_for_no_more(changed: ParameterChanged | RequestBodyChanged) -> bool:
    """Whether a part that is new, or is required or not any more, harms nobody who sends as before."""
    is_new = changed.what is Happening.ADDED
    if changed.is_sent:
        return (is_new and not changed.is_required) or changed.what is Happening.OPTIONAL
    return is_new or changed.what is Happening.REQUIRED


@change(RequestBodyChanged)
def request_body_relaxed(changed: RequestBodyChanged, options: Options) -> Iterator[Observation]:
    """A body that may be sent, or may be left out now; of the provider's own calls, one more."""
    what, is_new = changed.what, changed.what is Happening.ADDED
    if _asks_for_no_more(changed):
        names = aliases(changed, BODIES, (what, changed.is_required) if is_new else what)
        message_id = "new" if is_new else "default" if changed.is_sent else "certain"
        yield judge(changed, (), names, message_id=message_id, arguments={})


@change(ResponseChanged)
def response_status_changed(changed: ResponseChanged, options: Options) -> Iterator[Observation]:
    """A status that is newly documented, or an error that no longer is."""
    is_new = changed.what is Happening.ADDED
    if is_new or not is_success(changed.status):
        message_id = "default" if is_new else "removed"
        arguments = {"operation": changed.where, "status": changed.status}
        names = response_names(changed)
        yield judge(changed, (changed.status,), names, message_id=message_id, arguments=arguments)


@change(MediaTypeChanged)
def media_type_added(changed: MediaTypeChanged, options: Options) -> Iterator[Observation]:
    """A further media type, or one that is called otherwise and means no more to its readers."""
    is_pushed = not changed.is_sent and changed.direction is Direction.REQUEST
    if changed.what is Happening.CHANGED:
        if is_renamed_badly(changed):
            return
        message_id = "renamed"
    elif changed.what is (Happening.REMOVED if is_pushed else Happening.ADDED):
        whole = "-whole" if changed.is_whole else ""
        message_id = "removed" if is_pushed else f"{changed.turned(changed.direction)}{whole}"
    else:
        return
    yield judge(
        changed,
        (changed.direction, *changed.names),
        media_names(changed),
        message_id=message_id,
        arguments={"names": ", ".join(changed.names), "renamed": changed.renamed},
    )


@change(MediaSchemaChanged)
def media_schema_relaxed(changed: MediaSchemaChanged, options: Options) -> Iterator[Observation]:
    """What is sent has a schema now, or what is taken may be anything."""
    if not is_schema_demanded(changed):
        message_id = "response" if changed.what is Happening.ADDED else "request"
        names = schema_names(changed)
        identity = (changed.direction, changed.keyword)
        arguments = {"keyword": changed.keyword}
        yield judge(changed, identity, names, message_id=message_id, arguments=arguments)


@change(ResponseHeaderChanged)
def response_header_added(changed: ResponseHeaderChanged, options: Options) -> Iterator[Observation]:
    """A header that responses may have, or always have now; of answers to the provider, any change."""
    what = changed.what
    if what not in (Happening.ADDED, Happening.REQUIRED) and changed.realm is Realm.CALL:
        return
    key = (what, changed.is_required) if what is Happening.REMOVED else what
    message_id = {Happening.ADDED: "default", Happening.REQUIRED: "required"}.get(what, "dropped")
    names = aliases(changed, HEADERS, key)
    arguments = {"name": changed.name}
    yield judge(changed, (changed.name.lower(),), names, message_id=message_id, arguments=arguments)


@change(SerializationChanged)
def serialization_relaxed(changed: SerializationChanged, options: Options) -> Iterator[Observation]:
    """A value that may be written in more ways by callers, or comes in fewer."""
    if changed.is_harmless:
        yield judge(
            changed,
            (changed.location, changed.name, changed.keyword),
            [],
            arguments={
                "name": changed.name,
                "location": changed.location,
                "keyword": changed.keyword,
                "old": changed.old,
                "new": changed.new,
                "hits": hits(changed),
            },
        )


@change(SecurityChanged)
def security_relaxed(changed: SecurityChanged, options: Options) -> Iterator[Observation]:
    """Another way to be let in, or one that nobody needs any more."""
    if changed.is_stricter:
        return
    is_scope = changed.part is SecurityPart.SCOPE
    yield judge(
        changed,
        security_identity(changed),
        security_names(changed),
        message_id=f"scope-{changed.what}" if is_scope else changed.what.value,
        arguments={"name": changed.name, "scheme": changed.scheme, "count": security_reach(changed)},
    )


@change(SecuritySchemeChanged)
def security_scheme_updated(changed: SecuritySchemeChanged, options: Options) -> Iterator[Observation]:
    """A security scheme that is new, gone, or told about otherwise."""
    if is_other_credential(changed):
        return
    if not changed.part:
        message_id = changed.what.value
    elif changed.part in ("scope", "flow"):
        message_id = f"{changed.part}-{changed.what}"
    else:
        message_id = "default"
    yield judge(
        changed,
        (changed.part, changed.flow, changed.item),
        scheme_names(changed),
        message_id=message_id,
        arguments={
            "name": changed.name,
            "part": changed.part,
            "flow": changed.flow,
            "item": changed.item,
            "old": changed.old or "nothing",
            "new": changed.new or "nothing",
        },
    )
