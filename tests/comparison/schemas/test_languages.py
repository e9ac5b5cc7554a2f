"""Patterns as languages: read as ECMA-262 does, compared within a budget, with a string between them."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.schemas.languages import (
    Language,
    Search,
    Unsupported,
    find_string,
    parse_pattern,
)
from archlint.comparison.schemas.languages.automaton import Automaton
from archlint.comparison.schemas.languages.characters import readable
from archlint.comparison.schemas.languages.search import accepts
from archlint.comparison.schemas.patterns import matches, parts
from archlint.comparison.schemas.values import Undecided
from tests.support.sampling import usually

HARD = "^(a|b)*a(a|b){14}$"


def between(wanted: str, unwanted: str, edges: int = 300_000, **lengths: int) -> str | None:
    """The shortest string that matches the one and not the other."""
    one, other = Automaton(parse_pattern(wanted)), Automaton(parse_pattern(unwanted))
    return find_string(Language((one,), (other,), **lengths), Search(edges))


@pytest.mark.parametrize(
    ("wanted", "unwanted", "found"),
    [
        ("^a+$", "^a*$", None),
        ("^a*$", "^a+$", ""),
        ("a", "^a", "ba"),
        ("^a", "a", None),
        ("^(a+)+$", "^a+$", None),
        (r"^\d{4}-\d{2}-\d{2}$", "^[0-9-]+$", None),
        (r"^\s$", "^[ ]$", "\t"),
        ("^[^a]$", "^[b-z]$", "0"),
        ("^.{1,255}$", "^[A-Za-z0-9._-]{1,255}$", " "),
        ("^[A-Za-z0-9._-]{1,255}$", "^.{1,255}$", None),
        ("^(?:ab|a)b?$", "^a(b|bb)?$", None),
        ("^$", "x", ""),
        ("^a|b$", "^a", "b"),
        ("^(^a|b$)", "a", "b"),
        ("a$b", "x", None),
    ],
)
def test_the_shortest_string_between_two_patterns(wanted: str, unwanted: str, found: str | None) -> None:
    assert between(wanted, unwanted) == found


def test_lengths_belong_to_the_language() -> None:
    assert between("^a*$", "^b", shortest=3) == "aaa"
    assert between("^a+$", "^aa?$", longest=2) is None


def test_a_hard_pattern_ends_within_its_budget() -> None:
    with pytest.raises(Undecided):
        between(HARD, "^(a|b)*a(b|a){14}$", edges=50_000)
    assert between(HARD, "^[ab]{15,}$") is None


def test_a_guess_helps_where_the_search_is_too_long() -> None:
    found = between(HARD, "^(a|b)*a(a|b){13}$", edges=50_000)
    assert found is not None
    assert matches(HARD, found)
    assert not matches("^(a|b)*a(a|b){13}$", found)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"(a)\1", r"\bword", "(?<=a)b", "(?<!a)b", r"\p{L}", "(", "a{2,1}", "*a", "[b-a]", "a**", "(?i)a"),
        *("a" * 5_000, "(" * 60 + "a" + ")" * 60, "^(a{1,200}){1,200}$", "[a", r"\u{110000}", "a{99999999}"),
        "^a(?=b)c$",
    ],
)
def test_what_is_no_regular_expression_here_is_said(pattern: str) -> None:
    with pytest.raises(Unsupported):
        Automaton(parse_pattern(pattern))
    assert isinstance(parts(pattern), str)
    assert matches(pattern, "a") is None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^\u0041\x42\u{43}$", "ABC", True),
        (r"^\ud83d\ude00$", "\U0001f600", True),
        (r"^[\w-.]+$", "a-b.c", True),
        (r"^[\]\\\-]+$", "]\\-", True),
        (r"^\cA$", "\x01", True),
        ("^.$", "\n", False),
        ("^.$", "\U0001f600", True),
        ("^[]$", "", False),
        ("^[^]$", "\n", True),
        ("^(?<year>[0-9]{4})$", "2024", True),
        ("^a{0}$", "", True),
        ("^(?=.*[0-9])(?=.*[a-z])[a-z0-9]+$", "a1", True),
        ("^(?=.*[0-9])(?=.*[a-z])[a-z0-9]+$", "aa", False),
        ("^(?!.*--)[a-z-]+$", "a--b", False),
        ("a|^b", "xb", False),
    ],
)
def test_matching(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\d", "^", "$", "c", r"\w", "-"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counted = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}"])
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, counted).map(lambda two: f"(?:{two[0]}){two[1]}"),
    )


PATTERNS = st.recursive(ATOMS, grown, max_leaves=8)
TEXTS = st.text(alphabet="abc-0", max_size=6)


@settings(max_examples=usually(150, 2000), deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=8, max_size=8))
def test_matching_agrees_with_the_validator(pattern: str, texts: list[str]) -> None:
    judge = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    automaton = Automaton(parse_pattern(pattern))
    for text in texts:
        assert accepts(automaton, text) == judge.is_valid(text), text


@settings(max_examples=usually(150, 2000), deadline=None)
@given(PATTERNS, PATTERNS, st.lists(TEXTS, min_size=8, max_size=8))
def test_inclusion_agrees_with_the_validator(wanted: str, unwanted: str, texts: list[str]) -> None:
    judges = [jsonschema_rs.Draft202012Validator({"pattern": pattern}) for pattern in (wanted, unwanted)]
    try:
        found = between(wanted, unwanted)
    except Undecided:
        return
    if found is not None:
        assert judges[0].is_valid(found)
        assert not judges[1].is_valid(found)
    else:
        assert not any(judges[0].is_valid(text) and not judges[1].is_valid(text) for text in texts)


@given(st.integers(0, 0x3000), st.integers(0, 70))
def test_a_character_of_a_range_is_one_that_people_can_read(first: int, more: int) -> None:
    rank, code = readable((first, first + more))
    assert first <= code <= first + more
    seen = [each for each in range(first, first + more + 1) if chr(each).isprintable() and each != 0x20]
    assert (rank < 300) is bool(seen[:1]) or more > 64 or 0x20 in range(first, first + more + 1)
    assert rank == 300 or chr(code).isprintable()
