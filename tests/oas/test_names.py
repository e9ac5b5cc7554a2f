"""The names under which other tools know a finding: what a rule can give is on its page."""

from __future__ import annotations

import pytest

from archlint.checks.oas import names
from tests.oas.worlds import oas_rules


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ("schema-type-changed", names.TYPES),
        ("enum-changed", names.ENUMS),
        ("constraint-changed", names.CONSTRAINTS),
        ("alternative-changed", names.ALTERNATIVES),
    ],
)
def test_page_lists_what_the_table_gives(rule: str, table: dict[str, tuple[str, ...]]) -> None:
    (page,) = [each for each in oas_rules() if each.name == rule]
    assert sorted(page.aliases) == sorted(names.every(table))


def test_no_name_belongs_to_two_rules_unless_both_can_mean_it() -> None:
    shared = [alias for rule in oas_rules() for alias in rule.aliases if alias.startswith("oasdiff:")]
    twice = {alias for alias in shared if shared.count(alias) > 1}
    assert twice == {"oasdiff:api-path-sunset-parse"}
