"""Looks for a value that fulfils some schemas and violates others; "A lies within B" is that there is none
for A, B.

Schemas are taken apart into cases (``cases``). A theory of the type at hand finds a value for what is
certain; only choices that this value breaks are split into further cases, so that what does not matter is
never looked at. Values below (members, items) are looked for in the same way.

Recursion: a question that is met again while it is being answered concerns a smaller value, as every question
below is about a part of the value above. If there were a value, there would be a smallest one, so it may be
taken for granted that the smaller question has none. What depends on such an answer is kept only once the
question that it depends on is settled as having none. No rule turns a "there is none" into a "there is one",
also not under ``not``, which only moves a schema to the other side.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.comparison.schemas.answers import Budget, Empty, Found, Outcome, Proof, Unknown
from archlint.comparison.schemas.apart import plainly_apart
from archlint.comparison.schemas.arrays import find_array
from archlint.comparison.schemas.assumptions import Assumptions
from archlint.comparison.schemas.cases import Case, Choice, Refute, Setting
from archlint.comparison.schemas.clauses import Option, clauses, required, schema_item
from archlint.comparison.schemas.evaluation import Evaluator
from archlint.comparison.schemas.facts import Facts, among, listed, none
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.languages import Search
from archlint.comparison.schemas.names import MemberNames
from archlint.comparison.schemas.numbers import find_number
from archlint.comparison.schemas.objects import find_object
from archlint.comparison.schemas.schema import Schema, is_endless
from archlint.comparison.schemas.strings import find_text
from archlint.comparison.schemas.values import Undecided

_Key = tuple[frozenset[bytes], frozenset[bytes]]
_ORDER = ("string", "number", "boolean", "object", "array", "null")
_VALUE_FRAMES = 8
_CASE_FRAMES = 2
_PAIRS_IN_A_STEP = 16
_INDEPENDENT = 1 << 60
"""What an answer depends on that depends on no open question."""

_INDUCTION = Proof("as for the value around it, which is larger")
_SAME = Proof("the same schema")
_ASSUMED = Proof("assumed of these two")


class Spent(Undecided):
    """The work of a question is used up."""


class Memory:
    """Answers that stay true, shared by all questions that read ``oneOf`` the same way."""

    def __init__(self, assumed: Assumptions | None = None, in_place: bool = True) -> None:
        self.in_place = in_place
        """Whether assumptions also hold for schemas that look at the value that is asked about."""
        self.assumed = Assumptions() if assumed is None else assumed
        self.settled: dict[_Key, Outcome] = {}
        self.apart: dict[tuple[bytes, bytes], bool] = {}
        self.too_deep: dict[_Key, int] = {}
        """Questions that were given up for depth, with the most levels that they were allowed."""


class Searcher:
    """One question and all that it leads to.

    ``levels``: how deep a value may be; without a limit if ``None``.
    """

    def __init__(self, memory: Memory, budget: Budget, loose: bool, levels: int | None = None) -> None:
        self.levels = levels
        self.memory = memory
        self.budget = budget
        self.loose = loose
        self.steps = budget.steps
        self._pairs = 0
        self.frames = 0
        self.depth_stops = 0
        """How often depth ended a search."""
        self.active: dict[_Key, int] = {}
        self.dependencies: list[int] = []
        """For each open question, by its depth, that of the outermost open one that its answer depends on."""
        self.provisional: dict[_Key, tuple[Outcome, int]] = {}
        """Answers that are true if that of an open question is, with the depth of this one."""
        self.order: list[_Key] = []
        """The questions with provisional answers, in the order in which these were found."""

    @property
    def evaluator(self) -> Evaluator:
        """A fresh evaluator, so that no value costs another one its steps."""
        return Evaluator(self.loose)

    def search(self) -> Search:
        """The work that one question about patterns may cost."""
        return Search(self.budget.regex_steps)

    def spend(self, steps: int = 1) -> None:
        """Count steps; raises ``Spent`` when there are none left."""
        self.steps -= steps
        if self.steps < 0:
            raise Spent("the work for this comparison is used up")

    def apart(self, one: Schema, other: Schema) -> bool:
        """Whether two schemas plainly have no value in common."""
        self._pairs += 1
        if self._pairs % _PAIRS_IN_A_STEP == 0:
            self.spend()
        pair = (key(one), key(other))
        if pair not in self.memory.apart:
            self.memory.apart[pair] = plainly_apart(one, other)
        return self.memory.apart[pair]

    def below(self, fulfilled: Iterable[Schema], violated: Iterable[Schema] = ()) -> Outcome:
        """A value that fulfils and violates these schemas."""
        wanted = {key(schema): schema for schema in fulfilled if schema.keywords or schema.base is not None}
        unwanted = {key(schema): schema for schema in violated}
        if any(key(schema.plain) in unwanted for schema in wanted.values()):
            return Empty(_SAME)
        if any(not schema.keywords for schema in unwanted.values()):
            return none("every value is allowed")
        if self.dependencies and self.memory.assumed.settle(wanted, unwanted):
            return Empty(_ASSUMED)
        question = (frozenset(wanted), frozenset(unwanted))
        remembered = self._remembered(question)
        if remembered is not None:
            return remembered
        if self._is_too_deep(question):
            self.depth_stops += 1
            return Unknown("the schemas are nested too deeply")
        self.spend()
        self.frames += _VALUE_FRAMES
        depth = len(self.dependencies)
        self.active[question] = depth
        self.dependencies.append(_INDEPENDENT)
        stops_before, start = self.depth_stops, len(self.order)
        try:
            outcome = self._by_type(tuple(wanted.values()), tuple(unwanted.values()))
        finally:
            self.frames -= _VALUE_FRAMES
            del self.active[question]
            outermost = self.dependencies.pop()
        depending = self._depending(start, depth)
        if isinstance(outcome, Empty):
            self._remember(question, outcome, depth, outermost, depending)
        else:
            for known in depending:
                del self.provisional[known]
            if outermost < depth:
                self._depend_on(outermost)
            if isinstance(outcome, Found) or (stops_before == self.depth_stops and outermost >= depth):
                self.memory.settled[question] = outcome
            elif self.levels is not None and stops_before != self.depth_stops:
                self.memory.too_deep[question] = max(
                    self.levels - depth, self.memory.too_deep.get(question, 0)
                )
        return outcome

    def _is_too_deep(self, question: _Key) -> bool:
        """Whether a question is nested deeper than allowed, or was given up with as many levels left."""
        if self.frames + _VALUE_FRAMES > self.budget.frames:
            return True
        if self.levels is None:
            return False
        left = self.levels - len(self.dependencies)
        return left <= 0 or self.memory.too_deep.get(question, 0) >= left

    def _remembered(self, question: _Key) -> Outcome | None:
        settled = self.memory.settled.get(question)
        if settled is not None:
            return settled
        if question in self.active:
            self._depend_on(self.active[question])
            return Empty(_INDUCTION)
        if question in self.provisional:
            outcome, outermost = self.provisional[question]
            self._depend_on(outermost)
            return outcome
        return None

    def _depend_on(self, depth: int) -> None:
        if self.dependencies:
            self.dependencies[-1] = min(self.dependencies[-1], depth)

    def _depending(self, start: int, depth: int) -> list[_Key]:
        """The provisional answers since a point that depend on a question or on one within it; they leave
        the list."""
        recent = self.order[start:]
        del self.order[start:]
        found = []
        for known in recent:
            if self.provisional[known][1] >= depth:
                found.append(known)
            else:
                self.order.append(known)
        return found

    def _remember(
        self, question: _Key, outcome: Empty, depth: int, outermost: int, depending: list[_Key]
    ) -> None:
        """Remember that there is no value: for good, or until the question that this depends on
        is settled."""
        if outermost >= depth:
            for known in depending:
                self.memory.settled[known] = self.provisional.pop(known)[0]
            self.memory.settled[question] = outcome
            return
        for known in depending:
            self.provisional[known] = (self.provisional[known][0], outermost)
        self.provisional[question] = (outcome, outermost)
        self.order.extend((*depending, question))
        self._depend_on(outermost)

    def _by_type(self, wanted: tuple[Schema, ...], unwanted: tuple[Schema, ...]) -> Outcome:
        """Look through the types one by one."""
        question = self.memory.assumed.with_copies(key(schema) for schema in (*wanted, *unwanted))
        if any(is_endless(schema) for schema in (*wanted, *unwanted)):
            return Unknown("a schema leads back to itself without a step into the value")
        proofs: list[Proof] = []
        open_question: Unknown | None = None
        for kind in _ORDER:
            if any(clauses(schema, kind, self.loose) is None for schema in wanted):
                continue
            refute = self._assumed_within(question)
            case = Case(Setting(kind, self.loose, self.apart, self.spend, refute, question))
            signed = [
                *((True, schema_item(schema)) for schema in wanted),
                *((False, schema_item(schema)) for schema in unwanted),
            ]
            outcome = self._case(case) if case.learn(signed) else none("a contradiction")
            if isinstance(outcome, Found):
                return outcome
            if isinstance(outcome, Unknown):
                open_question = outcome
            else:
                proofs.append(Proof(f"no {kind}", (outcome.proof,)))
        return open_question or Empty(Proof("no value of any type", tuple(proofs)))

    def _assumed_within(self, question: frozenset[bytes]) -> Refute | None:
        """What is assumed of two schemas that look at the same value, but not of those that are
        asked about."""
        if not (self.memory.assumed and self.memory.in_place):
            return None
        refute = self.memory.assumed.refute
        return lambda known, sign, sign_of: known not in question and refute(known, sign, sign_of)

    def _case(self, case: Case) -> Outcome:
        """Look for a value in one case, split as often as a value found breaks an open choice.

        Where something is assumed, a value may violate a schema only by what is assumed not to be; then it is
        plain by no value what it has to violate, and that is split too.
        """
        self.spend(1 + len(case.literals) // 8)
        if not case.settle():
            return none("a contradiction")
        facts = case.facts()
        outcome = self._theory(case.setting.kind, facts)
        if isinstance(outcome, Empty):
            return outcome
        open_choices = case.choices
        if isinstance(outcome, Found):
            evaluator = self.evaluator
            open_choices = [
                choice
                for choice in case.choices
                if evaluator.signed(outcome.value, *choice.source) is not True
                or not self._is_broken_here(outcome.value, choice, case.setting.question)
            ]
            self.spend(evaluator.spent // 32)
            if not open_choices and facts.closed and isinstance(outcome.value, dict):
                open_choices = self._undeclared(facts, outcome.value)
        if not open_choices:
            return outcome
        return self._split(case, min(open_choices, key=lambda choice: len(choice.options)))

    def _is_broken_here(self, value: object, choice: Choice, question: frozenset[bytes]) -> bool:
        """Whether a value also violates what it has to if what is assumed to be equal is."""
        memory = self.memory
        if choice.source[0] or not memory.assumed:
            return True

        def stand_in(part: object, schema: Schema) -> Schema | None:
            if key(schema) in question or (part is value and not memory.in_place):
                return None
            return memory.assumed.partner(schema)

        return Evaluator(self.loose, stand_in=stand_in).signed(value, *choice.source) is True

    def _undeclared(self, facts: Facts, value: dict[str, object]) -> list[Choice]:
        """The choice for a member that only schemas declare which do not hold: one of them does, or
        it goes."""
        for name, schemas in MemberNames(self, facts).undeclared(value):
            options = [((True, schema_item(schema)),) for schema in schemas]
            return [Choice((True, required(name)), (*options, ((False, required(name)),)))]
        return []

    def _split(self, case: Case, choice: Choice) -> Outcome:
        if self.frames + _CASE_FRAMES > self.budget.frames:
            self.depth_stops += 1
            return Unknown("too many choices within choices")
        self.frames += _CASE_FRAMES
        proofs: list[Proof] = []
        open_question: Unknown | None = None
        try:
            for option in sorted(choice.options, key=_weight):
                part = case.fork(choice)
                outcome = self._case(part) if part.learn(option) else none("a contradiction")
                if isinstance(outcome, Found):
                    return outcome
                if isinstance(outcome, Unknown):
                    open_question = outcome
                else:
                    proofs.append(outcome.proof)
        finally:
            self.frames -= _CASE_FRAMES
        return open_question or Empty(Proof(f"none of {len(choice.options)} cases", tuple(proofs)))

    def _theory(self, kind: str, facts: Facts) -> Outcome:
        """A value for what is certain in a case."""
        values = listed(facts)
        if values is not None:
            return among(self, facts, values, "no enumerated value is left")
        if kind == "null":
            return among(self, facts, [None], "null is shut out")
        if kind == "boolean":
            return among(self, facts, [True, False], "neither true nor false is left")
        return _THEORIES[kind](self, facts)


def _weight(option: Option) -> int:
    """What is likely to need a large value comes last, so that witnesses stay small."""
    return sum(item.kind in _INNER and not _SIMPLE.issuperset(item.value[1].keywords) for _, item in option)


_INNER = frozenset(("value", "match", "at", "rest"))
_SIMPLE = frozenset(
    (
        *("type", "enum", "format", "pattern", "minLength", "maxLength", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "text"),
    )
)
_THEORIES = {"number": find_number, "string": find_text, "array": find_array, "object": find_object}
