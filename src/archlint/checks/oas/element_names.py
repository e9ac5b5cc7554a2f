"""The ids under which oasdiff knows a change of an element: what it is, and what became of it.

A name is carried where that tool would say it, whatever archlint thinks of the change: it takes webhooks for
operations, and looks into no callback, and at a parameter that is declared for a whole path if it is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archlint.comparison.openapi.changes import Realm
from archlint.comparison.openapi.element_changes import ElementChange, Happening, SecurityPart
from archlint.model.openapi import Direction

_ADDED, _REMOVED = Happening.ADDED, Happening.REMOVED
_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
BEFORE, UNREADABLE, ANNOUNCED, SUDDEN = (
    "before-sunset",
    "sunset-parse",
    "with-deprecation",
    "without-deprecation",
)
"""How something went that is gone: before its day, with a day that nobody can read, as was said, or not."""

PATHS: dict[Any, str] = {
    (True, SUDDEN): "api-path-removed-without-deprecation",
    (True, ANNOUNCED): "api-path-removed-with-deprecation",
    (True, BEFORE): "api-path-removed-before-sunset",
    (True, UNREADABLE): "api-path-sunset-parse",
    (False, SUDDEN): "api-removed-without-deprecation",
    (False, ANNOUNCED): "api-removed-with-deprecation",
    (False, BEFORE): "api-removed-before-sunset",
    (False, UNREADABLE): "api-path-sunset-parse",
}
"""Whether the whole path is gone, and how it went."""
WEBHOOKS: dict[Any, str] = {_ADDED: "webhook-added", _REMOVED: "webhook-removed"}
OPERATIONS: dict[Any, str] = {
    _ADDED: "endpoint-added",
    ("operation-id", True): "api-operation-id-removed",
    ("operation-id", False): "api-operation-id-added",
    ("tag", _ADDED): "api-tag-added",
    ("tag", _REMOVED): "api-tag-removed",
}
"""For the id of an operation: whether the base has one."""
LIFECYCLES: dict[Any, str] = {
    ("deprecated", False): "endpoint-deprecated",
    ("deprecated", True): "endpoint-deprecated-with-sunset",
    "reactivated": "endpoint-reactivated",
    "missing": "api-deprecated-sunset-missing",
    "unreadable": "api-deprecated-sunset-parse",
    "soon": "api-sunset-date-too-small",
    "sunset-deleted": "sunset-deleted",
    "sunset-unreadable": "api-path-sunset-parse",
    "sunset-earlier": "api-sunset-date-changed-too-small",
    "stability-decreased": "api-stability-decreased",
    "stability-increased": "api-stability-increased",
    "stability-invalid": "api-invalid-stability-level",
}
PARAMETER_LIFECYCLES: dict[Any, str] = {
    ("deprecated", False): "request-parameter-deprecated",
    ("deprecated", True): "request-parameter-deprecated",
    "reactivated": "request-parameter-reactivated",
    "missing": "request-parameter-deprecated-sunset-missing",
    "unreadable": "request-parameter-sunset-parse",
    "soon": "request-parameter-sunset-date-too-small",
    "sunset-deleted": "request-parameter-sunset-deleted",
    "sunset-unreadable": "request-parameter-sunset-parse",
    "sunset-earlier": "request-parameter-sunset-date-changed-too-small",
}
PARAMETERS: dict[Any, str] = {
    (_REMOVED, SUDDEN): "request-parameter-removed",
    (_REMOVED, ANNOUNCED): "request-parameter-removed-with-deprecation",
    (_REMOVED, BEFORE): "request-parameter-removed-before-sunset",
    (_REMOVED, UNREADABLE): "request-parameter-sunset-parse",
    (_ADDED, True): "new-required-request-parameter",
    (_ADDED, False): "new-optional-request-parameter",
    (_ADDED, "path"): "new-request-path-parameter",
    Happening.REQUIRED: "request-parameter-became-required",
    Happening.OPTIONAL: "request-parameter-became-optional",
    ("default", True, True): "request-parameter-default-value-changed",
    ("default", False, True): "request-parameter-default-value-added",
    ("default", True, False): "request-parameter-default-value-removed",
}
"""For a new parameter: whether it is required; for a default: whether there was one, and whether there is."""
SHARED_PARAMETERS: dict[Any, str] = {
    (_ADDED, True): "new-required-request-default-parameter-to-existing-path",
    (_ADDED, False): "new-optional-request-default-parameter-to-existing-path",
}
"""What is declared for all operations of a path."""
BODIES: dict[Any, str] = {
    (_ADDED, True): "request-body-added-required",
    (_ADDED, False): "request-body-added-optional",
    _REMOVED: "request-body-removed",
    Happening.REQUIRED: "request-body-became-required",
    Happening.OPTIONAL: "request-body-became-optional",
}
MEDIA: dict[Any, str] = {
    (_REQUEST, _ADDED): "request-body-media-type-added",
    (_REQUEST, _REMOVED): "request-body-media-type-removed",
    (_RESPONSE, _ADDED): "response-media-type-added",
    (_RESPONSE, _REMOVED): "response-media-type-removed",
    (_RESPONSE, "parameters"): "response-media-type-name-changed",
    (_RESPONSE, "wider"): "response-media-type-name-generalized",
    (_RESPONSE, "narrower"): "response-media-type-name-specialized",
}
MEDIA_SCHEMAS: dict[Any, str] = {
    (direction, keyword, what): f"{direction}-body-media-type-{word}-{what}"
    for direction in (_REQUEST, _RESPONSE)
    for keyword, word in (("schema", "schema"), ("itemSchema", "item-schema"))
    for what in (_ADDED, _REMOVED)
}
RESPONSES: dict[Any, str] = {
    (True, _ADDED): "response-success-status-added",
    (True, _REMOVED): "response-success-status-removed",
    (False, _ADDED): "response-non-success-status-added",
    (False, _REMOVED): "response-non-success-status-removed",
}
"""Whether the status is a success."""
HEADERS: dict[Any, str] = {
    (_REMOVED, True): "required-response-header-removed",
    (_REMOVED, False): "optional-response-header-removed",
    _ADDED: "response-header-added",
    Happening.OPTIONAL: "response-header-became-optional",
}
SECURITY: dict[Any, str] = {
    (is_global, part, what): f"api-{'global-' if is_global else ''}security-{word}{what}"
    for is_global in (True, False)
    for part, word in ((SecurityPart.REQUIREMENT, ""), (SecurityPart.SCOPE, "scope-"))
    for what in (_ADDED, _REMOVED)
}
_IMPLICIT = "implicit"
SCHEMES: dict[Any, str] = {
    ("", "", _ADDED): "api-security-component-added",
    ("", "", _REMOVED): "api-security-component-removed",
    ("type", "", Happening.CHANGED): "api-security-component-type-changed",
    ("authorizationUrl", _IMPLICIT, Happening.CHANGED): "api-security-component-oauth-url-changed",
    ("tokenUrl", _IMPLICIT, Happening.CHANGED): "api-security-component-oauth-token-url-changed",
    ("scope", _IMPLICIT, _ADDED): "api-security-component-oauth-scope-added",
    ("scope", _IMPLICIT, _REMOVED): "api-security-component-oauth-scope-removed",
    ("scope", _IMPLICIT, Happening.CHANGED): "api-security-component-oauth-scope-changed",
}
"""Part and flow; of the flows that tool only looks at the implicit one."""
DOCUMENT: dict[Any, str] = {
    "schema": "api-schema-removed",
    "same": "api-version-not-bumped",
    "lower": "api-version-decreased",
    "minor": "api-major-version-not-bumped",
}


def aliases(changed: ElementChange, table: Mapping[Any, str], *keys: object) -> list[str]:
    """The aliases of a change that a table has under some keys, sorted."""
    if changed.realm is Realm.CALLBACK:
        return []
    return sorted({f"oasdiff:{table[key]}" for key in keys if key in table})


def every(table: Mapping[Any, str]) -> Iterator[str]:
    """All aliases that a table can give."""
    yield from (f"oasdiff:{name}" for name in table.values())
