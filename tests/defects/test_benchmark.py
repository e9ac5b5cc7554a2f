"""Rules that join files find nine of ten defects put into healthy repositories, at the place to mend, with
the other side of the join; and they stay silent where a repository is only written otherwise.

Defects come from the clean shop, and from each checkout below the folder that ``ARCHLINT_SYSTEMS`` names.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from archlint.checks import Scope, check_of
from archlint.finding import Rule
from tests.defects.defects import Defect, operators_by_rule
from tests.defects.judging import Judge, Score
from tests.defects.systems import DRAWN, Tally, drawn, tallies
from tests.metamorphic.repositories import all_rules, shop
from tests.metamorphic.rewritings import REWRITINGS
from tests.support.sampling import IS_THOROUGH, usually

SYSTEMS = os.environ.get("ARCHLINT_SYSTEMS", "")
HARMLESS = ("keys shuffled", "comments and blank lines", "flow style", "renamed", "one file each")

WITHOUT: dict[str, str] = {
    "chart-not-rendered": "charts are rendered by a program; tests/charts breaks their templates",
    "values-schema-violated": "charts are rendered by a program; tests/charts breaks their values",
    "collector-batch-missing": "a pipeline and its exporter stand in one text",
    "credential-in-secret": "a value is judged by its own form",
    "credential-in-settings": "a value is judged by its own form",
    "secret-in-git": "a file is judged by what it holds",
    "collector-memory-unlimited": "a pipeline is judged by itself",
    "ruleset-invalid": "a ruleset is judged by itself",
}
"""Rules that need no defects of their own, each with the reason."""

_OPERATORS = operators_by_rule()
_RULES = {rule.name: rule for rule in all_rules()}
LEAST = 5
"""Defects of a rule in all systems together from which on its share is asked for."""


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(shop("clean"))


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest) -> list[Rule]:
    """The rules that this run of the tests is about."""
    mine = (item for item in request.session.items if item.path == request.path)
    calls = (getattr(item, "callspec", None) for item in mine)
    names = {call.params["rule"] for call in calls if call is not None}
    return [_RULES[name] for name in sorted(names & set(_RULES))]


@pytest.fixture(scope="module")
def seeded(judge: Judge, asked: list[Rule]) -> dict[str, list[Defect]]:
    return {rule.name: drawn(_OPERATORS[rule.name], judge.healthy) for rule in asked}


@pytest.fixture(scope="module")
def scores(judge: Judge, asked: list[Rule], seeded: dict[str, list[Defect]]) -> dict[str, Score]:
    """Read with half of the defects, of many rules at once, and in a thorough run with all one at a time."""
    if IS_THOROUGH:
        return {rule.name: judge.score(rule, seeded[rule.name]) for rule in asked}
    some = usually(DRAWN // 2, DRAWN)
    return judge.scores([(rule, defect) for rule in asked for defect in seeded[rule.name][:some]])


@pytest.fixture(scope="module")
def alarms(judge: Judge, asked: list[Rule]) -> Counter[str]:
    return judge.false_alarms(asked, (REWRITINGS[name](judge.healthy) for name in HARMLESS))


def test_every_rule_that_joins_files_and_that_no_other_tool_has_is_benchmarked() -> None:
    lacking = {rule.name for rule in all_rules() if not rule.aliases and _scope(rule) is Scope.WORLD}
    assert lacking - set(_OPERATORS) - set(WITHOUT) == set(), "write operators in tests/defects/operators"
    assert set(WITHOUT) <= lacking - set(_OPERATORS), "take these out of the table"


@pytest.mark.parametrize("rule", _OPERATORS)
def test_nine_of_ten_defects_of_the_shop_are_found(
    rule: str, seeded: dict[str, list[Defect]], scores: dict[str, Score]
) -> None:
    defects = seeded[_rule(rule).name]
    assert len(defects) >= DRAWN, f"only {len(defects)} defects: the operators find too few places"
    assert scores[rule].share >= 0.9, scores[rule].missed


@pytest.mark.parametrize("rule", _OPERATORS)
def test_harmless_variants_of_the_shop_raise_at_most_one_alarm(rule: str, alarms: Counter[str]) -> None:
    assert alarms[_rule(rule).code] <= 1


@pytest.mark.skipif(not SYSTEMS, reason="ARCHLINT_SYSTEMS names no folder of checkouts")
@pytest.mark.parametrize("rule", _OPERATORS)
def test_nine_of_ten_defects_of_public_systems_are_found(rule: str) -> None:
    told = [item for item in _measured() if item.rule == rule]
    tried, missed = sum(item.tried for item in told), sum(len(item.missed) for item in told)
    if tried < LEAST:
        pytest.skip(f"{tried} defects: too few places in these systems can be spoilt that way")
    assert missed <= 0.1 * tried, [f"{item.system}: {what}" for item in told for what in item.missed]


@cache
def _measured() -> list[Tally]:
    """What all rules make of the defects in all systems."""
    rules = [_rule(name) for name in _OPERATORS]
    folders = sorted(path for path in Path(SYSTEMS).iterdir() if path.is_dir())
    return [item for folder in folders for item in tallies(folder, rules, _OPERATORS)]


def _scope(rule: Rule) -> Scope | None:
    declared = check_of(f"archlint.checks.{rule.area.lower()}", rule.name)
    return None if declared is None else declared.scope


def _rule(name: str) -> Rule:
    assert name in _RULES, f"no rule is called {name}: its operators are there, and it is not written yet"
    return _RULES[name]
