"""The names under which other tools know a finding: what a rule can give is on its page."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from archlint.checks.oas import names
from tests.oas.worlds import oas_rules

_TABLES = (
    *(names.VALUES, names.TYPES, names.NULLS, names.ALTERNATIVES, names.CONSTRAINTS, names.NOTES),
    *(names.LIFECYCLES, names.PROPERTIES),
)
_CATALOGUE = Path(__file__).parents[3] / "shared" / "catalogue" / "oasdiff.tsv"


def known() -> set[str]:
    """All names of changes inside of schemas."""
    return {*names.every(*_TABLES), *(f"oasdiff:{name}" for name in names.NEW_PROPERTIES)}


def test_every_name_of_the_tables_is_on_a_page() -> None:
    listed = {alias for rule in oas_rules() for alias in rule.aliases}
    assert known() <= listed


@pytest.mark.skipif(not _CATALOGUE.is_file(), reason="the catalogue is not part of the project")
def test_every_name_of_the_catalogue_is_on_a_page() -> None:
    listed = {alias for rule in oas_rules() for alias in rule.aliases}
    with _CATALOGUE.open(encoding="utf-8") as lines:
        wanted = {row["id"] for row in csv.DictReader(lines, delimiter="\t")}
    missing = wanted - names.NEVER_SAID - {alias.removeprefix("oasdiff:") for alias in listed}
    assert {name for name in missing if not name.startswith("api-") and "item-schema" not in name} == set()
    assert {alias.removeprefix("oasdiff:") for alias in known()} <= wanted


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
    of_schemas = {alias.removeprefix("oasdiff:") for alias in known()}
    assert {name for name in twice - of_schemas if "-body-media-type-" not in name} == _SEVERAL
