"""Runs the checks of some rules and turns what they see into evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archlint.checks import Check, Options, Scope, checks_of
from archlint.finding import Notice, Rule
from archlint.judging import Evidence
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class _Active:
    """A rule in force: its check and the options it gets."""

    rule: Rule
    check: Check
    options: Options


class Runner:
    """Runs rules; a rule whose check raises is named in ``failures`` and the others go on."""

    def __init__(self, rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]) -> None:
        """``options`` are the values that the configuration sets, by rule code."""
        self._failures: dict[str, Notice] = {}
        self._active: dict[tuple[Scope, type], list[_Active]] = {}
        for rule in rules:
            found = self._find(rule)
            if found is not None:
                active = _Active(rule, found, Options({**rule.defaults(), **options.get(rule.code, {})}))
                self._active.setdefault((found.scope, found.subject), []).append(active)

    @property
    def failures(self) -> tuple[Notice, ...]:
        """What failed so far, one notice a rule, in the order of their codes."""
        return tuple(self._failures[code] for code in sorted(self._failures))

    def add_failure(self, code: str, notice: Notice) -> None:
        """Add a failure that was met elsewhere; the first one of a rule is kept."""
        self._failures.setdefault(code, notice)

    def failures_by_rule(self) -> dict[str, Notice]:
        """What failed so far, by rule code."""
        return dict(self._failures)

    def over_files(self, world: World) -> Iterator[Evidence]:
        """Evidence of the rules that look at one file at a time."""
        for active, subjects in self._groups(Scope.FILE, world.all):
            for subject in subjects:
                yield from self._run(active, subject, active.options)

    def over_joins(self, world: World) -> Iterator[Evidence]:
        """Evidence of the rules that compare files with each other."""
        for active, subjects in self._groups(Scope.WORLD, world.all):
            for subject in subjects:
                yield from self._run(active, subject, world, active.options)

    def over_changes(self, changes: Mapping[type, Sequence[Any]]) -> Iterator[Evidence]:
        """Evidence of the rules that judge changes, given all changes by class."""
        yield from self._over(Scope.CHANGE, changes)

    def over_verdicts(self, verdicts: Mapping[type, Sequence[Any]]) -> Iterator[Evidence]:
        """Evidence of the rules about suppressions and the baseline, given what judging found, by class."""
        yield from self._over(Scope.VERDICT, verdicts)

    def ran(self, *scopes: Scope) -> frozenset[str]:
        """The codes of the rules of some scopes that ran without failing."""
        codes = {
            active.rule.code
            for (scope, _), group in self._active.items()
            if scope in scopes
            for active in group
        }
        return frozenset(codes - self._failures.keys())

    def _over(self, scope: Scope, given: Mapping[type, Sequence[Any]]) -> Iterator[Evidence]:
        for active, subjects in self._groups(scope, lambda kind: given.get(kind, ())):
            for subject in subjects:
                yield from self._run(active, subject, active.options)

    def _find(self, rule: Rule) -> Check | None:
        """The check of a rule; ``None``, and a failure, if its package cannot be imported or lacks it."""
        try:
            found = checks_of(f"{rule.provider}.{rule.area.lower()}").get(rule.name)
        except Exception as error:  # a plugin may raise anything while it is imported
            self._fail(rule, error)
            return None
        if found is None:
            self._failures[rule.code] = Notice(
                "error", f"rule {rule.name} ({rule.code}) has no check function"
            )
        return found

    def _groups(
        self, scope: Scope, find: Callable[[type], Sequence[Any]]
    ) -> Iterator[tuple[_Active, Sequence[Any]]]:
        for (wanted, subject), group in self._active.items():
            if wanted is not scope:
                continue
            try:
                subjects = find(subject)
            except Exception as error:
                for active in group:
                    self._fail(active.rule, error)
                continue
            if subjects:
                for active in group:
                    yield active, subjects

    def _run(self, active: _Active, subject: Any, *arguments: object) -> Iterator[Evidence]:
        try:
            for observation in active.check.function(subject, *arguments):
                yield Evidence(active.rule, observation, subject.object)
        except Exception as error:  # a rule may be anybody's; the rest must be reported
            self._fail(active.rule, error)

    def _fail(self, rule: Rule, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        notice = Notice("error", f"rule {rule.name} ({rule.code}) failed: {reason}")
        self._failures.setdefault(rule.code, notice)
