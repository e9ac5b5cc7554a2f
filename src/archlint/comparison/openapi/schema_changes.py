"""Typed changes of schemas, each seen in one direction: what differs, never how bad that is."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from archlint.comparison.openapi.changes import Containment, ContractChange, Usage
from archlint.comparison.openapi.element_changes import Lifecycle
from archlint.comparison.openapi.harm import Verdict
from archlint.finding.records import dataclass
from archlint.model.openapi import Direction

ANY_TYPE = "any type"
"""How a schema without types is called; most often its author left them out."""


_ENDLESS = Lifecycle()


class Sense(StrEnum):
    """How the values of a whole follow those of a part."""

    SAME = "same"
    INVERTED = "inverted"
    """The part stands under ``not``: the narrower it is, the wider the whole."""
    UNCLEAR = "unclear"
    """The part is a condition (``if``), or stands under both."""

    @property
    def under_not(self) -> Sense:
        """The sense of a part of ``not`` in a part of this sense."""
        return {Sense.SAME: Sense.INVERTED, Sense.INVERTED: Sense.SAME}.get(self, self)


@dataclass(frozen=True, kw_only=True)
class SchemaChange(ContractChange):
    """A change of a schema, seen in one direction."""

    direction: Direction
    usages: frozenset[Usage] = frozenset()
    sense: Sense = Sense.SAME
    is_hidden: bool = False
    """Whether values at this place are never sent: in requests read-only, in responses write-only."""
    is_marked: bool = False
    """Whether the schema of the revision itself says so, and not only one above it."""
    is_part: bool = field(default=False, compare=False)
    """Whether what changed is stated in a part of ``allOf``, and not by the schema itself."""
    verdict: Verdict | None = field(default=None, compare=False)
    """What is known of the values of the whole schema, apart from what is said below it."""
    is_left_to_whole: bool = False
    """Whether it stands under ``not`` or ``if``, and the schema that holds it is judged with all it says."""


@dataclass(frozen=True, kw_only=True)
class PropertyRequired(SchemaChange):
    """A property that was optional, or unknown, is required now."""

    name: str
    is_new: bool
    is_declared: bool
    """Whether both sides, or the revision if it is new, have a schema for it, and do not only name it in
    ``required``."""
    has_default: bool
    is_unsent: bool = False
    """Whether the property itself is never sent in this direction."""


@dataclass(frozen=True, kw_only=True)
class PropertyOptional(SchemaChange):
    """A property that was required is optional now."""

    name: str
    is_declared: bool = True
    is_unsent: bool = False


@dataclass(frozen=True, kw_only=True)
class PropertyAdded(SchemaChange):
    """A property is declared that was not; one that requests must have is ``PropertyRequired``."""

    name: str
    is_required: bool
    is_unsent: bool = False
    has_default: bool = False


@dataclass(frozen=True, kw_only=True)
class PropertyRemoved(SchemaChange):
    """A property is no longer declared; ``is_forbidden``: the schema refuses undeclared names."""

    name: str
    was_required: bool
    is_forbidden: bool
    is_unsent: bool = False
    lifecycle: Lifecycle = _ENDLESS


@dataclass(frozen=True, kw_only=True)
class VisibilityChanged(SchemaChange):
    """A property became, or is no longer, read-only or write-only."""

    name: str
    keyword: str
    is_now: bool
    was_required: bool
    is_required: bool


@dataclass(frozen=True)
class TypeFacts:
    """What a schema states literally about its types."""

    types: tuple[str, ...] = ()
    format: str = ""
    listed: frozenset[str] | None = None
    """The types as alternatives, if the schema is either of one type or a choice between types."""
    choice: str = ""
    """The keyword of that choice."""

    def is_listed_anew(self, after: TypeFacts) -> bool:
        """Whether a choice between types came, went, or has other types."""
        if self.listed is None or after.listed is None or not (self.choice or after.choice):
            return False
        return self.listed != after.listed


@dataclass(frozen=True, kw_only=True)
class TypeChanged(SchemaChange):
    """Types or format differ; ``accepts`` compares the sets of values."""

    old: str
    new: str
    accepts: Containment
    is_format_only: bool
    before: TypeFacts = TypeFacts()
    after: TypeFacts = TypeFacts()
    takes_single: bool = False
    """Whether a list takes what was the only value before, and nothing else of the items is new."""
    added_choice: str = ""
    """``oneOf`` or ``anyOf`` if the revision is such a choice and the base is none."""
    removed_choice: str = ""


@dataclass(frozen=True, kw_only=True)
class EnumChanged(SchemaChange):
    """The list of allowed values differs; an empty side means that anything is allowed there."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_set: bool
    is_unset: bool
    keyword: str
    """``const`` if both sides that have a list have a single value by that keyword; ``x-extensible-enum``,
    of which only what is gone is told; else ``enum``."""
    old_keyword: str = "enum"
    new_keyword: str = "enum"


