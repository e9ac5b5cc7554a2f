"""Runners that judge many small worlds: to make one takes as long as to judge a world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from archlint.engine.running import Runner
from archlint.finding import Finding, Rule
from archlint.model.world import World

_RUNNERS: dict[tuple[str, ...], Runner] = {}


def found_by(rules: Sequence[Rule], run: Callable[[Runner], Iterable[Finding]]) -> list[Finding]:
    """What a run of some rules of archlint finds, without options; fails if one of them raises."""
    codes = tuple(rule.code for rule in rules)
    if codes not in _RUNNERS:
        _RUNNERS[codes] = Runner(rules, {})
    runner = _RUNNERS[codes]
    found = list(run(runner))
    if runner.failures:
        del _RUNNERS[codes]
    assert not runner.failures, runner.failures
    return found


def found_in(world: World, rules: Sequence[Rule]) -> list[Finding]:
    """What some rules of archlint find in a world by itself; fails if one of them raises."""
    return found_by(rules, lambda runner: [*runner.over_files(world), *runner.over_joins(world)])
