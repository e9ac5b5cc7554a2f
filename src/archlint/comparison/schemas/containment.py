"""Is every value of schema A a value of schema B?

``contains`` answers yes with a derivation, no with a value that the validator accepts under A and rejects
under B, else unknown with the reason. ``Engine`` keeps what it found, so one engine should answer all
questions about two documents.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from archlint.comparison.schemas.answers import (
    Answer,
    Budget,
    Empty,
    Found,
    No,
    Outcome,
    Proof,
    Relation,
    Unknown,
    Yes,
)
from archlint.comparison.schemas.assumptions import Assumptions
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.solver import Memory, Searcher
from archlint.comparison.schemas.validation import separates
from archlint.comparison.schemas.values import Undecided, as_json
from archlint.finding.records import replace


@contextmanager
def _room(frames: int) -> Iterator[None]:
    """Let Python nest its own calls deeper; those need no stack of the machine."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, frames + 2_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


_READABLE = 6
"""Levels of a witness that people can follow; if it has more, a shallower one is looked for."""
_FAR = 2_000
"""Schemas that are looked at in search of a ``oneOf``; beyond, there may be one."""
_SAME = Yes(Proof("the same schema"))


class Engine:
    """Answers questions about schemas; equal questions are answered once.

    ``in_place``: whether what is assumed also holds for schemas that look at the same value as those that are
    asked about, such as the parts of an ``allOf``, and not only for those of values below. Engines may share
    what is ``assumed``, all of which has to be there before the first question.
    """

    def __init__(
        self,
        budget: Budget | None = None,
        in_place: bool = True,
        assumed: Assumptions | None = None,
        beside: Engine | None = None,
    ) -> None:
        """``beside`` is one that assumes as much: what it found out is known here, and vice versa."""
        self.budget = budget or Budget()
        self._assumed = Assumptions() if assumed is None else assumed
        self._left = self.budget.total
        made = {loose: Memory(self._assumed, in_place) for loose in (False, True)}
        self._memories: dict[bool, Memory] = made if beside is None else beside._memories
        self._answers: dict[tuple[bytes, bytes, bool], Answer] = {}

    def contains(self, narrow: Schema, wide: Schema, loose: bool = False) -> Answer:
        """Whether every value of the first schema is one of the second; ``loose`` reads ``oneOf`` as
        ``anyOf``."""
        if narrow.plain is wide:
            return _SAME
        question = (key(narrow), key(wide), loose)
        if question not in self._answers:
            self._answers[question] = self._answer(narrow, wide, loose)
        return self._answers[question]

    def _answer(self, narrow: Schema, wide: Schema, loose: bool) -> Answer:
        if key(narrow.plain) == key(wide):
            return _SAME
        try:
            with _room(self.budget.frames):
                outcome = self._search(narrow, wide, loose)
                if isinstance(outcome, Empty):
                    return Yes(outcome.proof)
                return self._checked(outcome, narrow, wide)
        except Undecided as problem:
            return Unknown(str(problem))
        except RecursionError:
            return Unknown("the schemas are nested too deeply")

    def _search(self, narrow: Schema, wide: Schema, loose: bool) -> Outcome:
        """A value of the one that is none of the other; a shallow one where that takes little work."""
        outcome = self._run(narrow, wide, loose, self.budget.steps, None)
        if isinstance(outcome, Found) and _levels(outcome.value) > _READABLE:
            try:
                shallow = self._run(narrow, wide, loose, self.budget.steps // 10, _READABLE)
            except Undecided:
                return outcome
            return shallow if isinstance(shallow, Found) else outcome
        return outcome

    def _run(self, narrow: Schema, wide: Schema, loose: bool, most: int, levels: int | None) -> Outcome:
        steps = min(most, max(self.budget.least, self._left))
        budget = replace(self.budget, steps=steps)
        # what was found for deep values would hide the shallow ones
        known = self._memories[loose]
        memory = known if levels is None else Memory(self._assumed, known.in_place)
        searcher = Searcher(memory, budget, loose, levels)
        try:
            return searcher.below([narrow], [wide])
        finally:
            self._left -= steps - max(searcher.steps, 0)

    def _checked(self, outcome: Found | Unknown, narrow: Schema, wide: Schema) -> Answer:
        if isinstance(outcome, Unknown):
            return outcome
        try:
            if separates(outcome.value, narrow, wide):
                return No(as_json(outcome.value))
        except ValueError as problem:
            return Unknown(f"the validator refused a schema: {str(problem)[:120]}")
        return Unknown("the validator does not confirm the value that was found")

    def compare(self, base: Schema, revision: Schema) -> Relation:
        """Both answers for a pair of schemas, and those with ``oneOf`` as ``anyOf`` where they differ."""
        exact = (self.contains(base, revision), self.contains(revision, base))
        if all(isinstance(answer, Yes) for answer in exact):
            return Relation(*exact)
        if not (reaches_one_of(base) or reaches_one_of(revision)):
            return Relation(*exact)
        loose = (
            exact[0] if isinstance(exact[0], Yes) else self.contains(base, revision, loose=True),
            exact[1] if isinstance(exact[1], Yes) else self.contains(revision, base, loose=True),
        )
        is_other = [type(answer) for answer in exact] != [type(answer) for answer in loose]
        return Relation(*exact, loose if is_other else None)


def _levels(value: Any) -> int:
    """How deep a value is nested."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        current, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(current, dict):
            waiting.extend((child, depth + 1) for child in current.values())
        elif isinstance(current, list):
            waiting.extend((child, depth + 1) for child in current)
    return deepest


def reaches_one_of(schema: Schema) -> bool:
    """Whether a ``oneOf`` is reached from a schema, as far as one looks."""
    waiting, seen = [schema], {id(schema)}
    while waiting:
        current = waiting.pop()
        if "oneOf" in current.keywords or len(seen) > _FAR:
            return True
        for _, child in current.children():
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)
    return False


def contains(narrow: Schema, wide: Schema, budget: Budget | None = None) -> Answer:
    """Whether every value of the first schema is a value of the second, asked once."""
    return Engine(budget).contains(narrow, wide)


def compare(base: Schema, revision: Schema, budget: Budget | None = None) -> Relation:
    """Both answers for a pair of schemas, asked once."""
    return Engine(budget).compare(base, revision)
