"""What the verdict on a whole schema means for the edits in it.

Names of edits and levels of edits are apart: an edit that is proved to harm nobody keeps its name where
compatible changes are listed, and is no breaking change.
"""

from __future__ import annotations

import json

from archlint.comparison.openapi.harm import Harm, Verdict
from archlint.comparison.openapi.schema_changes import PropertyAdded, SchemaChange, keywords_of
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.finding import Witness
from archlint.model.openapi import Direction

_BASE, _REVISION = "base", "revision"


def is_harmless(changed: SchemaChange) -> bool:
    """Whether an edit stands in a schema that is proved to take all that is sent, or to send nothing new."""
    return changed.verdict is not None and changed.verdict.harm is Harm.NONE


def is_absorbed(changed: SchemaChange) -> bool:
    """Whether the schema around takes, or may have sent, all values of the one that was edited."""
    return changed.verdict is not None and changed.verdict.is_absorbed


def is_outdone(changed: SchemaChange) -> bool:
    """Whether that is told which an edit does to a schema around it."""
    return changed.verdict is not None and changed.verdict.is_outdone


CLOSING = frozenset(("additionalProperties", "unevaluatedProperties"))
"""Keywords that shut out members which are not declared."""


def is_new_to_closed(added: PropertyAdded) -> bool:
    """Whether responses have a property that the base shut out, which is more than news."""
    verdict = added.verdict
    is_shown = verdict is not None and verdict.harm is Harm.SHOWN and verdict.is_own
    is_shut = verdict is not None and bool(verdict.broken & CLOSING)
    return is_shown and is_shut and added.direction is Direction.RESPONSE and not added.is_hidden


def proof(changed: SchemaChange) -> Witness | None:
    """The value that proves an edit to be harmful, as far as one can tell that it is this edit that does."""
    verdict = changed.verdict
    if verdict is None or verdict.witness is None or verdict.harm is not Harm.SHOWN:
        return None
    if not _is_about(verdict, changed):
        return None
    sides = (_BASE, _REVISION) if changed.direction is Direction.REQUEST else (_REVISION, _BASE)
    return Witness(json.loads(verdict.witness), *sides)


def _is_about(verdict: Verdict, changed: SchemaChange) -> bool:
    """Whether what the witness breaks is what the edit changed."""
    is_whole = isinstance(changed, ValuesChanged) or verdict.is_own
    return is_whole or bool(keywords_of(changed) & verdict.broken)


def unproved(changed: SchemaChange) -> str:
    """Why there is no value that proves an edit to be harmful, where there is none."""
    verdict = changed.verdict
    if verdict is None:
        return "the two schemas could not be compared by their values"
    if verdict.harm is Harm.UNKNOWN:
        return verdict.reason or "whether there is one could not be decided"
    if verdict.harm is Harm.NONE:
        return "by values alone both sides agree, and this is judged by what the edit says"
    if verdict.witness is None and verdict.reason:
        return verdict.reason
    if not _is_about(verdict, changed):
        return "each value that was found breaks another change of the same schema"
    return "the shortest one found is too long, or breaks other changes of the same schema too"
