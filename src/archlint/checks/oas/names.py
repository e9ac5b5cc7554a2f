"""The ids under which oasdiff knows a change of a schema: role of the schema, then what happened to it.

Only pairs that exist there are listed; what has no id is judged all the same and carries no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.comparison.openapi.changes import Direction, Slot

_PREFIXES = {
    (Direction.REQUEST, Slot.BODY): ("request-body",),
    (Direction.REQUEST, Slot.TEXT_BODY): ("request-body",),
    (Direction.REQUEST, Slot.PROPERTY): ("request-property",),
    (Direction.REQUEST, Slot.PARAMETER): ("request-parameter",),
    (Direction.REQUEST, Slot.PARAMETER_PROPERTY): ("request-parameter-property",),
    (Direction.REQUEST, Slot.HEADER_PARAMETER): ("request-parameter",),
    (Direction.REQUEST, Slot.HEADER_PROPERTY): ("request-parameter-property", "request-header-property"),
    (Direction.RESPONSE, Slot.BODY): ("response-body",),
    (Direction.RESPONSE, Slot.TEXT_BODY): ("response-body",),
    (Direction.RESPONSE, Slot.PROPERTY): ("response-property",),
    (Direction.RESPONSE, Slot.HEADER): ("response-header",),
}
_SENT = ("request-body", "request-property")
_SENT_OR_ASKED = (*_SENT, "request-parameter")
_ANY_REQUEST = (*_SENT_OR_ASKED, "request-parameter-property")
_GOT = ("response-body", "response-property")
_BOTH = (*_SENT, *_GOT)
_CONDITIONS = (
    *("if", "then", "else", "contains", "property-names", "dependent-required", "dependent-schema"),
    *("unevaluated-items", "unevaluated-properties", "content-schema", "pattern-property"),
)

ENUMS: dict[str, tuple[str, ...]] = {
    "became-enum": (*_SENT_OR_ASKED, "request-header-property"),
    "enum-value-removed": _ANY_REQUEST,
    "enum-value-added": ("response-property",),
    "const-added": _SENT,
    "const-changed": _BOTH,
    "const-removed": _GOT,
}
TYPES: dict[str, tuple[str, ...]] = {
    "type-changed": (*_ANY_REQUEST, *_GOT, "response-header"),
    "type-specialized": ("request-parameter-property",),
    "type-generalized": (*_GOT, "response-header"),
    "list-of-types-narrowed": _ANY_REQUEST,
    "list-of-types-widened": _GOT,
}
ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "one-of-removed": _SENT,
    "any-of-removed": _SENT,
    "one-of-added": _GOT,
    "any-of-added": _GOT,
    "wrapped-in-one-of": ("response-body",),
}
CONSTRAINTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("min-increased", "max-decreased", "exclusive-min-increased", "exclusive-max-decreased"),
            *("min-length-increased", "max-length-decreased", "min-items-increased", "max-items-decreased"),
            *(
                "min-set",
                "max-set",
                "exclusive-min-set",
                "exclusive-max-set",
                "max-length-set",
                "min-items-set",
            ),
        ),
        _SENT_OR_ASKED,
    ),
    **dict.fromkeys(
        (
            *("max-items-set", "max-properties-set", "max-properties-decreased", "min-properties-increased"),
            *("multiple-of-set", "unique-items-set", "min-contains-increased", "max-contains-decreased"),
            *(f"{condition}-added" for condition in _CONDITIONS),
        ),
        _SENT,
    ),
    **dict.fromkeys(
        (
            *("min-decreased", "max-increased", "exclusive-min-decreased", "exclusive-max-increased"),
            *("min-length-decreased", "max-length-increased", "min-items-decreased", "max-items-increased"),
            *("min-properties-decreased", "max-properties-increased", "max-length-unset", "min-items-unset"),
            *("multiple-of-unset", "unique-items-unset", "min-contains-decreased", "max-contains-increased"),
            *(f"{condition}-removed" for condition in _CONDITIONS),
        ),
        _GOT,
    ),
    "multiple-of-changed": _BOTH,
    "content-media-type-changed": _BOTH,
    "content-encoding-changed": _BOTH,
    "pattern-added": ("request-property", "request-parameter"),
    "pattern-changed": ("request-property", "request-parameter"),
    "became-not-nullable": _ANY_REQUEST,
    "became-nullable": (*_GOT, "response-header"),
}


def aliases(
    table: dict[str, tuple[str, ...]], direction: Direction, slots: Iterable[Slot], suffixes: Iterable[str]
) -> list[str]:
    """The aliases of a change that plays these roles, sorted; suffixes are tried for each role in turn."""
    prefixes = [prefix for slot in slots for prefix in _PREFIXES.get((direction, slot), ())]
    found = {
        f"oasdiff:{prefix}-{suffix}"
        for suffix in suffixes
        for prefix in prefixes
        if prefix in table.get(suffix, ())
    }
    return sorted(found)


def every(table: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """All aliases that a table can give."""
    for suffix, prefixes in table.items():
        yield from (f"oasdiff:{prefix}-{suffix}" for prefix in prefixes)
