"""Arrays: what stands at each position, how many items there are, and whether they differ."""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas.answers import Empty, Found, Outcome, Proof, Unknown
from archlint.comparison.schemas.clauses import Row
from archlint.comparison.schemas.facts import Facts, Solver, excluded, none, occurs
from archlint.comparison.schemas.schema import Schema, schema_with

MAX_ITEMS = 200
"""Items of an array whose items differ, and positions that are looked at one by one."""
MAX_ALIKE = 2_000
"""Items of an array that is still built where they may be alike."""


def find_array(solver: Solver, facts: Facts) -> Outcome:
    """An array that meets the conditions."""
    return _Arrays(solver, facts).find()


class _Arrays:
    def __init__(self, solver: Solver, facts: Facts) -> None:
        self.solver = solver
        self.facts = facts
        self.rows: list[Row] = facts.fulfilled.get("row", [])
        self.never: list[Schema] = [schema for schema, most in facts.fulfilled.get("atMost", ()) if most == 0]
        """What no item may fulfil."""
        self.at: dict[int, list[Schema]] = {}
        for index, schema in facts.violated.get("at", ()):
            self.at.setdefault(index, []).append(schema)
        self.rest: list[tuple[int, Schema]] = facts.violated.get("rest", [])
        self.wanted: list[tuple[Schema, int]] = facts.fulfilled.get("atLeast", [])
        self.doubles = bool(facts.violated.get("uniqueItems"))
        self.least = facts.least("minItems", "maxItems")
        self.most = facts.most("maxItems", "minItems")
        starts = [len(row.first) for row in self.rows] + [index + 1 for index in self.at]
        self.shut = excluded(facts)
        if [] in self.shut:
            self.least = max(self.least, 1)
        self.border = max([*starts, *(start for start, _ in self.rest)], default=0)
        """From this position on all positions are alike."""
        self.open_question: str | None = None

    def find(self) -> Outcome:
        self.least = max([self.least, 2 if self.doubles else 0, *(index + 1 for index in self.at)])
        for _, count in self.wanted:
            self.least = max(self.least, count)
        if self.rest:
            self.least = max(self.least, 1 + max(start for start, _ in self.rest))
        if self.most is not None and self.least > self.most:
            return none("no number of items lies within the bounds")
        if self.border > MAX_ITEMS:
            return Unknown("an array of more than 200 positions")
        ruled_out = self._demands() or self._lengths() or self._counts()
        if ruled_out is not None:
            return ruled_out
        if self.open_question is not None:
            return Unknown(self.open_question)
        return self._build()

    def item(self, index: int, more: list[Schema], violated: list[Schema]) -> Outcome:
        """An item at a position, that fulfils and violates more than the position demands."""
        found = [schema for row in self.rows if (schema := row.at(index)) is not None]
        outcome = self.solver.below([*found, *more], [*self.never, *violated])
        if isinstance(outcome, Unknown):
            self.open_question = outcome.reason
        return outcome

    def positions(self, start: int = 0) -> range:
        """The positions that may exist, all that are alike as one."""
        end = self.border + 1
        if self.most is not None:
            end = min(end, self.most)
        return range(start, end)

    def _demands(self) -> Empty | None:
        for index, schemas in self.at.items():
            outcome = self.item(index, [], schemas)
            if isinstance(outcome, Empty):
                return none(f"item {index}", outcome.proof)
        for start, schema in self.rest:
            ruled_out = self._nowhere(start, [], [schema])
            if ruled_out is not None:
                return ruled_out
        return None

    def _nowhere(self, start: int, more: list[Schema], violated: list[Schema]) -> Empty | None:
        """No position from a start on can hold such an item."""
        proofs: list[Proof] = []
        for index in self.positions(start):
            outcome = self.item(index, more, violated)
            if not isinstance(outcome, Empty):
                return None
            proofs.append(outcome.proof)
        return none("items", *proofs)

    def _lengths(self) -> Empty | None:
        """Shorten arrays to the first position that nothing can fill."""
        for index in self.positions():
            outcome = self.item(index, [], [])
            if isinstance(outcome, Empty):
                self.most = index
                if self.least > index:
                    return none(f"nothing can stand at item {index}", outcome.proof)
                break
        return None

    def _counts(self) -> Empty | None:
        for schema, count in self.wanted:
            places = 0
            for index in self.positions():
                if not isinstance(self.item(index, [schema], []), Empty):
                    places += 1 if index < self.border else MAX_ITEMS + count
            if self.most is not None:
                places = min(places, self.most)
            if places < count:
                return none("too few items can be what the array has to contain")
        return None

    def _build(self) -> Outcome:
        is_unique = bool(self.facts.fulfilled.get("uniqueItems"))
        if self.least > (MAX_ITEMS if is_unique else MAX_ALIKE):
            return Unknown("an array of too many items")
        chosen: dict[int, Any] = {}
        if not (self._place_demands(chosen) and self._place_wanted(chosen) and self._place_doubles(chosen)):
            return Unknown(self.open_question or "no array was found")
        length = max([self.least, *(index + 1 for index in chosen)])
        if self.most is not None and length > self.most:
            return Unknown("no array was found")
        for index in range(length):
            if index in chosen and not is_unique:
                continue
            others = [chosen[at] for at in chosen if at != index] if is_unique else []
            if index in chosen and not occurs(chosen[index], others):
                continue
            shut = [schema_with(enum=tuple(others))] if others else []
            found = self.item(index, [], [*shut, *self.at.get(index, [])])
            if isinstance(found, Empty) and self.border == 0 and not (self.rest or self.wanted):
                return none("there are too few different items", found.proof)
            if not isinstance(found, Found):
                return Unknown(self.open_question or "no array of different items was found")
            chosen[index] = found.value
        value = [chosen[index] for index in range(length)]
        if not self._differs(value):
            return Unknown("no array was found")
        if self.facts.test(self.solver, value) is False:
            return Unknown("no array was found")
        if self.facts.opaque:
            return Unknown(self.facts.opaque)
        return Found(value)

    def _differs(self, value: list[Any]) -> bool:
        """Make the array another one than those that are shut out, by one more item or another one."""
        if not occurs(value, self.shut):
            return True
        if self.most is None or len(value) < self.most:
            found = self.item(len(value), [], [schema_with(enum=tuple(value))] if value else [])
            if isinstance(found, Found) and not occurs([*value, found.value], self.shut):
                value.append(found.value)
                return True
        for index, item in enumerate(value):
            found = self.item(index, [], [schema_with(enum=(item,)), *self.at.get(index, [])])
            if isinstance(found, Found) and not occurs(
                [*value[:index], found.value, *value[index + 1 :]], self.shut
            ):
                value[index] = found.value
                return True
        return False

    def _place(self, chosen: dict[int, Any], start: int, more: list[Schema], violated: list[Schema]) -> bool:
        """Put an item that fulfils and violates these at the first free position that takes it."""
        end = max(self.border, len(chosen), start) + 1
        for index in range(start, end if self.most is None else min(end, self.most)):
            if index not in chosen and isinstance(found := self.item(index, more, violated), Found):
                chosen[index] = found.value
                return True
        return False

    def _place_demands(self, chosen: dict[int, Any]) -> bool:
        for index, schemas in self.at.items():
            found = self.item(index, [], schemas)
            if not isinstance(found, Found):
                return False
            chosen[index] = found.value
        return all(
            self._fails_already(chosen, start, schema) or self._place(chosen, start, [], [schema])
            for start, schema in self.rest
        )

    def _fails_already(self, chosen: dict[int, Any], start: int, schema: Schema) -> bool:
        holds = self.solver.evaluator.holds
        return any(index >= start and holds(value, schema) is False for index, value in chosen.items())

    def _place_wanted(self, chosen: dict[int, Any]) -> bool:
        holds = self.solver.evaluator.holds
        for schema, count in self.wanted:
            if count > MAX_ITEMS:
                return False
            present = sum(holds(value, schema) is True for value in chosen.values())
            for _ in range(count - present):
                if not self._place(chosen, 0, [schema], []):
                    return False
        return True

    def _place_doubles(self, chosen: dict[int, Any]) -> bool:
        if not self.doubles:
            return True
        free = [index for index in self.positions() if index not in chosen]
        if self.most is None or self.border + 1 < self.most:
            free.append(self.border + 1)
        for at, one in enumerate(free):
            for other in free[at + 1 :]:
                found = self.item(one, self._at(other), [])
                if isinstance(found, Found):
                    chosen[one] = chosen[other] = found.value
                    return True
        return False

    def _at(self, index: int) -> list[Schema]:
        return [schema for row in self.rows if (schema := row.at(index)) is not None]
