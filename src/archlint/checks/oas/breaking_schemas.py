"""Judges changes of schemas: what narrows a request or widens a response breaks callers."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_operations import judge
from archlint.checks.oas.names import ALTERNATIVES, CONSTRAINTS, ENUMS, TYPES, aliases
from archlint.comparison.openapi.changes import Containment, Direction, Slot
from archlint.comparison.openapi.schema_changes import (
    ANY_TYPE,
    AlternativeChanged,
    ConstraintChanged,
    EnumChanged,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    Transition,
    TypeChanged,
)
from archlint.finding import Severity

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
_BREAKS = {
    (_REQUEST, Containment.NARROWER),
    (_RESPONSE, Containment.WIDER),
    (_REQUEST, Containment.INCOMPARABLE),
    (_RESPONSE, Containment.INCOMPARABLE),
}
"""A request breaks where less is accepted than before, a response where more is sent than before."""
_MOST_NAMED = 5
"""Values or alternatives that a message names."""
_HEADERS = (Slot.HEADER_PARAMETER, Slot.HEADER_PROPERTY)
_PROPERTIES = frozenset((Slot.BODY, Slot.TEXT_BODY, Slot.PROPERTY))


@change(PropertyRequired)
def property_required(required: PropertyRequired, options: Options) -> Iterator[Observation]:
    """A property that callers of the base may leave out of a request, and now must send."""
    if required.direction is _RESPONSE:
        return
    names = []
    default = "-with-default" if required.has_default else ""
    if required.slots & _PROPERTIES and required.is_declared:
        stem = "new-required-request-property" if required.is_new else "request-property-became-required"
        names.append(f"oasdiff:{stem}{default}")
    if required.slots.intersection(_HEADERS):
        stem = "new-required-request-header-property"
        names.append(f"oasdiff:{stem if required.is_new else 'request-header-property-became-required'}")
    message_id = "new" if required.is_new else "default"
    yield judge(required, (required.name,), names, message_id=message_id, arguments={"name": required.name})


@change(PropertyOptional)
def property_optional(optional: PropertyOptional, options: Options) -> Iterator[Observation]:
    """A property that clients find in every response of the base, and now only in some."""
    if optional.direction is _RESPONSE:
        names = ["oasdiff:response-property-became-optional"] if optional.slots & _PROPERTIES else []
        yield judge(optional, (optional.name,), names, arguments={"name": optional.name})


@change(PropertyRemoved)
def property_removed(removed: PropertyRemoved, options: Options) -> Iterator[Observation]:
    """A property that is gone: clients miss it in responses; in requests it is ignored or refused."""
    names = []
    if removed.direction is _RESPONSE:
        severity = None if removed.was_required else Severity.WARNING
        message_id = "response" if removed.was_required else "optional"
        if removed.slots & _PROPERTIES:
            kind = "required" if removed.was_required else "optional"
            names.append(f"oasdiff:response-{kind}-property-removed")
    else:
        severity = None if removed.is_forbidden else Severity.WARNING
        message_id = "forbidden" if removed.is_forbidden else "request"
        if removed.slots & _PROPERTIES:
            names.append("oasdiff:request-property-removed")
    yield judge(
        removed,
        (removed.name,),
        names,
        message_id=message_id,
        severity=severity,
        arguments={"name": removed.name},
    )


@change(TypeChanged)
def schema_type_changed(changed: TypeChanged, options: Options) -> Iterator[Observation]:
    """Types or formats of which the other side's values are no longer a part."""
    if (changed.direction, changed.accepts) not in _BREAKS:
        return
    suffix = "type-changed"
    if changed.is_presence:
        suffix = f"media-type-schema-{'added' if changed.direction is _REQUEST else 'removed'}"
    elif changed.is_list:
        suffix = "list-of-types-narrowed" if changed.direction is _REQUEST else "list-of-types-widened"
    elif changed.accepts is Containment.WIDER:
        suffix = "type-generalized"
    suffixes = [suffix]
    if changed.accepts is Containment.NARROWER and Slot.PARAMETER_PROPERTY in changed.slots:
        suffixes = ["type-specialized"]
    is_mild = changed.is_presence and changed.direction is _RESPONSE
    is_mild = is_mild or (changed.direction is _REQUEST and changed.old == ANY_TYPE)
    is_mild = is_mild or (
        changed.is_format_only and changed.accepts is Containment.NARROWER and "(" not in changed.old
    )
    yield judge(
        changed,
        (changed.direction,),
        aliases(TYPES, changed.direction, changed.slots, suffixes),
        message_id=changed.direction,
        severity=Severity.WARNING if is_mild else None,
        arguments={"old": changed.old, "new": changed.new},
    )


@change(EnumChanged)
def enum_changed(changed: EnumChanged, options: Options) -> Iterator[Observation]:
    """Values that a request may no longer have, or that clients meet in a response for the first time."""
    if changed.direction is _REQUEST:
        yield from _values_refused(changed)
    elif changed.is_unset:
        names = aliases(
            ENUMS, _RESPONSE, changed.slots, ["const-removed"] if changed.keyword == "const" else []
        )
        severity = None if changed.keyword == "const" else Severity.WARNING
        yield _of_enum(changed, "response-open", names, severity, changed.removed)
    elif changed.added and not changed.is_set:
        is_const = changed.keyword == "const"
        suffix = "const-changed" if is_const else "enum-value-added"
        names = aliases(ENUMS, _RESPONSE, changed.slots, [suffix])
        yield _of_enum(changed, "response", names, None if is_const else Severity.WARNING, changed.added)


