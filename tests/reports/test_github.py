"""Workflow commands: escapes, the gravest first, and an honest count of the rest."""

from __future__ import annotations

from archlint.finding import Finding, Location, Severity, Span
from archlint.reports import render
from tests.reports.sample import finding, report, result


def many(count: int, severity: Severity) -> list[Finding]:
    return [
        finding(
            "KUBE101",
            Location(f"{severity.label}/{number:03}.yaml", Span(1, 1, 1, 2)),
            {"container": "cart"},
            severity=severity,
        )
        for number in range(count)
    ]


def commands(*findings: Finding) -> list[str]:
    return render("github", report(result(findings))).splitlines()


def test_properties_and_message_are_escaped() -> None:
    one = finding("KUBE101", Location("a,b:c%.yaml", Span(3, 5, 3, 9)), {"container": "50%"})
    assert commands(one) == [
        "::error file=a%2Cb%3Ac%25.yaml,line=3,endLine=3,col=5,endColumn=9,"
        "title=KUBE101 memory-limit-missing::"
        "a,b:c%25.yaml:3:5: KUBE101 memory-limit-missing: Container '50%25' has no memory limit."
    ]


def test_no_columns_for_several_lines() -> None:
    one = finding("KUBE101", Location("a.yaml", Span(3, 5, 4, 2)), {"container": "x"})
    assert ",line=3,endLine=4,title=" in commands(one)[0]


def test_ten_of_each_level_and_the_rest_counted() -> None:
    lines = commands(*many(30, Severity.INFO), *many(11, Severity.WARNING), *many(12, Severity.ERROR))
    levels = [line[2 : line.index(" ")] for line in lines]
    assert levels == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert lines[-1].startswith(
        "::notice title=archlint::Not shown here: 2 errors, 1 warning and 21 infos in 24 files"
    )


def test_nothing_left_out_is_not_mentioned() -> None:
    lines = commands(*many(9, Severity.INFO), *many(10, Severity.ERROR))
    assert len(lines) == 19
    assert "Not shown" not in lines[-1]
