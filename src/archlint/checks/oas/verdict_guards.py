"""What the verdict on a whole schema means for the edits in it.

Names of edits and levels of edits are apart: an edit that is proved to harm nobody keeps its name where
compatible changes are listed, and is no breaking change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache

from archlint.checks import Check, Observation, Options
from archlint.checks.declaration import DECLARATION
from archlint.comparison.openapi.changes import Direction
from archlint.comparison.openapi.harm import Harm
from archlint.comparison.openapi.schema_changes import (
    AlternativeChanged,
    ConstraintChanged,
    EnumChanged,
    PropertyOptional,
    PropertyRequired,
    SchemaChange,
    TypeChanged,
)
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.finding import Severity, Witness

_Law = Callable[[SchemaChange, Options], Iterable[Observation]]
_BASE, _REVISION = "base", "revision"

_BREAKS: tuple[tuple[type[SchemaChange], frozenset[str]], ...] = (
    (PropertyRequired, frozenset(("required",))),
    (PropertyOptional, frozenset(("required",))),
    (TypeChanged, frozenset(("type", "format", "enum"))),
    (EnumChanged, frozenset(("enum",))),
    (AlternativeChanged, frozenset(("oneOf", "anyOf"))),
)
"""The keywords that a value breaks if an edit of a class is what refuses it."""


def is_harmless(changed: SchemaChange) -> bool:
    """Whether an edit stands in a schema that is proved to take all that is sent, or to send nothing new.

    Formats are left to their own law: few of them say which values they shut out. So is null: who writes that
    it may be there means to send it, also where another part of the schema shuts it out.
    """
    if isinstance(changed, TypeChanged) and changed.is_format_only:
        return False
    if isinstance(changed, ConstraintChanged) and changed.keyword == "nullable":
        return False
    return changed.verdict is not None and changed.verdict.harm is Harm.NONE


def is_reported(edit: SchemaChange, options: Options) -> bool:
    """Whether an edit is a finding of its own above the level of information."""
    return not is_harmless(edit) and any(
        observation.severity is not Severity.INFO
        for law in _laws().get(type(edit), ())
        for observation in law(edit, options)
    )


@cache
def _laws() -> dict[type, list[_Law]]:
    """The checks of edits, by the class of what they judge."""
    from archlint.checks.oas import breaking_schemas

    found: dict[type, list[_Law]] = {}
    for value in vars(breaking_schemas).values():
        declared = getattr(value, DECLARATION, None)
        if isinstance(declared, Check):
            found.setdefault(declared.subject, []).append(declared.function)
    return found


def proof(changed: SchemaChange) -> Witness | None:
    """The value that proves an edit to be harmful, as far as one can tell that it is this edit that does."""
    verdict = changed.verdict
    if verdict is None or verdict.witness is None:
        return None
    if not isinstance(changed, ValuesChanged) and not _keywords(changed) & verdict.broken:
        return None
    sides = (_BASE, _REVISION) if changed.direction is Direction.REQUEST else (_REVISION, _BASE)
    return Witness(json.loads(verdict.witness), *sides)


def _keywords(changed: SchemaChange) -> frozenset[str]:
    if isinstance(changed, ConstraintChanged):
        names = {changed.keyword, "type" if changed.keyword == "nullable" else changed.keyword}
        return frozenset(names | _TWINS.get(changed.keyword, set()))
    return next((names for kind, names in _BREAKS if isinstance(changed, kind)), frozenset())


_TWINS = {
    "minimum": {"exclusiveMinimum"},
    "exclusiveMinimum": {"minimum"},
    "maximum": {"exclusiveMaximum"},
    "exclusiveMaximum": {"maximum"},
}
"""Keywords that other versions write as one another."""
