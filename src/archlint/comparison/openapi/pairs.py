"""Two schemas that stand for each other, and what is needed to compare them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from archlint.comparison.openapi.branches import same_name, sole_part
from archlint.comparison.openapi.changes import Usage
from archlint.comparison.openapi.counterparts import Counterparts
from archlint.comparison.openapi.labels import Names, component_route
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.schema_changes import SchemaChange, Sense
from archlint.comparison.openapi.views import View, Views
from archlint.comparison.schemas.schema import IN_PLACE
from archlint.documents import Document, Node
from archlint.finding import Place, Route
from archlint.finding.records import dataclass
from archlint.model.openapi import HIDDEN, Dialect, Direction, reference_text


@dataclass(frozen=True, slots=True)
class PairRole:
    """In what part a pair of schemas is compared; the same two schemas may play several."""

    direction: Direction
    usage: Usage
    sense: Sense = Sense.SAME
    is_hidden: bool = False
    is_listed: bool = False
    """Whether the revision is a list of what the base was, written so that one value is a list of one."""


Key = tuple[PairRole, Document, Route, Document, Route]


@dataclass(slots=True)
class Pair:
    """Two schemas that stand for each other, what differs between them, and the pairs below."""

    base: Node
    revision: Node
    role: PairRole
    changes: list[SchemaChange] = field(default_factory=list)
    below: list[Key] = field(default_factory=list)
    branches: dict[Key, tuple[Node, Node]] = field(default_factory=dict)
    """The pairs below that are branches of a choice, with the branches as the choice lists them."""
    parts: set[Key] = field(default_factory=set)
    """The pairs below of schemas that look at the same value, such as branches and ``then``, not ``if``."""

    @property
    def direction(self) -> Direction:
        """Who sends the values."""
        return self.role.direction

    @property
    def usage(self) -> Usage:
        """What the values are a part of."""
        return self.role.usage


@dataclass(slots=True)
class Sides:
    """A pair with what its schemas say, and the way to the pairs below it."""

    pair: Pair
    base: View
    revision: View
    base_views: Views
    revision_views: Views
    sameness: Sameness
    names: Names
    enter: Callable[[Node, Node, PairRole], Key | None]

    @property
    def lists_null(self) -> bool:
        """Whether both schemas are of versions in which ``enum`` lists null if null is meant."""
        return min(self.base_views.dialect, self.revision_views.dialect) >= Dialect.V3_1

    def report(self, change: type[SchemaChange], at: Place, was: Place | None, /, **facts: Any) -> None:
        """Note a change of this pair."""
        role = self.pair.role
        owner = self._owner(at, facts.get("name"), facts.get("keyword"))
        self.pair.changes.append(
            change(
                at=at,
                was=was if owner is self.pair.revision else self._before(owner, was),
                about=self.names.about(owner),
                where=self.names.label(owner),
                direction=role.direction,
                sense=role.sense,
                is_hidden=role.is_hidden,
                is_marked=self.revision.flag(HIDDEN[role.direction]),
                **facts,
            )
        )

    def _owner(self, at: Place, name: str | None, keyword: str | None) -> Node:
        """Whose change it is: this schema's, or that of another component, which is a part of this schema
        and of others; it is told as its own, and so once for all. ``name``, ``keyword``: what changed."""
        revision = self.pair.revision
        if not isinstance(at.source, Document):
            return revision
        below = 0
        if name is not None and at.route[-2:] == ("properties", name):
            below = 2
        elif keyword is not None and at.route[-1:] == (keyword,):
            below = 1
        stated = at.source.at(at.route[: len(at.route) - below])
        return revision if self.names.about(stated) == self.names.about(revision) else stated

    def _before(self, owner: Node, was: Place | None) -> Place | None:
        """Where the base has what is told as a change of another component: in the component of that name."""
        home = component_route(owner.route)
        before = self.pair.base.document.at(home)
        if was is None or not home or not before.exists or was.route[: len(home)] == home:
            return was
        return before.place()

    def report_keyword(
        self, change: type[SchemaChange], old: Node | None, new: Node | None, /, **facts: Any
    ) -> None:
        """Note a change of a keyword; the nodes are where it stands, if it does."""
        if new is None:
            is_part = _is_part(self.pair.base, self.base, old)
        else:
            is_part = _is_part(self.pair.revision, self.revision, new)
        facts.setdefault("is_part", is_part)
        at = self.place(new) if new is not None else self.place_of_gone(old)
        was = self.old_place(old) if old is not None else self.place_before(new)
        self.report(change, at, was, **facts)

    def place(self, stated: Node | None) -> Place:
        """Where an edit of the revision is made."""
        return self._place(self.pair.revision, self.revision, stated)

    def old_place(self, stated: Node | None) -> Place:
        """Where the same stood in the base."""
        return self._place(self.pair.base, self.base, stated)

    def place_of_gone(self, stated: Node | None) -> Place:
        """Where something has to be stated again that only the base states."""
        home = None if stated is None else self._counterparts.in_revision(self._declared, stated)
        return self.place(home)

    def place_before(self, stated: Node | None) -> Place:
        """Where the base has what stands for the schema that states something now."""
        home = None if stated is None else self._counterparts.in_base(self._declared, stated)
        return self.old_place(home)

    @property
    def _counterparts(self) -> Counterparts:
        return Counterparts(self.base_views, self.revision_views, self.sameness)

    @property
    def _declared(self) -> tuple[Node, Node]:
        return self.pair.base, self.pair.revision

    def _place(self, declared: Node, view: View, stated: Node | None) -> Place:
        """Where an edit is made: at the keyword; at the reference, if the edit was to refer to something else
        and the keyword does not stand beside it."""
        reference = sole_part(declared)
        is_gone = stated is not None and not stated.exists and reference is not declared
        if stated is not None and stated.is_below(declared) and not is_gone:
            return stated.place()
        others = sole_part(self.pair.base), sole_part(self.pair.revision)
        if reference_text(reference) is not None and not same_name(*others):
            return reference.get("$ref").value_place()
        return stated.place() if stated is not None else view.node.place()

    def descend(self, base: Node, revision: Node, **role: Any) -> Key | None:
        """Compare two schemas below this pair, by default in the role of what is nested."""
        mine = self.pair.role
        sense = role.get("sense", mine.sense)
        hidden = mine.is_hidden or role.get("is_hidden", False)
        usage = role.get("usage", mine.usage.below)
        key = self.enter(base, revision, PairRole(mine.direction, usage, sense, hidden))
        if key is not None:
            self.pair.below.append(key)
            if sense is Sense.SAME and _is_in_place(base.route):
                self.pair.parts.add(key)
        return key

    def descend_into_branch(self, base: Node, revision: Node, **role: Any) -> None:
        """Compare two branches of a choice, which as a whole may take what one of them no longer does."""
        key = self.descend(base, revision, **role)
        if key is not None:
            self.pair.branches[key] = (base, revision)


def _is_in_place(route: Route) -> bool:
    """Whether a schema looks at the value of the schema above it."""
    above, last = ("", "", *route)[-2:]
    if isinstance(last, int) or above == "dependentSchemas":
        return above in IN_PLACE
    return last in IN_PLACE and above not in ("properties", "patternProperties")


def _is_part(declared: Node, view: View, stated: Node | None) -> bool:
    """Whether a keyword is stated by a part of ``allOf``, and not by the schema itself."""
    if stated is None:
        return False
    for home in (declared, view.node):
        if stated.is_below(home):
            return stated.route[len(home.route)] == "allOf"
    return True
