"""Compares schemas of a base and a revision, each pair once for each role.

Pairs form a graph: the schemas of operations are its roots; properties, items and branches are its edges.
Pairs that mean the same are never entered, so the work follows what changed, not how large a contract is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

from archlint.comparison.openapi.annotation_changes import compare_annotations
from archlint.comparison.openapi.branches import match_listed, same_name
from archlint.comparison.openapi.changes import Usage
from archlint.comparison.openapi.choice_changes import compare_choices
from archlint.comparison.openapi.harm import Harm, Verdict
from archlint.comparison.openapi.keyword_changes import (
    compare_limits,
    compare_listed,
    compare_listed_types,
    compare_null,
    compare_types,
    compare_with_items,
)
from archlint.comparison.openapi.pairs import Key, Pair, PairRole, Sides
from archlint.comparison.openapi.part_changes import compare_parts, keep_moved, part_matches
from archlint.comparison.openapi.property_changes import compare_properties
from archlint.comparison.openapi.schema_changes import (
    PropertyLifecycleChanged,
    PropertySunsetChanged,
    SchemaChange,
    Sense,
)
from archlint.comparison.openapi.schema_pairs import SchemaPairs
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.comparison.openapi.views import View, Views, as_choice
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding import OperationName, Place
from archlint.finding.records import replace
from archlint.model.openapi import HIDDEN, Contract, Direction, operations_of, reference_text

_INNER = (
    *("items", "additionalProperties", "then", "else", "contains", "propertyNames", "contentSchema"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
"""Keywords with a schema that narrows the whole when it is narrowed itself."""
_INNER_MAPS = ("patternProperties", "dependentSchemas")


class SchemaComparison:
    """Gathers pairs of schemas and tells which changes each operation meets."""

    def __init__(
        self, base: Contract, revision: Contract, shared: SchemaPairs, terms: ComparisonTerms
    ) -> None:
        """``shared`` are the pairs that these contracts may have in common with others."""
        self._shared = shared
        self._pairs = shared.pairs
        self._sameness = shared.sameness
        self._terms = terms
        self._base = Views(base, shared.base_views)
        self._revision = Views(revision, shared.revision_views)
        self.names = shared.names
        self._contracts = base, revision
        self._roots: dict[OperationName, dict[Key, None]] = {}

    def add(
        self,
        base: Node,
        revision: Node,
        direction: Direction,
        usage: Usage,
        operation: OperationName,
        *,
        is_listed: bool = False,
    ) -> None:
        """Compare two schemas that an operation uses; ``is_listed``: a parameter that had one value is a list
        of such values now, written so that one value is a list of one."""
        key = self._enter(base, revision, PairRole(direction, usage, is_listed=is_listed))
        if key is not None:
            self._roots.setdefault(operation, {})[key] = None

    def compare(self) -> None:
        """Compare what was added, and all below it that no other contract had before."""
        waiting = self._shared.waiting
        while waiting:
            pair = self._pairs[waiting.popleft()]
            label = partial(self.names.label, pair.revision)
            with self._terms.losing(label, pair.revision.document.path):
                self._compare(pair)
        roots = list(dict.fromkeys(key for roots in self._roots.values() for key in roots))
        self._shared.roots.update(dict.fromkeys(roots))
        self._shared.judge(roots, self._contracts, self._terms)

    def changes(self) -> Iterator[tuple[SchemaChange, Usage, OperationName]]:
        """Every change with each operation that meets it, and the role in which it does; to be asked once
        all contracts are compared that share pairs with this one."""
        hits = self._shared.hits
        for operation, roots in self._roots.items():
            met = {
                (id(hit.pair), hit.is_absorbed, hit.is_outdone): hit
                for key in roots
                for hit in hits.get(key, ())
            }
            for hit in met.values():
                for change in hit.changes():
                    usage = hit.pair.usage.below if change.is_part else hit.pair.usage
                    yield self._for(operation, change), usage, operation

    def _for(self, operation: OperationName, change: SchemaChange) -> SchemaChange:
        """A change as an operation meets it: how long a property is kept depends on who promises it."""
        if isinstance(change, (PropertyLifecycleChanged, PropertySunsetChanged)):
            return replace(change, stability=self._stabilities.get(operation, "stable"))
        return change

    @cached_property
    def _stabilities(self) -> dict[OperationName, str]:
        _, revision = self._contracts
        items = (*revision.path_items, *revision.webhooks)
        return {
            operation.name: operation.node.get("x-stability-level").text or "stable"
            for operation in operations_of(items)
        }

    def _enter(self, base: Node, revision: Node, role: PairRole) -> Key | None:
        """The pair of two schemas; ``None`` if they mean the same or one of them is not there.

        What is on another host is never there, and told if the two do not lead to the same.
        """
        if not base.exists or not revision.exists or self._sameness.same(base, revision):
            return None
        old, new = self._base.target(base), self._revision.target(revision)
        if not old.exists or not new.exists:
            return self._enter_remote(base, revision, role)
        if self._base.is_link(base) and self._revision.is_link(revision) and same_name(base, revision):
            old, new = self._base.linked(base), self._revision.linked(revision)
            return self._enter(old, new, role)
        key = (role, base.document, base.route, revision.document, revision.route)
        if key not in self._pairs:
            self._pairs[key] = Pair(base, revision, role)
            self._shared.waiting.append(key)
        return key

    def _enter_remote(self, base: Node, revision: Node, role: PairRole) -> Key | None:
        """The pair of two schemas of which one is on another host, or both are, at different addresses."""
        old, new = self._base.address(base), self._revision.address(revision)
        if old == new or role.is_hidden:
            return None
        key = (role, base.document, base.route, revision.document, revision.route)
        if key not in self._pairs:
            pair = self._pairs[key] = Pair(base, revision, role)
            self._shared.remote.add(key)
            reason = f"it was not compared, because '{new or old}' leads to another host"
            sides = self._sides(pair, self._base.of(base), self._revision.of(revision))
            verdict = Verdict("unknown", Harm.UNKNOWN, reason=reason)
            sides.report(ValuesChanged, _stated(revision), _stated(base), verdict=verdict, edits=())
        return key

    def _compare(self, pair: Pair) -> None:
        """Compare a pair as a whole; if it differs and parts of ``allOf`` came or went, tell of these, and
        compare the rest without them."""
        sides = self._sides(pair, self._base.of(pair.base), self._revision.of(pair.revision))
        if pair.role.is_listed:
            compare_with_items(sides)
            return
        compare_annotations(sides, self._terms)
        annotations = list(pair.changes)
        self._compare_sides(sides)
        if bool(sides.base.choice) is not bool(sides.revision.choice):
            return  # what was one schema is a branch now, or was one: parts of it do not stand alone
        if _is_told_in_branch(sides):
            return
        matches = part_matches(sides)
        if not matches.added and not matches.removed:
            return
        if len(pair.changes) == len(annotations):
            compare_parts(sides, matches, is_equal=True)
            return
        pair.changes[:] = annotations
        for known in (pair.below, pair.parts, pair.branches):
            known.clear()
        wholes = sides.base, sides.revision
        sides.base = self._base.without(pair.base, matches.removed)
        sides.revision = self._revision.without(pair.revision, matches.added)
        keep_moved(wholes, (sides.base, sides.revision))
        compare_parts(sides, matches)
        self._compare_sides(sides)

    def _sides(self, pair: Pair, base: View, revision: View) -> Sides:
        return Sides(
            pair, base, revision, self._base, self._revision, self._sameness, self.names, self._enter
        )

    def _compare_sides(self, sides: Sides) -> None:
        base, revision = sides.base, sides.revision
        inner = _single_branches(sides)
        if inner is not None:
            compare_null(sides)
            sides.descend_into_branch(*inner, usage=sides.pair.usage)
            return
        if base.is_certain and revision.is_certain:
            if base.choice or revision.choice or _is_null_within(sides):
                depth = max((view.depth for view in (base, revision) if view.choice), default=0)
                sides.base = _as_choice(base, sides.pair.base, self._base, depth)
                sides.revision = _as_choice(revision, sides.pair.revision, self._revision, depth)
                if not compare_choices(sides):
                    return
                is_apart = False
            else:
                is_apart = compare_types(sides)
            compare_null(sides)
            compare_listed(sides)
            if is_apart:
                return
            compare_limits(sides)
            compare_properties(sides)
        else:
            compare_listed_types(sides)
            self._descend_into_branches(sides)
        self._descend(sides)

    def _descend_into_branches(self, sides: Sides) -> None:
        """Compare the branches of schemas with several choices, of which only the whole is judged."""
        for keyword in ("oneOf", "anyOf"):
            old, new = (list(view.home.get(keyword).elements()) for view in (sides.base, sides.revision))
            for one, other in match_listed(old, new, sides.sameness).pairs:
                sides.descend(one, other)

    def _descend(self, sides: Sides) -> None:
        base, revision = sides.base, sides.revision
        for name, schema in base.properties.items():
            other = revision.properties.get(name)
            if other is not None and self._promises(schema):
                sides.descend(schema, other, is_hidden=self._is_hidden(sides, schema, other))
        for keyword in _INNER:
            self._descend_at(sides, keyword, sides.pair.role.sense)
        self._descend_at(sides, "not", sides.pair.role.sense.under_not)
        self._descend_at(sides, "if", Sense.UNCLEAR)
        for keyword in _INNER_MAPS:
            for name, schema in base.keywords[keyword].items() if keyword in base.keywords else ():
                other = revision.keywords[keyword].get(name) if keyword in revision.keywords else None
                if other is not None and other.exists:
                    sides.descend(schema, other)

        old, new = (view.keywords.get("prefixItems") for view in (base, revision))
        if old is not None and new is not None:
            for one, other in zip(old.elements(), new.elements(), strict=False):
                sides.descend(one, other)

    def _descend_at(self, sides: Sides, keyword: str, sense: Sense) -> None:
        old, new = sides.base.keywords.get(keyword), sides.revision.keywords.get(keyword)
        if old is not None and new is not None and old.is_map and new.is_map:
            sides.descend(old, new, sense=sense)

    def _is_hidden(self, sides: Sides, base: Node, revision: Node) -> bool:
        """Whether a property is not sent, as one side says."""
        flag = HIDDEN[sides.pair.direction]
        return self._base.of(base).flag(flag) or self._revision.of(revision).flag(flag)

    def _promises(self, schema: Node) -> bool:
        """Whether the base promises to keep a property as it is."""
        return self._terms.promises(self._base.of(schema).text("x-stability-level") or "stable")


def _as_choice(view: View, declared: Node, views: Views, depth: int) -> View:
    """A list of types, or a choice of which one branch is left, as the choice that it is written as;
    ``depth``: how many choices with null stand around the choice of the other side."""
    if view.choice or view.listed or view.lone is None:
        return as_choice(view)
    return as_choice(views.choosing(declared, min(depth, view.depth - 1)))


def _single_branches(sides: Sides) -> tuple[Node, Node] | None:
    """The schemas that are compared instead of a choice between null and one other, if that is a reference or
    a choice itself; what changed there is then told there, and once."""
    base, revision = sides.base, sides.revision
    if not (base.is_certain and revision.is_certain):
        return None
    if any(view.single is None and view.is_nullable for view in (base, revision)):
        return None  # it says in its own words that it may be null
    if any(view.choice and view.single is None for view in (base, revision)) and any(
        view.single is not None and not view.choice for view in (base, revision)
    ):
        return None  # of several branches one is left, or several came to one
    stated = [each for each in (base.single, revision.single) if each is not None]
    if any(reference_text(each) is not None for each in stated) or (stated and base.choice + revision.choice):
        return base.single or sides.pair.base, revision.single or sides.pair.revision
    return None


def _is_told_in_branch(sides: Sides) -> bool:
    """Whether one side is a choice between null and one other, and the other side is compared with that one:
    with its parts, which would be told twice, and here by what null has to do with it."""
    inner = _single_branches(sides)
    if inner is None:
        return False
    views = (sides.base, inner[0], sides.pair.base), (sides.revision, inner[1], sides.pair.revision)
    choices = [view for view, compared, declared in views if compared is not declared]
    return len(choices) == 1 and not choices[0].home.get("allOf").exists


def _is_null_within(sides: Sides) -> bool:
    """Whether the only branch besides null took null as well, and no longer does, or the other way round."""
    old, new = sides.base.lone, sides.revision.lone
    if old is None or new is None:
        return False
    return sides.base_views.of(old).is_nullable is not sides.revision_views.of(new).is_nullable


def _stated(schema: Node) -> Place:
    """Where it is said what a schema is: at its reference, if it has one."""
    return schema.place() if reference_text(schema) is None else schema.get("$ref").value_place()
