"""Typed changes of schemas, each seen in one direction."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from archlint.comparison.openapi.changes import Containment, ContractChange, Direction, Slot
from archlint.comparison.openapi.harm import Verdict

ANY_TYPE = "any type"
"""How a schema without types is called; most often its author left them out."""


@dataclass(frozen=True, kw_only=True)
class SchemaChange(ContractChange):
    """A change of a schema, seen in one direction."""

    direction: Direction
    slots: frozenset[Slot] = frozenset()
    verdict: Verdict | None = field(default=None, compare=False)
    """What is known of the values of the whole schema, apart from what is said below it."""


@dataclass(frozen=True, kw_only=True)
class PropertyRequired(SchemaChange):
    """A property that was optional, or unknown, is required now."""

    name: str
    is_new: bool
    is_declared: bool
    """Whether the revision has a schema for it, and does not only name it in ``required``."""
    has_default: bool


@dataclass(frozen=True, kw_only=True)
class PropertyOptional(SchemaChange):
    """A property that was required is optional now."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PropertyRemoved(SchemaChange):
    """A property is no longer declared; ``is_forbidden``: the schema refuses undeclared names."""

    name: str
    was_required: bool
    is_forbidden: bool


@dataclass(frozen=True, kw_only=True)
class TypeChanged(SchemaChange):
    """Types or format differ; ``accepts`` compares the sets of values."""

    old: str
    new: str
    accepts: Containment
    is_format_only: bool
    is_list: bool = False
    """Whether a side states its types as a choice between types."""
    is_presence: bool = False
    """Whether one side has no schema at all."""


@dataclass(frozen=True, kw_only=True)
class EnumChanged(SchemaChange):
    """The list of allowed values differs; an empty side means that anything is allowed there."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_set: bool
    is_unset: bool
    keyword: str
    """``const`` if both sides that have a list have a single value by that keyword, else ``enum``."""


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


@dataclass(frozen=True, kw_only=True)
class AlternativeChanged(SchemaChange):
    """A branch of ``oneOf`` or ``anyOf`` is gone or new; ``is_wrapped``: there was no choice before."""

    keyword: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_wrapped: bool = False
