"""Whether a value fulfils a schema or an item, with a third answer where that cannot be told.

This steers the search for values. No answer of the engine rests on it alone except where a schema has
finitely many values, and those are plain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from archlint.comparison.schemas import formats, patterns
from archlint.comparison.schemas.clauses import Item, Row, Shape, clauses
from archlint.comparison.schemas.languages.search import accepts
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.values import MAX_DEPTH, Undecided, exact, frozen, type_of

Truth = bool | None


def every(truths: Iterable[Truth]) -> Truth:
    """True if all are, false if one is, else unknown."""
    found: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            found = None
    return found


def negated(truth: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    return None if truth is None else not truth


def some(truths: Iterable[Truth]) -> Truth:
    """True if one is, false if none is, else unknown."""
    return negated(every(negated(truth) for truth in truths))


StandIn = Callable[[Any, Schema], Schema | None]
"""Another schema that is evaluated in the place of one, for a value."""


class Evaluator:
    """Evaluates schemas, with ``oneOf`` read as ``anyOf`` if ``loose``; work is bounded by ``steps``."""

    def __init__(self, loose: bool, steps: int = 40_000, stand_in: StandIn | None = None) -> None:
        self.loose = loose
        self.stand_in = stand_in
        self.steps = self._all_steps = steps
        self.depth = 0

    @property
    def spent(self) -> int:
        """How many schemas were looked at."""
        return self._all_steps - self.steps

    def holds(self, value: Any, schema: Schema) -> Truth:
        """Whether a value fulfils a schema."""
        other = None if self.stand_in is None else self.stand_in(value, schema)
        if other is not None:
            before, self.stand_in = self.stand_in, None
            try:
                return self.holds(value, other)
            finally:
                self.stand_in = before
        kind = type_of(value)
        self.steps -= 1
        if kind is None or self.steps < 0 or self.depth > MAX_DEPTH:
            return None
        found = clauses(schema, kind, self.loose)
        if found is None:
            return False
        self.depth += 1
        try:
            return every(self.fulfils(value, item) for item in found)
        finally:
            self.depth -= 1

    def signed(self, value: Any, sign: bool, item: Item) -> Truth:
        """Whether a value fulfils an item, or fails it if ``sign`` is false."""
        truth = self.fulfils(value, item)
        return truth if sign else negated(truth)

    def fulfils(self, value: Any, item: Item) -> Truth:
        """Whether a value of the item's type fulfils it."""
        test = _TESTS.get(item.kind)
        if test is not None:
            try:
                found: Truth = test(value, item.value)
                return found
            except Undecided:
                return None
        if item.kind in ("schema", "any", "one", "not", "if", "dependent"):
            return self._combined(value, item)
        if item.kind == "enum":
            return frozen(value) in item.key[1]
        if item.kind == "shape":
            return self._shape(value, item.value)
        if item.kind == "row":
            return self._row(value, item.value)
        if item.kind in ("atLeast", "atMost"):
            return self._count(value, item)
        if item.kind == "names":
            return every(self.holds(name, item.value) for name in value)
        if item.kind == "text":
            return self.holds(text_of(value), item.value)
        return self._demand(value, item)

    def _combined(self, value: Any, item: Item) -> Truth:
        content = item.value
        if item.kind == "schema":
            return self.holds(value, content)
        if item.kind == "not":
            return negated(self.holds(value, content))
        if item.kind == "any":
            return some(self.holds(value, schema) for schema in content)
        if item.kind == "dependent":
            return self.holds(value, content[1]) if content[0] in value else True
        if item.kind == "if":
            test = self.holds(value, content[0].plain)
            if test is None:
                return every(self.holds(value, schema) for schema in content[1:]) or None
            return self.holds(value, content[1] if test else content[2])
        truths = [self.holds(value, schema) for schema in content]
        if truths.count(True) > 1:
            return False
        return None if None in truths else truths.count(True) == 1

    def _shape(self, value: Any, shape: Shape) -> Truth:
        return every(
            self.holds(member, schema) if schema is not None else None
            for name, member in value.items()
            for schema in at_name(shape, name)
        )

    def _row(self, value: Any, row: Row) -> Truth:
        return every(
            self.holds(member, schema)
            for index, member in enumerate(value)
            if (schema := row.at(index)) is not None
        )

    def _count(self, value: Any, item: Item) -> Truth:
        schema, bound = item.value
        truths = [self.holds(member, schema) for member in value]
        sure, open_ones = truths.count(True), truths.count(None)
        if item.kind == "atLeast":
            return True if sure >= bound else (False if sure + open_ones < bound else None)
        return False if sure > bound else (True if sure + open_ones <= bound else None)

    def _demand(self, value: Any, item: Item) -> Truth:
        """Parts of shapes and rows, which only occur as something to violate."""
        content = item.value
        if item.kind == "value":
            return self.holds(value[content[0]], content[1]) if content[0] in value else True
        if item.kind == "match":
            return self._shape(value, Shape({}, (content,), None, False))
        if item.kind == "other":
            return every(
                self.holds(member, content.other)
                for name, member in value.items()
                if covers(content, name) is not True
            )
        if item.kind == "at":
            return self.holds(value[content[0]], content[1]) if content[0] < len(value) else True
        if item.kind == "rest":
            return every(self.holds(member, content[1]) for member in value[content[0] :])
        return None


