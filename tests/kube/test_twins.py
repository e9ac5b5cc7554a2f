"""Each check that other tools have is told where it is broken, and not where one field is as it should be."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from archlint.finding import Finding, Rule
from tests.kube.twins import Twin, twins
from tests.kube.worlds import world_of
from tests.support.rules import own_rules, registry
from tests.support.runners import found_in

_CATALOGUE = Path(__file__).parents[3] / "shared" / "catalogue"
_ELSEWHERE = {
    "allowed-registry": "rules/kube/image-registry-not-allowed.md: the rule needs an option",
    "user-rules": "tests/adapters: policies in CEL, and rules of plugins",
    "connectivity-diff": "tests/net/connectivity: `archlint network diff`",
}
"""Topics that other tests assert, and where."""
_OPEN = {
    *("redundant-or-shadowed", "ingress-backend-blocked"),
    *("connectivity-contract", "cross-namespace-exposure"),
}
"""Topics that no rule tells yet."""


def _found(twin: Twin, value: object, folder: Path) -> list[Finding]:
    return found_in(world_of(folder, {"cart.yaml": twin.text(value)}), [_rule_of(twin)])


def _rule_of(twin: Twin) -> Rule:
    rule = registry().find(twin.rule)
    assert rule is not None, twin
    return rule


@pytest.mark.parametrize("twin", twins(), ids=str)
def test_a_fault_is_told_with_the_names_of_the_tools_and_its_twin_is_not(twin: Twin, tmp_path: Path) -> None:
    told, left = _found(twin, twin.bad, tmp_path / "bad"), _found(twin, twin.good, tmp_path / "good")
    assert told
    assert twin.names <= {name for finding in told for name in finding.aliases}
    assert twin.names.isdisjoint(name for finding in left for name in finding.aliases)
    assert twin.names or not left


@pytest.mark.parametrize("tool", ["kube-linter", "kube-score", "polaris", "pss"])
def test_every_check_of_a_tool_has_a_twin(tool: str) -> None:
    of_pages = {name for rule in own_rules() for name in rule.aliases if name.startswith(f"{tool}:")}
    of_twins = Counter(name for twin in twins() for name in twin.names)
    assert of_pages - set(of_twins) == set(), "write a row for it in twins.yaml"


@pytest.mark.skipif(not _CATALOGUE.is_dir(), reason="the catalogue is not part of the project")
@pytest.mark.parametrize("tool", ["kube-linter", "kube-score", "polaris"])
def test_every_check_of_the_catalogue_has_a_twin(tool: str) -> None:
    known = {row["id"] for row in _rows(f"{tool}.tsv")}
    named = {name.partition(":")[2] for twin in twins() for name in twin.names if name.startswith(f"{tool}:")}
    assert known == named


@pytest.mark.skipif(not _CATALOGUE.is_dir(), reason="the catalogue is not part of the project")
def test_topics_of_the_catalogue_are_asserted() -> None:
    topics = {row["topic"] for row in _rows("kubernetes-topics.tsv")}
    asserted = {twin.topic for twin in twins()} | set(_ELSEWHERE)
    assert topics - asserted <= _OPEN
    assert len(topics & asserted) >= 108


def test_a_rule_of_a_row_is_one_that_has_its_names() -> None:
    for twin in twins():
        assert twin.names <= set(_rule_of(twin).aliases), twin


def _rows(name: str) -> list[dict[str, str]]:
    with (_CATALOGUE / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
