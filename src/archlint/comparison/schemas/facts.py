"""The conditions on a value of one type that are left when all combinations are resolved, ready for a theory.

A theory looks for a value that fulfils them. It says ``Empty`` only if there is none; what it finds may still
break a condition that it did not look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from archlint.comparison.schemas.answers import Empty, Found, Outcome, Proof, Unknown
from archlint.comparison.schemas.clauses import Signed
from archlint.comparison.schemas.evaluation import Evaluator, Truth, every
from archlint.comparison.schemas.languages import Search
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.values import Undecided, frozen

MANY_VALUES = 2_000
"""Values of a finite set that are tried one by one."""


class Solver(Protocol):
    """What theories ask of the engine."""

    @property
    def evaluator(self) -> Evaluator:
        """Evaluates schemas the way the question reads them."""

    def below(self, fulfilled: Iterable[Schema], violated: Iterable[Schema] = ()) -> Outcome:
        """A value inside of the one at hand that fulfils and violates these schemas."""

    def search(self) -> Search:
        """The work that one question about patterns may cost."""


class Facts:
    """Signed conditions by kind."""

    def __init__(self, literals: Iterable[Signed], maybe: Iterable[Schema], closed: bool) -> None:
        self.literals = tuple(literals)
        self.fulfilled: dict[str, list[Any]] = {}
        self.violated: dict[str, list[Any]] = {}
        for sign, item in self.literals:
            (self.fulfilled if sign else self.violated).setdefault(item.kind, []).append(item.value)
        self.maybe = [*maybe, *(each for nodes in self.fulfilled.get("maybe", ()) for each in nodes)]
        """Schemas under the producer rule that may hold too, and whose names may then occur."""
        self.closed = closed
        """Whether the producer rule shuts out the names that nothing declares."""

    def least(self, name: str, opposite: str, floor: int = 0) -> int:
        """The least length or count: what is demanded, or one more than a greatest that is violated."""
        found = [floor, *self.fulfilled.get(name, ())]
        found.extend(bound + 1 for bound in self.violated.get(opposite, ()))
        return int(max(found))

    def most(self, name: str, opposite: str) -> int | None:
        """The greatest length or count, if there is one."""
        found = [*self.fulfilled.get(name, ())]
        found.extend(bound - 1 for bound in self.violated.get(opposite, ()))
        return int(min(found)) if found else None

    @property
    def opaque(self) -> str | None:
        """Something to violate that is not understood: a value that does can only be guessed."""
        found = self.violated.get("unknown")
        return f"nobody can tell what '{found[0]}' demands" if found else None

    def test(self, solver: Solver, value: Any) -> Truth:
        """Whether a value meets all the conditions; those to fulfil that are not understood count as met."""
        return every(
            solver.evaluator.signed(value, sign, item)
            for sign, item in self.literals
            if item.kind != "maybe" and not (sign and item.kind == "unknown")
        )


def none(reason: str, *parts: Proof) -> Empty:
    """There is no value, and why."""
    return Empty(Proof(reason, parts))


def among(solver: Solver, facts: Facts, values: Iterable[Any], reason: str) -> Outcome:
    """Try the values of a finite set, the only ones there are."""
    open_question = None
    for count, value in enumerate(values):
        truth = facts.test(solver, value) if count < MANY_VALUES else None
        if truth:
            return Found(value)
        if truth is None:
            open_question = facts.opaque or "a value that cannot be judged"
            if count >= MANY_VALUES:
                return Unknown("more than 2,000 values")
    return Unknown(open_question) if open_question else none(reason)


def listed(facts: Facts) -> list[Any] | None:
    """The values that all enumerations leave; ``None`` if there is none to fulfil."""
    found: list[Any] | None = None
    for values in facts.fulfilled.get("enum", ()):
        if found is None:
            found = list(values)
        else:
            known = {frozen(value) for value in values}
            found = [value for value in found if frozen(value) in known]
    shut = excluded(facts) if found else []
    if found and shut:
        known = {frozen(value) for value in shut}
        found = [value for value in found if frozen(value) not in known]
    return found


def first_fit(solver: Solver, facts: Facts, candidates: Iterable[Any]) -> Found | None:
    """The first candidate that meets all conditions."""
    for value in candidates:
        try:
            if facts.test(solver, value):
                return Found(value)
        except Undecided:
            continue
    return None


def excluded(facts: Facts) -> list[Any]:
    """The values that are shut out one by one."""
    return [value for values in facts.violated.get("enum", ()) for value in values]


def occurs(value: Any, others: Iterable[Any]) -> bool:
    """Whether a value equals one of others."""
    try:
        known = frozen(value)
        return any(known == frozen(other) for other in others)
    except Undecided:
        return False
