"""Answers that are remembered while questions ask one another, and some of them themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from archlint.finding.records import dataclass
from archlint.model.sources.values import NOTHING, Values

_NONE_OPEN = 1_000_000_000


@dataclass(slots=True)
class _Answer:
    values: Values
    lowest: int
    """The first of the questions that are open on which it rests; ``_NONE_OPEN`` if it holds for good."""
    depth: int
    """How deep it was asked, if something was too deep to be looked at; else 0."""


class Answers:
    """What names stand for, each found out once, so that following them takes time as there are names.

    A question that is met again while it is open has no answer. What has none for that reason is asked anew
    once the question is answered, if it has an answer then.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, _Answer] = {}
        self._open: dict[Hashable, int] = {}
        self._resting: list[Hashable] = []
        """The questions whose answers rest on one that is open."""
        self._lowest = _NONE_OPEN
        self._is_cut = False

    def cut(self) -> None:
        """Note that something was not looked at, since it was asked too deep down."""
        self._is_cut = True

    def of(
        self, question: Hashable, depth: int, find: Callable[[], Values], *, may_recur: bool = False
    ) -> Values:
        """The answer to a question; one that may recur is asked again while it is open."""
        known = self._known.get(question)
        if known is not None and depth >= known.depth:
            self._lowest = min(self._lowest, known.lowest)
            self._is_cut = self._is_cut or known.depth > 0
            return known.values
        if question in self._open:
            self._lowest = min(self._lowest, self._open[question])
            return NOTHING
        outer = self._lowest, self._is_cut
        self._lowest, self._is_cut = _NONE_OPEN, False
        first, number = len(self._resting), len(self._open)
        if not may_recur:
            self._open[question] = number
        values = find()
        self._open.pop(question, None)
        answer = _Answer(values, self._lowest, depth if self._is_cut else 0)
        if answer.lowest >= number:
            answer.lowest = _NONE_OPEN
            self._settle(first, is_nothing=values == NOTHING)
        else:
            self._resting.append(question)
        self._known[question] = answer
        self._lowest, self._is_cut = min(outer[0], answer.lowest), outer[1] or answer.depth > 0
        return values

    def _settle(self, first: int, *, is_nothing: bool) -> None:
        """Keep what rests on an answer that is known now: all if it is nothing, as was taken for granted."""
        while len(self._resting) > first:
            answer = self._known.pop(question := self._resting.pop(), None)
            if answer is not None and (is_nothing or answer.values != NOTHING):
                self._known[question] = answer
                answer.lowest = _NONE_OPEN