class Transition(StrEnum):
    """What happened to a keyword that limits values."""

    SET = "set"
    UNSET = "unset"
    INCREASED = "increased"
    DECREASED = "decreased"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class ConstraintChanged(SchemaChange):
    """A keyword that limits values differs."""

    keyword: str
    transition: Transition
    accepts: Containment
    old: str
    new: str
    entry: str = ""
    """Which entry of the keyword, where it is a map or list of schemas."""
    is_whole: bool = False
    """Whether the new pattern takes every text."""
    form: str = ""
    """For ``nullable``: ``oneOf`` or ``anyOf`` if null came or went as a branch beside others, ``types`` if
    it did as one of a list of types that are alternatives."""


@dataclass(frozen=True, kw_only=True)
class AlternativeChanged(SchemaChange):
    """Branches of ``oneOf`` or ``anyOf`` are gone or new; ``is_wrapped``: there was no choice before."""

    keyword: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_wrapped: bool = False
    is_edited: bool = False
    """Whether a branch much like these is on the other side; what differs is told of these two."""
    is_told: bool = False
    """Whether what is lost by it is told by itself."""
    is_unwrapped: bool = False
    """Whether there is no choice any more."""
    is_same: bool = False
    """Whether only the keyword changed: the branches are the same."""
    is_beside: bool = False
    """Whether the choice is one more condition, beside a type that both sides state."""
    is_moved: bool = False
    """Whether properties of the schema moved into the branches."""
    before: TypeFacts = TypeFacts()
    after: TypeFacts = TypeFacts()


@dataclass(frozen=True, kw_only=True)
class AllOfChanged(SchemaChange):
    """Parts of ``allOf`` are new, or gone; never both in one change."""

    is_added: bool
    names: tuple[str, ...]
    is_wording: bool
    """Whether the parts say nothing about values."""
    is_equal: bool
    """Whether the schemas say the same as wholes."""
    is_demanding: bool
    """Whether a part requires properties."""
    lost: tuple[str, ...] = ()
    """Properties that only these parts declared and that the other side lacks, if values of them are sent."""
    is_lost_required: bool = False
    """Whether one of the lost properties was required."""


@dataclass(frozen=True, kw_only=True)
class DefaultChanged(SchemaChange):
    """The value that is assumed where none is sent differs; empty: none is stated."""

    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class DiscriminatorChanged(SchemaChange):
    """What a discriminator says differs; ``aspect`` is ``discriminator``, ``propertyName`` or ``mapping``."""

    aspect: str
    transition: Transition
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class LifeChange(SchemaChange):
    """A change of how long a property is promised, which is told once for both directions: to whoever sends
    the property and to whoever reads it that is the same."""

    roles: frozenset[tuple[Direction, Usage]] = field(default=frozenset(), compare=False)
    """The directions in which it is met, with the roles that the schema plays in them."""


@dataclass(frozen=True, kw_only=True)
class PropertyLifecycleChanged(LifeChange):
    """A property is deprecated, or no longer."""

    is_deprecated: bool
    sunset: str | None
    stability: str = "stable"
    """Of the operation that meets it."""


@dataclass(frozen=True, kw_only=True)
class PropertySunsetChanged(LifeChange):
    """A property that is deprecated ends on another day, or on none that is stated."""

    before: str
    after: str | None
    stability: str = "stable"
    """Of the operation that meets it."""


@dataclass(frozen=True, kw_only=True)
class PropertyStabilityChanged(LifeChange):
    """``x-stability-level`` differs; what states none is stable."""

    old: str
    new: str
    is_less: bool
    is_promised: bool
    """Whether changes of the old level count at all."""
    is_unknown: bool = False
    """Whether the new level does not exist."""


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_TWINS = {
    "minimum": ("exclusiveMinimum",),
    "exclusiveMinimum": ("minimum",),
    "maximum": ("exclusiveMaximum",),
    "exclusiveMaximum": ("maximum",),
}
"""Keywords that other versions write as one another."""


def keywords_of(change: SchemaChange) -> frozenset[str]:
    """The keywords, as JSON Schema has them, that an edit is made of; those that a value breaks if it is this
    edit that refuses it."""
    if isinstance(change, ConstraintChanged):
        if change.keyword == "nullable":
            return frozenset(("type",))
        return frozenset((change.keyword, *_TWINS.get(change.keyword, ())))
    if isinstance(change, TypeChanged):
        return frozenset(("format", "pattern", *_BOUNDS)) if change.is_format_only else frozenset(("type",))
    if isinstance(change, EnumChanged):
        return frozenset(("enum",)) if change.keyword != "x-extensible-enum" else frozenset()
    if isinstance(change, (PropertyRequired, PropertyOptional)):
        return frozenset(("required",))
    if isinstance(change, (PropertyAdded, PropertyRemoved)):
        return frozenset(("properties",))
    if isinstance(change, AlternativeChanged):
        return frozenset(("anyOf", "oneOf"))
    return frozenset(("allOf",)) if isinstance(change, AllOfChanged) else frozenset()


def is_null(change: SchemaChange) -> bool:
    """Whether an edit is that null came or went."""
    return isinstance(change, ConstraintChanged) and change.keyword == "nullable"
