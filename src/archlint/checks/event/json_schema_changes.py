"""Changes of JSON Schemas of events after which data is refused that was right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.checks.event.wording import shown
from archlint.comparison.json_schema import (
    EventDataRefused,
    EventEdit,
    EventSchemaRemoved,
    EventUndecided,
    RegistryRefused,
    UndeclaredDataRefused,
)
from archlint.comparison.json_schema.edits import SchemaEdit
from archlint.comparison.terms import Readers
from archlint.finding import Severity, Witness
from archlint.finding.place import dotted
from archlint.finding.words import as_it_was
from archlint.model.json_schema import View

_OF_MEMBERS = "CONTENT_MODEL"
"""What is in the names of kinds of the registry that are about properties and items."""
_LONGEST = 60
"""Characters of what a keyword says that a message shows."""


@change(EventDataRefused)
def event_data_refused(change: EventDataRefused, options: Options) -> Iterator[Observation]:
    """Data that is right by one schema and refused by the other."""
    yield _observed(change, str(change.readers))


@change(UndeclaredDataRefused)
def event_undeclared_data_refused(change: UndeclaredDataRefused, options: Options) -> Iterator[Observation]:
    """Data with names that the writer's schema does not list, though it allows them, is refused."""
    of_type = "" if isinstance(change.witness, (dict, list)) else " of other types"
    yield _observed(change, f"{change.readers}{of_type}", known=_OF_MEMBERS)


@change(RegistryRefused)
def event_refused_by_registry(change: RegistryRefused, options: Options) -> Iterator[Observation]:
    """An edit that Confluent's registry refuses, though no value that writers are taken to write is."""
    yield _observed(change, "undeclared" if change.is_proved else "default", kind=change.kinds[0])


@change(EventUndecided)
def event_compatibility_unknown(change: EventUndecided, options: Options) -> Iterator[Observation]:
    """Schemas of which nobody can tell here whether the one reads what the other wrote."""
    yield observe(
        change.revision.place(),
        str(change.readers),
        related=[(change.base.place(), as_it_was(change.version))],
        identity=(str(change.readers),),
        name=change.revision.name,
        reason=change.reason,
    )


@change(EventSchemaRemoved)
def event_schema_removed(change: EventSchemaRemoved, options: Options) -> Iterator[Observation]:
    """A schema of events that is gone."""
    yield observe(change.base.place(), identity=(change.base.name,), name=change.base.name)


def _observed(change: EventEdit, message: str, *, known: str = "", **arguments: Any) -> Observation:
    edit = change.edit
    place, was = change.places
    sides = ("revision", "base") if change.readers is Readers.OLD else ("base", "revision")
    about = () if edit is None else (*edit.trail, edit.keyword, str(edit.name))
    return observe(
        place,
        message,
        related=[(was, as_it_was(change.version))],
        identity=(*about, str(change.readers)),
        aliases=tuple(f"confluent:{kind}" for kind in change.kinds if known in kind),
        severity=Severity.INFO if change.is_passed_by_registry else None,
        witness=Witness(change.witness, *sides) if change.is_proved else None,
        what=_what(change),
        example=shown(change.witness, 200),
        **arguments,
    )


def _what(change: EventEdit) -> str:
    """The edit in words, as somebody made it who turned the older schema into the newer one."""
    edit = change.edit
    if edit is None:
        return f"Schema '{change.revision.name}' was edited in several places"
    is_turned = change.readers is Readers.OLD
    is_new, is_gone = (edit.is_removed, edit.is_added) if is_turned else (edit.is_added, edit.is_removed)
    where = dotted(edit.trail).replace(".[]", "[]")
    of = f" of '{where}'" if where else ""
    ends = (edit.reader, edit.writer) if is_turned else (edit.writer, edit.reader)
    if edit.keyword == "required":
        return f"Property '{edit.name}'{of} {_needed(is_new)}"
    if edit.keyword == "properties":
        more = " and required" if edit.is_required and is_new else ""
        return f"Property '{edit.name}'{of} is {'new' + more if is_new else 'gone'}"
    if edit.keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        amount = "more" if is_new else "less" if is_gone else "other"
        return f"What '{edit.keyword}'{of} lists is {amount} than it was"
    if edit.keyword == "schema":
        at = f" at '{where}'" if where else ""
        return f"What is allowed{at} is {shown(ends[1].node.value, _LONGEST)} now"
    name = f"'{edit.keyword}'{of}" if edit.name == "" else f"'{edit.name}' in '{edit.keyword}'{of}"
    if is_new or is_gone:
        value = ends[1 if is_new else 0].plain.get(edit.keyword)
        says = "" if value is None else f" ({shown(value, _LONGEST)})"
        return f"{name} is {'new' if is_new else 'gone'}{says}"
    old, new = (shown(_said(edit, each), _LONGEST) for each in ends)
    return f"{name} is {new} and was {old}"


def _said(edit: SchemaEdit, view: View) -> Any:
    """What a schema says in a keyword."""
    child = edit.child(view)
    return view.plain.get(edit.keyword) if child is None else child.value


def _needed(is_new: bool) -> str:
    return "is required now" if is_new else "is required no more"
