"""Where inside of two schemas it is written that a value of the one is none of the other.

A schema is taken apart into its edits: keywords, members, items, branches. Each is made alone in the older
schema; one that loses a value is looked into in the same way, until an edit has no parts. So each edit is
told where it is written and by a value of its own, whatever else was edited beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.schema import MAPS, TUPLES, Schema, schema_with
from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.records import dataclass, replace

Loses = Callable[[Schema, Schema], bool]
"""Whether a value is lost from an older schema to a newer one."""
Follow = Callable[[Node], Node]
"""Leads from an element to what it refers to."""

_DEEPEST = 40
"""Parts of parts that are looked into."""
_MOST_EDITS = 60
"""Edits of one schema that are tried one by one; the others are told together, at the schema."""
_STEPS = {"items": "[]", "prefixItems": "[]", "contains": "[]", "additionalProperties": "{}"}
"""How parts without a name are called on the way to an edit."""
_WRITTEN = {
    "enum": "const",
    "prefixItems": "items",
    "minimum": "format",
    "maximum": "format",
    "multipleOf": "type",
    "anyOf": "nullable",
}
"""As what else a keyword may stand in a document."""


@dataclass(frozen=True, slots=True)
class StatedSchema:
    """A schema as it is written, and as it is lowered."""

    node: Node
    schema: Schema


@dataclass(frozen=True, slots=True)
class LosingEdit:
    """One edit by which values are lost."""

    old: Node
    new: Node
    trail: tuple[str, ...]
    """The members on the way to the schema that was edited; ``[]`` for items, ``{}`` for values."""
    keyword: str
    """What was edited in it; empty if no edit alone loses a value."""
    name: str
    """The member that a keyword has, or has not, any more."""
    made: Schema
    """The older schema, from its top, with this edit alone."""


@dataclass(frozen=True, slots=True)
class _Edit:
    keyword: str
    before: Any
    after: Any
    name: str | int | None = None
    """The member, or the number of the branch, that was edited."""

    @property
    def parts(self) -> tuple[Schema, Schema] | None:
        """The schemas before and after, if it is an edit of a part."""
        is_part = isinstance(self.before, Schema) and isinstance(self.after, Schema)
        return (self.before, self.after) if is_part else None

    def made_in(self, keywords: Mapping[str, Any]) -> Schema:
        """A schema with this edit."""
        value = keywords.get(self.keyword)
        if self.keyword == "required":
            value = (value or frozenset()) ^ {self.name}
        elif self.keyword in MAPS:
            value = {name: part for name, part in (value or {}).items() if name != self.name}
            value |= {} if self.after is None else {self.name: self.after}
        elif isinstance(self.name, int):
            value = (*value[: self.name], self.after, *value[self.name + 1 :]) if value else value
        else:
            value = self.after
        found = {name: each for name, each in keywords.items() if name != self.keyword}
        return schema_with(**found, **({self.keyword: value} if value is not None and value != {} else {}))

    def written(self, sides: tuple[Node, Node]) -> str:
        """As which keyword it stands in the documents."""
        other = _WRITTEN.get(self.keyword, self.keyword)
        names = [name for name in (self.keyword, other) if any(node.get(name).exists for node in sides)]
        return names[0] if names else self.keyword

    def place(self, node: Node, written: str) -> Node:
        """Where it is written, of a schema of either side; what is not there any more has its old route."""
        stated = node.get(written)
        if self.keyword == "required":
            return next((each for each in stated.elements() if each.text == self.name), stated)
        return stated if self.name is None else stated.get(self.name)


class Narrowing:
    """Finds the edits between two schemas by which values are lost."""

    def __init__(self, loses: Loses, follow: tuple[Follow, Follow]) -> None:
        self._loses = loses
        self._follow = follow
        self._met: set[tuple[Document, Route, Document, Route]] = set()

    def differences(self, old: StatedSchema, new: StatedSchema) -> Iterator[LosingEdit]:
        """Each edit once; what leads back to itself is told where it is met first."""
        yield from self._below(self._meant(old, new), (), lambda made: made)

    def _meant(self, old: StatedSchema, new: StatedSchema) -> tuple[StatedSchema, StatedSchema]:
        first, second = (follow(side.node) for follow, side in zip(self._follow, (old, new), strict=True))
        return StatedSchema(first, old.schema), StatedSchema(second, new.schema)

    def _below(
        self,
        sides: tuple[StatedSchema, StatedSchema],
        trail: tuple[str, ...],
        around: Callable[[Schema], Schema],
    ) -> Iterator[LosingEdit]:
        old, new = sides
        met = old.node.document, old.node.route, new.node.document, new.node.route
        if met in self._met:
            return
        self._met.add(met)
        silent: list[_Edit] = []
        is_told = False
        for number, edit in enumerate(_edits(old.schema.keywords, new.schema.keywords)):
            if number >= _MOST_EDITS or not self._loses(old.schema, edit.made_in(old.schema.keywords)):
                silent.append(edit)
                continue
            is_told = True
            if edit.parts is not None and len(trail) < _DEEPEST:
                yield from self._part(sides, edit, trail, around)
            else:
                made = around(edit.made_in(old.schema.keywords))
                name = str(edit.name) if isinstance(edit.name, str) else ""
                keyword = edit.written((old.node, new.node))
                places = edit.place(old.node, keyword), edit.place(new.node, keyword)
                yield LosingEdit(*places, trail, keyword, name, made)
        rest = _with_all(old.schema, silent) if is_told else new.schema
        if not is_told or (silent and self._loses(old.schema, rest)):
            yield LosingEdit(old.node, new.node, trail, "", "", around(rest))

    def _part(
        self,
        sides: tuple[StatedSchema, StatedSchema],
        edit: _Edit,
        trail: tuple[str, ...],
        around: Callable[[Schema], Schema],
    ) -> Iterator[LosingEdit]:
        old, new = sides
        step = str(edit.name) if edit.keyword == "properties" else _STEPS.get(edit.keyword)

        def outside(made: Schema) -> Schema:
            return around(replace(edit, after=made).made_in(old.schema.keywords))

        keyword = edit.written((old.node, new.node))
        parts = (
            StatedSchema(edit.place(old.node, keyword), edit.before),
            StatedSchema(edit.place(new.node, keyword), edit.after),
        )
        yield from self._below(self._meant(*parts), trail if step is None else (*trail, step), outside)


def _edits(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[_Edit]:
    """Each edit of a schema, in an order that does not depend on how it is written; of one whose type is
    another altogether that alone."""
    before_types, after_types = old.get("type"), new.get("type")
    is_other = before_types and after_types and before_types.isdisjoint(after_types)
    for keyword in ("type",) if is_other else sorted({*old, *new}):
        before, after = old.get(keyword), new.get(keyword)
        if keyword in MAPS:
            names = sorted({*(before or ()), *(after or ())})
            pairs: Iterable[_Edit] = (
                _Edit(keyword, (before or {}).get(name), (after or {}).get(name), name) for name in names
            )
        elif keyword == "required":
            names = sorted((before or frozenset()) ^ (after or frozenset()))
            pairs = (_Edit(keyword, before, after, name) for name in names)
        elif keyword in TUPLES and before and after and len(before) == len(after):
            pairs = (_Edit(keyword, *both, at) for at, both in enumerate(zip(before, after, strict=True)))
        else:
            pairs = (_Edit(keyword, before, after),)
        yield from (edit for edit in pairs if _is_edit(edit))


def _is_edit(edit: _Edit) -> bool:
    parts = edit.parts
    return edit.before != edit.after if parts is None else key(parts[0]) != key(parts[1])


def _with_all(old: Schema, made: Iterable[_Edit]) -> Schema:
    """The older schema with several edits."""
    found = old
    for edit in made:
        found = edit.made_in(found.keywords)
    return found
