"""Parts of an OpenAPI document that move behind ``$ref`` change no finding and break nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from archlint.finding import Finding
from tests.metamorphic.references import in_json, into_files, within_the_file
from tests.metamorphic.repositories import (
    Repository,
    all_rules,
    changes_between,
    examples,
    findings_in,
    shop,
)
from tests.support.sampling import share_of

RULES = [rule for rule in all_rules() if rule.area in ("OAS", "LINT")]
HARMFUL = [rule for rule in RULES if "changelog" not in rule.tags]
"""Rules about what hurts somebody; a changelog also tells where parts of a document are kept."""
STANDING = {"stability-level-unknown": "is told with every comparison, as none can be made with such a level"}
SHOPS = [Repository(variant, shop(variant, ".yaml", ".json")) for variant in ("clean", "broken")]
EXAMPLES = [item for item in examples(RULES) if item.name.startswith("OAS")]
SPLITS = {"within the file": within_the_file, "into files": into_files}
DIFFER = {
    ("into files", "unresolved-reference"): "a reference is written otherwise in another file",
    ("into files", "property-never-sent"): "another contract may send what lies in a file that is shared",
    ("into files", "openapi-structure-invalid"): "the schema of whole documents does not fit a part of one",
}


def part_of(repositories: list[Repository], split: str) -> list[Repository]:
    """Every third one, others for each way to split."""
    return share_of(repositories, 3, list(SPLITS).index(split))


BREAKING = "OAS5"
"""How the codes of rules begin that say which operations a change breaks, whatever lies in between."""


def cited(findings: Iterable[Finding], split: str) -> Counter[tuple[object, ...]]:
    """The findings with what they are about; they name a part that moved by its new name."""
    return Counter(
        (
            item.rule,
            item.message_id,
            item.operations if item.code.startswith(BREAKING) else (),
            item.severity,
        )
        for item in findings
        if (split, item.rule) not in DIFFER
    )


@pytest.mark.parametrize("name", SPLITS)
def test_findings_survive(name: str) -> None:
    is_split = 0
    taken = [*SHOPS, *part_of(EXAMPLES, name)]
    for item in taken:
        plain, split = in_json(item.files), SPLITS[name](item.files)
        is_split += plain != split
        before = findings_in(plain, RULES, item.options)
        after = findings_in(split, RULES, item.options)
        assert cited(after, name) == cited(before, name), item.name
    assert is_split > len(taken) / 2


@pytest.mark.parametrize("name", SPLITS)
def test_nothing_breaks(name: str) -> None:
    for item in [*SHOPS, *part_of(EXAMPLES, name)]:
        plain, split = in_json(item.files), SPLITS[name](item.files)
        for one, other in ((plain, split), (split, plain)):
            changes = changes_between(one, other, HARMFUL)
            assert [found.message for found in changes if found.rule not in STANDING] == [], item.name


@pytest.mark.parametrize("name", SPLITS)
def test_what_breaks_is_found_on_both_sides_of_a_split(name: str) -> None:
    split = SPLITS[name]
    pairs = [(item.base, item.files) for item in part_of([item for item in EXAMPLES if item.base], name)]
    for base, revision in (*pairs, (SHOPS[0].files, SHOPS[1].files)):
        expected = cited(changes_between(base, revision, HARMFUL), name)
        for one, other in ((split(base), split(revision)), (base, split(revision)), (split(base), revision)):
            assert cited(changes_between(one, other, HARMFUL), name) == expected
