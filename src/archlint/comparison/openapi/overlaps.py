"""What a choice refuses as several of its branches take it, though by itself each branch only takes more.

Branches of ``oneOf`` are judged by themselves, and the choice for what it says besides. But a branch that
takes more may take values of its siblings, which then fit two branches. That is told where it was edited.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from archlint.comparison.openapi.judge import is_proof, sent
from archlint.comparison.openapi.pairs import Key, Pair
from archlint.comparison.schemas.answers import Answer
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.reaching import reaching
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.documents import Node

SchemaSides = tuple[Schema, Schema]


def overlap(engine: Engine, narrow: Schema, wide: Schema) -> Answer | None:
    """Whether all values of the one that the other refuses fit none of its branches; if not, one that fits
    several. ``None`` where there is no ``oneOf``."""
    loose = loosened(wide)
    if loose is wide:
        return None
    return engine.contains(sent(narrow), schema_with(anyOf=(wide, schema_with(**{"not": loose}))))


def loosened(schema: Schema) -> Schema:
    """A schema with its own choices, also those of its parts, read as ``anyOf``."""
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
    found = dict(schema.keywords)
    parts = tuple(map(loosened, _parts(schema)))
    if "oneOf" in found:
        parts = (*parts, schema_with(anyOf=found.pop("oneOf")))
    return {**found, "allOf": parts}


def edited_branch(
    pair: Pair, witness: str, sides_of: Callable[[tuple[Node, Node]], SchemaSides]
) -> Key | None:
    """The branch that takes a value and did not; ``sides_of`` gives the side that sends, and the other."""
    for key, branches in pair.branches.items():
        narrow, wide = sides_of(branches)
        if is_proof(witness, wide, narrow):
            return key
    return None
