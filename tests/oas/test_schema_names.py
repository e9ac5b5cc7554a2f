"""Every edit of a schema, at every place: names, levels, and what is told once."""

from __future__ import annotations

import re
from functools import cache

import pytest

from archlint.checks.oas import names
from archlint.comparison import compare_worlds
from archlint.engine.running import Runner
from archlint.finding import Finding, Severity
from archlint.judging import resolve
from tests.oas.schema_edits import contracts, every_edit
from tests.oas.test_names import known
from tests.oas.worlds import oas_rules, world_of

VERSIONS = ("3.0.3", "3.1.0")


@cache
def found(version: str, days: int = 0) -> tuple[Finding, ...]:
    """What is found for every edit of a version."""
    edits = [(name, pair) for made, name, pair in every_edit() if made == version]
    base, revision = contracts(edits, version)
    runner = Runner(oas_rules(), {}, {"deprecation-days": {"stable": days}, "today": "2026-01-01"})
    worlds = world_of({"openapi.json": base}, "base"), world_of({"openapi.json": revision})
    findings = tuple(resolve(item, {}) for item in runner.over_changes(compare_worlds(*worlds)))
    assert not runner.failures, runner.failures
    return findings


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_given_is_on_the_page(version: str) -> None:
    pages = {rule.name: set(rule.aliases) for rule in oas_rules()}
    beyond = {(finding.rule, alias) for finding in found(version) for alias in finding.aliases}
    assert {pair for pair in beyond if pair[1] not in pages[pair[0]]} == set()


def test_every_name_is_given_by_some_edit() -> None:
    given = {
        alias
        for finding in (*found("3.0.3"), *found("3.0.3", days=30), *found("3.1.0"))
        for alias in finding.aliases
    }
    assert known() - given == set()
    assert not given & {f"oasdiff:{name}" for name in names.NEVER_SAID}


@pytest.mark.parametrize("version", VERSIONS)
def test_messages_are_complete_and_places_stand_in_both_sides(version: str) -> None:
    for finding in found(version):
        assert not re.search(r"\{[a-z]+\}", finding.message), finding.message
        if finding.rule != "contract-version-kept":
            assert [place.revision for place in finding.related][:1] == ["base"], finding


@pytest.mark.parametrize("version", VERSIONS)
def test_no_finding_is_told_twice(version: str) -> None:
    keys = [(finding.fingerprint, finding.rule, finding.operations) for finding in found(version)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("version", VERSIONS)
def test_changelog_rules_only_inform_and_others_never_only_do(version: str) -> None:
    news = {rule.name for rule in oas_rules() if "changelog" in rule.tags}
    for finding in found(version):
        assert (finding.severity is Severity.INFO) is (finding.rule in news), finding
