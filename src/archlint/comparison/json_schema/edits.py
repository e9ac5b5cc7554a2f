"""What differs between a schema that data is written by and one that it is read by, edit by edit.

Pairs of schemas are walked from the top: properties by name, items and the like by their keyword, branches by
what they say. A pair that is met on several ways is looked at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archlint.comparison.json_schema.graph import Graph, Written
from archlint.documents import Node
from archlint.finding.records import dataclass, replace
from archlint.model.json_schema import LISTS, View

ALLOWED = "schema"
"""The keyword of edits of schemas of which one is ``true`` or ``false``."""
_MOST_PAIRS = 20_000
"""Pairs of schemas that are walked; beyond, schemas are judged as wholes."""
_REST = frozenset(("additionalProperties", "unevaluatedProperties", "unevaluatedItems"))
"""Keywords about what nothing else speaks of: ``true`` and ``false`` are their words for all and nothing."""
_WORDS = frozenset(("title", "description", "default", "examples", "example", "$comment", "deprecated"))


@dataclass(frozen=True, eq=False)
class SchemaEdit:
    """One thing that was edited in a schema."""

    writer: View
    reader: View
    trail: tuple[str, ...]
    """The way from the top: names of properties, ``[]`` for items."""
    keyword: str
    name: str | int = ""
    """The property, branch or member that it is about."""
    is_added: bool = False
    """Whether the reader has what the writer has not."""
    is_removed: bool = False
    parts: tuple[int | Node, ...] = ()
    """Of a list of branches what it has now: the number of one of the writer's, or one of the reader's."""
    is_required: bool = False
    """Whether the reader demands the property, other than the writer; for a property that is removed, whether
    the writer did."""
    turns: int | None = 0
    """How many ``not`` it stands below; ``None`` if more than that decides what it means."""

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for the same edit seen from either side."""
        ends = sorted((id(self.writer.node.document), id(self.reader.node.document)))
        routes = sorted((str(self.writer.node.route), str(self.reader.node.route)))
        return (*ends, *routes, self.keyword, self.name if self.keyword in _BY_NAME else "")

    @property
    def old_value(self) -> Any:
        """What the writer's schema says there."""
        return self.writer.plain.get(self.keyword)

    @property
    def new_value(self) -> Any:
        """What the reader's schema says there."""
        return self.reader.plain.get(self.keyword)

    def child(self, view: View) -> Node | None:
        """The schema that it is about, as one side has it."""
        return view.slots.get((self.keyword, self.name))

    def made(self, written: Written, other: Graph) -> Written:
        """What the writer's schema says with the edit; ``other`` has the schemas of the reader."""
        if self.keyword == ALLOWED:
            return other.written(self.reader)
        found = dict(written)
        if self.keyword in _REQUIRED:
            _take_required(found, str(self.name), self.reader)
        if self.keyword == "required":
            return found
        child = self.child(self.reader)
        if self.keyword in LISTS:
            known = found.get(self.keyword, ())
            made = [known[each] if isinstance(each, int) else other.node(each) for each in self.parts]
            return {**found, self.keyword: made} if made else _without(found, self.keyword)
        if self.name != "":
            kept = {key: each for key, each in found.get(self.keyword, {}).items() if key != self.name}
            found[self.keyword] = kept if child is None else {**kept, self.name: other.node(child)}
        elif child is not None:
            found[self.keyword] = other.node(child)
        else:
            found.pop(self.keyword, None)
            if self.keyword in self.reader.plain:
                found[self.keyword] = self.new_value
        return found


_BY_NAME = frozenset(("properties", "patternProperties", "dependentSchemas", "required"))
_REQUIRED = frozenset(("properties", "required"))


def _take_required(found: Written, name: str, reader: View) -> None:
    stated = found.get("required", [])
    if not isinstance(stated, list):
        return
    needed = [each for each in stated if each != name]
    found["required"] = [*needed, name] if name in required(reader) else needed


def _without(written: Written, keyword: str) -> Written:
    return {name: each for name, each in written.items() if name != keyword}


def required(view: View) -> frozenset[str]:
    """The properties that a schema demands."""
    stated = view.plain.get("required")
    return (
        frozenset(each for each in stated if isinstance(each, str))
        if isinstance(stated, list)
        else frozenset()
    )


def edits_between(writer: tuple[Graph, Node], reader: tuple[Graph, Node]) -> list[SchemaEdit]:
    """All edits between two schemas, those further up first."""
    found = list(_Walk(writer[0], reader[0]).between(writer[1], reader[1]))
    if sum(bool(each.turns) for each in found) > 1:
        return [replace(each, turns=None) if each.turns else each for each in found]
    return found


@dataclass(frozen=True, slots=True)
class _At:
    """Where the walk is."""

    trail: tuple[str, ...] = ()
    turns: int | None = 0

    def below(self, keyword: str, step: tuple[str, ...]) -> _At:
        turns = self.turns
        if turns is not None:
            turns = None if keyword == "if" else turns + (keyword == "not")
        return _At((*self.trail, *step), turns)


_Waiting = list[tuple[Node, Node, _At]]


