"""Tells of changes of schemas that hurt nobody, for a changelog."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_operations import condition_of, judge, way_word
from archlint.checks.oas.naming import lifecycle_names, names_of
from archlint.checks.oas.property_lives import is_announced, notice_word
from archlint.checks.oas.schema_levels import level_of
from archlint.checks.oas.verdict_guards import is_new_to_closed, is_outdone
from archlint.checks.oas.wording import MOST_NAMED, number_words
from archlint.comparison.openapi.changes import Usage
from archlint.comparison.openapi.schema_changes import (
    AllOfChanged,
    AlternativeChanged,
    ConstraintChanged,
    DefaultChanged,
    DiscriminatorChanged,
    EnumChanged,
    PropertyAdded,
    PropertyLifecycleChanged,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    PropertyStabilityChanged,
    SchemaChange,
    Transition,
    TypeChanged,
    VisibilityChanged,
)
from archlint.finding import Severity
from archlint.finding.records import replace
from archlint.finding.words import listed, quoted


def _tell(
    changed: SchemaChange, identity: tuple[str, ...], message_id: str = "default", **arguments: str
) -> Iterator[Observation]:
    """A finding about a change that is no more than information, unless what it does to a choice is told."""
    if level_of(changed) is Severity.INFO and not is_outdone(changed):
        arguments["way"] = condition_of(changed) or way_word(changed)
        harmless = replace(changed, verdict=None)  # what proves harm elsewhere is no proof of this
        yield judge(harmless, identity, names_of(changed), message_id=message_id, arguments=arguments)


@change(PropertyAdded)
def property_added(changed: PropertyAdded, options: Options) -> Iterator[Observation]:
    """A property that callers may send, or find, from now on."""
    if is_new_to_closed(changed):
        return  # told with what that means for strict clients
    kind = "required" if changed.is_required else "optional"
    yield from _tell(changed, (changed.name,), name=changed.name, kind=kind)


@change(PropertyRemoved)
def property_removed_unsent(changed: PropertyRemoved, options: Options) -> Iterator[Observation]:
    """A property is gone that was never sent this way."""
    yield from _tell(changed, (changed.name,), name=changed.name)


@change(PropertyRemoved)
def property_removed_as_announced(removed: PropertyRemoved, options: Options) -> Iterator[Observation]:
    """A property that is gone after it had been deprecated, and not before its day."""
    if is_announced(removed, options) and level_of(removed) is not Severity.INFO:
        arguments = {"name": removed.name, "way": way_word(removed)}
        yield judge(removed, (removed.name,), names_of(removed), arguments=arguments)


@change(PropertyRequired)
def property_always_sent(changed: PropertyRequired, options: Options) -> Iterator[Observation]:
    """A property that responses always have from now on."""
    yield from _tell(changed, (changed.name,), name=changed.name)


@change(PropertyOptional)
def property_no_longer_required(changed: PropertyOptional, options: Options) -> Iterator[Observation]:
    """A property that requests may leave out from now on."""
    yield from _tell(changed, (changed.name,), name=changed.name)


@change(VisibilityChanged)
def property_visibility_updated(changed: VisibilityChanged, options: Options) -> Iterator[Observation]:
    """A property that became read-only or write-only, or no longer is, without harm."""
    facts = {"name": changed.name, "keyword": changed.keyword}
    yield from _tell(changed, (changed.name, changed.keyword), "set" if changed.is_now else "unset", **facts)


@change(TypeChanged)
def schema_type_relaxed(changed: TypeChanged, options: Options) -> Iterator[Observation]:
    """Types or formats that hurt nobody."""
    yield from _tell(changed, (), old=changed.old, new=changed.new)


@change(EnumChanged)
def enum_relaxed(changed: EnumChanged, options: Options) -> Iterator[Observation]:
    """Values that requests may have from now on, or that responses no longer have."""
    message_id = "set" if changed.is_set else "unset" if changed.is_unset else "default"
    facts = {
        name: listed(quoted(values), MOST_NAMED) or "none"
        for name, values in (("added", changed.added), ("removed", changed.removed))
    }
    yield from _tell(changed, (*changed.added, "/", *changed.removed), message_id, **facts)


@change(ConstraintChanged)
def constraint_relaxed(changed: ConstraintChanged, options: Options) -> Iterator[Observation]:
    """A limit that is looser for requests, or tighter for responses."""
    yield from _tell(
        changed,
        (changed.keyword, *([changed.entry] if changed.entry else [])),
        keyword=changed.keyword + (f" '{changed.entry}'" if changed.entry else ""),
        old=changed.old or "not set",
        new=changed.new or "not set",
    )


_QUANTITIES = {"oneOf": "exactly one", "anyOf": "at least one"}


@change(AlternativeChanged)
def alternative_relaxed(changed: AlternativeChanged, options: Options) -> Iterator[Observation]:
    """Alternatives that requests may choose from now on, or that responses no longer are."""
    names = changed.added or changed.removed
    message_id = "same" if changed.is_same else "added" if changed.added else "removed"
    message_id = "edited" if changed.is_edited else message_id
    message_id = f"{message_id}-beside" if changed.is_beside else message_id
    words = number_words(names, "alternative")
    facts = {
        **words,
        "branches": listed(names, MOST_NAMED),
        "quantity": _QUANTITIES.get(changed.keyword, ""),
        "keyword": changed.keyword,
    }
    yield from _tell(changed, (message_id, *sorted(names)), message_id, **facts)


@change(AllOfChanged)
def all_of_relaxed(changed: AllOfChanged, options: Options) -> Iterator[Observation]:
    """Parts that say nothing of values, or that responses have in addition."""
    message_id = "added" if changed.is_added else "removed"
    words = number_words(changed.names, "part")
    yield from _tell(
        changed,
        (message_id, *sorted(changed.names)),
        message_id,
        **words,
        parts=listed(changed.names, MOST_NAMED),
    )


_PARAMETERS = frozenset(
    (
        Usage.PARAMETER,
        Usage.HEADER_PARAMETER,
        Usage.WEBHOOK_PARAMETER,
        Usage.UNNAMED_TEXT,
        Usage.HEADER,
        Usage.CALLBACK_TEXT,
    )
)


@change(DefaultChanged)
def schema_default_changed(changed: DefaultChanged, options: Options) -> Iterator[Observation]:
    """Another value is assumed where none is sent; of a parameter this is told with the parameter."""
    if changed.usages <= _PARAMETERS:
        return
    old, new = changed.old or "none", changed.new or "none"
    yield from _tell(changed, (), old=old, new=new)


@change(DiscriminatorChanged)
def discriminator_changed(changed: DiscriminatorChanged, options: Options) -> Iterator[Observation]:
    """Another property, or other values, tell alternatives apart."""
    message_id = {Transition.SET: "set", Transition.UNSET: "unset"}.get(changed.transition, "default")
    parts = {"propertyName": "discriminator's property", "mapping": "discriminator's mapping"}
    what = parts.get(changed.aspect, "discriminator")
    facts = {"what": what, "old": changed.old, "new": changed.new}
    yield from _tell(changed, (changed.aspect, changed.old, changed.new), message_id, **facts)


@change(PropertyLifecycleChanged)
def property_deprecation_changed(
    changed: PropertyLifecycleChanged, options: Options
) -> Iterator[Observation]:
    """A property that is deprecated as promised, or no longer deprecated."""
    word = notice_word(changed, options)
    message_id = {"deprecated": "default", "deprecated-with-sunset": "ends", "reactivated": "back"}.get(word)
    if message_id is not None or changed.is_hidden:
        names = lifecycle_names(changed, word)
        facts = {"sunset": changed.sunset or ""}
        yield judge(changed, (), names, message_id=message_id or "default", arguments=facts)


@change(PropertyStabilityChanged)
def property_stability_raised(changed: PropertyStabilityChanged, options: Options) -> Iterator[Observation]:
    """A property that is promised for more than before."""
    if changed.is_promised and not changed.is_less and not changed.is_unknown:
        names = lifecycle_names(changed, "stability-increased")
        yield judge(changed, (), names, arguments={"old": changed.old, "new": changed.new})
