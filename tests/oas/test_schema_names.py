"""Every edit of a schema, at every place: names, levels, and what is told once."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from archlint.checks.oas import names
from archlint.comparison import compare_worlds
from archlint.engine.running import Runner
from archlint.finding import Finding, Severity
from tests.oas.distances import Distances
from tests.oas.schema_edits import contracts, every_edit
from tests.oas.test_names import known
from tests.oas.worlds import oas_rules, world_of

VERSIONS = ("3.0.3", "3.1.0")
FAR = {
    "schema-incompatible": 3,
    "property-always-sent": 3,
    "property-no-longer-required": 3,
    "property-optional": 3,
    "property-required": 3,
    "constraint-changed": 2,
    "constraint-relaxed": 2,
    "parameter-default-changed": 2,
}
"""Steps from the places of some rules to what was edited: from a property to the list of required ones, from
a type to ``nullable``, from a parameter or a schema into it. Other findings stand at the edit itself."""


@cache
def sides(version: str, days: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """The contracts with all edits of a version; where deprecated parts have to stay for some days, with
    those of edits that deprecate."""
    named = [(name, pair) for made, name, pair in every_edit() if made == version]
    return contracts([edit for edit in named if not days or "deprecated" in edit[0]], version)


@cache
def found(version: str, days: int = 0) -> tuple[Finding, ...]:
    """What is found for every edit of a version."""
    base, revision = sides(version, days)
    runner = Runner(oas_rules(), {}, promises={"deprecation-days": {"stable": days}, "today": "2026-01-01"})
    worlds = world_of({"openapi.json": base}, "base"), world_of({"openapi.json": revision})
    findings = tuple(runner.over_changes(compare_worlds(*worlds)))
    assert not runner.failures, runner.failures
    return findings


def test_every_edit_at_every_place() -> None:
    """One test, as comparing some thousand edits takes longer than looking at what is found."""
    for version in VERSIONS:
        assert beyond_its_page(version) == set()
        assert incomplete(version) == []
        assert told_twice(version) == []
        assert at_a_wrong_level(version) == []
        assert at_a_wrong_place(version) == []
        assert misquoted(version) == []
    given = {
        alias
        for finding in (*found("3.0.3"), *found("3.0.3", days=30), *found("3.1.0"))
        for alias in finding.aliases
    }
    assert known() - given == set()
    assert not given & {f"oasdiff:{name}" for name in names.NEVER_SAID}


def beyond_its_page(version: str) -> set[tuple[str, str]]:
    """Rules with names of other tools that their pages do not have."""
    pages = {rule.name: set(rule.aliases) for rule in oas_rules()}
    given = {(finding.rule, alias) for finding in found(version) for alias in finding.aliases}
    return {(rule, alias) for rule, alias in given if alias not in pages[rule]}


def incomplete(version: str) -> list[Finding]:
    """Findings with a gap in the message, or without a place in the base."""
    return [
        finding
        for finding in found(version)
        if re.search(r"\{[a-z]+\}", finding.message)
        or (
            finding.rule != "contract-version-kept"
            and [place.revision for place in finding.related][:1] != ["base"]
        )
    ]


def told_twice(version: str) -> list[tuple[str, str]]:
    """Findings that nothing tells from another one."""
    keys = Counter((finding.fingerprint, finding.rule, finding.operations) for finding in found(version))
    return [(fingerprint, rule) for (fingerprint, rule, _), count in keys.items() if count > 1]


def at_a_wrong_level(version: str) -> list[Finding]:
    """Findings of changelog rules that do more than inform, and of others that do no more."""
    news = {rule.name for rule in oas_rules() if "changelog" in rule.tags}
    return [
        finding
        for finding in found(version)
        if (finding.severity is Severity.INFO) is not (finding.rule in news)
    ]


def at_a_wrong_place(version: str) -> list[tuple[str, str | None]]:
    """Findings that stand elsewhere than the edit, in the revision or in the base."""
    distances = Distances(*sides(version))
    return [
        (finding.message, place.pointer)
        for finding in found(version)
        if finding.rule != "contract-version-kept"
        for place in distances.misplaced(finding, FAR.get(finding.rule, 1))
    ]


def misquoted(version: str) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Findings with values that are not those of the edit, or those of the other side."""
    distances = Distances(*sides(version))
    found_wrong = ((finding.message, distances.misquoted(finding)) for finding in found(version))
    return [(message, wrong) for message, wrong in found_wrong if wrong]
