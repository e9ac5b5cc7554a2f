"""Judges schemas by their values, where no edit that is known by itself explains what is lost or new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.checks import Check, Observation, Options, change
from archlint.checks.declaration import DECLARATION
from archlint.checks.oas import breaking_schemas
from archlint.checks.oas.breaking_operations import judge
from archlint.comparison.openapi.changes import Direction
from archlint.comparison.openapi.harm import Harm, Verdict
from archlint.comparison.openapi.schema_changes import SchemaChange
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.finding import Severity

_LONGEST = 120
"""Characters of a value that a message shows."""
_CLOSING = frozenset(("additionalProperties", "unevaluatedProperties"))
_Law = Callable[[SchemaChange, Options], Iterable[Observation]]


@change(ValuesChanged)
def schema_incompatible(changed: ValuesChanged, options: Options) -> Iterator[Observation]:
    """A schema that refuses what was valid, or may send what was not, though no single edit shows it."""
    verdict = changed.verdict
    if verdict is None or any(_is_reported(edit, options) for edit in changed.edits):
        return
    if verdict.harm is Harm.SHOWN:
        is_closed = changed.direction is Direction.RESPONSE and bool(verdict.broken & _CLOSING)
        message_id = "closed" if is_closed else changed.direction.value
        severity = Severity.WARNING if is_closed or verdict.is_loose else None
        arguments = {"value": _shown(verdict)}
        yield judge(changed, (), [], message_id=message_id, severity=severity, arguments=arguments)
    elif not changed.edits:
        arguments = {"reason": verdict.reason}
        yield judge(changed, (), [], message_id="unknown", severity=Severity.WARNING, arguments=arguments)


def _is_reported(edit: SchemaChange, options: Options) -> bool:
    """Whether an edit is a finding of its own above the level of information."""
    return any(
        observation.severity is not Severity.INFO
        for law in _laws().get(type(edit), ())
        for observation in law(edit, options)
    )


def _laws() -> dict[type, list[_Law]]:
    """The checks of edits, by the class of what they judge."""
    found: dict[type, list[_Law]] = {}
    for value in vars(breaking_schemas).values():
        declared = getattr(value, DECLARATION, None)
        if isinstance(declared, Check):
            found.setdefault(declared.subject, []).append(declared.function)
    return found


def _shown(verdict: Verdict) -> str:
    text = verdict.witness or "a value too long to show"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
