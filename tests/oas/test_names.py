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


_SEVERAL = frozenset(
    (
        *(
            "api-path-sunset-parse",
            "request-parameter-sunset-parse",
        ),  # an end that cannot be read
        *(
            "api-removed-without-deprecation",
            "api-removed-before-sunset",
        ),  # a path left empty
        *("response-media-type-removed",),  # by a range that means more
    )
)


def test_no_name_belongs_to_two_rules_unless_both_can_mean_it() -> None:
    """What a name is given to may be harmless: then it is on a finding of the changelog."""
    rules = [rule for rule in oas_rules() if "changelog" not in rule.tags]
    shared = [alias for rule in rules for alias in rule.aliases if alias.startswith("oasdiff:")]
    twice = {alias.removeprefix("oasdiff:") for alias in shared if shared.count(alias) > 1}
    assert {name for name in twice if not _is_of_schema(name)} == _SEVERAL


def _is_of_schema(name: str) -> bool:
    """Whether a name is about the inside of a schema, where one edit has several sides."""
    return "property" in name or "-body-" in name
