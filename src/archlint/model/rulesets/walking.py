"""Documents gone through along the steps of paths.

Fixed paths go down where their steps lead. Paths that look at any depth share one walk: at each key those
are asked that look for its name, and those that take any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from archlint.model.rulesets.evaluation import Evaluated, FilterFailed, compile_filter
from archlint.model.rulesets.expressions import parse_expression
from archlint.model.rulesets.hints import needed_key, needed_member
from archlint.model.rulesets.matching import Budget, Ending, Failures, Match, children, is_container
from archlint.model.rulesets.steps import Step, StepKind
from archlint.model.rulesets.values import is_integer_key, is_true

__all__ = [
    "Chooser",
    "DeepSelector",
    "EverythingSelector",
    "FixedSelector",
    "MemberSelector",
    "RootSelector",
    "chooser",
    "descendants",
    "holds",
    "in_slice",
    "walked_together",
]

_Chosen = Iterator[tuple[str | int, Any]]


class Chooser:
    """What a step takes of a container: names, a test, or all."""

    __slots__ = ("key", "member", "names", "test")

    def __init__(
        self,
        names: frozenset[str] | None,
        test: Evaluated | None,
        key: str | None = None,
        member: str | None = None,
    ) -> None:
        """``key`` is that of all values that the test takes, and ``member`` one that they all have."""
        self.names = names
        self.test = test
        self.key = key
        self.member = member

    def chosen(self, route: list[str | int], values: list[Any], failures: Failures) -> _Chosen:
        """The members of the last value that the step takes; a test is asked with the member as the last."""
        container = values[-1]
        if self.names is not None and isinstance(container, dict):
            for key in container if len(self.names) > 1 else self.names:
                if key in self.names and key in container:
                    yield key, container[key]
            return
        for key, value in children(container):
            if self.takes(key, value, route, values, failures):
                yield key, value

    def takes(
        self, key: str | int, value: Any, route: list[str | int], values: list[Any], failures: Failures
    ) -> bool:
        """Whether the step takes this member of the last value."""
        if self.names is not None:
            return (key if isinstance(key, str) else str(key)) in self.names
        if self.test is None:
            return True
        route.append(key)
        values.append(value)
        found = holds(self.test, route, values, len(route), failures)
        route.pop()
        values.pop()
        return found


def holds(
    test: Evaluated, route: Sequence[str | int], values: Sequence[Any], at: int, failures: Failures
) -> bool:
    """Whether a filter holds at a place; where it fails it does not, and the reason is told."""
    try:
        return is_true(test(route, values, at))
    except FilterFailed as error:
        if len(failures) < 100:
            failures.append(str(error))
        return False


def in_slice(key: str | int, length: int | None, bounds: tuple[float, float, float]) -> bool:
    """Whether an index is within a part of an array; ends may be counted from the array's end."""
    if not isinstance(key, int):
        return False
    start, end, step = bounds
    if min(bounds) >= 0:
        return start <= key < end and (step == 1 or key == start or (step > 0 and key % step == start))
    if length is None:
        return False
    first = max(0, start + length) if start < 0 else min(length, start)
    last = max(0, end + length) if end < 0 else min(length, end)
    whole = step == 1 or (step != 0 and last - abs(step) > 0 and (key + start) % step == 0)
    return first <= key < last and whole


def chooser(step: Step) -> Chooser:
    """A step made runnable."""
    if step.kind is StepKind.NAMES:
        return Chooser(frozenset(map(str, step.names)), None)
    if step.kind is StepKind.FILTER:
        expression = parse_expression(step.text)
        return Chooser(None, compile_filter(expression), needed_key(expression), needed_member(expression))
    if step.kind is StepKind.SLICE:
        bounds = step.bounds
        return Chooser(None, lambda route, values, at: in_slice(route[at - 1], len(values[at - 1]), bounds))
    return Chooser(None, None)


class RootSelector:
    """``$``."""

    def __init__(self, ending: Ending) -> None:
        self._ending = ending

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        if self._ending == Ending():
            yield Match((), document)


class EverythingSelector:
    """``$..``: all objects and arrays, the document first."""

    def __init__(self, ending: Ending) -> None:
        self._ending = ending

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        if self._ending == Ending():
            yield Match((), document)
        seen: set[int] = set()

        def enters(route: list[str | int], value: Any) -> bool:
            is_known = once and id(value) in seen
            if once and is_container(value):
                seen.add(id(value))
            return not is_known

        for route, values in descendants(document, enters):
            if is_container(values[-1]) and (match := self._ending.match(route, values)) is not None:
                yield match


class MemberSelector:
    """``$.a.b``: one way, which is followed also where an array has a member of that name."""

    def __init__(self, names: Sequence[str | int], ending: Ending) -> None:
        self._names = names
        self._ending = ending

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        route: list[str | int] = []
        values = [document]
        for name in self._names:
            container: Any = values[-1]
            text = str(name)
            key: str | int = text
            if isinstance(container, list):
                if text == "length":
                    container = {text: len(container)}
                elif is_integer_key(text) and int(text) < len(container):
                    key = int(text)
                    container = {key: container[key]}
            if not isinstance(container, dict) or key not in container:
                return
            route.append(key)
            values.append(container[key])
        if (match := self._ending.match(route, values)) is not None:
            yield match


class FixedSelector:
    """A path of which each step leads one level down."""

    def __init__(self, choosers: Sequence[Chooser], ending: Ending) -> None:
        self._choosers = choosers
        self._ending = ending

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        route: list[str | int] = []
        values = [document]
        for _ in followed(self._choosers, 0, route, values, failures):
            if (match := self._ending.match(route, values)) is not None:
                yield match


