"""Compares schemas of a base and a revision, each pair once for each direction and role.

Pairs form a graph: the schemas of operations are its roots; properties, items and branches are its edges.
Pairs that mean the same are never entered, so the work follows what changed, not how large a contract is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archlint.comparison.openapi.branches import branch_name, component_of, match_branches
from archlint.comparison.openapi.changes import Containment, Direction, Slot
from archlint.comparison.openapi.labels import about, label
from archlint.comparison.openapi.limits import changed_limits, show, values_of
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.schema_changes import (
    AlternativeChanged,
    ConstraintChanged,
    EnumChanged,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    SchemaChange,
    Transition,
    TypeChanged,
)
from archlint.comparison.openapi.types import compare_types
from archlint.comparison.openapi.verdicts import Verdicts
from archlint.comparison.openapi.views import View, Views
from archlint.documents import Document, Node
from archlint.finding import Operation, Place, Route
from archlint.model.openapi import Contract, reference_text

_HIDDEN = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}
_INNER = (
    *("items", "additionalProperties", "then", "else", "contains", "propertyNames", "contentSchema"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
"""Keywords with a schema that narrows the whole when it is narrowed itself."""
_INNER_MAPS = ("patternProperties", "dependentSchemas")
_Key = tuple[Direction, Slot, Document, Route, Document, Route]


@dataclass(slots=True)
class _Pair:
    """Two schemas that stand for each other, what differs between them, and the pairs below."""

    base: Node
    revision: Node
    direction: Direction
    slot: Slot
    changes: list[SchemaChange] = field(default_factory=list)
    below: list[_Key] = field(default_factory=list)


class SchemaComparison:
    """Gathers pairs of schemas and tells which changes each operation meets."""

    def __init__(self, base: Contract, revision: Contract, sameness: Sameness) -> None:
        self._sameness = sameness
        self._base = Views(base)
        self._revision = Views(revision)
        self._verdicts = Verdicts(base, revision)
        self._pairs: dict[_Key, _Pair] = {}
        self._waiting: deque[_Key] = deque()
        self._roots: dict[Operation, dict[_Key, None]] = {}

    def add(self, base: Node, revision: Node, direction: Direction, slot: Slot, operation: Operation) -> None:
        """Compare two schemas that an operation uses."""
        key = self._enter(base, revision, direction, slot)
        if key is not None:
            self._roots.setdefault(operation, {})[key] = None

    def changes(self) -> Iterator[tuple[SchemaChange, Slot, Operation]]:
        """Every change with each operation that meets it, and the role in which it does."""
        while self._waiting:
            self._compare(self._pairs[self._waiting.popleft()])
        self._verdicts.add_to(list(self._pairs.values()))
        leading = self._leading()
        for operation, roots in self._roots.items():
            seen = {key for key in roots if key in leading}
            waiting = list(seen)
            while waiting:
                pair = self._pairs[waiting.pop()]
                for change in pair.changes:
                    yield change, pair.slot, operation
                fresh = [key for key in pair.below if key in leading and key not in seen]
                seen.update(fresh)
                waiting.extend(fresh)

    def _leading(self) -> set[_Key]:
        """The pairs with changes at or below them."""
        above: dict[_Key, list[_Key]] = {}
        for key, pair in self._pairs.items():
            for below in pair.below:
                above.setdefault(below, []).append(key)
        found = {key for key, pair in self._pairs.items() if pair.changes}
        waiting = list(found)
        while waiting:
            for key in above.get(waiting.pop(), ()):
                if key not in found:
                    found.add(key)
                    waiting.append(key)
        return found

    def _enter(self, base: Node, revision: Node, direction: Direction, slot: Slot) -> _Key | None:
        """The pair of two schemas; ``None`` if they mean the same or one of them is not there."""
        if not base.exists or not revision.exists or self._sameness.same(base, revision):
            return None
        old, new = self._base.target(base), self._revision.target(revision)
        if not old.exists or not new.exists:
            return None
        if _same_name(reference_text(base), reference_text(revision)):
            if self._sameness.same(old, new):
                return None
            base, revision = (old, new) if _is_bare(base) and _is_bare(revision) else (base, revision)
        key = (direction, slot, base.document, base.route, revision.document, revision.route)
        if key not in self._pairs:
            self._pairs[key] = _Pair(base, revision, direction, slot)
            self._waiting.append(key)
        return key

    def _compare(self, pair: _Pair) -> None:
        base, revision = self._base.of(pair.base), self._revision.of(pair.revision)
        if not base.is_certain or not revision.is_certain:
            self._descend(pair, base, revision)
            return
        if base.choice or revision.choice:
            is_known = self._compare_choices(pair, base, revision)
            if bool(base.choice) != bool(revision.choice):
                if not is_known:
                    self._compare_types(pair, base, revision)
                return
        elif self._compare_types(pair, base, revision):
            return
        self._compare_null(pair, base, revision)
        self._compare_values(pair, base, revision)
        for limit in changed_limits(base, revision):
            place = _place(pair.revision, revision, limit.revision)
            common = self._common(pair, place, _place(pair.base, base, limit.base))
            pair.changes.append(
                ConstraintChanged(
                    **common,
                    keyword=limit.keyword,
                    transition=limit.transition,
                    accepts=limit.accepts,
                    old=limit.old,
                    new=limit.new,
                )
            )
        self._compare_properties(pair, base, revision)
        self._compare_open(pair, base, revision)
        self._descend(pair, base, revision)

    def _compare_types(self, pair: _Pair, base: View, revision: View) -> bool:
        """Whether the types differ so much that nothing below can be compared."""
        difference = compare_types(base, revision, pair.slot)
        if difference is None:
            return False
        keyword = "format" if difference.is_format_only else "type"
        old, new = _keyword(base, keyword), _keyword(revision, keyword)
        place = _place(pair.revision, revision, new)
        pair.changes.append(
            TypeChanged(
                **self._common(pair, place, _place(pair.base, base, old)),
                old=difference.old,
                new=difference.new,
                accepts=difference.accepts,
                is_format_only=difference.is_format_only,
                is_list=difference.is_list,
            )
        )
        return not difference.is_format_only

    def _compare_null(self, pair: _Pair, base: View, revision: View) -> None:
        if base.is_nullable == revision.is_nullable or base.types is None or revision.types is None:
            return
        if not (base.is_nullable or base.is_stated) or not (revision.is_nullable or revision.is_stated):
            return  # what states no type takes null as well
        is_set = revision.is_nullable
        common = self._common(
            pair,
            _place(pair.revision, revision, _keyword(revision, "nullable")),
            _place(pair.base, base, _keyword(base, "nullable")),
        )
        pair.changes.append(
            ConstraintChanged(
                **common,
                keyword="nullable",
                transition=Transition.SET if is_set else Transition.UNSET,
                accepts=Containment.WIDER if is_set else Containment.NARROWER,
                old=str(base.is_nullable).lower(),
                new=str(is_set).lower(),
            )
        )

    def _compare_values(self, pair: _Pair, base: View, revision: View) -> None:
        old, new = values_of(base), values_of(revision)
        added = [node for key, node in (new or {}).items() if old is None or key not in old]
        removed = [node for key, node in (old or {}).items() if new is None or key not in new]
        if not added and not removed:
            return
        states = [view.keywords for view, values in ((base, old), (revision, new)) if values is not None]
        after = revision.keywords.get("const") or revision.keywords.get("enum")
        before = base.keywords.get("const") or base.keywords.get("enum")
        if old is not None and new is not None:  # the value itself is what was edited
            after = added[0] if added and pair.direction is Direction.RESPONSE else after
            before = removed[0] if removed and pair.direction is Direction.REQUEST else before
        common = self._common(pair, _place(pair.revision, revision, after), _place(pair.base, base, before))
        pair.changes.append(
            EnumChanged(
                **common,
                added=tuple(map(show, added)),
                removed=tuple(map(show, removed)),
                is_set=old is None,
                is_unset=new is None,
                keyword="const" if all("const" in state for state in states) else "enum",
            )
        )

    def _compare_properties(self, pair: _Pair, base: View, revision: View) -> None:
        hidden = _HIDDEN[pair.direction]
        for name, dropped in base.properties.items():
            if name not in revision.properties and not self._base.of(dropped).flag(hidden):
                self._removed(pair, base, revision, name)
        for name, entry in revision.required.items():
            declared = revision.properties.get(name)
            view = None if declared is None else self._revision.of(declared)
            if name not in base.required and not (view is not None and view.flag(hidden)):
                is_new = name not in base.properties
                stated = declared if is_new and declared is not None else entry
                common = self._common(pair, _place(pair.revision, revision, stated), _at(base, name))
                has_default = view is not None and "default" in view.keywords
                pair.changes.append(
                    PropertyRequired(
                        **common,
                        name=name,
                        is_new=is_new,
                        is_declared=declared is not None,
                        has_default=has_default,
                    )
                )
        for name, entry in base.required.items():
            schema = revision.properties.get(name)
            if name in revision.required or schema is None or name not in base.properties:
                continue
            if not (
                self._revision.of(schema).flag(hidden) or self._base.of(base.properties[name]).flag(hidden)
            ):
                common = self._common(pair, _at(revision, name), entry.place())
                pair.changes.append(PropertyOptional(**common, name=name))

    def _removed(self, pair: _Pair, base: View, revision: View, name: str) -> None:
        if any(name in self._revision.of(branch).properties for branch in revision.branches):
            return  # it moved into the branches, where the types decide
        common = self._common(
            pair, _place(pair.revision, revision, revision.node.get("properties", name)), _at(base, name)
        )
        pair.changes.append(
            PropertyRemoved(
                **common, name=name, was_required=name in base.required, is_forbidden=revision.is_closed
            )
        )

    def _compare_open(self, pair: _Pair, base: View, revision: View) -> None:
        """A map that took names of any kind takes none any more, or the other way round."""
        old, new = base.keywords.get("additionalProperties"), revision.keywords.get("additionalProperties")
        was_map = old is not None and (old.is_map or old.value is True)
        if was_map and new is not None and new.value is False:
            common = self._common(pair, _place(pair.revision, revision, new), old.place() if old else None)
            pair.changes.append(
                ConstraintChanged(
                    **common,
                    keyword="additionalProperties",
                    transition=Transition.SET,
                    accepts=Containment.NARROWER,
                    old="a map",
                    new="false",
                )
            )

    def _compare_choices(self, pair: _Pair, base: View, revision: View) -> bool:
        """Whether the branches of the two sides could be matched at all."""
        matched = match_branches(base, revision, self._base, self._revision, self._sameness)
        for old, new in matched.pairs:
            self._descend_into(pair, old, new, pair.slot)
        if not matched.added and not matched.removed:
            return bool(matched.pairs)
        keyword = revision.choice or base.choice
        after, before = revision.node.get(keyword), base.node.get(base.choice or keyword)
        if base.choice and revision.choice:  # the branch itself is what was edited
            after = matched.added[0] if matched.added and pair.direction is Direction.RESPONSE else after
            before = matched.removed[0] if matched.removed and pair.direction is Direction.REQUEST else before
        was = _place(pair.base, base, before if before.exists else None)
        pair.changes.append(
            AlternativeChanged(
                **self._common(pair, _place(pair.revision, revision, after), was),
                keyword=keyword,
                added=tuple(map(branch_name, matched.added)),
                removed=tuple(map(branch_name, matched.removed)),
                is_wrapped=not base.choice,
            )
        )
        return True

    def _descend(self, pair: _Pair, base: View, revision: View) -> None:
        hidden = _HIDDEN[pair.direction]
        below = pair.slot.below
        for name, schema in base.properties.items():
            other = revision.properties.get(name)
            if other is None or self._base.of(schema).flag(hidden) or self._revision.of(other).flag(hidden):
                continue
            self._descend_into(pair, schema, other, below)
        for keyword in _INNER:
            old, new = base.keywords.get(keyword), revision.keywords.get(keyword)
            if old is not None and new is not None and old.is_map and new.is_map:
                self._descend_into(pair, old, new, below)
        for keyword in _INNER_MAPS:
            for name, schema in base.keywords[keyword].items() if keyword in base.keywords else ():
                other = revision.keywords[keyword].get(name) if keyword in revision.keywords else None
                if other is not None and other.exists:
                    self._descend_into(pair, schema, other, below)

    def _descend_into(self, pair: _Pair, base: Node, revision: Node, slot: Slot) -> None:
        key = self._enter(base, revision, pair.direction, slot)
        if key is not None:
            pair.below.append(key)

    def _common(self, pair: _Pair, place: Place, was: Place | None) -> dict[str, Any]:
        """The fields that every change of a pair has."""
        return {
            "at": place,
            "was": was,
            "about": about(pair.revision),
            "where": label(pair.revision),
            "direction": pair.direction,
        }


def _same_name(base: str | None, revision: str | None) -> bool:
    """Whether two schemas are both inline, or both references to what is called the same."""
    if base is None or revision is None:
        return base is revision
    return base == revision or component_of(base) == component_of(revision)


def _is_bare(node: Node) -> bool:
    return reference_text(node) is not None and len(node.value) == 1


def _keyword(view: View, keyword: str) -> Node | None:
    if keyword == "type":
        return view.type_node
    if keyword == "nullable":
        stated = view.node.get("nullable")
        return stated if stated.exists else view.type_node
    return view.keywords.get(keyword)


def _place(declared: Node, view: View, stated: Node | None) -> Place:
    """Where an edit is made: at the keyword; at the reference, if the edit was to refer to something else."""
    if reference_text(declared) is not None and view.node is not declared:
        return declared.get("$ref").value_place()
    return stated.place() if stated is not None else view.node.place()


def _at(view: View, name: str) -> Place:
    """Where a property is declared, or would be."""
    schema = view.properties.get(name)
    return schema.place() if schema is not None else view.node.get("properties", name).place()
