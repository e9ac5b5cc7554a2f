"""Judges schemas by their values, where no edit that is known by itself explains what is lost or new."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_operations import judge
from archlint.checks.oas.edit_laws import is_reported
from archlint.checks.oas.naming import names_of
from archlint.checks.oas.property_lives import is_announced
from archlint.checks.oas.verdict_guards import CLOSING, is_new_to_closed, is_outdone
from archlint.comparison.openapi.harm import Harm, Verdict
from archlint.comparison.openapi.schema_changes import PropertyAdded, PropertyRemoved, SchemaChange
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.finding import Severity
from archlint.finding.records import replace
from archlint.model.openapi import Direction

_LONGEST = 120
"""Characters of a value that a message shows."""
_UNCERTAIN = frozenset(
    (
        *("pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("maxLength", "maxItems", "maxProperties", "multipleOf"),
    )
)
"""Keywords that, newly written down, most often state what was always so."""
_CHOOSING = frozenset(("anyOf", "oneOf"))
_PRESENCE = frozenset(("required", *CLOSING))
"""Keywords about which properties there are."""


@change(ValuesChanged)
def schema_incompatible(changed: ValuesChanged, options: Options) -> Iterator[Observation]:
    """A schema that refuses what was valid, or may send what was not, though no single edit shows it."""
    verdict = changed.verdict
    if verdict is not None and verdict.is_loose and is_outdone(changed):
        return  # so it is for a choice around it, at which that is told
    shut_out = list(_shut_out(changed))
    yield from (_new_to_closed(changed, added) for added in shut_out)
    if verdict is not None and (shut_out or any(is_reported(edit, options) for edit in changed.edits)):
        verdict = verdict.rest
        changed = replace(changed, verdict=verdict)
    if verdict is None:
        return
    if verdict.broken <= _PRESENCE and any(_is_retired(edit, options) for edit in changed.edits):
        return  # what is refused is that a property went as announced
    if verdict.harm is Harm.SHOWN:
        is_closed = changed.direction is Direction.RESPONSE and bool(verdict.broken & CLOSING)
        broken = verdict.broken - _CHOOSING
        is_mild = is_closed or verdict.is_loose or (bool(broken) and broken <= _UNCERTAIN)
        yield judge(
            changed,
            (),
            [],
            message_id="closed" if is_closed else _message(changed, verdict),
            severity=Severity.WARNING if is_mild else None,
            arguments={"value": changed.value or _shown(verdict)},
        )
    elif verdict.harm is Harm.UNKNOWN and not changed.edits:
        arguments = {"reason": verdict.reason}
        message_id = "unknown-overlap" if verdict.is_loose else "unknown"
        yield judge(changed, (), [], message_id=message_id, severity=Severity.WARNING, arguments=arguments)


def _message(changed: ValuesChanged, verdict: Verdict) -> str:
    return f"{changed.direction}-overlap" if verdict.is_loose else changed.direction.value


def _shut_out(changed: ValuesChanged) -> Iterator[PropertyAdded]:
    """The new properties that the base shut out."""
    if changed.verdict is not None and changed.verdict.harm is Harm.SHOWN:
        yield from (
            edit for edit in changed.edits if isinstance(edit, PropertyAdded) and is_new_to_closed(edit)
        )


def _new_to_closed(changed: ValuesChanged, added: PropertyAdded) -> Observation:
    met = replace(added, operations=changed.operations, through=changed.through, usages=changed.usages)
    value = "" if added.verdict is None else _shown(added.verdict)
    return judge(
        met,
        (added.name,),
        names_of(met),
        message_id="closed",
        severity=Severity.WARNING,
        arguments={"value": value},
    )


def _is_retired(edit: SchemaChange, options: Options) -> bool:
    return isinstance(edit, PropertyRemoved) and is_announced(edit, options)


def _shown(verdict: Verdict) -> str:
    text = verdict.witness or "a value too long to show"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
