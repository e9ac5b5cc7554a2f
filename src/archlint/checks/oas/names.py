"""The ids under which oasdiff knows a change of a schema: role of the schema, then what happened to it.

Only pairs that exist there are listed; what has no id is judged all the same and carries no name. Names say
nothing of how bad a change is: that is judged apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.comparison.openapi.changes import Usage
from archlint.model.openapi import Direction

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
PREFIXES: dict[tuple[Direction, Usage], tuple[str, ...]] = {
    (_REQUEST, Usage.BODY): ("request-body",),
    (_REQUEST, Usage.TEXT_BODY): ("request-body",),
    (_REQUEST, Usage.PLAIN_BODY): ("request-body",),
    (_REQUEST, Usage.PROPERTY): ("request-property",),
    (_REQUEST, Usage.TEXT_PROPERTY): ("request-property",),
    (_REQUEST, Usage.PARAMETER): ("request-parameter",),
    (_REQUEST, Usage.PARAMETER_PROPERTY): ("request-parameter-property",),
    (_REQUEST, Usage.HEADER_PARAMETER): ("request-parameter", "request-header-property"),
    (_REQUEST, Usage.HEADER_PROPERTY): ("request-parameter-property", "request-header-property"),
    (_RESPONSE, Usage.BODY): ("response-body", "response-mediatype"),
    (_RESPONSE, Usage.TEXT_BODY): ("response-body", "response-mediatype"),
    (_RESPONSE, Usage.PLAIN_BODY): ("response-body", "response-mediatype"),
    (_RESPONSE, Usage.PROPERTY): ("response-property",),
    (_RESPONSE, Usage.TEXT_PROPERTY): ("response-property",),
    (_RESPONSE, Usage.HEADER): ("response-header",),
    (_RESPONSE, Usage.WEBHOOK_BODY): ("request-body",),
    (_RESPONSE, Usage.WEBHOOK_TEXT): ("request-body",),
    (_REQUEST, Usage.WEBHOOK_TEXT): ("response-body", "response-mediatype"),
    (_RESPONSE, Usage.WEBHOOK_TEXT_PROPERTY): ("request-property",),
    (_REQUEST, Usage.WEBHOOK_TEXT_PROPERTY): ("response-property",),
    (_RESPONSE, Usage.WEBHOOK_PLAIN): ("request-body",),
    (_REQUEST, Usage.WEBHOOK_PLAIN): ("response-body", "response-mediatype"),
    (_RESPONSE, Usage.WEBHOOK_PROPERTY): ("request-property",),
    (_RESPONSE, Usage.WEBHOOK_PARAMETER): ("request-parameter",),
    (_RESPONSE, Usage.WEBHOOK_PARAMETER_PROPERTY): ("request-parameter-property",),
    (_REQUEST, Usage.WEBHOOK_ANSWER): ("response-body", "response-mediatype"),
    (_REQUEST, Usage.WEBHOOK_ANSWER_PROPERTY): ("response-property",),
    (_REQUEST, Usage.WEBHOOK_HEADER): ("response-header",),
}
"""How ids begin; what a webhook sends is called a request there, though the provider sends it."""
TEXT_USAGES = frozenset(
    (
        *(Usage.TEXT_BODY, Usage.TEXT_PROPERTY, Usage.PARAMETER, Usage.HEADER_PARAMETER, Usage.HEADER),
        *(Usage.WEBHOOK_PARAMETER, Usage.WEBHOOK_HEADER, Usage.PLAIN_BODY, Usage.WEBHOOK_PLAIN),
        *(Usage.WEBHOOK_TEXT, Usage.WEBHOOK_TEXT_PROPERTY),
    )
)
"""Roles in which a number and its digits are the same."""
_SENT = ("request-body", "request-property")
_ASKED = (*_SENT, "request-parameter")
_PARAMETERS = ("request-parameter", "request-parameter-property")
_GOT = ("response-body", "response-property")
_BOTH = (*_SENT, *_GOT)
_READ_ONLY, _WRITE_ONLY = "request-read-only-property", "response-write-only-property"
_CONDITIONS = (
    *("if", "then", "else", "contains", "property-names", "dependent-required", "dependent-schema"),
    *("unevaluated-items", "unevaluated-properties", "content-schema", "pattern-property", "prefix-items"),
)
Table = dict[str, tuple[str, ...]]

VALUES: Table = {
    "became-enum": (*_ASKED, "request-header-property"),
    "enum-value-removed": (*_SENT, _READ_ONLY, *_PARAMETERS, "response-property", "response-mediatype"),
    "enum-value-added": ("request-property", *_PARAMETERS, "response-property", _WRITE_ONLY),
    **dict.fromkeys(("const-added", "const-removed", "const-changed"), _BOTH),
    "x-extensible-enum-value-removed": ("request-property", "request-parameter"),
}
TYPES: Table = {
    "type-changed": (*_SENT, *_PARAMETERS, *_GOT, "response-header"),
    "type-generalized": (*_SENT, *_PARAMETERS, *_GOT, "response-header"),
    "type-specialized": ("request-parameter-property", *_GOT, "response-header"),
    "type-compatible": (*_BOTH, "response-header"),
    "list-of-types-narrowed": (*_SENT, *_PARAMETERS, *_GOT),
    "list-of-types-widened": (*_SENT, *_PARAMETERS, *_GOT),
}
NULLS: Table = {
    "became-nullable": (*_SENT, *_PARAMETERS, *_GOT, "response-header"),
    "became-not-nullable": (*_SENT, *_PARAMETERS, *_GOT, "response-header"),
    **dict.fromkeys(("one-of-added", "one-of-removed", "any-of-added", "any-of-removed"), _BOTH),
    **dict.fromkeys(("list-of-types-narrowed", "list-of-types-widened"), (*_SENT, *_PARAMETERS, *_GOT)),
}
"""Null comes and goes by itself, as a branch, or as one of several types."""
ALTERNATIVES: Table = {
    **dict.fromkeys(("one-of-added", "one-of-removed", "any-of-added", "any-of-removed"), _BOTH),
    "wrapped-in-one-of": ("request-body", "response-body"),
    **dict.fromkeys(("all-of-added", "all-of-removed"), _BOTH),
    **dict.fromkeys(("all-of-added-annotation-only", "all-of-removed-annotation-only"), _BOTH),
}
CONSTRAINTS: Table = {
    **dict.fromkeys(
        ("max-set", "exclusive-max-set", "max-length-set", "min-set", "exclusive-min-set"), _ASKED
    ),
    **dict.fromkeys(
        ("max-decreased", "exclusive-max-decreased", "max-length-decreased"), (*_ASKED, _READ_ONLY)
    ),
    **dict.fromkeys(("min-increased", "exclusive-min-increased"), (*_ASKED, _READ_ONLY)),
    **dict.fromkeys(("max-increased", "exclusive-max-increased", "max-length-increased"), (*_ASKED, *_GOT)),
    **dict.fromkeys(("min-decreased", "exclusive-min-decreased", "min-length-decreased"), (*_ASKED, *_GOT)),
    **dict.fromkeys(("min-length-increased", "min-items-increased"), _ASKED),
    "min-items-decreased": ("request-parameter", *_GOT),
    "max-items-decreased": (*_ASKED, _READ_ONLY),
    "max-items-increased": (*_ASKED, *_GOT),
    "max-items-set": _SENT,
    "max-length-unset": _GOT,
    "max-properties-set": _SENT,
    "max-properties-decreased": (*_SENT, _READ_ONLY),
    "max-properties-increased": _BOTH,
    "min-properties-increased": _SENT,
    "min-properties-decreased": _GOT,
    "multiple-of-set": _SENT,
    "multiple-of-unset": _BOTH,
    "multiple-of-changed": _BOTH,
    "multiple-of-generalized": _SENT,
    "multiple-of-specialized": _GOT,
    "unique-items-set": _SENT,
    "unique-items-unset": _BOTH,
    **dict.fromkeys(("pattern-added", "pattern-changed"), (*_ASKED[1:], "response-property")),
    "pattern-removed": (*_ASKED[1:], "response-property"),
    "pattern-generalized": _ASKED[1:],
    **dict.fromkeys(
        (f"{name}-contains-{way}" for name in ("min", "max") for way in ("increased", "decreased")), _BOTH
    ),
    **dict.fromkeys((f"{name}-{way}" for name in _CONDITIONS for way in ("added", "removed")), _BOTH),
    "dependent-required-changed": _BOTH,
    **dict.fromkeys(("content-media-type-changed", "content-encoding-changed"), _BOTH),
}
NOTES: Table = {
    **dict.fromkeys(("default-value-added", "default-value-removed", "default-value-changed"), _BOTH),
    **dict.fromkeys(
        (
            *("discriminator-added", "discriminator-removed", "discriminator-property-name-changed"),
            *(f"discriminator-mapping-{way}" for way in ("added", "deleted", "changed")),
        ),
        _BOTH,
    ),
}
_LIFE = ("request-property", "response-property")
LIFECYCLES: Table = dict.fromkeys(
    (
        *("deprecated", "deprecated-with-sunset", "deprecated-sunset-missing", "deprecated-sunset-invalid"),
        *("reactivated", "sunset-date-too-small", "stability-decreased", "stability-increased"),
    ),
    _LIFE,
)
PROPERTIES: Table = {
    "became-required": (*_LIFE, _WRITE_ONLY, "request-header-property"),
    "became-required-with-default": ("request-property",),
    "became-optional": (*_LIFE, _WRITE_ONLY),
    "removed": (
        "request-property",
        *(
            f"response-{need}{kind}-property"
            for need in ("required", "optional")
            for kind in ("", "-write-only")
        ),
    ),
    "added": tuple(
        f"response-{need}{kind}-property" for need in ("required", "optional") for kind in ("", "-write-only")
    ),
    **dict.fromkeys(
        (f"became-{no}{kind}-only" for no in ("", "not-") for kind in ("read", "write")),
        tuple(
            f"{way}-{need}-property" for way in ("request", "response") for need in ("required", "optional")
        ),
    ),
}
NEW_PROPERTIES = (
    *("new-required-request-property", "new-required-request-property-with-default"),
    *("new-optional-request-property", "new-required-request-header-property"),
)
"""Ids that begin otherwise."""
NEVER_SAID = frozenset(
    f"{prefix}-{suffix}"
    for suffix, prefixes in (("min-items-set", _ASKED), ("min-items-unset", _GOT))
    for prefix in prefixes
)
"""Ids that exist but are never said: where ``minItems`` is missing, oasdiff sees 0, so it is increased."""
_UNSAID = {
    "request-property": (
        *("type-changed", "type-generalized", "type-compatible", "max-set", "min-set", "exclusive-max-set"),
        *(
            "exclusive-min-set",
            "max-length-set",
            "min-items-increased",
            "max-items-set",
            "max-properties-set",
        ),
        *("list-of-types-narrowed", "list-of-types-widened", "x-extensible-enum-value-removed"),
    ),
    "response-property": (
        *("max-increased", "exclusive-max-increased", "max-length-increased", "max-length-unset"),
        *("min-decreased", "exclusive-min-decreased", "min-length-decreased", "min-items-decreased"),
    ),
}
"""What is not told of read-only properties of requests, and of write-only ones of responses."""


def prefixes_of(direction: Direction, usages: Iterable[Usage]) -> Iterator[tuple[Usage, str]]:
    """How the ids of a change that plays some roles begin."""
    for usage in sorted(usages):
        yield from ((usage, prefix) for prefix in PREFIXES.get((direction, usage), ()))


def name_of(table: Table, prefix: str, suffix: str, *, is_marked: bool = False) -> Iterator[str]:
    """The alias for what happened to a schema, if there is one; ``is_marked``: it is a read-only property of
    a request, or a write-only one of a response."""
    special = {"request-property": _READ_ONLY, "response-property": _WRITE_ONLY}.get(prefix, "")
    known = table.get(suffix, ())
    if is_marked and special in known:
        yield f"oasdiff:{special}-{suffix}"
    elif is_marked and suffix in _UNSAID.get(prefix, ()):
        return
    elif prefix in known:
        yield f"oasdiff:{prefix}-{suffix}"


def every(*tables: Table) -> Iterator[str]:
    """All aliases that tables can give."""
    for table in tables:
        for suffix, prefixes in table.items():
            yield from (f"oasdiff:{prefix}-{suffix}" for prefix in prefixes)
