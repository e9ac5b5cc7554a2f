"""What a choice refuses as several of its branches take it, though by itself each branch only takes more.

Branches of ``oneOf`` are judged by themselves, and the choice for what it says besides. But a branch that
takes more may take values of its siblings, which then fit two branches. That is told where it was edited.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from archlint.comparison.openapi.harm import EQUAL, Harm, Verdict
from archlint.comparison.openapi.pairs import Key, Pair
from archlint.comparison.openapi.schema_changes import SchemaChange
from archlint.comparison.openapi.single_edits import keywords_of
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.documents import Node
from archlint.finding import Place, Route
from archlint.finding.records import replace
from archlint.model.openapi import Direction

if TYPE_CHECKING:
    from archlint.comparison.schemas.answers import Answer
    from archlint.comparison.schemas.containment import Engine
    from archlint.comparison.schemas.schema import Schema

    Sides = tuple[Schema, Schema]

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


def overlap(engine: Engine, narrow: Schema, wide: Schema) -> Answer | None:
    """Whether all values of the one that the other refuses fit none of its branches; if not, one that fits
    several. ``None`` where there is no ``oneOf``."""
    from archlint.comparison.openapi.judge import sent
    from archlint.comparison.schemas.schema import schema_with

    loose = loosened(wide)
    if loose is wide:
        return None
    return engine.contains(sent(narrow), schema_with(anyOf=(wide, schema_with(**{"not": loose}))))


def loosened(schema: Schema) -> Schema:
    """A schema with its own choices, also those of its parts, read as ``anyOf``."""
    from archlint.comparison.schemas.reaching import reaching
    from archlint.comparison.schemas.schema import Schema

    if _CHOOSES not in schema.views:
        for part, does in list(reaching(schema, name=id, below=_parts, answer=_is_choice)):
            part.views[_CHOOSES] = Schema(partial(_loose_keywords, part)) if does else part
    loose: Schema = schema.views[_CHOOSES]
    return loose


_CHOOSES = "loosened"


def _parts(schema: Schema) -> tuple[Schema, ...]:
    parts: tuple[Schema, ...] = schema.keywords.get("allOf", ())
    return parts


def _is_choice(schema: Schema) -> bool | None:
    if _CHOOSES in schema.views:
        return schema.views[_CHOOSES] is not schema
    return True if "oneOf" in schema.keywords else None


def _loose_keywords(schema: Schema) -> dict[str, Any]:
    from archlint.comparison.schemas.schema import schema_with

    found = dict(schema.keywords)
    parts = tuple(map(loosened, _parts(schema)))
    if "oneOf" in found:
        parts = (*parts, schema_with(anyOf=found.pop("oneOf")))
    return {**found, "allOf": parts}


def edited_branch(pair: Pair, witness: str, sides_of: Callable[[tuple[Node, Node]], Sides]) -> Key | None:
    """The branch that takes a value and did not; ``sides_of`` gives the side that sends, and the other."""
    from archlint.comparison.openapi.judge import is_proof

    for key, branches in pair.branches.items():
        narrow, wide = sides_of(branches)
        if is_proof(witness, wide, narrow):
            return key
    return None


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
