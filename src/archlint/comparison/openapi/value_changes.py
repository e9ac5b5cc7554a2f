"""The change of a schema that is known by its values alone, and at which edit it is told."""

from __future__ import annotations

from dataclasses import field

from archlint.comparison.openapi.harm import EQUAL, Harm, Verdict
from archlint.comparison.openapi.schema_changes import SchemaChange, keywords_of
from archlint.documents import Node
from archlint.finding import Place, Route
from archlint.finding.records import dataclass, replace
from archlint.model.openapi import Direction

_MEMBERS = frozenset(
    (
        *(
            "properties",
            "patternProperties",
            "additionalProperties",
            "unevaluatedProperties",
            "propertyNames",
        ),
        *("items", "prefixItems", "contains", "unevaluatedItems"),
    )
)
"""Keywords below which another value is looked at."""
_AROUND = "a choice between {} and others"
_ELSEWHERE = "the value is one of the schema around what is marked, which it shows nothing of by itself"


@dataclass(frozen=True, kw_only=True)
class ValuesChanged(SchemaChange):
    """The verdict on a schema is that values are refused or new, or it is not known."""

    edits: tuple[SchemaChange, ...] = field(compare=False)
    """The changes that were found in the schema; they may explain it, or not."""
    value: str = field(default="", compare=False)
    """A value to show as JSON, where it is no proof of what is marked."""


def may_overlap(edit: SchemaChange) -> bool:
    """Whether an edit may be one by which a branch takes values of its siblings, or no longer does where
    those are sent."""
    apart = "narrower" if edit.direction is Direction.REQUEST else "wider"
    kinship = "unknown" if edit.verdict is None else edit.verdict.kinship
    return bool(keywords_of(edit)) and kinship not in (EQUAL.kinship, apart)


def told_at(
    values: ValuesChanged, edit: SchemaChange, choices: tuple[Node, Node], around: str = _AROUND
) -> ValuesChanged:
    """What a choice refuses, told at the one edit that it comes of.

    Where that is no schema for the same value, it goes without a proof: whoever looks there does not see
    which value of the choice is meant. In a part that is shared it is told once for all choices.
    """
    base, revision = choices
    at, was = _way(edit.at, revision), None if edit.was is None else _way(edit.was, base)
    if values.verdict is None or (at is not None and _MEMBERS.isdisjoint(at)):
        is_seen = was is not None and _MEMBERS.isdisjoint(was)
        return replace(values, at=edit.at, was=edit.was if is_seen else values.was)
    verdict = replace(values.verdict, witness=None, reason=_ELSEWHERE)
    shown = values.verdict.witness or ""
    values = replace(values, at=edit.at, was=edit.was, verdict=verdict, value=shown)
    where = around.format(edit.where)
    return values if at is not None else replace(values, about=edit.about, where=where)


def _way(place: Place, choice: Node) -> Route | None:
    """How one gets from a choice to a place in it."""
    home = choice.route
    is_below = place.source is choice.document and place.route[: len(home)] == home
    return place.route[len(home) :] if is_below else None


def outdone(change: SchemaChange) -> SchemaChange:
    """A change of which that is told which it does to a choice around it, and then no more than that."""
    verdict = change.verdict or Verdict("unknown", Harm.UNKNOWN)
    return replace(change, verdict=replace(verdict, is_outdone=True))
