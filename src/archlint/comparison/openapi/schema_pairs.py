"""The pairs of schemas that contracts have in common: each is compared once, whichever contracts reach it.

Contracts refer into the files of others. If each of them compared all that it reaches, n contracts of which
each refers to the next would take the time of n * n; so pairs, and what is known of them, are shared by all
contracts of the same two versions, and a pair knows in the end which schemas of operations lead to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archlint.comparison.openapi.harm import ABSORBED
from archlint.comparison.openapi.labels import Names
from archlint.comparison.openapi.lowered_pairs import side_of
from archlint.comparison.openapi.overlaps import edits_below, outdone, told_at
from archlint.comparison.openapi.pairs import Key, Pair, Role
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.schema_changes import SchemaChange, Sense
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.comparison.openapi.views import Made
from archlint.finding.records import replace
from archlint.model.openapi import Contract, Dialect

if TYPE_CHECKING:
    from archlint.comparison.openapi.verdicts import Verdicts
    from archlint.comparison.schemas.lowering import Lowering

_FEW = 8
"""Edits that are looked for below a branch: whether one alone explains what the choice refuses."""


class Hit(NamedTuple):
    """A pair with changes that is met from a schema of an operation."""

    pair: Pair
    is_absorbed: bool
    """Whether a choice on the way takes all values of its branch on both sides."""

    is_outdone: bool
    """Whether a choice on the way refuses values by what changed, which is told in its place."""

    def changes(self) -> Iterable[SchemaChange]:
        """What changed, as it is met on this way."""
        changes: Iterable[SchemaChange] = self.pair.changes
        if self.is_absorbed:
            changes = [replace(change, verdict=ABSORBED) for change in changes]
        return map(outdone, changes) if self.is_outdone else changes


class SchemaPairs:
    """All pairs of schemas of contracts of one version at the base, and of one at the revision."""

    def __init__(self, base: Contract, revision: Contract, names: Names) -> None:
        """The contracts are any two of those versions."""
        self.names = names
        self.sameness = Sameness(base, revision)
        self.base_views: Made = {}
        self.revision_views: Made = {}
        self.pairs: dict[Key, Pair] = {}
        self.remote: set[Key] = set()
        self.waiting: deque[Key] = deque()
        """What has been met and not been compared."""
        self.roots: dict[Key, None] = {}
        """The schemas of operations."""
        self._judges: dict[Key, Verdicts] = {}
        self._outdone: dict[tuple[Key, Key], Key] = {}
        """By choices and their branches the pair whose one change is told as what it does to the choice."""
        self._reached: set[Key] = set()
        self._sides = base, revision

    @cached_property
    def lowerings(self) -> tuple[Lowering, Lowering]:
        """What makes the schemas of both sides ready for the engine."""
        from archlint.comparison.schemas.lowering import lowerings

        base, revision = self._sides
        return lowerings(side_of(base), side_of(revision))

    def judge(self, roots: Iterable[Key], verdicts: Verdicts) -> None:
        """Find out what the changes of all pairs mean that are reached for the first time."""
        fresh = [key for key in self._newly_reached(roots) if key not in self.remote and is_judged(key[0])]
        self._judges.update(dict.fromkeys(fresh, verdicts))
        judged = [self.pairs[key] for key in fresh]
        verdicts.add_to(judged, self._judged_below(judged))
        for key in fresh:
            self._add_overlap(key, verdicts)
            self._place_condition(key, verdicts)

    def _add_overlap(self, key: Key, verdicts: Verdicts) -> None:
        """Tell what a choice refuses that fits several branches now, where that is the only harm of it."""
        pair = self.pairs[key]
        if not pair.branches or any(isinstance(change, ValuesChanged) for change in pair.changes):
            return
        found = verdicts.overlap(pair)
        edits = list(edits_below(self.pairs, found[0], _FEW)) if found is not None else []
        if found is None or not edits:
            return
        branch, verdict = found
        values = replace(verdicts.values_changed(pair, verdict), edits=tuple(edit for _, edit in edits))
        if len(edits) == 1:
            values = told_at(values, edits[0][1], verdicts.choices(pair))
            self._outdone[key, branch] = edits[0][0]
        pair.changes.append(values)

    def _newly_reached(self, roots: Iterable[Key]) -> list[Key]:
        found = [key for key in roots if key not in self._reached]
        self._reached.update(found)
        for key in found:  # grows while it is walked
            for below in self.pairs[key].below:
                if below not in self._reached:
                    self._reached.add(below)
                    found.append(below)
        return found

    def _judged_below(self, pairs: Iterable[Pair]) -> list[Pair]:
        """The pairs next below some that have been judged before."""
        mine = {id(pair) for pair in pairs}
        found: dict[Key, Pair] = {}
        waiting = [key for pair in pairs for key in pair.below]
        seen = set(waiting)
        while waiting:
            key = waiting.pop()
            pair = self.pairs[key]
            if id(pair) in mine:
                continue
            if key in self._judges:
                found[key] = pair
                continue
            fresh = [below for below in pair.below if below not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        return list(found.values())

    def _place_condition(self, key: Key, verdicts: Verdicts) -> None:
        """Tell what a schema refuses, or may be now, at the one edit of its conditions."""
        pair = self.pairs[key]
        values = pair.changes[-1] if len(pair.changes) == 1 else None
        below = [each for each in pair.below if each[0].sense is not key[0].sense]
        edits = [(each, *edit) for each in below for edit in edits_below(self.pairs, each, _FEW)]
        if isinstance(values, ValuesChanged) and len(edits) == 1:
            condition, changed, edit = edits[0]
            pair.changes[-1] = told_at(
                values, edit, verdicts.choices(pair), "a schema with a condition on {}"
            )
            self._outdone[key, condition] = changed

    @cached_property
    def hits(self) -> dict[Key, list[Hit]]:
        """The pairs with changes at and below each schema of an operation, once all contracts are compared.

        They are sought upwards from the changes, so that what leads to none costs nothing.
        """
        self._leave_to_whole()
        above: dict[Key, list[Key]] = {}
        for key, pair in self.pairs.items():
            for below in dict.fromkeys(pair.below):
                above.setdefault(below, []).append(key)
        found: dict[Key, list[Hit]] = {}
        absorbed: dict[tuple[Key, Key], bool | None] = {}
        for key, pair in self.pairs.items():
            if pair.changes:
                self._note(key, above, absorbed, found)
        return found

    def _note(
        self,
        key: Key,
        above: dict[Key, list[Key]],
        absorbed: dict[tuple[Key, Key], bool | None],
        found: dict[Key, list[Hit]],
    ) -> None:
        """Note the changes of a pair with all schemas of operations that lead to it.

        What stands in a branch of which nothing can be sent is absorbed by no choice further up.
        """
        waiting = [(key, False, False, False)]
        seen = set(waiting)
        while waiting:
            here, is_absorbed, is_outdone, is_void = waiting.pop()
            if here in self.roots:
                found.setdefault(here, []).append(Hit(self.pairs[key], is_absorbed, is_outdone))
            for each in above.get(here, ()):
                edge = (each, here)
                if edge not in absorbed:
                    absorbed[edge] = self._is_absorbed(each, here)
                takes = absorbed[edge]
                is_told = self._outdone.get(edge) == key or (is_outdone and not takes)
                now_void = is_void or takes is None
                state = (each, is_absorbed or (takes is True and not now_void), is_told, now_void)
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)

    def _is_absorbed(self, key: Key, below: Key) -> bool | None:
        """Whether a pair is a branch of which the choice around it takes all values on both sides."""
        pair, judge = self.pairs[key], self._judges.get(key)
        if below not in pair.branches or judge is None:
            return False
        return judge.absorbs(pair, pair.branches[below])

    def _leave_to_whole(self) -> None:
        """Mark what changed under ``not`` and ``if``: the schema around it is judged with all it says there.

        Not so what is judged elsewhere as well, of which that verdict leaves out what is said below it.
        """
        judged = {(key[0].direction, *key[1:]) for key in self.pairs if is_judged(key[0])}
        for key, pair in self.pairs.items():
            if key[0].sense is not Sense.SAME and (key[0].direction, *key[1:]) not in judged:
                pair.changes[:] = [replace(change, is_left_to_whole=True) for change in pair.changes]


def is_judged(role: Role) -> bool:
    """Whether the values of a pair tell how callers are hit."""
    return role.sense is Sense.SAME and not role.is_hidden and not role.is_listed


class PairsByVersion:
    """The pairs of schemas of all contracts, apart for each two versions."""

    def __init__(self, pairs: Iterable[tuple[Contract, Contract]]) -> None:
        known = list(pairs)
        self._names = Names([new for _, new in known], [old for old, _ in known])
        self._made: dict[tuple[Dialect | None, Dialect | None], SchemaPairs] = {}

    def of(self, base: Contract, revision: Contract) -> SchemaPairs:
        """The pairs that two contracts share with others."""
        key = (base.dialect, revision.dialect)
        if key not in self._made:
            self._made[key] = SchemaPairs(base, revision, self._names)
        return self._made[key]
