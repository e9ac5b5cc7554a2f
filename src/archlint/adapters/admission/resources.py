"""Judges the custom resources of a world by the rules in CEL of their definitions."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from archlint.adapters.admission import child
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.schemas.builtin import builtin_kinds
from archlint.model.kubernetes.schemas.checking import DOUBLED, Fault
from archlint.model.kubernetes.schemas.completion import may_change
from archlint.model.kubernetes.schemas.conformance import Conformance, Judgement
from archlint.model.kubernetes.schemas.custom import CustomVersion
from archlint.model.kubernetes.schemas.rules import (
    RuleProblem,
    RuleUnknown,
    RuleVerdict,
    ValidationRule,
    rules_of,
)
from archlint.model.world import World

MOST_QUESTIONS = 100_000
"""Objects times rules that are about their kind, of which 1,000 take 0.1 s."""
_TOO_MANY = f"all objects and rules together are more than {MOST_QUESTIONS:,} questions"
_ENDLESS = f"it {child.TOO_LONG}"
_TOO_MUCH = "it needs too much memory"
_BUDGET = "Iteration budget"
_LENGTHY = "it takes more than 10,000 steps through lists"


@dataclass
class RuleJudgement:
    """What rules say, what is wrong with them, and which were not evaluated."""

    verdicts: list[RuleVerdict] = field(default_factory=list)
    problems: list[RuleProblem] = field(default_factory=list)
    unknown: list[RuleUnknown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """An object as one definition of its kind sees it."""

    item: KubernetesObject
    definition: CustomVersion
    judged: Judgement | None = None
    old: KubernetesObject | None = None
    """What it was before, if that is known."""


def creations(world: World, schemas: Conformance) -> Iterator[Asked]:
    """The custom resources of a world, each with the definitions by which it is right so far."""
    for item in world.all(KubernetesObject):
        if item.group in builtin_kinds() or not schemas.definitions_of(item.api_version, item.kind):
            continue
        if not may_change(item, world):
            for definition, judged in schemas.takers(item):
                yield Asked(item, definition, judged)


def definitions_in(world: World, schemas: Conformance) -> Iterator[CustomVersion]:
    """The definitions of a world whose schema the API server takes, those that say the same once."""
    for key in dict.fromkeys(version.key for version in world.all(CustomVersion)):
        for definition in schemas.definitions_of(*key):
            if definition.schema.is_set and schemas.problem_of(definition) is None:
                yield definition


def judgement(
    asked: Iterable[Asked], definitions: Iterable[CustomVersion], *, of_changes: bool = False
) -> RuleJudgement:
    """What the rules of definitions say of objects, either those about changes, or the others."""
    return _Session(list(asked), definitions, of_changes=of_changes).judged()


class _Session:
    """One process is asked all that is to be known."""

    def __init__(
        self, asked: Sequence[Asked], definitions: Iterable[CustomVersion], *, of_changes: bool
    ) -> None:
        self._asked = asked
        every = {id(each): each for each in definitions}
        every |= {id(each.definition): each.definition for each in asked}
        self._definitions = list(every.values())
        self._of_changes = of_changes
        self._rules: list[ValidationRule] = []
        self._of_definition: dict[int, range] = {}
        self._result = RuleJudgement()
        self._unknown: dict[int, str] = {}
        """Why a rule was not evaluated, if only of one object: the first reason of each."""

    def judged(self) -> RuleJudgement:
        for definition in self._definitions:
            first = len(self._rules)
            self._rules += [rule for rule in rules_of(definition) if not self._of_changes or rule.reads_old]
            self._of_definition[id(definition)] = range(first, len(self._rules))
        if self._rules:
            questions, cases = self._questions()
            problems, answers = self._answers(questions)
            self._tell_problems(problems)
            self._tell(cases, answers)
        self._result.unknown += [
            RuleUnknown(self._rules[number], reason) for number, reason in self._unknown.items()
        ]
        return self._result

    def _questions(self) -> tuple[list[child.Question], list[tuple[Asked, int]]]:
        questions: list[child.Question] = []
        cases: list[tuple[Asked, int]] = []
        for at, each in enumerate(self._asked):
            numbers = self._of_definition[id(each.definition)]
            if len(questions) + len(numbers) > MOST_QUESTIONS:
                self._tell_unknown(numbers, _TOO_MANY)
                continue
            for number in numbers:
                questions.append(
                    {"policy": number, "object": 2 * at, "old": None if each.old is None else 2 * at + 1}
                )
                cases.append((each, number))
        return questions, cases

    def _answers(self, questions: list[child.Question]) -> tuple[list[child.Problems], list[child.Answer]]:
        places = {id(each): place for place, each in enumerate(self._definitions)}
        said = [
            {
                "schema": places[id(rule.definition)],
                "steps": rule.steps,
                "rule": rule.text,
                "message": rule.message_expression,
                "optional": rule.takes_new,
            }
            for rule in self._rules
        ]
        values = [
            value for each in self._asked for value in (_value(each, each.item), _value(each, each.old))
        ]
        program = child.Asked(
            "resource_worker",
            {"schema": 0, "steps": [], "rule": "", "message": None, "optional": False},
            {"schemas": [each.schema.value for each in self._definitions]},
        )
        return child.ask(values, said, questions, time.monotonic() + child.LONGEST, program)

    def _tell_problems(self, problems: Sequence[child.Problems]) -> None:
        for number, found in enumerate(problems):
            for said in found:
                if said["certain"]:
                    self._result.problems.append(
                        RuleProblem(self._rules[number], said["section"], said["message"], said["offset"])
                    )
                elif said["section"] == "rule":
                    self._tell_unknown([number], said["message"])

    def _tell_unknown(self, numbers: Iterable[int], reason: str) -> None:
        for number in numbers:
            self._unknown.setdefault(number, reason)

    def _tell(self, cases: Sequence[tuple[Asked, int]], answers: Sequence[child.Answer]) -> None:
        broken = {id(problem.rule) for problem in self._result.problems if problem.key == "rule"}
        unknown: dict[int, str] = {}
        found: dict[int, dict[int, list[RuleVerdict]]] = defaultdict(dict)
        for (each, number), answer in zip(cases, answers, strict=True):
            verdicts = found[id(each.item)].setdefault(id(each.definition), [])
            if id(self._rules[number]) in broken:
                continue
            if answer["state"] == "unknown":
                unknown.setdefault(number, answer["reason"])
            else:
                verdicts += self._verdicts(each, self._rules[number], answer)
        for number, reason in unknown.items():
            is_ended = reason in (child.TOO_LONG, _TOO_MUCH)
            endless = _ENDLESS if is_ended else _LENGTHY if _BUDGET in reason else None
            if endless is not None:
                problem = RuleProblem(self._rules[number], "rule", endless, is_endless=True)
                self._result.problems.append(problem)
            else:
                self._tell_unknown([number], reason)
        for by_definition in found.values():
            if all(by_definition.values()):
                fewest: list[RuleVerdict] = min(by_definition.values(), key=len)
                self._result.verdicts += fewest

    def _verdicts(self, each: Asked, rule: ValidationRule, answer: child.Answer) -> Iterator[RuleVerdict]:
        refused = {
            violation.route
            for violation in (() if each.judged is None else each.judged.violations)
            if violation.fault is Fault.LIMIT
        }
        doubled = {
            violation.route[:-1]
            for violation in (() if each.judged is None else each.judged.violations)
            if violation.keyword == DOUBLED
        }
        for failure in answer["failures"]:
            route: Route = tuple(failure["route"])
            if route in doubled and "exists_one" in rule.text:
                continue  # that entries are the same is told of the list
            if route in refused or _is_filled_in(each.item, route, rule):
                continue
            at = each.item.get(*route, *rule.field)
            if "error" in failure:
                yield RuleVerdict(each.item, rule, at, failure=failure["error"])
            else:
                text = failure["message"] or rule.message or f"failed rule: {rule.text.strip()}"
                yield RuleVerdict(each.item, rule, at, " ".join(text.split()))


def _value(each: Asked, item: KubernetesObject | None) -> Any:
    """An object as it is created: what it says of its status is dropped where that is written apart."""
    value = None if item is None else item.node.value
    if isinstance(value, dict) and each.definition.has_status:
        return {key: part for key, part in value.items() if key != "status"}
    return value


def _is_filled_in(item: KubernetesObject, route: Route, rule: ValidationRule) -> bool:
    """Whether another program fills in a value that a rule reads."""
    words = frozenset(re.findall(r"\w+", rule.text))
    waiting: list[tuple[Any, Any]] = [("self", item.get(*route).value)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += ((key, part) for part in value)
        elif isinstance(value, str) and str(key) in words and is_placeholder(value):
            return True
    return False
