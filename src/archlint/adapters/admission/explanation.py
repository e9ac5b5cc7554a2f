"""What an expression that is false stumbled over: the way to the part of the object that it reads.

The expression is taken apart as far as that tells more: of ``a && b`` the part that is false, of ``all`` the
first element that does not hold, and of that the key that is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archlint.adapters.admission.library import UnknownValue
from archlint.adapters.admission.programs import ELEMENT, CompiledPolicy, Engine, Failure, Program
from archlint.adapters.admission.syntax import Tree

Route = tuple[str | int, ...]
_MOST_STEPS = 60
"""Evaluations that an explanation may take."""
_MOST_ELEMENTS = 100


class Explanation:
    """Explains one expression in the scope of an engine."""

    def __init__(self, engine: Engine, policy: CompiledPolicy) -> None:
        self._engine = engine
        self._policy = policy
        self._left = _MOST_STEPS
        self._bound: list[tuple[str, Any, Route | None]] = []
        self._culprits: tuple[bool | None, ...] = (False,)
        self._missing: str | None = None

    def of_error(self, program: Program, missing: str) -> Route | None:
        """The way to what it could not be evaluated for; ``missing`` is the key that it did not find."""
        self._culprits = (False, None)
        self._missing = missing
        return self.of(program)

    def of(self, program: Program) -> Route | None:
        """The way to what it stumbled over; ``None`` if that cannot be told."""
        scope = self._engine.scope
        try:
            return self._falsehood(program.written, program.tree)
        except (Failure, UnknownValue, RecursionError):
            return None
        finally:
            self._engine.scope = scope

    def _falsehood(self, text: str, tree: Tree) -> Route | None:
        if tree.kind == "chain" and tree.word == "&&":
            values = ((part, self._value(text, part)) for part in tree.parts)
            wrong = next((part for part, value in values if value in self._culprits), tree.parts[-1])
            return self._falsehood(text, wrong)
        if tree.kind == "chain" and tree.word == "||":
            found = [route for part in reversed(tree.parts) if (route := self._falsehood(text, part))]
            return max(found, key=len, default=None)
        if tree.kind == "choice":
            condition, yes, no = tree.parts
            return self._falsehood(text, yes if self._value(text, condition) is True else no)
        if tree.kind == "call" and tree.word == "all" and tree.has_target and len(tree.arguments) == 2:
            return self._element(text, tree)
        program = self._variable(tree)
        if program is not None:
            return self._falsehood(program.written, program.tree)
        return self._read(tree)

    def _element(self, text: str, tree: Tree) -> Route | None:
        """The first element for which the condition of an ``all`` does not hold."""
        name, condition = tree.arguments
        items = self._value(text, tree.parts[0])
        way = self._route(tree.parts[0])
        if not isinstance(items, (list, dict)) or name.kind != "name":
            return way
        pairs = enumerate(items) if isinstance(items, list) else ((key, key) for key in items)
        for key, item in list(pairs)[:_MOST_ELEMENTS]:
            here = (*way, key) if way is not None else self._place_of(item)
            self._bound.append((name.word, item, here))
            try:
                if self._value(text, condition) in self._culprits:
                    return self._falsehood(text, condition) or here
            finally:
                self._bound.pop()
        return way

    def _value(self, text: str, tree: Tree) -> Any:
        """The value of a part of an expression; ``None`` if it has none."""
        self._left -= 1
        if self._left < 0:
            raise Failure
        opening = "".join(
            f"cel.bind({name}, {ELEMENT}[{at}], " for at, (name, _, _) in enumerate(self._bound)
        )
        written = self._policy.translator.part(text, tree)
        engine = self._engine
        try:
            program = engine.env.compile(f"{opening}{written}{')' * len(self._bound)}")
        except Exception:
            return None
        scope = engine.scope
        engine.scope = scope.with_elements([item for _, item, _ in self._bound])
        try:
            return engine.evaluate(program)
        except (Failure, UnknownValue):
            return None
        finally:
            engine.scope = scope

    def _read(self, tree: Tree) -> Route | None:
        """The longest way into the object among those that a part reads; of those that lack the missing key,
        if some do."""
        found = list(self._reads(tree, _MOST_STEPS))
        return max((way for way in found if self._lacks(way)), key=len, default=None) or max(
            found, key=len, default=None
        )

    def _reads(self, tree: Tree, left: int) -> Iterator[Route]:
        way = self._route(tree)
        if way is not None:
            yield way
            return
        program = self._variable(tree)
        parts = tree.parts if program is None else (program.tree,)
        for part in parts if left else ():
            yield from self._reads(part, left - 1)

    def _lacks(self, way: Route) -> bool:
        """Whether a way ends at the missing key."""
        if self._missing not in way:
            return False
        value: Any = self._engine.scope.data.get("object")
        for step in way:
            is_item = isinstance(value, list) and isinstance(step, int) and step < len(value)
            if not is_item and not (isinstance(value, dict) and step in value):
                return step == self._missing
            value = value[step]
        return False

    def _variable(self, tree: Tree) -> Program | None:
        if tree.kind == "select" and tree.parts[0].kind == "name" and tree.parts[0].word == "variables":
            program = self._policy.variables.get(tree.word)
            return program if isinstance(program, Program) else None
        return None

    def _route(self, tree: Tree) -> Route | None:
        """The way into the object that a chain of selections goes, if it is nothing else."""
        steps: list[str | int] = []
        while tree.kind in ("select", "index") or (tree.kind == "call" and tree.word in ("orValue", "has")):
            if tree.kind == "select":
                steps.append(tree.word)
            elif tree.kind == "index":
                step = _constant(tree.parts[1])
                if step is None:
                    return None
                steps.append(step)
            tree = tree.parts[0]
        if tree.kind != "name":
            return None
        steps.reverse()
        for name, _, way in reversed(self._bound):
            if name == tree.word:
                return None if way is None else (*way, *steps)
        return tuple(steps) if tree.word == "object" else None

    def _place_of(self, item: Any) -> Route | None:
        """Where in the object a value stands that was reached by other means."""
        if not isinstance(item, (dict, list)) or not item:
            return None
        waiting: list[tuple[Route, Any]] = [((), self._engine.scope.data.get("object"))]
        while waiting:
            route, value = waiting.pop()
            if value == item:
                return route
            if isinstance(value, dict):
                waiting += [((*route, key), part) for key, part in reversed(value.items())]
            elif isinstance(value, list):
                waiting += [((*route, at), part) for at, part in reversed(list(enumerate(value)))]
        return None


def _constant(tree: Tree) -> str | int | None:
    if tree.kind != "literal":
        return None
    word = tree.word
    if word.isdecimal():
        return int(word[:9])
    if word[0] == "'" and word[-1] == "'" and "\\" not in word:
        return word[1:-1]
    try:
        found = json.loads(word)
    except ValueError:
        return None
    return found if isinstance(found, str) else None
