"""Runs the checks of some rules over a world and turns what they see into evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from archlint.checks import Check, Observation, Options, Scope, checks_of
from archlint.finding import Notice, Rule
from archlint.judging import Evidence
from archlint.model.world import World


class Runner:
    """Runs rules; a rule whose check raises is named in ``failures`` and the others go on."""

    def __init__(self, rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]) -> None:
        """``options`` are the values that the configuration sets, by rule code."""
        self._rules = rules
        self._options = options
        self.failures: list[Notice] = []

    def over_world(self, world: World) -> Iterator[Evidence]:
        """Evidence of all rules that look at files or join them."""
        for rule in self._rules:
            declared = self.check_of(rule)
            if declared is not None and declared.scope is not Scope.CHANGE:
                yield from self._guarded(rule, self._subjects(rule, declared, world))

    def over_changes(self, changes: Mapping[type, Sequence[Any]]) -> Iterator[Evidence]:
        """Evidence of the rules that judge changes, given all changes by class."""
        for rule in self._rules:
            declared = self.check_of(rule)
            if declared is not None and declared.scope is Scope.CHANGE:
                subjects = changes.get(declared.subject, ())
                yield from self._guarded(rule, self._of_changes(rule, declared, subjects))

    def check_of(self, rule: Rule) -> Check | None:
        """The check function of a rule; ``None`` (and a failure) if its package does not have it."""
        return checks_of(f"{rule.provider}.{rule.area.lower()}").get(rule.name)

    def _subjects(self, rule: Rule, declared: Check, world: World) -> Iterator[Evidence]:
        options = self._in_force(rule)
        for subject in world.all(declared.subject):
            if declared.scope is Scope.FILE:
                seen: Iterable[Observation] = declared.function(subject, options)
            else:
                seen = declared.function(subject, world, options)
            for observation in seen:
                yield Evidence(rule, observation, subject.object)

    def _of_changes(self, rule: Rule, declared: Check, changes: Sequence[Any]) -> Iterator[Evidence]:
        options = self._in_force(rule)
        for change in changes:
            for observation in declared.function(change, options):
                yield Evidence(rule, observation, change.object)

    def _in_force(self, rule: Rule) -> Options:
        return Options({**rule.defaults(), **self._options.get(rule.code, {})})

    def _guarded(self, rule: Rule, evidence: Iterator[Evidence]) -> Iterator[Evidence]:
        try:
            yield from evidence
        except Exception as error:  # a rule may be anybody's; the rest must be reported
            reason = f"{type(error).__name__}: {error}"
            self.failures.append(Notice("error", f"rule {rule.name} ({rule.code}) failed: {reason}"))
