"""Rules that join files find nine of ten defects put into healthy repositories, at the place to mend, with
the other side of the join; and they stay silent where a repository is only written otherwise.

Defects come from the clean shop, and from each checkout below the folder that ``ARCHLINT_SYSTEMS`` names.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from archlint.checks import Scope, check_of
from archlint.finding import Rule
from tests.defects.defects import Defect, operators_by_rule
from tests.defects.judging import false_alarms, score
from tests.metamorphic.repositories import Files, all_rules, shop
from tests.metamorphic.rewritings import REWRITINGS

SYSTEMS = os.environ.get("ARCHLINT_SYSTEMS", "")
NAMES = sorted(item.name for item in Path(SYSTEMS).iterdir()) if SYSTEMS else ["none"]
SEED = 20261130
DRAWN = 20
LARGEST_FILE, MOST_FILES = 300_000, 3_000
HARMLESS = ("keys shuffled", "comments and blank lines", "flow style", "renamed", "one file each")

WITHOUT: dict[str, str] = {
    "chart-not-rendered": "charts are rendered by a program; tests/charts breaks their templates",
    "values-schema-violated": "charts are rendered by a program; tests/charts breaks their values",
    "collector-batch-missing": "a pipeline and its exporter stand in one text",
    "credential-in-secret": "a value is judged by its own form",
    "credential-in-settings": "a value is judged by its own form",
    "secret-in-git": "a file is judged by what it holds",
    "collector-memory-unlimited": "a pipeline is judged by itself",
}
"""Rules that need no defects of their own, each with the reason."""

_OPERATORS = operators_by_rule()
_RULES = {rule.name: rule for rule in all_rules()}


def drawn(rule: str, files: Files) -> list[Defect]:
    """Up to twenty defects of a rule, always the same ones for the same repository."""
    found = [defect for operator in _OPERATORS[rule] for defect in operator(files)]
    found.sort(key=lambda defect: defect.what)
    return Random(SEED).sample(found, min(DRAWN, len(found)))


@pytest.fixture(scope="module")
def clean() -> Files:
    return shop("clean")


def test_every_rule_that_joins_files_and_that_no_other_tool_has_is_benchmarked() -> None:
    lacking = {rule.name for rule in all_rules() if not rule.aliases and _scope(rule) is Scope.WORLD}
    assert lacking - set(_OPERATORS) - set(WITHOUT) == set(), "write operators in tests/defects/operators"
    assert set(WITHOUT) <= lacking - set(_OPERATORS), "take these out of the table"


@pytest.mark.parametrize("rule", _OPERATORS)
def test_nine_of_ten_defects_of_the_shop_are_found(rule: str, clean: Files) -> None:
    defects = drawn(rule, clean)
    assert len(defects) >= DRAWN, f"only {len(defects)} defects: the operators find too few places"
    result = score(_rule(rule), clean, defects)
    assert result.share >= 0.9, result.missed


@pytest.mark.parametrize("rule", _OPERATORS)
def test_harmless_variants_of_the_shop_raise_at_most_one_alarm(rule: str, clean: Files) -> None:
    variants = [REWRITINGS[name](clean) for name in HARMLESS]
    assert false_alarms(_rule(rule), clean, variants) <= 1


@pytest.mark.parametrize("rule", _OPERATORS)
@pytest.mark.parametrize("name", NAMES)
def test_nine_of_ten_defects_of_public_systems_are_found(rule: str, name: str) -> None:
    if name == "none":
        pytest.skip("ARCHLINT_SYSTEMS names no folder of checkouts")
    files = _checkout(Path(SYSTEMS) / name)
    defects = drawn(rule, files)
    if not defects:
        pytest.skip(f"nothing in {name} can be spoilt that way")
    result = score(_rule(rule), files, defects)
    assert result.share >= 0.9, result.missed


def _scope(rule: Rule) -> Scope | None:
    declared = check_of(f"archlint.checks.{rule.area.lower()}", rule.name)
    return None if declared is None else declared.scope


def _rule(name: str) -> Rule:
    assert name in _RULES, f"no rule is called {name}: its operators are there, and it is not written yet"
    return _RULES[name]


def _checkout(folder: Path) -> dict[str, str]:
    """The text files of a checkout, without what is too large to be written by hand."""
    found = {}
    for path in sorted(folder.rglob("*"))[:MOST_FILES]:
        if path.is_file() and ".git" not in path.parts and path.stat().st_size < LARGEST_FILE:
            try:
                found[path.relative_to(folder).as_posix()] = path.read_text("utf-8")
            except UnicodeDecodeError:
                continue
    return found