class _Walk:
    def __init__(self, writer: Graph, reader: Graph) -> None:
        self._writer = writer.views
        self._reader = reader.views

    def between(self, writer: Node, reader: Node) -> Iterator[SchemaEdit]:
        waiting: _Waiting = [(writer, reader, _At())]
        seen: set[tuple[object, ...]] = set()
        for old, new, at in waiting:  # grows while it is walked
            one, other = self._writer.view(old), self._reader.view(new)
            pair = (*one.key, *other.key)
            if pair in seen or len(seen) > _MOST_PAIRS:
                continue
            seen.add(pair)
            if isinstance(one.node.value, bool) or isinstance(other.node.value, bool):
                if one.node.value != other.node.value:
                    yield SchemaEdit(one, other, at.trail, ALLOWED, turns=at.turns)
                continue
            for edits in (_plain_edits(one, other, at.trail), self._slot_edits(one, other, at, waiting)):
                yield from edits if at.turns == 0 else (replace(each, turns=at.turns) for each in edits)

    def _slot_edits(self, one: View, other: View, at: _At, waiting: _Waiting) -> Iterator[SchemaEdit]:
        keywords = dict.fromkeys(keyword for keyword, _ in (*one.slots, *other.slots))
        for keyword in keywords:
            if keyword in LISTS:
                yield from self._branches(one, other, at, keyword, waiting)
                continue
            for name in dict.fromkeys((*one.names(keyword), *other.names(keyword))):
                old, new = one.slots.get((keyword, name)), other.slots.get((keyword, name))
                if old is not None and new is not None:
                    if keyword in _REST and bool in (type(old.value), type(new.value)):
                        if old.value != new.value:
                            yield SchemaEdit(one, other, at.trail, keyword)
                    else:
                        waiting.append((old, new, at.below(keyword, _step(keyword, name))))
                    continue
                is_plain = keyword in one.plain or keyword in other.plain
                if is_plain:
                    continue  # told as a keyword that has another form
                needs = required(one if new is None else other) if keyword == "properties" else ()
                yield SchemaEdit(
                    *(one, other, at.trail, keyword, name, new is not None, new is None),
                    is_required=name in needs,
                )

    def _branches(
        self, one: View, other: View, at: _At, keyword: str, waiting: _Waiting
    ) -> Iterator[SchemaEdit]:
        old = [one.slots[keyword, name] for name in one.names(keyword)]
        new = [other.slots[keyword, name] for name in other.names(keyword)]
        if keyword == "prefixItems":
            pairs = list(zip(old, new, strict=False))
        else:
            pairs = self._matched(old, new)
        below = at.below(keyword, ("[]",) if keyword == "prefixItems" else ())
        waiting += [(each, made, below) for each, made in pairs]
        kept, taken = {id(each) for each, _ in pairs}, {id(each) for _, each in pairs}
        parts = [index for index, each in enumerate(old) if id(each) in kept]
        added = [each for each in new if id(each) not in taken]
        if len(parts) < len(old) or added:
            is_added, is_removed = len(parts) == len(old), not added
            yield SchemaEdit(one, other, at.trail, keyword, "", is_added, is_removed, (*parts, *added))

    def _matched(self, old: list[Node], new: list[Node]) -> list[tuple[Node, Node]]:
        """Branches that stand for each other: those that say the same first, then those of the same name,
        then, if as many are left on both sides, in their order."""
        pairs: list[tuple[Node, Node]] = []
        for describe in (self._text, self._name):
            known: dict[str, list[Node]] = {}
            for each in new:
                known.setdefault(describe(each, self._reader), []).append(each)
            left = []
            for each in old:
                same = known.get(describe(each, self._writer), []) if describe(each, self._writer) else []
                if same:
                    pairs.append((each, same.pop(0)))
                else:
                    left.append(each)
            taken = {id(each) for _, each in pairs}
            old, new = left, [each for each in new if id(each) not in taken]
        if len(old) == len(new):
            return [*pairs, *zip(old, new, strict=True)]
        return pairs

    @staticmethod
    def _text(node: Node, views: Any) -> str:
        return json.dumps(_bare(node.value), sort_keys=True, default=repr)

    @staticmethod
    def _name(node: Node, views: Any) -> str:
        view = views.view(node)
        stated = node.get("$ref").text or view.node.get("title").text
        if stated:
            return stated.rpartition("/")[2]
        for name in view.names("properties"):
            child = views.view(view.slots["properties", name]).plain
            if "const" in child:
                return f"{name}={child['const']!r}"
        return repr(view.plain.get("type", "")) if "type" in view.plain else ""


def _bare(value: Any) -> Any:
    return (
        {key: each for key, each in value.items() if key not in _WORDS} if isinstance(value, dict) else value
    )


def _plain_edits(one: View, other: View, trail: tuple[str, ...]) -> Iterator[SchemaEdit]:
    for keyword in dict.fromkeys((*one.plain, *other.plain)):
        old, new = one.plain.get(keyword), other.plain.get(keyword)
        if keyword == "required":
            yield from _required_edits(one, other, trail)
        elif json.dumps(old, sort_keys=True, default=repr) != json.dumps(new, sort_keys=True, default=repr):
            yield SchemaEdit(
                one, other, trail, keyword, "", keyword not in one.plain, keyword not in other.plain
            )


def _required_edits(one: View, other: View, trail: tuple[str, ...]) -> Iterator[SchemaEdit]:
    """Names that are demanded by one side; of properties that came or went it is told with these."""
    before, after = required(one), required(other)
    for name in sorted(before ^ after):
        slot = ("properties", name)
        if (slot in one.slots) is (slot in other.slots):
            yield SchemaEdit(
                one, other, trail, "required", name, name in after, name in before, is_required=name in after
            )


def _step(keyword: str, name: str | int) -> tuple[str, ...]:
    if keyword in ("properties", "patternProperties"):
        return (str(name),)
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        return ("{}",)
    return ("[]",) if keyword in ("items", "contains", "unevaluatedItems") else ()
