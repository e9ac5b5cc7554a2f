"""Reports of the gate: no list has no end, and a comment takes the page whole."""

from __future__ import annotations

from archlint.finding import Confidence, Finding, Location, Result, Severity, Span
from archlint.finding.records import replace
from archlint.judging.release.verdict import GateVerdict, Outcome, Part, Safeguard
from archlint.reports.formats.markdown import LIMIT
from archlint.reports.gate.markdown import gate_markdown
from archlint.reports.gate.text import gate_text

MANY = 3000


def _verdict(length: int) -> GateVerdict:
    texts = tuple("x" * length + str(number) for number in range(MANY))
    return GateVerdict(
        result=Result(findings=()),
        policy="the defaults",
        safeguards=tuple(Safeguard(text, 1, text) for text in texts),
        excused=(),
        parts=(Part("files", "Files", Outcome.FAILED, told=texts, unknown=texts),),
        waived=(),
        versions=(),
        released=None,
    )


def test_long_lists_are_capped() -> None:
    text, page = gate_text(_verdict(1)), gate_markdown(_verdict(1))
    for report in (text, page):
        assert report.count(f"and {MANY - 50} more") == 3
        assert len(report.splitlines()) < 200
    assert "| Part | Verdict |" in page


def test_a_page_is_no_longer_than_a_comment_may_be_and_ends_with_the_verdict() -> None:
    page = gate_markdown(_verdict(100_000))
    assert len(page) <= LIMIT
    assert "not shown" in page
    assert "must not go out: Files" in page.splitlines()[-2]


def _finding(rule: str, severity: Severity, line: int) -> Finding:
    place = Location("api.yaml", Span(line, 1, line, 2))
    return Finding("OAS999", rule, severity, Confidence.HIGH, f"{rule}.", "default", {}, place, str(line))


def test_what_is_gone_comes_first_in_markdown_and_pushes_no_error_out() -> None:
    errors = [_finding("parameter-required", Severity.ERROR, line) for line in range(1, 4)]
    gone = [_finding("component-schema-removed", Severity.INFO, line) for line in range(10, 100)]
    part = Part("contracts", "Contracts", Outcome.FAILED, (*errors, *gone))
    page = gate_markdown(replace(_verdict(1), parts=(part,)))
    rows = [line for line in page.splitlines() if "OAS999" in line]
    assert len(rows) == 50
    assert ["required" in row for row in rows] == [False] * 47 + [True] * 3
