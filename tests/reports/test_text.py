"""The report for people: marks under the right characters, colours, cuts, statistics."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.finding import Location, OperationName, Severity, Span, Witness
from archlint.reports import render
from archlint.reports.counts import by_rule, by_severity
from archlint.reports.excerpt import WIDTH, excerpt
from tests.reports.sample import FINDINGS, NOTICES, finding, report, result, rule
from tests.reports.snapshot import matches_snapshot


def marked(line: str, column: int, end_column: int) -> tuple[str, str]:
    found = excerpt([line], Span(1, column, 1, end_column))
    assert found is not None
    return found.text, " " * found.mark_start + "^" * found.mark_width


@pytest.mark.parametrize(
    ("line", "columns", "text", "marks"),
    [
        ("  name: cart", (3, 7), "  name: cart", "  ^^^^"),
        ("\tname: cart", (2, 6), "    name: cart", "    ^^^^"),
        ("ab\tname", (4, 8), "ab  name", "    ^^^^"),
        ("東京: x", (5, 6), "東京: x", "      ^"),
        ("東京: x", (1, 3), "東京: x", "^^^^"),
        ("e\u0301tat: x", (7, 8), "e\u0301tat: x", "     ^"),
        ("name:", (6, 7), "name:", "     ^"),
        ("name:", (99, 100), "name:", "     ^"),
        ("", (1, 1), "", "^"),
        ("name:\r", (6, 7), "name:", "     ^"),
        ("a\x1b[31m: x", (8, 9), "a\u241b[31m: x", "       ^"),
    ],
)
def test_mark_stands_under_the_place(line: str, columns: tuple[int, int], text: str, marks: str) -> None:
    assert marked(line, *columns) == (text, marks)


def test_long_lines_are_cut_around_the_place() -> None:
    text, marks = marked("x" * 5000 + "KEY" + "y" * 5000, 5001, 5004)
    assert len(text) <= WIDTH
    assert text.startswith("…x") and text.endswith("y…")
    assert text[len(marks) - 3 : len(marks)] == "KEY"


def test_a_place_at_the_start_of_a_long_line_is_not_cut_left() -> None:
    text, marks = marked("KEY" + "y" * 5000, 1, 4)
    assert text.startswith("KEYy") and text.endswith("y…")
    assert marks == "^^^"


def test_a_span_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    found = excerpt(["a: b", "c"], Span(1, 4, 2, 2))
    assert found is not None
    assert (found.mark_start, found.mark_width) == (3, 1)


def test_a_line_that_does_not_exist_has_no_excerpt() -> None:
    assert excerpt(["a"], Span(2, 1, 2, 2)) is None
    assert excerpt([], Span(1, 1, 1, 2)) is None


@given(st.text(max_size=500), st.integers(1, 600), st.integers(0, 600))
def test_excerpts_of_any_line_fit(line: str, column: int, width: int) -> None:
    found = excerpt([line], Span(1, column, 1, column + width))
    assert found is not None
    assert found.mark_width >= 1
    assert found.mark_start + found.mark_width <= WIDTH
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e]", found.text)


def test_colours_only_when_asked() -> None:
    plain, coloured = render("text", report()), render("text", report(color=True))
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    matches_snapshot("text-color.txt", coloured)


def test_statistics_stand_in_place_of_findings() -> None:
    matches_snapshot("text-statistics.txt", render("text", report(statistics=True)))
    clean = render("text", report(result((), suppressed=()), statistics=True))
    assert clean == "All clear: 12 files checked, nothing found.\n"


LEVELS = st.sampled_from(list(Severity))
CODES = st.sampled_from(sorted({one.code for one in FINDINGS}))


@given(st.lists(st.tuples(CODES, LEVELS), max_size=20))
def test_counts_by_rule_add_up_to_the_totals_by_severity(found: list[tuple[str, Severity]]) -> None:
    known = {one.code: one for one in FINDINGS}
    findings = [replace(known[code], severity=severity) for code, severity in found]
    totals = dict.fromkeys(Severity, 0)
    for count in by_rule(findings):
        totals[count.severity] += count.findings
    assert totals == by_severity(findings)


@pytest.mark.parametrize("count", [2, 3, 32])
def test_findings_at_one_place_share_one_block(count: int) -> None:  # their messages name no subject
    old = [Location("deploy/cart.yaml", Span(1, 1, 1, 2), message=f"Old {n}") for n in range(count)]
    same = [
        replace(FINDINGS[2], message=f"Image {n:02} has no tag.", related=(old[n],), fix=None)
        for n in range(count)
    ]
    other = replace(FINDINGS[3], location=same[0].location)
    mixed = [same[0], other, *same[1:]]
    lines = render("text", report(result(mixed, suppressed=()))).split("\n")
    assert sum("^" in line for line in lines) == 2
    assert [line for line in lines if "Image " in line] == [
        f"  9:11  warning KUBE301 image-tag-missing: Image {n:02} has no tag." for n in range(count)
    ]
    assert sum("Old" in line for line in lines) == min(count, 5)
    assert ("more place" in "".join(lines)) is (count > 5)


def test_what_is_said_of_one_finding_of_a_block_stands_below_it() -> None:
    first, second = (replace(FINDINGS[0], operations=(OperationName("GET", f"/v1/{name}"),)) for name in "ab")
    lines = render("text", report(result((first, second), suppressed=()))).split("\n")
    assert [" ".join(line.split()) for line in lines if "affects" in line] == [
        "= affects GET /v1/a",
        "= affects GET /v1/b",
    ]
    assert sum("^" in line for line in lines) == 1


@pytest.mark.parametrize("count", [3, 4, 40, 101])
@pytest.mark.parametrize("severity", [Severity.INFO, Severity.ERROR])
def test_what_is_alike_at_one_place_is_told_once(count: int, severity: Severity) -> None:
    gone = rule("OAS545", "schema-removed", "Gone", severity, "'{name}' is gone.", tags=("changelog",))
    one = replace(FINDINGS[3], code="OAS545", rule=gone.name, severity=severity, object=None, related=())
    found = [
        replace(one, message=f"'S{n:02}' is gone.", arguments={"name": f"S{n:02}", "where": f"S{n:02}"})
        for n in range(count)
    ]
    text = render("text", replace(report(result(found, suppressed=())), rules={"OAS545": gone}))
    assert all(f"S{n:02}" in text for n in range(count))
    assert text.count("is gone") == (count if count <= 3 else 1)
    assert (f"and {count - 1} more like it here: S01, S02" in text) is (count > 3)


@pytest.mark.parametrize("other", ["severity", "message_id", "code", "arguments"])
def test_what_differs_in_more_than_a_name_is_told_by_itself(other: str) -> None:
    one = replace(FINDINGS[3], related=(), fix=None)
    found = [replace(one, message=f"'S{n}' is gone.", arguments={"name": f"S{n}"}) for n in range(8)]
    changes = {
        "severity": {"severity": Severity.WARNING},
        "message_id": {"message_id": "another"},
        "code": {"code": "KUBE301"},
        "arguments": {"arguments": {"name": "S5", "value": "more"}},
    }
    found[5] = replace(found[5], **changes[other])  # type: ignore[arg-type]
    text = render("text", report(result(found, suppressed=())))
    assert text.count("is gone") == 2 and "'S5' is gone" in text
    assert "and 6 more like it here: S1, S2, S3, S4, S6, S7" in " ".join(text.split())


def test_the_heading_names_the_file_of_the_base() -> None:
    def at(path: str, line: int) -> Location:
        return Location(path, Span(line, 1, line, 2), revision="base")

    def shown(*related: Location) -> str:
        found = [replace(FINDINGS[3], location=Location("new.yaml", Span(1, 1, 1, 2)), related=related)]
        return render("text", report(result(found, suppressed=())))

    both = shown(at("old.yaml", 3), at("old.yaml", 4))
    assert "\n  the base is old.yaml\n" in both and "= 3:1 in the base" in both and "old.yaml:" not in both
    for text in (shown(at("old.yaml", 3)), shown(at("old.yaml", 3), at("other.yaml", 4))):
        assert "the base is" not in text and "= old.yaml:3:1 in the base" in text
    assert "the base is" not in shown(at("new.yaml", 3), at("new.yaml", 4))


def test_no_place_and_no_value_is_told_twice() -> None:
    twice = Location("deploy/cart.yaml", Span(2, 1, 2, 2), message="defined here")
    one = replace(
        FINDINGS[3],
        message="This Deployment kind is set twice (first on line 2).",
        related=(twice, twice),
        fix=None,
    )
    assert "defined here" not in render("text", report(result((one,), suppressed=())))
    other = replace(one, message="This Deployment kind is set twice (first on line 22).")
    assert render("text", report(result((other,), suppressed=()))).count("defined here") == 1
    value = {"state": "open"}
    said = replace(
        FINDINGS[1], witness=Witness(value, "base", "revision"), message=f"Not {json.dumps(value)}."
    )
    assert "accepted before" not in render("text", report(result((said,), suppressed=())))


def test_an_error_without_a_witness_says_why() -> None:
    bare = replace(FINDINGS[1], witness=None, unproved="no value at all can be sent")
    assert "= no value is shown: no value at all can be sent" in render("text", report(result((bare,))))


def test_many_related_places_are_counted() -> None:
    places = tuple(Location("deploy/cart.yaml", Span(n, 1, n, 2), message="Used here") for n in range(1, 10))
    one = finding("KUBE301", FINDINGS[2].location, {"image": "x"}, related=places)
    text = render("text", report(result((one,))))
    assert text.count("Used here") == 5
    assert "and 4 more places" in text


def test_paths_without_files_say_so() -> None:
    assert render("text", report(result((), files=0, suppressed=()))) == (
        "Nothing to check: no files were found.\n"
    )


def test_a_failed_run_is_never_all_clear() -> None:
    text = render("text", report(result((), notices=NOTICES, suppressed=())))
    assert text == (
        "failure: rules/acme.py: plugin 'acme' failed: 100%\n\n"
        "Nothing found in 12 files, but not everything could be checked.\n"
    )
