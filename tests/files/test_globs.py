"""Exclude patterns."""

from __future__ import annotations

import pytest
from tests.support.limits import within

from archlint.files import DEFAULT_EXCLUDE, Exclusion


@pytest.mark.parametrize(
    ("pattern", "path", "excluded"),
    [
        ("legacy/**", "legacy/a.yaml", True),
        ("legacy/**", "legacy/a/b.yaml", True),
        ("legacy/**", "x/legacy/a.yaml", False),
        ("legacy/", "x/legacy/a.yaml", True),
        ("legacy/", "legacy", False),
        ("legacy", "legacy", True),
        ("/legacy", "x/legacy/a.yaml", False),
        ("/legacy", "legacy/a.yaml", True),
        ("./legacy", "legacy/a.yaml", True),
        ("./legacy", "x/legacy/a.yaml", False),
        ("*.gen.yaml", "a/b.gen.yaml", True),
        ("*.gen.yaml", "b.gen.yml", False),
        ("a/*.yaml", "a/b.yaml", True),
        ("a/*.yaml", "a/b/c.yaml", False),
        ("a/**/c.yaml", "a/c.yaml", True),
        ("a/**/c.yaml", "a/b/b/c.yaml", True),
        ("**/c/d.yaml", "c/c/d.yaml", True),
        ("**/c/**/e", "a/c/c/d/e", True),
        ("a?.yaml", "ab.yaml", True),
        ("a[0-9].yaml", "a7.yaml", True),
        ("a[!0-9].yaml", "a7.yaml", False),
        (r"a\*.yaml", "a*.yaml", True),
        (r"a\*.yaml", "ab.yaml", False),
        ("**", "a/b", True),
        ("", "a", False),
        ("!", "a", False),
        ("a\nb", "a\nb", True),
    ],
)
def test_patterns(pattern: str, path: str, excluded: bool) -> None:
    assert Exclusion([pattern]).excludes_file(path, "") is excluded


def test_defaults_leave_out_inputs_of_tests_and_copies() -> None:
    exclusion = Exclusion(DEFAULT_EXCLUDE)
    for path in (
        "a/testdata/x.yaml",
        "test/fixtures/x.yaml",
        "a/tests/e2e/fixtures/x.yaml",
        "vendor/x/y.proto",
        "a/third_party/x.proto",
        "web/node_modules/x/openapi.json",
        "pkg/fake/x.yaml",
        "a/e2e/x.yaml",
        "chart/tests/expected-output/x.yaml",
        "operator/tests/central/010-assert-openshift.yaml",
        "operator/tests/central/01-errors.yaml",
    ):
        assert exclusion.excludes_file(path, ""), path
    for path in ("fixtures/shop/x.yaml", "test/x.yaml", "vendors/x.yaml", "vendor"):
        assert not exclusion.excludes_file(path, ""), path


def test_a_named_folder_and_those_above_do_not_count() -> None:
    exclusion = Exclusion(DEFAULT_EXCLUDE)
    assert not exclusion.excludes_file("vendor/x/a.yaml", "vendor")
    assert not exclusion.excludes_file("vendor/x/a.yaml", "vendor/x")
    assert exclusion.excludes_file("vendor/x/node_modules/a.yaml", "vendor/x")
    assert exclusion.excludes_file("tests/fixtures/a.yaml", "tests")
    assert not Exclusion(["legacy/**"]).excludes_file("legacy/sub/a.yaml", "legacy/sub")


def test_a_later_pattern_takes_back() -> None:
    exclusion = Exclusion([*DEFAULT_EXCLUDE, "!/vendor/", "*.yaml", "!keep.yaml"])
    assert not exclusion.excludes_file("vendor/x/a.json", "")
    assert exclusion.excludes_file("a/vendor/a.json", "")
    assert exclusion.excludes_file("a/b.yaml", "")
    assert not exclusion.excludes_file("a/keep.yaml", "")


def test_hostile_patterns_and_depths_cost_little() -> None:
    deep = "/".join(["a"] * 2000)

    def match() -> None:
        assert not Exclusion(["*a" * 30 + "b", "**/a/" * 30 + "b"]).excludes_file("a" * 200, "")
        assert Exclusion(["**/a/**/a/**/x"]).excludes_file("/".join(["a"] * 200) + "/x", "")
        assert not Exclusion(["b/"]).excludes_file(deep, "")

    within(3, match)
