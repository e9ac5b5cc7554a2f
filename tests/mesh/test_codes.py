"""The page about the codes of istioctl and Kiali says which rules have them, or why none has."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.support.rules import own_rules

PAGE = (Path(__file__).parents[2] / "docs" / "mesh.md").read_text("utf-8")
ROWS = dict(re.findall(r"(?m)^\| ((?:IST|KIA)\d{4}) \| [^|]+ \| ([^|]+) \|$", PAGE))
RULES = {rule.name: rule for rule in own_rules()}


def test_the_page_has_the_rules_of_each_code() -> None:
    by_code: dict[str, set[str]] = {code: set() for code in ROWS}
    for rule in RULES.values():
        for alias in rule.aliases:
            tool, _, code = alias.partition(":")
            if tool in ("istio", "kiali"):
                by_code.setdefault(code, set()).add(rule.name)
    for code, rules in by_code.items():
        assert code in ROWS, f"docs/mesh.md has no row for {code}"
        assert set(re.findall(r"`([a-z][a-z-]+)`", ROWS[code])) == rules, code


def test_a_code_without_rules_has_a_reason() -> None:
    silent = {code: said for code, said in ROWS.items() if "`" not in said}
    assert all(said.startswith(("none", "a failure")) for said in silent.values())
    assert Counter(code[:3] for code in ROWS) == {"IST": 68, "KIA": 72}


def test_the_page_names_rules_that_are_there() -> None:
    section = PAGE.partition("## The Gateway API")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", section)) <= set(RULES)
