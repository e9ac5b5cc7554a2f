"""What the verdict on a whole schema means for the edits in it.

Names of edits and levels of edits are apart: an edit that is proved to harm nobody keeps its name where
compatible changes are listed, and is no breaking change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TypeVar

from archlint.checks import Observation, Options
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
from archlint.finding import Witness

_Changed = TypeVar("_Changed", bound=SchemaChange)
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
    """Whether the whole schema is proved to take all that callers send, or to send nothing new.

    A format is left to its own law: few of them say which values they shut out.
    """
    if isinstance(changed, TypeChanged) and changed.is_format_only:
        return False
    return changed.verdict is not None and changed.verdict.harm is Harm.NONE


def unless_harmless(
    check: Callable[[_Changed, Options], Iterable[Observation]],
) -> Callable[[_Changed, Options], Iterator[Observation]]:
    """A check that is silent about edits that are proved to be harmless."""

    @wraps(check)
    def guarded(changed: _Changed, options: Options) -> Iterator[Observation]:
        if not is_harmless(changed):
            yield from check(changed, options)

    return guarded


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
