"""What a choice refuses as several of its branches take it, though by itself each branch only takes more.

Branches of ``oneOf`` are judged by themselves, and the choice for what it says besides. But a branch that
takes more may take values of its siblings, which then fit two branches. That is told where it was edited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archlint.comparison.openapi.harm import Harm, Verdict
from archlint.comparison.openapi.pairs import Key, Pair
from archlint.comparison.openapi.schema_changes import SchemaChange
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.documents import Node
from archlint.finding import Place, Route
from archlint.finding.records import replace

if TYPE_CHECKING:
    from archlint.comparison.schemas.containment import Engine
    from archlint.comparison.schemas.node import Node as Lowered

    Sides = tuple[Lowered, Lowered]

_MOST = 500
"""Schemas for one value that are looked through in search of a ``oneOf``."""
_DEEPEST = 20
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


def overlap(engine: Engine, narrow: Lowered, wide: Lowered) -> str | None:
    """A value of the one that fits several branches of the other, as JSON; none where there is none, or where
    that is not known."""
    from archlint.comparison.openapi.judge import as_witness, sent
    from archlint.comparison.schemas.answers import No
    from archlint.comparison.schemas.node import in_place, node

    if not any("oneOf" in each.keywords for each in in_place(wide, _MOST)):
        return None
    fitting = node(anyOf=(wide, node(**{"not": loosened(wide)})))
    answer = engine.contains(sent(narrow), fitting)
    return as_witness(answer.witness) if isinstance(answer, No) else None


def loosened(schema: Lowered, depth: int = _DEEPEST) -> Lowered:
    """A schema with its own choices, also those of its parts, read as ``anyOf``."""
    from archlint.comparison.schemas.node import node

    found = dict(schema.keywords)
    parts = tuple(loosened(part, depth - 1) if depth else part for part in found.get("allOf", ()))
    if "oneOf" in found:
        parts = (*parts, node(anyOf=found.pop("oneOf")))
    return node(**{**found, "allOf": parts}) if parts else schema


def edited_branch(pair: Pair, witness: str, sides_of: Callable[[tuple[Node, Node]], Sides]) -> Key | None:
    """The branch that takes a value and did not; ``sides_of`` gives the side that sends, and the other."""
    from archlint.comparison.openapi.judge import is_proof

    for key, branches in pair.branches.items():
        narrow, wide = sides_of(branches)
        if is_proof(witness, wide, narrow):
            return key
    return None


def overlapping(witness: str) -> Verdict:
    """The verdict that a value proves."""
    return Verdict("unknown", Harm.SHOWN, witness, is_loose=True)


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
