"""The pairs of schemas that contracts have in common: each is compared once, whichever contracts reach it.

Contracts refer into the files of others. If each of them compared all that it reaches, n contracts of which
each refers to the next would take the time of n * n; so pairs, and what is known of them, are shared by all
contracts of the same two versions, and a pair knows in the end which schemas of operations lead to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archlint.comparison.openapi.harm import ABSORBED, Harm
from archlint.comparison.openapi.labels import Names
from archlint.comparison.openapi.pairs import Key, Pair, PairRole
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.schema_changes import SchemaChange, Sense
from archlint.comparison.openapi.value_changes import ValuesChanged, may_overlap, outdone, told_at
from archlint.comparison.openapi.views import Made
from archlint.comparison.terms import ComparisonTerms
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
    """Whether a schema on the way takes all values of its part on both sides."""

    is_outdone: bool
    """Whether a schema on the way refuses values by what changed, which is told in its place."""

    def changes(self) -> Iterable[SchemaChange]:
        """What changed, as it is met on this way."""
        changes: Iterable[SchemaChange] = self.pair.changes
        if self.is_absorbed:
            changes = [replace(change, verdict=ABSORBED) for change in changes]
        return map(outdone, changes) if self.is_outdone else changes


class _Stop:
    """A pair on the ways from changes to operations; compared by itself, as keys are long and ways many."""

    def __init__(self, key: Key, is_root: bool) -> None:
        self.key = key
        self.is_root = is_root
        self.above: list[_Step] = []


class _Step:
    """From a pair to one that it is below of."""

    def __init__(self, to: _Stop, outdone: frozenset[Key]) -> None:
        self.to = to
        self.outdone = outdone
        self.takes: bool | None = False
        """As ``SchemaPairs._takes``, which is asked only if somebody comes this way."""
        self.is_known = False


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
        self._absorbed: dict[tuple[Key, Key], bool | None] = {}
        self._outdone: dict[tuple[Key, Key], frozenset[Key]] = {}
        """By choices and their branches the pairs whose one edit is told as what it does to the choice."""
        self._reached: set[Key] = set()
        self._sides = base, revision
        self._lowerings: tuple[Lowering, Lowering] | None = None

    def judge(self, roots: Iterable[Key], sides: tuple[Contract, Contract], terms: ComparisonTerms) -> None:
        """Find out what the changes of all pairs mean that are reached for the first time, from ``sides``."""
        fresh = [key for key in self._newly_reached(roots) if key not in self.remote and is_judged(key[0])]
        if not fresh:
            return
        verdicts = self._verdicts(sides, terms)
        self._judges.update(dict.fromkeys(fresh, verdicts))
        judged = [self.pairs[key] for key in fresh]
        verdicts.add_to(judged, self._judged_below(judged))
        for key in reversed(fresh):  # what stands below first
            self._add_overlap(key, verdicts)
            self._place_condition(key, verdicts)

    def _verdicts(self, sides: tuple[Contract, Contract], terms: ComparisonTerms) -> Verdicts:
        """What judges pairs of two contracts. The engine is imported here and nowhere before, so
        that it costs nothing where all schemas are equal."""
        from archlint.comparison.openapi.lowered_pairs import lowerings_of
        from archlint.comparison.openapi.verdicts import Verdicts

        if self._lowerings is None:
            self._lowerings = lowerings_of(*self._sides)
        return Verdicts(*sides, terms, self.names, self._lowerings)

    def _add_overlap(self, key: Key, verdicts: Verdicts) -> None:
        """Tell what a choice refuses that fits several branches now, where that is the only harm of it."""
        pair = self.pairs[key]
        if not pair.branches or any(isinstance(change, ValuesChanged) for change in pair.changes):
            return
        found = verdicts.overlap(pair)
        if found is None:
            return
        branch, verdict = found
        if branch is None:
            edited = (edit for each in pair.branches for edit in self.pairs[each].changes)
            if any(map(may_overlap, edited)):
                pair.changes.append(replace(verdicts.values_changed(pair, verdict), edits=()))
            return
        below = list(self._edits_below(key, branch))
        edits = [(each, edit) for each, edit in below if not isinstance(edit, ValuesChanged)]
        if not edits or any(map(_is_told_of_values, below)):
            return
        values = replace(verdicts.values_changed(pair, verdict), edits=tuple(edit for _, edit in edits))
        if len(edits) == 1:
            values = told_at(values, edits[0][1], verdicts.choices(pair))
            self._outdone[key, branch] = frozenset(each for each, _ in below)
        pair.changes.append(values)

    def _edits_below(self, above: Key, key: Key) -> Iterator[tuple[Key, SchemaChange]]:
        """The changes at a pair next below another one, and further below, as that one meets them; up to
        some."""
        waiting, seen, count = [(key, self._takes(above, key) is True)], {key}, 0
        while waiting and count < _FEW:
            here, is_absorbed = waiting.pop()
            for change in self.pairs[here].changes:
                count += 1
                yield here, replace(change, verdict=ABSORBED) if is_absorbed else change
            for below in self.pairs[here].below:
                if below not in seen:
                    seen.add(below)
                    takes = self._takes(here, below)
                    waiting.append((below, takes is True or (takes is False and is_absorbed)))

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
        edits = [(each, *edit) for each in below for edit in self._edits_below(key, each)]
        if isinstance(values, ValuesChanged) and len(edits) == 1:
            condition, changed, edit = edits[0]
            pair.changes[-1] = told_at(
                values, edit, verdicts.choices(pair), "a schema with a condition on {}"
            )
            self._outdone[key, condition] = frozenset((changed,))

    @cached_property
    def hits(self) -> dict[Key, list[Hit]]:
        """The pairs with changes at and below each schema of an operation, once all contracts are compared.

        They are sought upwards from the changes, so that what leads to none costs nothing.
        """
        self._leave_to_whole()
        found: dict[Key, list[Hit]] = {}
        stops = self._stops()
        for key, pair in self.pairs.items():
            if pair.changes:
                self._note(stops[key], found)
        return found

    def _stops(self) -> dict[Key, _Stop]:
        stops = {key: _Stop(key, key in self.roots) for key in self.pairs}
        for key, pair in self.pairs.items():
            for below in dict.fromkeys(pair.below):
                stops[below].above.append(_Step(stops[key], self._outdone.get((key, below), frozenset())))
        return stops

    def _note(self, start: _Stop, found: dict[Key, list[Hit]]) -> None:
        """Note the changes of a pair with all schemas of operations that lead to it.

        What stands in a branch of which nothing can be sent is absorbed by no choice further up.
        """
        pair = self.pairs[start.key]
        waiting = [(start, False, False, False)]
        seen = set(waiting)
        while waiting:
            here, is_absorbed, is_outdone, is_void = waiting.pop()
            if here.is_root:
                found.setdefault(here.key, []).append(Hit(pair, is_absorbed, is_outdone))
            for step in here.above:
                if not step.is_known:
                    step.takes, step.is_known = self._takes(step.to.key, here.key), True
                takes = step.takes
                is_told = (is_outdone and not takes) or (bool(step.outdone) and start.key in step.outdone)
                now_void = is_void or takes is None
                state = (step.to, is_absorbed or (takes is True and not now_void), is_told, now_void)
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)

    def _takes(self, key: Key, below: Key) -> bool | None:
        """Whether a pair is a part, such as a branch, of which the schema around takes all values on both
        sides."""
        pair, judge = self.pairs[key], self._judges.get(key)
        if below not in pair.parts or judge is None:
            return False
        if (key, below) not in self._absorbed:
            self._absorbed[key, below] = judge.absorbs(pair, below)
        return self._absorbed[key, below]

    def _leave_to_whole(self) -> None:
        """Mark what changed under ``not`` and ``if``: the schema around it is judged with all it says there.

        Not so what is judged elsewhere as well, of which that verdict leaves out what is said below it.
        """
        judged = {(key[0].direction, *key[1:]) for key in self.pairs if is_judged(key[0])}
        for key, pair in self.pairs.items():
            if key[0].sense is not Sense.SAME and (key[0].direction, *key[1:]) not in judged:
                pair.changes[:] = [replace(change, is_left_to_whole=True) for change in pair.changes]


def _is_told_of_values(met: tuple[Key, SchemaChange]) -> bool:
    """Whether a change is what a schema refuses or newly takes by itself, however its choices overlap."""
    verdict = met[1].verdict
    is_shown = verdict is not None and verdict.harm is Harm.SHOWN and not verdict.is_loose
    return isinstance(met[1], ValuesChanged) and is_shown


def is_judged(role: PairRole) -> bool:
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
