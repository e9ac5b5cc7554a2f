"""Objects: which members there are, how many, and what stands at each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.comparison.schemas import patterns
from archlint.comparison.schemas.answers import Empty, Found, Outcome, Proof, Unknown
from archlint.comparison.schemas.clauses import Shape
from archlint.comparison.schemas.evaluation import covers
from archlint.comparison.schemas.facts import Facts, Solver, excluded, none, occurs
from archlint.comparison.schemas.names import MemberNames
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.comparison.schemas.values import Undecided

MAX_MEMBERS = 5_000
"""Members of an object that is still built."""


def find_object(solver: Solver, facts: Facts) -> Outcome:
    """An object that meets the conditions."""
    try:
        return _Objects(solver, facts).find()
    except Undecided as problem:
        return Unknown(str(problem))


class _Objects:
    def __init__(self, solver: Solver, facts: Facts) -> None:
        self.solver = solver
        self.facts = facts
        self.names = MemberNames(solver, facts)
        self.least = facts.least("minProperties", "maxProperties")
        self.most = facts.most("maxProperties", "minProperties")
        self.demands: dict[str, list[Schema]] = {}
        """Members that there have to be, each with what they have to violate."""
        for name, schema in facts.violated.get("value", ()):
            self.demands.setdefault(name, []).append(schema)
            self.names.mentioned[name] = None
        for shape in facts.violated.get("other", ()):
            self.names.mentioned.update(dict.fromkeys(shape.named))
        self.shut = excluded(facts)
        if {} in self.shut:
            self.least = max(self.least, 1)
        self.open_question: str | None = None

    def find(self) -> Outcome:
        needed = self.needed
        if self.most is not None and (self.least > self.most or len(needed) > self.most):
            return none("no number of members lies within the bounds")
        for name in needed:
            if self.names.allows(name) is False:
                return none(f"there can be no member {name!r}")
        ruled_out = self._demands() or self._kinds()
        if ruled_out is not None:
            return ruled_out
        if self.open_question is not None:
            return Unknown(self.open_question)
        return self._build()

    @property
    def needed(self) -> dict[str, None]:
        """The members that there have to be."""
        return dict.fromkeys((*self.names.required, *self.demands))

    def member(self, name: str, violated: list[Schema]) -> Outcome:
        """A value that may stand at a name and violates these schemas."""
        allowed = self.names.allows(name)
        if allowed is False:
            return none(f"there can be no member {name!r}")
        outcome = self.solver.below(self.names.schemas(name), violated)
        if allowed is None and not isinstance(outcome, Empty):
            outcome = Unknown("a name that cannot be judged")
        if isinstance(outcome, Unknown):
            self.open_question = outcome.reason
        return outcome

    def _demands(self) -> Empty | None:
        for name, schemas in self.demands.items():
            outcome = self.member(name, schemas)
            if isinstance(outcome, Empty):
                return none(f"member {name!r}", outcome.proof)
        return None

    def _kinds(self) -> Empty | None:
        """Demands for some name of a kind: each has to find one."""
        is_full = self.most is not None and len(self.needed) >= self.most
        for matching, schema in self._kind_demands():
            proofs: list[Proof] = []
            for name in (name for name in matching if not is_full or name in self.needed):
                outcome = self.member(name, [schema, *self.demands.get(name, ())])
                if not isinstance(outcome, Empty):
                    break
                proofs.append(outcome.proof)
            else:
                return none("members of any other name", *proofs)
        for rule in self.facts.violated.get("names", ()):
            if not any(self._may_stand(name) for name in self.names.breaking(rule)):
                return none("every name keeps the rule")
        return None

    def _may_stand(self, name: str) -> bool:
        return not isinstance(self.member(name, self.demands.get(name, [])), Empty)

    def _kind_demands(self) -> Iterator[tuple[list[str], Schema]]:
        for pattern, schema in self.facts.violated.get("match", ()):
            if isinstance(patterns.parts(pattern), str):
                raise Undecided("a pattern of names that cannot be read")
            candidates = [*self.names.mentioned, *self.names.others([pattern])]
            yield [name for name in candidates if patterns.matches(pattern, name)], schema
        for shape in self.facts.violated.get("other", ()):
            yield self._uncovered(shape, ()), shape.other

    def _uncovered(self, shape: Shape, taken: tuple[str, ...]) -> list[str]:
        """Names that a shape leaves to ``additionalProperties``: one of each kind."""
        others = self.names.others([pattern for pattern, _ in shape.matching], taken)
        found = []
        for name in (*others, *self.names.mentioned):
            truth = covers(shape, name)
            if truth is None:
                raise Undecided("a pattern of names that cannot be read")
            if not truth:
                found.append(name)
        return found

    def _build(self) -> Outcome:
        found: dict[str, Any] = {}
        for name in self.needed:
            outcome = self.member(name, self.demands.get(name, []))
            if isinstance(outcome, Empty):
                return none(f"nothing can stand at the required member {name!r}", outcome.proof)
            if isinstance(outcome, Unknown) or len(found) > MAX_MEMBERS:
                return Unknown(self.open_question or "an object of more than 5,000 members")
            found[name] = outcome.value
        if not self._place_kinds(found):
            return Unknown(self.open_question or "no object was found")
        full = self._fill(found)
        if full is not None:
            return full
        if (self.most is not None and len(found) > self.most) or not self._differs(found):
            return Unknown("no object was found")
        return Unknown(self.facts.opaque) if self.facts.opaque else Found(found)

    def _place_kinds(self, found: dict[str, Any]) -> bool:
        for matching, schema in self._kind_demands():
            holds = self.solver.evaluator.holds
            if any(name in matching and holds(found[name], schema) is False for name in found):
                continue
            for name in matching:
                outcome = self.member(name, [schema]) if name not in found else None
                if isinstance(outcome, Found):
                    found[name] = outcome.value
                    break
            else:
                return False
        for rule in self.facts.violated.get("names", ()):
            if not any(self.solver.evaluator.holds(name, rule) is False for name in found):
                for name in self.names.breaking(rule):
                    outcome = self.member(name, [])
                    if isinstance(outcome, Found):
                        found[name] = outcome.value
                        break
                else:
                    return False
        return True

    def _differs(self, found: dict[str, Any]) -> bool:
        """Make the object another one than those that are shut out, by one more member or another value."""
        if not occurs(found, self.shut):
            return True
        for name in (*self.names.mentioned, *self.names.others((), tuple(found))):
            if name in found or (self.most is not None and len(found) >= self.most):
                continue
            outcome = self.member(name, [])
            if isinstance(outcome, Found) and not occurs({**found, name: outcome.value}, self.shut):
                found[name] = outcome.value
                return True
        for name, value in found.items():
            outcome = self.member(name, [schema_with(enum=(value,)), *self.demands.get(name, ())])
            if isinstance(outcome, Found) and not occurs({**found, name: outcome.value}, self.shut):
                found[name] = outcome.value
                return True
        return False

    def _fill(self, found: dict[str, Any]) -> Outcome | None:
        """Add members until there are enough; an outcome if that cannot be."""
        if len(found) >= self.least:
            return None
        if self.least > MAX_MEMBERS:
            return Unknown("an object of more than 5,000 members")
        is_complete = True
        for name in self.names.mentioned:
            if len(found) >= self.least:
                return None
            if name in found:
                continue
            outcome = self.member(name, [])
            if isinstance(outcome, Found):
                found[name] = outcome.value
            is_complete = is_complete and not isinstance(outcome, Unknown)
        for _ in range(MAX_MEMBERS):
            if len(found) >= self.least:
                return None
            before = len(found)
            for name in self.names.others((), tuple(found)):
                outcome = self.member(name, [])
                if isinstance(outcome, Found) and name not in found:
                    found[name] = outcome.value
                    break
                is_complete = is_complete and not isinstance(outcome, Unknown)
            if len(found) == before:
                break
        if len(found) >= self.least:
            return None
        return none("there are too few names") if is_complete else Unknown("too few names were found")
