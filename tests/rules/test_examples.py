"""Every example of every rule page is a test: a bad one gives exactly what is marked, a good one nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.pages import Case, Mark, cases_on
from tests.support.compiling import one_compiler
from tests.support.rules import own_rules
from tests.support.running import run_rule

RULES = {rule.name: rule for rule in own_rules()}
CASES = [
    pytest.param(rule, case, id=f"{rule.code}-{rule.name}-{case.name.replace(' ', '-')}")
    for rule in RULES.values()
    for case in cases_on(rule.page)
]


@pytest.fixture(scope="module", autouse=True)
def _one_compiler() -> Iterator[None]:
    with one_compiler():
        yield


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_example(rule, case: Case, tmp_path: Path) -> None:
    findings = [finding for finding in run_rule(rule, case, tmp_path) if finding.code == rule.code]
    seen = sorted(_mark(finding.location, finding.message) for finding in findings)
    assert seen == sorted(case.expected)
    assert bool(case.expected) == case.bad, "a bad example marks at least one finding, a good one none"
    related = {_mark(place, place.message) for finding in findings for place in finding.related}
    assert set(case.related) <= related
    given = {"safe" if finding.fix.safe else "unsafe" for finding in findings if finding.fix}
    assert given <= {rule.fix}, f"the page says 'fix: {rule.fix}', the check gives one that is {given}"


def _mark(location, message: str) -> Mark:
    span = location.span
    return Mark(location.path, span.line, span.column, span.end_column, message, location.revision)


@pytest.mark.parametrize("name", sorted(RULES))
def test_page_has_a_bad_and_a_good_example(name: str) -> None:
    cases = cases_on(RULES[name].page)
    assert {case.bad for case in cases} == {True, False}


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.fix != "none"))
def test_a_page_that_promises_a_fix_shows_one(name: str, tmp_path: Path) -> None:
    rule = RULES[name]
    cases = cases_on(rule.page)
    found = [
        finding
        for number, case in enumerate(cases)
        if case.bad
        for finding in run_rule(rule, case, tmp_path / str(number))
    ]
    assert any(finding.fix for finding in found), (
        f"the page says 'fix: {rule.fix}', but no finding of its examples has one: give `observe` a `fix`"
    )


def test_the_page_on_fixes_has_those_that_rules_have() -> None:
    text = (Path(__file__).parents[2] / "docs/fixes.md").read_text("utf-8")
    told = {
        name: fix
        for names, fix in re.findall(r"(?m)^\| (`.*?`) \| (safe|unsafe) \|", text)
        for name in re.findall(r"`([^`]+)`", names)
    }
    assert told == {rule.name: rule.fix for rule in RULES.values() if rule.fix != "none"}, "see docs/fixes.md"
