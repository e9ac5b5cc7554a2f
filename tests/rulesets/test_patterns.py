"""Regular expressions of ECMAScript mean here what they mean there."""

from __future__ import annotations

import pytest

from archlint.model.rulesets.patterns import PatternError, PatternLimit, written_pattern
from tests.support.limits import within


@pytest.mark.parametrize(
    ("pattern", "found", "missed"),
    [
        ("^/{id}$", "/{id}", "/id"),
        ("/^ABC$/i", "abc", "abcd"),
        ("^(?!x-)", "y", "x-y"),
        (r"(a)\1", "aa", "ab"),
        (r"(?<n>a|b)\k<n>", "bb", "ab"),
        ("^[^]$", "\n", "ab"),
        ("a$", "a", "a\n"),
        (r"\bé", "xé", "é"),
        (r"^\w$", "_", "é"),
        (r"^\d$", "1", "\u0661"),
        (r"^\s$", "\ufeff", "\u180e"),
        ("^.$", "é", "\u2028"),
        ("a{,3}", "a{,3}", "aaa"),
        (r"[a-\d]", "-", "b"),
        (r"\i", "i", "\\"),
        (r"\u00e9", "é", "u"),
        (r"^\p{L}$", "p{L}", "é"),
        (r"/^\p{L}$/u", "é", "1"),
        ("/^b/m", "a\nb", "ab"),
        ("/b/y", "b", "ab"),
        (r"^\x41\t\cI$", "A\t\t", "A"),
        ("/a.b/s", "a\nb", "ab"),
    ],
)
def test_meaning(pattern: str, found: str, missed: str) -> None:
    assert written_pattern(pattern).is_in(found)
    assert not written_pattern(pattern).is_in(missed)


@pytest.mark.parametrize(
    "pattern", ["(", "a**", "[b-a]", "\\", "/a/x", "a{2,1}", "(?<=a)*", "(a{9999}){9999}", "(" * 200]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        written_pattern(pattern)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*b", "(a*)*b", "^(a|aa)+$", "(.*)*x"])
def test_hostile_patterns_take_linear_time(pattern: str) -> None:
    assert not within(5, lambda: written_pattern(pattern).is_in("a" * 50_000 + "!"))


def test_a_limit_is_told_and_never_taken_for_no_match() -> None:
    with pytest.raises(PatternLimit):
        within(5, lambda: written_pattern("((?=a)a|a)*b").is_in("a" * 60))
