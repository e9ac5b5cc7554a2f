"""Proto files written anew have the same findings, and break nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.metamorphic.repositories import (
    Files,
    Repository,
    all_rules,
    changes_between,
    examples,
    findings_in,
    seen,
    shop,
)
from tests.support.compiling import one_compiler

REWRITTEN = {
    *("proto-comment-missing", "proto-package-folder", "proto-package-in-folders"),
    "proto-copy-drifted",  # whose message has the path of the other copy
    "proto-import-order",  # for which comments end a block
    *("aip-comment-apart", "aip-comment-link", "aip-comment-markup", "aip-comment-trademark"),
    *("aip-deprecation-unexplained", "aip-field-type-unexpected", "aip-offset-unexplained"),
    "aip-declarative-action",  # which a comment lets pass
}
"""The rules about comments and names of folders, both of which are rewritten here."""
RULES = [rule for rule in all_rules() if rule.area in ("PROTO", "LINT") and rule.name not in REWRITTEN]
REPOSITORIES = [
    *(Repository(f"the {variant} shop", shop(variant, ".proto")) for variant in ("clean", "broken")),
    *(item for item in examples(RULES) if any(path.endswith(".proto") for path in item.files)),
]


@pytest.fixture(scope="module", autouse=True)
def _one_compiler() -> Iterator[None]:
    with one_compiler():
        yield


def anew(files: Files) -> dict[str, str]:
    """The files elsewhere, with a mark at the start, other line ends, comments and blank lines between."""
    return {
        f"moved/here/{path}": "\ufeff" + text.replace("\n", "\n\n/* ; } */  \n// {\n").replace("\n", "\r\n")
        for path, text in files.items()
        if path.endswith(".proto")
    }


def test_findings_survive() -> None:
    for item in REPOSITORIES:
        before = seen(findings_in({k: v for k, v in item.files.items() if k.endswith(".proto")}, RULES))
        assert seen(findings_in(anew(item.files), RULES)) == before, item.name


def test_nothing_breaks() -> None:
    for item in REPOSITORIES[:2]:
        assert [found.message for found in changes_between(item.files, anew(item.files), RULES)] == []


def test_what_breaks_is_found_in_any_writing() -> None:
    clean, broken = shop("clean", ".proto"), shop("broken", ".proto")
    found = seen(changes_between(clean, broken, RULES))
    assert found
    assert seen(changes_between(anew(clean), anew(broken), RULES)) == found
