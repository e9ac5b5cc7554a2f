"""The page about API Improvement Proposals says of each rule of api-linter which rule stands for it, or why
none does."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.rules import own_rules

ROOT = Path(__file__).parents[2]
TOLD = dict(re.findall(r"(?m)^\| `([\w:-]+)` \| (.+) \|$", (ROOT / "docs/aip.md").read_text("utf-8")))
CATALOGUE = ROOT.parent / "shared" / "catalogue" / "google-api-linter.tsv"


def test_each_row_has_the_rules_that_have_its_name() -> None:
    rules = defaultdict(set)
    for rule in own_rules():
        for alias in rule.aliases:
            tool, _, name = alias.partition(":")
            if tool == "api-linter":
                rules[name].add(rule.name)
    assert rules == {
        name: found for name, said in TOLD.items() if (found := set(re.findall("`(.+?)`", said)))
    }


def test_what_no_rule_tells_has_a_reason() -> None:
    unsaid = [name for name, said in TOLD.items() if not said.startswith("`") and not re.match(r"not", said)]
    assert not unsaid, f"docs/aip.md: say why {unsaid} are not told, beginning with 'not'"


def test_rules_of_the_preset_run_only_if_somebody_asks() -> None:
    rules = [rule for rule in own_rules() if set(rule.presets) == {"aip"}]
    assert len(rules) >= 4
    assert {rule.profile.label for rule in rules} == {"optional"}


@pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue of checks is not beside the project")
def test_each_rule_of_api_linter_has_a_row() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as rows:
        assert list(TOLD) == [row["id"] for row in csv.DictReader(rows, delimiter="\t")]
