"""What a run reads of the rules is what their pages say, whether or not anybody has read them before."""

from __future__ import annotations

import json
from pathlib import Path

from archlint.finding import Confidence, Profile, Rule, Severity, Status
from archlint.registry import load_rules, rules_folder
from archlint.registry.index import page_paths, read_pages, write_index


def test_kept_rules_are_those_of_the_pages(tmp_path: Path) -> None:
    read = load_rules(tmp_path)
    assert read == read_pages(rules_folder())
    assert load_rules(tmp_path) == read


def test_what_is_usual_is_what_a_rule_has_by_itself(tmp_path: Path) -> None:
    page = page_paths(rules_folder())[0]
    bare = Rule(
        "KUBE999",
        "a-rule",
        "Title",
        Severity.INFO,
        Confidence.LOW,
        Profile.OPTIONAL,
        Status.STABLE,
        {},
        page=str(page),
    )
    write_index(tmp_path / "index.json", [bare], rules_folder())
    entry = json.loads((tmp_path / "index.json").read_text("utf-8"))["rules"][0]
    required = {"code", "name", "title", "severity", "confidence", "profile", "status", "messages"}
    assert entry.keys() == {*required, "page"}
