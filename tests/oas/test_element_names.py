"""Every edit above schemas is judged where it is, under names that are on the page of its rule; all can be
given."""

from __future__ import annotations

from functools import cache
from itertools import chain

import pytest

from archlint.checks.oas import element_names
from archlint.comparison import compare_worlds
from archlint.engine.running import Runner
from archlint.finding import Finding, Severity
from tests.oas.distances import Distances
from tests.oas.element_edits import TODAY, edits
from tests.oas.worlds import oas_rules, world_of

TABLES = [value for name, value in vars(element_names).items() if name.isupper() and isinstance(value, dict)]
EDITS = edits()
CALLED_BACK = "{$request.body#/url}"
NEW_POST = "POST /v1/carts/{id} is new"
AROUND = 2
"""Steps to an edit from a list, an item or a callback that is told as a whole."""


@cache
def found_in(name: str) -> tuple[Finding, ...]:
    old, new = EDITS[name]
    options = {"today": TODAY.isoformat()}
    found: list[Finding] = []
    for days in ({}, {"beta": 10, "stable": 10}):
        runner = Runner(oas_rules(), {}, promises={**options, "deprecation-days": days})
        changes = compare_worlds(world_of({"a.json": old}, "base"), world_of({"a.json": new}))
        found += runner.over_changes(changes)
        assert not runner.failures, runner.failures
    return tuple(found)


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_is_told_in_words_under_names_of_its_page(name: str) -> None:
    pages = {rule.code: rule for rule in oas_rules()}
    found = [finding for finding in found_in(name) if finding.rule != "contract-version-kept"]
    assert found, "nothing is told"
    for finding in found:
        assert set(finding.aliases) <= set(pages[finding.code].aliases)
        assert not name.startswith("callback") or CALLED_BACK in finding.message
        assert not finding.message.startswith(NEW_POST) or finding.rule == "operation-added"
        assert "{" not in finding.message.replace("{id}", "").replace("{$request", "")
        if "changelog" in pages[finding.code].tags:
            assert finding.severity is Severity.INFO
        else:
            assert finding.severity is not Severity.INFO


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_is_told_where_it_is_in_both_revisions(name: str) -> None:
    distances = Distances(*EDITS[name])
    for finding in found_in(name):
        if finding.rule != "contract-version-kept":  # which is told at the version
            assert distances.misplaced(finding, AROUND) == []
            assert distances.misquoted(finding) == []
            revisions = [place.revision for place in (finding.location, *finding.related)]
            is_of_the_base = finding.message_id == "base"
            assert revisions == ["base"] if is_of_the_base else revisions[:2] in ([None], [None, "base"])


def test_every_name_can_be_given() -> None:
    given = {alias for name in EDITS for finding in found_in(name) for alias in finding.aliases}
    listed = set(chain.from_iterable(element_names.every(table) for table in TABLES))
    assert listed - given == set()


def test_what_is_on_a_page_can_be_given() -> None:
    given: dict[str, set[str]] = {}
    for name in EDITS:
        for finding in found_in(name):
            given.setdefault(finding.rule, set()).update(finding.aliases)
    listed = set(chain.from_iterable(element_names.every(table) for table in TABLES))
    for rule in (rule for rule in oas_rules() if rule.name in given):
        mine = set(rule.aliases) & listed
        unused = mine - given.get(rule.name, set())
        assert not unused, f"{rule.name} lists {sorted(unused)}"