def _values_refused(changed: EnumChanged) -> Iterator[Observation]:
    if changed.is_set:
        suffix = "const-added" if changed.keyword == "const" else "became-enum"
        names = aliases(ENUMS, _REQUEST, changed.slots, [suffix])
        yield _of_enum(changed, "request-new", names, None, changed.added)
    elif changed.removed and not changed.is_unset:
        suffix = "const-changed" if changed.keyword == "const" else "enum-value-removed"
        names = aliases(ENUMS, _REQUEST, changed.slots, [suffix])
        yield _of_enum(changed, "request", names, None, changed.removed)


_NUMBERS = {True: {"what": "Value", "are": "is"}, False: {"what": "Values", "are": "are"}}


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown


def _of_enum(
    changed: EnumChanged,
    message_id: str,
    names: list[str],
    severity: Severity | None,
    values: tuple[str, ...],
) -> Observation:
    arguments = {"values": _listed(tuple(f"'{value}'" for value in values)), **_NUMBERS[len(values) == 1]}
    identity = (changed.direction, *values)
    return judge(changed, identity, names, message_id=message_id, severity=severity, arguments=arguments)


_WORDS = {
    "minimum": "min",
    "maximum": "max",
    "exclusiveMinimum": "exclusive-min",
    "exclusiveMaximum": "exclusive-max",
    "minLength": "min-length",
    "maxLength": "max-length",
    "minItems": "min-items",
    "maxItems": "max-items",
    "minProperties": "min-properties",
    "maxProperties": "max-properties",
    "minContains": "min-contains",
    "maxContains": "max-contains",
    "multipleOf": "multiple-of",
    "uniqueItems": "unique-items",
    "propertyNames": "property-names",
    "dependentRequired": "dependent-required",
    "dependentSchemas": "dependent-schema",
    "patternProperties": "pattern-property",
    "unevaluatedItems": "unevaluated-items",
    "unevaluatedProperties": "unevaluated-properties",
    "contentSchema": "content-schema",
    "contentMediaType": "content-media-type",
    "contentEncoding": "content-encoding",
}
_PRESENCE = frozenset(("pattern", "contains", "if", "then", "else")) | {
    *("propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedItems"),
    *("unevaluatedProperties", "contentSchema", "patternProperties"),
}
"""Keywords of which one says that they are added or removed, not set."""
_NEW_BOUNDS = frozenset(
    (
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "maxLength", "minItems", "maxItems"),
        *("maxProperties", "multipleOf"),
    )
)
"""Limits that, newly written down, most often state what was always so: a warning."""


@change(ConstraintChanged)
def constraint_changed(changed: ConstraintChanged, options: Options) -> Iterator[Observation]:
    """A limit that is tighter for requests or looser for responses."""
    is_unknown = changed.accepts is Containment.UNKNOWN and changed.keyword == "pattern"
    if (changed.direction, changed.accepts) not in _BREAKS and not (
        is_unknown and changed.direction is _REQUEST
    ):
        return
    names = aliases(CONSTRAINTS, changed.direction, changed.slots, [_suffix(changed)])
    yield judge(
        changed,
        (changed.direction, changed.keyword),
        names,
        message_id=_message(changed),
        severity=_severity(changed),
        arguments={
            "keyword": changed.keyword,
            "old": changed.old or "not set",
            "new": changed.new or "not set",
        },
    )


def _suffix(changed: ConstraintChanged) -> str:
    keyword, transition = changed.keyword, changed.transition
    if keyword == "nullable":
        return "became-nullable" if transition is Transition.SET else "became-not-nullable"
    word = _WORDS.get(keyword, keyword)
    if keyword in _PRESENCE and transition in (Transition.SET, Transition.UNSET):
        return f"{word}-{'added' if transition is Transition.SET else 'removed'}"
    return f"{word}-{transition}"


def _severity(changed: ConstraintChanged) -> Severity | None:
    is_new_bound = changed.transition is Transition.SET and changed.keyword in _NEW_BOUNDS
    return Severity.WARNING if is_new_bound or (changed.keyword == "pattern" and _is_open(changed)) else None


def _is_open(changed: ConstraintChanged) -> bool:
    """Whether the effect of a pattern depends on values that nobody may ever send."""
    return changed.transition is Transition.CHANGED or changed.direction is _RESPONSE


def _message(changed: ConstraintChanged) -> str:
    if changed.keyword == "nullable":
        return "not-null" if changed.direction is _REQUEST else "may-be-null"
    if changed.transition is Transition.SET:
        return f"{changed.direction}-set"
    if changed.accepts is Containment.UNKNOWN:
        return "unknown"
    if changed.transition is Transition.UNSET:
        return f"{changed.direction}-unset"
    return f"{changed.direction}-changed"


@change(AlternativeChanged)
def alternative_changed(changed: AlternativeChanged, options: Options) -> Iterator[Observation]:
    """Alternatives that a request may no longer choose, or that a response may newly be."""
    kind = "one-of" if changed.keyword == "oneOf" else "any-of"
    if changed.direction is _REQUEST:
        branches, suffixes, severity = changed.removed, [f"{kind}-removed"], None
    else:
        branches = changed.added
        suffixes = ["wrapped-in-one-of"] if changed.is_wrapped and kind == "one-of" else [f"{kind}-added"]
        severity = Severity.WARNING if kind == "any-of" else None
    if branches:
        yield judge(
            changed,
            (changed.direction, *branches),
            aliases(ALTERNATIVES, changed.direction, changed.slots, suffixes),
            message_id=changed.direction,
            severity=severity,
            arguments={"branches": _listed(branches), "keyword": changed.keyword},
        )
