"""The ways in which JSON Schemas of events change so that somebody refuses what another one wrote."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from archlint.comparison.json_schema.edits import SchemaEdit
from archlint.comparison.terms import Readers
from archlint.documents import Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.json_schema import JsonSchema, View


@dataclass(frozen=True)
class EventEdit:
    """One edit of a schema of events, or what all of them do together."""

    base: JsonSchema
    revision: JsonSchema
    readers: Readers
    edit: SchemaEdit | None
    """``None``: no edit does it alone."""
    kinds: tuple[str, ...] = ()
    """What Confluent's registry calls the edit."""
    witness: Any = None
    """A value that the writer may write and the reader refuses."""
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""

    is_passed_by_registry: bool = False
    """Whether the verdict is the registry's, and it lets the edit pass."""
    is_proved: bool = True
    """Whether the value is one: of what only the registry refuses there may be none."""

    @property
    def object(self) -> ObjectRef:
        """The schema."""
        return self.revision.object

    @property
    def told_as(self) -> tuple[Hashable, ...]:
        """What is one thing to mend in the newer schema, whatever the older one is."""
        if self.edit is None:
            return (self.revision.document.path,)
        newer = self.edit.writer if self.readers is Readers.OLD else self.edit.reader
        return newer.node.document.path, newer.node.route, self.edit.keyword, self.edit.name

    @property
    def places(self) -> tuple[Place, Place]:
        """Where the newer schema is to be mended, and the same in the older one."""
        if self.edit is None:
            return self.revision.place(), self.base.place()
        ends = self.edit.writer, self.edit.reader
        older, newer = ends if self.readers is not Readers.OLD else (ends[1], ends[0])
        return _place(self.edit, newer), _place(self.edit, older)


def edited_in(edit: SchemaEdit, view: View) -> Node:
    """What was edited, as one side has it; where it has none of it, what it would be in."""
    if edit.keyword != "required" and (edit.keyword, edit.name) in view.slots:
        return view.slots[edit.keyword, edit.name]
    stated = view.node.get(edit.keyword)
    if edit.keyword == "required":
        named = next((each for each in stated.elements() if each.text == edit.name), stated)
        return named if named.exists else view.node.get("properties", str(edit.name))
    for keyword, other in _OTHERWISE:
        if edit.keyword == keyword and not stated.exists:
            return view.node.get(other)
    return stated


def keyword_of(edit: SchemaEdit) -> str:
    """What was edited, as it is called where it is written."""
    homes = edit.writer.node, edit.reader.node
    if any(home.get(edit.keyword).exists for home in homes):
        return edit.keyword
    others = (other for keyword, other in _OTHERWISE if keyword == edit.keyword)
    return next((name for name in others if any(home.get(name).exists for home in homes)), edit.keyword)


def _place(edit: SchemaEdit, view: View) -> Place:
    node = edited_in(edit, view)
    is_scalar = node.exists and not isinstance(node.value, (dict, list))
    return node.value_place() if is_scalar else node.place()


_OTHERWISE = (
    ("allOf", "$ref"),
    ("dependentRequired", "dependencies"),
    ("prefixItems", "items"),
    ("items", "additionalItems"),
)
"""Keywords of 2020-12, and in what else the same is written."""


class EventDataRefused(EventEdit):
    """Data that is right by one schema and refused by the other."""


class UndeclaredDataRefused(EventEdit):
    """Data with names that the writer's schema does not list, though it allows them, is refused."""


class RegistryRefused(EventEdit):
    """An edit that Confluent's registry refuses, though no value that a writer is taken to write is."""


@dataclass(frozen=True)
class EventUndecided:
    """Two schemas of which nobody can tell here whether the one reads what the other wrote."""

    base: JsonSchema
    revision: JsonSchema
    readers: Readers
    reason: str
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""

    @property
    def told_as(self) -> tuple[Hashable, ...]:
        """What is not known of the newer schema, whatever the older one is."""
        return (self.revision.document.path,)

    @property
    def object(self) -> ObjectRef:
        """The schema."""
        return self.revision.object


@dataclass(frozen=True)
class EventSchemaRemoved:
    """A schema that no file has any more."""

    base: JsonSchema

    @property
    def object(self) -> ObjectRef:
        """The schema."""
        return self.base.object
