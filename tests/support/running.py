"""Runs one rule over an example laid out on disk, through the same pipeline as the command line."""

from __future__ import annotations

from pathlib import Path

from archlint.checks import Scope, checks_of
from archlint.comparison import compare_worlds
from archlint.engine.reading import read_world
from archlint.engine.running import Runner
from archlint.files import WorkingTree
from archlint.finding import Finding, Rule
from archlint.judging import resolve
from tests.rules.pages import Case


def run_rule(rule: Rule, case: Case, folder: Path) -> list[Finding]:
    """All findings of a rule in a case; fails if the rule's check raises."""
    runner = Runner([rule], {rule.code: case.options})
    revision = _world(case.files, folder / "revision", None)
    declared = checks_of(f"{rule.provider}.{rule.area.lower()}")[rule.name]
    if declared.scope is Scope.CHANGE:
        base = _world(case.base, folder / "base", "base")
        evidence = list(runner.over_changes(compare_worlds(base, revision)))
    else:
        evidence = [*runner.over_files(revision), *runner.over_joins(revision)]
    assert not runner.failures, runner.failures
    return [resolve(item, {}) for item in evidence]


def _world(files: dict[str, str], folder: Path, revision: str | None):
    folder.mkdir(parents=True)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return read_world(WorkingTree(folder, revision=revision), sorted(files))
