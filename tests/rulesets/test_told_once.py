"""What an element lacks is told by the house's rule alone, and by archlint's where the house demands else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.judging.house_findings import MISSED
from tests.paths.worlds import lay_out
from tests.rules.pages import cases_on
from tests.support.inside import archlint
from tests.support.rules import own_rules

Told = set[tuple[str, int, str]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bad examples of all such rules, each in a folder."""
    rules = [rule for rule in own_rules() if rule.name in MISSED]
    assert {rule.name for rule in rules} == set(MISSED), "rules that are not there any more"
    files = {
        f"{rule.code.lower()}-{number}/{path}": text
        for rule in rules
        for number, case in enumerate(cases_on(rule.page))
        if case.bad and not case.base and not case.options
        for path, text in case.files.items()
    }
    return lay_out(files, tmp_path_factory.mktemp("pages"))


def told(folder: Path, fields: Iterable[str]) -> Told:
    """Where such rules, and rules of a house that demand fields of all elements, tell something."""
    house = {
        f"has-{name}": {"given": ["$", "$..*"], "then": {"field": name, "function": "defined"}}
        for name in fields
    }
    (folder / ".spectral.yaml").write_text(yaml.safe_dump({"rules": house}), "utf-8")
    done = archlint("check", ".", "--select", "ALL", "--format", "json", "--fail-on", "never", cwd=folder)
    report: dict[str, Any] = json.loads(done.out)
    return {
        (item["path"], item["line"], item["rule"])
        for item in report["findings"]
        if item["rule"] in MISSED or item["rule"].startswith("has-")
    }


def test_what_the_house_demands_is_told_by_the_house(pages: Path) -> None:
    alone = told(pages, ())
    assert {rule for _, _, rule in alone} == set(MISSED), "pages without an example that tells it"
    with_house = told(pages, set(MISSED.values()))
    assert {rule for _, _, rule in with_house}.isdisjoint(MISSED)
    assert {(path, line, f"has-{MISSED[rule]}") for path, line, rule in alone} <= with_house


def test_what_the_house_demands_elsewhere_hides_nothing(pages: Path) -> None:
    named = told(pages, {"x-of-the-house"})
    assert {each for each in named if each[2] in MISSED} == told(pages, ())


def test_each_field_is_demanded_by_itself(pages: Path) -> None:
    left = {rule for _, _, rule in told(pages, {"description"})} & set(MISSED)
    assert left == {rule for rule, field in MISSED.items() if field != "description"}
