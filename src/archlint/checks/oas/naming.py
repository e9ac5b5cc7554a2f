"""Which names a change of a schema has elsewhere: what happened, put into the words of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from archlint.checks.oas import names
from archlint.checks.oas.type_words import list_word, type_word
from archlint.comparison.openapi.changes import Containment, Usage
from archlint.comparison.openapi.schema_changes import (
    AllOfChanged,
    AlternativeChanged,
    ConstraintChanged,
    DefaultChanged,
    DiscriminatorChanged,
    EnumChanged,
    LifeChange,
    PropertyAdded,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    SchemaChange,
    Transition,
    TypeChanged,
    VisibilityChanged,
)

_PLACES = {"request-body": "request-property", "response-body": "response-property"}
"""Properties of a body are properties, whatever the body itself is called."""


def names_of(change: SchemaChange) -> list[str]:
    """The aliases of a change, sorted, each once."""
    say = _SAYINGS.get(type(change))
    if say is None:
        return []
    return sorted({name for usage, prefix in _roles(change) for name in say(change, usage, prefix)})


def lifecycle_names(change: LifeChange, suffix: str) -> list[str]:
    """The aliases of what happened to the life of a property."""
    roles = [role for way, usage in change.roles for role in names.prefixes_of(way, frozenset((usage,)))]
    return sorted({name for _, prefix in roles for name in names.name_of(names.LIFECYCLES, prefix, suffix)})


def _roles(change: SchemaChange) -> Iterator[tuple[Usage, str]]:
    return names.prefixes_of(change.direction, change.usages)


def _plain(table: names.Table, change: SchemaChange, prefix: str, suffixes: Iterable[str]) -> Iterator[str]:
    for suffix in suffixes:
        yield from names.name_of(table, prefix, suffix, is_marked=change.is_marked)


# types


def _of_type(change: TypeChanged, usage: Usage, prefix: str) -> Iterator[str]:
    if change.before.is_listed_anew(change.after):
        yield from _plain(names.TYPES, change, prefix, [list_word(change.before, change.after, prefix)])
        return
    words = type_word(change.before, change.after, usage, prefix)
    if change.takes_single and prefix == "request-parameter":
        words = ["type-generalized"]
    yield from _plain(names.TYPES, change, prefix, words)
    for choice, way in ((change.added_choice, "added"), (change.removed_choice, "removed")):
        if choice:
            suffix = f"{'one-of' if choice == 'oneOf' else 'any-of'}-{way}"
            yield from _plain(names.ALTERNATIVES, change, prefix, [suffix])


def _of_null(change: ConstraintChanged, prefix: str) -> Iterator[str]:
    is_set = change.transition is Transition.SET
    if change.form in ("oneOf", "anyOf"):
        kind = "one-of" if change.form == "oneOf" else "any-of"
        suffix = f"{kind}-{'added' if is_set else 'removed'}"
    elif change.form:
        suffix = f"list-of-types-{'widened' if is_set else 'narrowed'}"
    else:
        suffix = f"became-{'' if is_set else 'not-'}nullable"
    yield from _plain(names.NULLS, change, prefix, [suffix])


# values and limits


def _of_values(change: EnumChanged, usage: Usage, prefix: str) -> Iterator[str]:
    if change.keyword == "const":
        word = "added" if change.is_set else "removed" if change.is_unset else "changed"
        suffixes = [f"const-{word}"]
    elif change.keyword == "x-extensible-enum":
        suffixes = ["x-extensible-enum-value-removed"]
    else:
        is_new = change.is_set or (change.old_keyword, change.new_keyword) == ("const", "enum")
        suffixes = ["became-enum"] if is_new else []
        if change.old_keyword != change.new_keyword and not (change.is_set or change.is_unset):
            suffixes.append("const-removed" if change.old_keyword == "const" else "const-added")
        suffixes += ["enum-value-added"] if change.added else []
        suffixes += ["enum-value-removed"] if change.removed else []
    yield from _plain(names.VALUES, change, prefix, suffixes)


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
    "prefixItems": "prefix-items",
}
_PRESENCE = frozenset(("pattern", "contains", "if", "then", "else", "prefixItems")) | {
    *("propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedItems"),
    *("unevaluatedProperties", "contentSchema", "patternProperties"),
}
"""Keywords of which one says that they are added or removed, not set."""
_WHOLE = frozenset(("contentMediaType", "contentEncoding"))
"""Keywords whose coming and going is a change as any other."""


def _of_constraint(change: ConstraintChanged, usage: Usage, prefix: str) -> Iterator[str]:
    keyword, transition = change.keyword, change.transition
    if keyword == "nullable":
        yield from _of_null(change, prefix)
        return
    if not _is_said(change):
        return
    word = _WORDS.get(keyword, keyword)
    suffix = f"{word}-{transition}"
    if keyword in _PRESENCE and transition in (Transition.SET, Transition.UNSET):
        suffix = f"{word}-{'added' if transition is Transition.SET else 'removed'}"
    elif keyword in _WHOLE:
        suffix = f"{word}-changed"
    elif keyword == "multipleOf" and transition is Transition.CHANGED:
        suffix = _multiple(change, prefix)
    elif keyword == "pattern" and change.is_whole and prefix.startswith("request"):
        suffix = "pattern-generalized"
    if keyword == "maxItems" and _is_item(change, usage):
        prefix = "request-parameter"
    yield from _plain(names.CONSTRAINTS, change, prefix, [suffix])


def _is_said(change: ConstraintChanged) -> bool:
    """Whether oasdiff looks: not at booleans where a schema may stand, nor at a bound that came or went
    together with ``contains``."""
    if change.keyword in ("unevaluatedItems", "unevaluatedProperties"):
        return (change.new if change.transition is Transition.SET else change.old) != "false"
    return change.keyword != "minContains" or bool(change.old and change.new)


def _is_item(change: ConstraintChanged, usage: Usage) -> bool:
    """Whether a limit is one of the items of a parameter, which oasdiff takes for one of the parameter."""
    return usage is Usage.PARAMETER_PROPERTY and change.at.route[-3:-1] == ("schema", "items")


def _multiple(change: ConstraintChanged, prefix: str) -> str:
    if change.accepts is Containment.WIDER and prefix.startswith("request"):
        return "multiple-of-generalized"
    is_special = change.accepts is Containment.NARROWER and prefix.startswith("response")
    return "multiple-of-specialized" if is_special else "multiple-of-changed"


# choices and parts


def _of_alternative(change: AlternativeChanged, usage: Usage, prefix: str) -> Iterator[str]:
    kind = "one-of" if change.keyword == "oneOf" else "any-of"
    if change.before.is_listed_anew(change.after):
        yield from _plain(names.TYPES, change, prefix, [list_word(change.before, change.after, prefix)])
        return
    if change.is_same:
        other = "any-of" if kind == "one-of" else "one-of"
        yield from _plain(names.ALTERNATIVES, change, prefix, [f"{kind}-added", f"{other}-removed"])
        return
    if change.is_moved:
        suffix = "wrapped-in-one-of" if prefix.endswith("-body") else "one-of-added"
        yield from _plain(names.ALTERNATIVES, change, prefix, [suffix])
        return
    suffixes = [f"{kind}-added"] if change.added or change.is_wrapped else []
    suffixes += [f"{kind}-removed"] if change.removed or change.is_unwrapped else []
    yield from _plain(names.ALTERNATIVES, change, prefix, suffixes)
    if change.is_wrapped or change.is_unwrapped:
        yield from _plain(names.TYPES, change, prefix, type_word(change.before, change.after, usage, prefix))


def _of_parts(change: AllOfChanged, usage: Usage, prefix: str) -> Iterator[str]:
    suffix = f"all-of-{'added' if change.is_added else 'removed'}"
    suffix += "-annotation-only" if change.is_wording else ""
    yield from _plain(names.ALTERNATIVES, change, prefix, [suffix])


# properties


def _place(prefix: str) -> str:
    return _PLACES.get(prefix, prefix)


def _of_required(change: PropertyRequired, usage: Usage, prefix: str) -> Iterator[str]:
    place, default = _place(prefix), "-with-default" if change.has_default else ""
    if place == "request-property" and not change.is_unsent and change.is_declared:
        if change.is_new:
            yield f"oasdiff:new-required-request-property{default}"
        else:
            yield from names.name_of(names.PROPERTIES, place, f"became-required{default}")
    elif place == "response-property" and not change.is_new:
        yield from names.name_of(names.PROPERTIES, place, "became-required", is_marked=change.is_unsent)
    elif prefix == "request-header-property" and not change.is_unsent and change.is_declared:
        if change.is_new:
            yield "oasdiff:new-required-request-header-property"
        if not change.is_new or usage is Usage.HEADER_PROPERTY:
            yield "oasdiff:request-header-property-became-required"


def _of_optional(change: PropertyOptional, usage: Usage, prefix: str) -> Iterator[str]:
    place = _place(prefix)
    is_said = change.is_declared and not (place == "request-property" and change.is_unsent)
    if is_said and place in _PLACES.values():
        yield from names.name_of(names.PROPERTIES, place, "became-optional", is_marked=change.is_unsent)


def _of_added(change: PropertyAdded, usage: Usage, prefix: str) -> Iterator[str]:
    place = _place(prefix)
    if place == "request-property" and not change.is_unsent:
        default = "-with-default" if change.has_default else ""
        stem = (
            f"new-required-request-property{default}"
            if change.is_required
            else "new-optional-request-property"
        )
        yield f"oasdiff:{stem}"
    elif place == "response-property":
        yield f"oasdiff:{_kind(change.is_required, change.is_unsent)}-added"


def _of_removed(change: PropertyRemoved, usage: Usage, prefix: str) -> Iterator[str]:
    place = _place(prefix)
    if place == "request-property" and not change.is_unsent:
        yield "oasdiff:request-property-removed"
    elif place == "response-property":
        yield f"oasdiff:{_kind(change.was_required, change.is_unsent)}-removed"


def _kind(is_required: bool, is_write_only: bool) -> str:
    need = "required" if is_required else "optional"
    return f"response-{need}{'-write-only' if is_write_only else ''}-property"


def _of_visibility(change: VisibilityChanged, usage: Usage, prefix: str) -> Iterator[str]:
    place = _place(prefix)
    if place in _PLACES.values():
        need = "required" if change.was_required else "optional"
        kind = "read-only" if change.keyword == "readOnly" else "write-only"
        way = place.partition("-")[0]
        yield f"oasdiff:{way}-{need}-property-became-{'' if change.is_now else 'not-'}{kind}"


# notes


def _of_default(change: DefaultChanged, usage: Usage, prefix: str) -> Iterator[str]:
    word = "added" if not change.old else "removed" if not change.new else "changed"
    yield from _plain(names.NOTES, change, prefix, [f"default-value-{word}"])


def _of_discriminator(change: DiscriminatorChanged, usage: Usage, prefix: str) -> Iterator[str]:
    if change.aspect == "propertyName":
        suffix = "property-name-changed"
    else:
        gone = "deleted" if change.aspect == "mapping" else "removed"
        word = {Transition.SET: "added", Transition.UNSET: gone}.get(change.transition, "changed")
        suffix = f"mapping-{word}" if change.aspect == "mapping" else word
    yield from _plain(names.NOTES, change, prefix, [f"discriminator-{suffix}"])


_SAYINGS: dict[type[Any], Callable[[Any, Usage, str], Iterator[str]]] = {
    TypeChanged: _of_type,
    EnumChanged: _of_values,
    ConstraintChanged: _of_constraint,
    AlternativeChanged: _of_alternative,
    AllOfChanged: _of_parts,
    PropertyRequired: _of_required,
    PropertyOptional: _of_optional,
    PropertyAdded: _of_added,
    PropertyRemoved: _of_removed,
    VisibilityChanged: _of_visibility,
    DefaultChanged: _of_default,
    DiscriminatorChanged: _of_discriminator,
}