def covers(shape: Shape, name: str) -> Truth:
    """Whether a shape names this member, or has a pattern that it matches."""
    if name in shape.named:
        return True
    return some(patterns.matches(pattern, name) for pattern, _ in shape.matching)


def at_name(shape: Shape, name: str) -> list[Schema | None]:
    """The schemas that a shape has for a member; ``None`` stands for one that may apply or not."""
    found: list[Schema | None] = []
    if name in shape.named:
        found.append(shape.named[name])
    covered: Truth = name in shape.named
    for pattern, schema in shape.matching:
        match = patterns.matches(pattern, name)
        if match is not False:
            found.append(schema if match else None)
            covered = match if covered is False else covered
    if covered is False and shape.other is not None:
        found.append(shape.other)
    elif covered is None and shape.other is not None:
        found.append(None)
    return found


def text_of(value: Any) -> str:
    """How a number or boolean is written where all values are text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    number = exact(value)
    if number is None:
        raise Undecided("a value that has no text")
    if number.denominator == 1:
        return str(int(number))
    return format(float(number), "f").rstrip("0")


def _unique(value: Any, wanted: Any) -> bool:
    known = [frozen(item) for item in value]
    return len(set(known)) == len(known)


def _number(value: Any) -> Any:
    found = exact(value)
    if found is None:
        raise Undecided("no number")
    return found


_TESTS: dict[str, Any] = {
    "minimum": lambda value, bound: _number(value) >= bound,
    "maximum": lambda value, bound: _number(value) <= bound,
    "exclusiveMinimum": lambda value, bound: _number(value) > bound,
    "exclusiveMaximum": lambda value, bound: _number(value) < bound,
    "multipleOf": lambda value, step: _number(value) % step == 0,
    "minLength": lambda value, bound: len(value) >= bound,
    "maxLength": lambda value, bound: len(value) <= bound,
    "pattern": lambda value, part: accepts(part.automaton, value) is part.wanted,
    "format": lambda value, name: formats.holds(name, value),
    "minItems": lambda value, bound: len(value) >= bound,
    "maxItems": lambda value, bound: len(value) <= bound,
    "uniqueItems": _unique,
    "minProperties": lambda value, bound: len(value) >= bound,
    "maxProperties": lambda value, bound: len(value) <= bound,
    "required": lambda value, name: name in value,
    "implies": lambda value, names: names[0] not in value or names[1] in value,
    "unknown": lambda value, text: None,
}
