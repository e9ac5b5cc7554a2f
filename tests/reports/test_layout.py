"""The text report on a terminal: lines that fit, links, marks of what can be fixed, sums."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.finding import Fix, Location, ObjectRef, OperationName, Severity, Span
from archlint.reports import render
from archlint.reports.counts import by_rule
from archlint.reports.screen import Screen, width_of, words_of
from tests.reports.sample import FILES, FINDINGS, hostile_report, report, result, rule

WORDS = st.lists(st.text("ab`.é東\u0301", min_size=1, max_size=30), min_size=1, max_size=30)
CODES = [f"KUBE{number}" for number in range(900)]


def unlinked(text: str) -> str:
    return re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\", "", text)


@given(WORDS, st.integers(0, 20), st.integers(1, 120))
def test_wrapped_lines_fit_and_lose_no_word(words: list[str], margin: int, columns: int) -> None:
    lines = list(Screen(columns=columns).wrapped(words, " " * margin, " " * margin))
    assert " ".join(" ".join(lines).split()) == " ".join(" ".join(words).split())
    if columns - margin >= 24:
        assert all(width_of(line) <= columns or len(line.split()) == 1 for line in lines)
        for line, following in pairwise(lines):  # none is broken before it has to be
            assert width_of(f"{line} {following.strip().split(' ')[0]}") >= columns or line.endswith(" ")
    else:
        assert len(lines) == 1


@given(st.text("ab` ", max_size=200))
def test_words_of_a_text_are_the_text(text: str) -> None:
    assert " ".join(words_of(text)) == text


def test_code_between_backticks_is_one_word() -> None:
    assert words_of("Write `security: []` here, or `x") == ["Write", "`security: []`", "here,", "or", "`x"]
    long = f"`{'a ' * 30}`"
    assert words_of(long) == long.split(" ")


@pytest.mark.parametrize("columns", [*range(1, 60), 80, 120, 200])
def test_every_width_shows_all_marks_and_words(columns: int) -> None:
    narrow, wide = render("text", report(columns=columns)), render("text", report())
    assert narrow.count("^") == wide.count("^") or columns < 60
    for word in ("Container", "memory-limit-missing", '"total":', "GET /v1/carts/{id}/2"):
        assert word.split(" ")[-1] in narrow
    if columns >= 40:
        value = max(len(line) for line in wide.split("\n") if "accepted before" in line)
        assert all(width_of(line) <= max(columns, value) for line in narrow.split("\n"))


def test_lines_of_a_pipe_are_never_broken() -> None:
    long = replace(FINDINGS[0], message="word " * 300)
    text = render("text", report(result((long,), suppressed=())))
    assert "word " * 299 in text


def test_a_witness_stays_whole() -> None:
    assert '{"state": "open", "total": "inf"}' in render("text", report(columns=45))


def test_a_page_is_linked_at_its_code_alone() -> None:
    linked = render("text", report(links=True, url=lambda rule: f"https://example.org/{rule.code}"))
    assert "\x1b]8;;https://example.org/KUBE101\x1b\\KUBE101\x1b]8;;\x1b\\" in linked
    assert unlinked(linked) == render("text", report())
    assert render("text", report(links=False, url=lambda _: "https://example.org/")) == unlinked(linked)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/\x1b]0;title\x07",
        "https://example.org/\x9c",
        "https://example.org/a b",
        "https://example.org/\n::error::",
        "https://example.org/é",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_no_plain_address_is_no_link(address: str) -> None:
    assert "\x1b" not in render("text", report(links=True, url=lambda _: address))


def test_no_text_of_a_repository_gets_into_an_escape() -> None:
    text = render(
        "text", replace(hostile_report(), links=True, color=True, url=lambda _: "https://a.example/")
    )
    left = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;(https://a\.example/)?\x1b\\", "", text)
    assert "\x1b" not in left


def test_what_can_be_fixed_is_marked_and_counted() -> None:
    safe = replace(FINDINGS[0], fix=Fix(safe=True, edits=()))
    unsafe = replace(FINDINGS[1], fix=Fix(safe=False, edits=()))
    bare = replace(FINDINGS[3], fix=None)
    taken_back = replace(safe, suppressed="known")
    text = render(
        "text", report(result((safe, unsafe, bare), suppressed=(taken_back,)), show_suppressed=True)
    )
    assert text.count("[*]") == 2
    assert f"{safe.rule} [*]: {safe.message}" in text
    assert "[*] 1 finding can be fixed with `--fix` (1 more with `--fix --unsafe-fixes`).\n" in text
    assert "fix`" not in render("text", report(result((bare,), suppressed=())))
    assert [" [*]: " in line for line in render("concise", report(result((safe, bare)))).splitlines()] == [
        True,
        False,
    ]


@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(list(Severity))), min_size=1, max_size=200))
def test_counts_at_the_end_add_up(found: list[tuple[str, Severity]]) -> None:
    made = [replace(FINDINGS[3], code=code, severity=severity, rule=code) for code, severity in found]
    text = render("text", report(result(made, suppressed=())))
    rows = re.findall(r"^ +(\d+) (?:(?:error|warning|info) +KUBE|more\b)", text, re.M)
    assert sum(map(int, rows)) in (0, len(made))
    assert len(rows) <= 11
    counts = [rule.findings for rule in by_rule(made)]
    named = [count for count in counts if count > 1][:10]
    assert bool(rows) == (len(made) > 10 and len(counts) > 1 and 2 * sum(named) >= len(made))


def test_compatible_changes_are_counted_by_themselves() -> None:
    news = rule("OAS531", "operation-added", "New", Severity.INFO, "It is new.", tags=("changelog",))
    new = replace(FINDINGS[3], code="OAS531", rule=news.name, severity=Severity.INFO)
    rules = {"OAS531": news}
    both = render("text", replace(report(result((FINDINGS[0], new), suppressed=())), rules=rules))
    assert "Found 1 error and 1 compatible change in" in both
    alone = render("text", replace(report(result((new, new), suppressed=())), rules=rules))
    assert "Found nothing but 2 compatible changes in 1 of 12 files." in alone
    assert "archlint explain" not in alone


def test_what_message_and_line_say_is_not_said_again() -> None:
    one = replace(
        FINDINGS[0], message="Deployment 'cart' is wrong.", object=ObjectRef("Deployment", "cart", "shop")
    )
    one = replace(one, operations=(), location=Location("deploy/cart.yaml", Span(8, 11, 8, 15)), related=())
    assert "in Deployment" not in render("text", report(result((one,), suppressed=())))
    other = replace(one, message="Container 'cart' is wrong.")
    assert "^ in Deployment shop/cart\n" in render("text", report(result((other,), suppressed=())))
    unnamed = replace(other, object=ObjectRef("", "cart"))
    assert "Container 'cart' is wrong." in render("text", report(result((unnamed,), suppressed=())))
    longer = replace(
        one, object=None, operations=(OperationName("GET", "/carts"),), message="GET /carts/{id} is wrong."
    )
    assert "affects GET /carts\n" in render("text", report(result((longer,), suppressed=())))
    same = replace(longer, message="GET /carts is wrong.")
    assert "affects" not in render("text", report(result((same,), suppressed=())))


def test_a_related_line_is_shown_where_it_says_something_new() -> None:
    places = [Location("deploy/cart.yaml", Span(line, 1, line, 2), message="see here") for line in (2, 9)]
    text = FILES["deploy/cart.yaml", None].split("\n")
    for place in places:
        one = replace(FINDINGS[3], message=f"This is wrong: {text[1]}", related=(place,), fix=None)
        shown = render("text", report(result((one,), suppressed=())))
        assert ("~" in shown) is (place.span.line == 9)


def test_paths_are_told_as_a_user_can_open_them() -> None:
    shown = render("text", report(shown=lambda path: f"../{path}"))
    assert "\n../deploy/cart.yaml  1 error" in shown
    assert "failure: ../rules/acme.py" in shown
    for name in ("json", "sarif", "github", "gitlab", "junit", "markdown"):
        assert render(name, report(shown=lambda path: f"../{path}")) == render(name, report())