def followed(
    choosers: Sequence[Chooser], position: int, route: list[str | int], values: list[Any], failures: Failures
) -> Iterator[None]:
    """Goes along the steps from this position on; at each place that is reached the lists lead there."""
    if position == len(choosers):
        yield
        return
    for key, value in choosers[position].chosen(route, values, failures):
        route.append(key)
        values.append(value)
        yield from followed(choosers, position + 1, route, values, failures)
        route.pop()
        values.pop()


class DeepSelector:
    """A path with one step that looks at any depth, and steps before and after it."""

    __slots__ = ("after", "before", "deep", "ending", "looks_up")

    def __init__(
        self, choosers: Sequence[Chooser], deep: int, ending: Ending, filters: Sequence[str]
    ) -> None:
        self.before = choosers[:deep]
        self.deep = choosers[deep]
        self.after = choosers[deep + 1 :]
        self.ending = ending
        self.looks_up = 2 if any("@path" in text for text in filters) or ending.parents > 2 else 0
        if not self.looks_up and (ending.parents or any("@parent" in text for text in filters)):
            self.looks_up = 1

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        return (match for _, match in walked_together([(0, self)], document, failures, once=once))


def walked_together(
    paths: Sequence[tuple[int, DeepSelector]], document: object, failures: Failures, *, once: bool
) -> Iterator[tuple[int, Match]]:
    """The matches of paths that look at any depth, with their numbers; see ``jsonpath.matches_of_all``."""
    groups: dict[tuple[Any, ...], list[tuple[int, DeepSelector]]] = defaultdict(list)
    for number, path in paths:
        shape = tuple((part.names, part.test) for part in path.before)
        groups[shape, path.looks_up if once else 0].append((number, path))
    for (_, looks_up), members in groups.items():
        route: list[str | int] = []
        values = [document]
        walk = _Walk(members, failures, 3 if not once else looks_up)
        for _ in followed(members[0][1].before, 0, route, values, failures):
            yield from walk.below(route, values)


class _Walk:
    """One walk for several paths, below what their first steps lead to."""

    def __init__(self, paths: Sequence[tuple[int, DeepSelector]], failures: Failures, context: int) -> None:
        self._failures = failures
        self._context = context
        self._seen: set[Any] = set()
        self._budget = Budget()
        self._named: dict[str, list[tuple[int, DeepSelector]]] = defaultdict(list)
        self._having: dict[str, list[tuple[int, DeepSelector]]] = defaultdict(list)
        self._others: list[tuple[int, DeepSelector]] = []
        for number, path in paths:
            deep = path.deep
            if deep.names is not None or deep.key is not None:
                for name in deep.names or (deep.key or "",):
                    self._named[name].append((number, path))
            elif deep.member is not None:
                self._having[deep.member].append((number, path))
            else:
                self._others.append((number, path))
        self._any_index = any(name.isdecimal() for name in self._named)

    def below(self, route: list[str | int], values: list[Any]) -> Iterator[tuple[int, Match]]:
        """The matches anywhere below the last value, which is gone through with a stack of its own."""
        if not self._enters(route, values):
            return
        named, having, others = self._named, self._having, self._others
        top = len(route)
        stack = [iter(children(values[-1]))]
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
                if len(route) > top:
                    route.pop()
                    values.pop()
                continue
            key, value = found
            is_below = type(value) is dict or type(value) is list
            wanted = named.get(key) if type(key) is str else named.get(str(key)) if self._any_index else None
            if not (is_below or wanted or others):
                continue
            route.append(key)
            values.append(value)
            asked = [*(wanted or ()), *others]
            if having and type(value) is dict:
                for member, paths in having.items():
                    if member in value:
                        asked += paths
            for number, path in asked:
                test = path.deep.test
                if test is None or holds(test, route, values, len(route), self._failures):
                    yield from self._ends(number, path, route, values)
            if is_below and value and self._enters(route, values):
                stack.append(iter(children(value)))
            else:
                route.pop()
                values.pop()

    def _enters(self, route: list[str | int], values: list[Any]) -> bool:
        """Whether what is below the last value is still to be gone through."""
        value = values[-1]
        if not is_container(value):
            return False
        self._budget.take(len(value))
        if self._context > 1:
            return True
        key: Any = id(value)
        if self._context == 1:
            key = key, id(values[-2]) if route else 0, route[-1] if route else ""
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _ends(
        self, number: int, path: DeepSelector, route: list[str | int], values: list[Any]
    ) -> Iterator[tuple[int, Match]]:
        """The matches of a path whose deep step takes the last value."""
        for _ in followed(path.after, 0, route, values, self._failures):
            if (match := path.ending.match(route, values)) is not None:
                yield number, match


def descendants(
    document: object, enters: Callable[[list[str | int], Any], bool]
) -> Iterator[tuple[list[str | int], list[Any]]]:
    """All values below the document, parents first; the lists are the same for all and lead to each.

    ``enters`` says of a route and its value whether what is below it is gone through.
    """
    budget = Budget()
    route: list[str | int] = []
    values = [document]
    stack = [iter(children(document))]
    while stack:
        found = next(stack[-1], None)
        if found is None:
            stack.pop()
            if route:
                route.pop()
                values.pop()
            continue
        budget.take()
        key, value = found
        route.append(key)
        values.append(value)
        yield route, values
        stack.append(iter(children(value) if enters(route, value) else ()))
