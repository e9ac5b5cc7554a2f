"""The checklist says of each item which rules tell it, or why files cannot."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.support.rules import own_rules

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "checklist.md").read_text("utf-8")
ROWS = re.findall(r"(?m)^\| (?!item )([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE)
CATALOGUE = ROOT.parent / "shared" / "catalogue" / "architecture-checklist.tsv"
FAR = {"full": "decided", "proxy": "in part: ", "not static": "not by files: "}


def test_each_item_names_rules_that_exist_or_why_there_are_none() -> None:
    names = {rule.name for rule in own_rules()}
    for item, told, far in ROWS:
        rules = re.findall(r"`([a-z][a-z-]+)`", told)
        assert set(rules) <= names, item
        assert far.startswith(tuple(FAR.values())), item
        assert bool(rules) != far.startswith("not by files: "), item
        assert len(far) > len("decided") or far == "decided", item


@pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue of checks is not beside the project")
def test_each_item_of_the_catalogue_stands_on_the_page() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as rows:
        wanted = [(row["item"], FAR[row["staticness"]]) for row in csv.DictReader(rows, delimiter="\t")]
    known = [(item[:1].lower() + item[1:], far) for item, _, far in ROWS]
    assert len(known) == len(wanted)
    for item, far in wanted:
        assert any(name == item[:1].lower() + item[1:] and said.startswith(far) for name, said in known), item
