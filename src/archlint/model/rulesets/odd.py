"""Paths that nimma does not follow step by step: each value of the document is asked all of their tests.

A test looks at the whole way to a value. Where a step would have its own place, nimma counts places from the
beginning, from the end or from the last name that was found, and asks filters of the value itself. That
chooses other values than the path says; rules have been written and tested with it, so it is the same here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from archlint.model.rulesets.evaluation import Evaluated, compile_filter
from archlint.model.rulesets.expressions import parse_expression
from archlint.model.rulesets.matching import Ending, Failures, Match, is_container
from archlint.model.rulesets.steps import Step, StepKind
from archlint.model.rulesets.walking import descendants, holds, in_slice

__all__ = ["OddSelector"]


class _Place(NamedTuple):
    """A step, and from where it counts."""

    step: Step
    position: int
    """From the beginning or the name found last; from the end, as a negative number, if ``backwards``."""
    number: int
    """How many steps were looked at before."""
    backwards: bool
    counted: bool
    """Whether no deep step came before."""
    is_last: bool


class _Search:
    """The state of the tests for one value."""

    __slots__ = ("failures", "found", "route", "values")

    def __init__(self, route: list[str | int], values: list[Any], failures: Failures) -> None:
        self.route = route
        self.values = values
        self.failures = failures
        self.found = 0
        """The position of the name that was found last."""

    @property
    def depth(self) -> int:
        return len(self.route) - 1

    def key(self, position: int) -> str | int | None:
        return self.route[position] if 0 <= position < len(self.route) else None


_Test = Callable[[_Search], bool]


class OddSelector:
    """A path as tests of all values."""

    def __init__(self, steps: Sequence[Step], ending: Ending) -> None:
        self._length = len(steps)
        self._ending = ending
        deep = [position for position, step in enumerate(steps) if step.deep]
        self._fixed = not deep
        turn = deep[0] if len(deep) == 1 and deep[0] < len(steps) - 1 else -1
        self._moves = turn < 0 and any(
            step.deep and step.kind in (StepKind.NAMES, StepKind.FILTER) for step in steps[:-1]
        )
        ahead = steps[:-1]
        is_chain = (
            self._moves
            and not ending.parents
            and all(step.deep and step.kind is StepKind.NAMES and step.alone for step in ahead)
        )
        looks_up = any("@pa" in step.text for step in steps)
        self._chain = [step.names[0] for step in ahead] if is_chain and not looks_up else []
        self._tests = [test for place in _places(steps, turn) if (test := self._test(place)) is not None]

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        seen: set[tuple[int, int]] = set()
        remembers = once and bool(self._chain)

        def enters(route: list[str | int], value: Any) -> bool:
            if not remembers or not is_container(value):
                return not self._fixed or len(route) < self._length
            key = id(value), self._progress(route)
            is_new = key not in seen
            seen.add(key)
            return is_new

        for route, values in descendants(document, enters):
            if self._chooses(route, values, failures) and (match := self._ending.match(route, values)):
                yield match

    def _progress(self, route: Sequence[str | int]) -> int:
        """How many names of a chain were met on the way: what is below depends on nothing else."""
        met = 0
        for key in route:
            met += met < len(self._chain) and key == self._chain[met]
        return met

    def _chooses(self, route: list[str | int], values: list[Any], failures: Failures) -> bool:
        if len(route) < self._length or (self._fixed and len(route) != self._length):
            return False
        search = _Search(route, values, failures)
        if not all(test(search) for test in self._tests):
            return False
        return not self._moves or search.depth == search.found

    def _test(self, place: _Place) -> _Test | None:
        step = place.step
        if step.kind is StepKind.NAMES:
            return self._named(place)
        if step.kind is StepKind.SLICE:
            return self._part(place)
        if step.kind is StepKind.FILTER:
            return self._filtered(place)
        if not place.is_last or self._fixed or not self._moves:
            return None
        return lambda search: _moved(search, search.depth if search.depth >= place.position else -1)

    def _named(self, place: _Place) -> _Test:
        names = frozenset(map(str, place.step.names))
        position = place.position
        if place.backwards:
            return lambda search: str(search.key(search.depth + position)) in names
        if not place.step.deep:
            if not self._moves:
                return lambda search: str(search.key(position)) in names
            return lambda search: (
                (place.number == 0 or search.depth >= self._least(search, position))
                and str(search.key(self._least(search, position) if position else 0)) in names
            )
        if place.is_last:
            return lambda search: (
                (not self._moves or search.depth >= self._least(search, position))
                and _moved(search, search.depth if str(search.key(search.depth)) in names else -1)
            )
        wanted = place.step.names
        return lambda search: _moved(search, _first(search, wanted, search.found + (position > 0)))

    @staticmethod
    def _least(search: _Search, position: int) -> int:
        return search.found + position

    def _part(self, place: _Place) -> _Test:
        bounds, position, number = place.step.bounds, place.position, place.number
        back = number - 2 if number == 0 else number

        def test(search: _Search) -> bool:
            if place.backwards:
                at = search.depth - position
            elif position == 0 or self._fixed or not self._moves:
                at = position
            else:
                at = search.found + position
            container = _at(search, back)
            length = len(container) if isinstance(container, (list, str)) else None
            key = search.key(at)
            return key is not None and in_slice(key, length, bounds)

        return test

    def _filtered(self, place: _Place) -> _Test:
        test = compile_filter(parse_expression(place.step.text))
        position = place.position
        shift = 0
        if place.counted and position > 0 and not place.is_last:
            shift = position + 1
        elif place.backwards and position:
            shift = position - 1
        if not place.step.deep or place.backwards:
            return lambda search: _asked(search, test, shift)
        if not self._moves:
            return lambda search: _asked(search, test, shift)
        return lambda search: (
            (position == 0 or search.depth >= search.found + position)
            and _moved(search, search.depth if _asked(search, test, shift) else -1)
        )


def _places(steps: Sequence[Step], turn: int) -> Iterator[_Place]:
    """The steps in the order in which nimma looks at them: what follows the deep step comes backwards."""
    counted, position = True, -1
    forwards = steps if turn < 0 else steps[:turn]
    for number, step in enumerate(forwards):
        position += 1
        counted = counted and not step.deep
        yield _Place(step, position, number, False, counted, number == len(steps) - 1)
        if step.deep:
            position = 0
    if turn >= 0:
        for number, step in enumerate(reversed(steps[turn:]), turn):
            yield _Place(step, turn - number, number, True, not step.deep, number == len(steps) - 1)


def _moved(search: _Search, position: int) -> bool:
    search.found = position
    return position != -1


def _first(search: _Search, names: Sequence[str | int], start: int) -> int:
    """The first place from there on with one of the names, exactly as it is written in the path."""
    for name in names:
        for position in range(max(start, 0), len(search.route)):
            key = search.route[position]
            if key == name and isinstance(key, str) is isinstance(name, str):
                return position
    return -1


def _at(search: _Search, position: int) -> Any:
    """The value after so many keys, or from the end."""
    places = search.values
    if position < 0:
        position += len(places)
    return places[position] if 0 <= position < len(places) else None


def _asked(search: _Search, test: Evaluated, shift: int) -> bool:
    """Whether a filter holds: at the value itself, after so many keys, or so many before the end."""
    at = len(search.route) if shift == 0 else shift if shift > 0 else len(search.values) + shift
    if not 0 <= at <= len(search.route):
        return False
    return holds(test, search.route, search.values, at, search.failures)
