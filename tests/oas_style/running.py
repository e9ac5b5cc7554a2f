"""Runs rules about OpenAPI over documents given as text or data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archlint.engine.reading import read_world
from archlint.engine.running import Runner
from archlint.files import WorkingTree
from archlint.finding import Finding, Rule
from tests.support.rules import own_rules

RULES = [rule for rule in own_rules() if rule.area == "OAS"]
BY_NAME = {rule.name: rule for rule in RULES}


def judge(folder: Path, files: dict[str, Any], *names: str, **options: Any) -> list[Finding]:
    """What some rules, or all, find in files whose content is text or data; fails if a rule fails."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    rules: list[Rule] = [BY_NAME[name] for name in names] or RULES
    runner = Runner(rules, {rule.code: options for rule in rules} if options else {})
    world = read_world(WorkingTree(folder), sorted(files))
    found = [*runner.over_files(world), *runner.over_joins(world)]
    assert not runner.failures, runner.failures
    return found


def said(findings: list[Finding]) -> list[tuple[str | None, str]]:
    """Where and what, in the order of the text."""
    return [(each.location.pointer, each.message) for each in sorted(findings, key=Finding.sort_key)]
