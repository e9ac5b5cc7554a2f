"""Markdown: what was removed first, nothing of a message is markup, and never too long for a comment."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from archlint.finding import Location, Severity, Span
from archlint.reports import render
from archlint.reports.formats.markdown import LIMIT
from tests.reports.sample import FINDINGS, finding, report, result, rule


def test_removals_come_before_all_others() -> None:
    rows = re.findall(r"^\| (?:error|warning|info) \| \[?(\w+)", render("markdown", report()), re.MULTILINE)
    assert rows == ["OAS502", "OAS510", "KUBE101", "KUBE301", "OWN101"]


def test_a_removal_comes_first_whatever_its_place() -> None:
    place = Location("z.yaml", Span(9, 1, 9, 2))
    late = replace(FINDINGS[0], location=place)
    text = render("markdown", report(result((FINDINGS[1], late))))
    assert text.index("OAS502") < text.index("OAS510")


def test_messages_are_no_markup() -> None:
    one = finding(
        "KUBE101",
        Location("a|b`.yaml", Span(1, 1, 1, 2)),
        {"container": "*x* _y_ [l](http://e.example) @team #12 <img> `c` | $z$ &amp; www.e.example"},
    )
    row = render("markdown", report(result((one,)))).splitlines()[-1]
    assert row == (
        "| error | [KUBE101 memory-limit-missing](https://docs.example.com/rules/memory-limit-missing.html)"
        " | a\\|b\\`.yaml:1 | Container '\\*x\\* \\_y\\_"
        " \\[l\\](http:&#8203;//e.example) @&#8203;team #&#8203;12 &lt;img&gt; \\`c\\` \\| \\$z\\$ &amp;amp;"
        " www&#8203;.e.example' has no memory limit. |"
    )


@pytest.mark.parametrize("code", ["KUBE101", "KUBE301"])
def test_long_tables_are_folded_unless_a_check_fails_for_them(code: str) -> None:
    many = [
        finding(code, Location(f"{number:02}.yaml", Span(1, 1, 1, 2)), {"container": "x", "image": "y"})
        for number in range(21)
    ]
    text = render("markdown", report(result(many)))
    if code == "KUBE101":
        assert "\n### Errors (21)\n\n| Severity" in text
    else:
        assert "<details><summary>Warnings (21)</summary>\n\n| Severity" in text
        assert text.rstrip().endswith("</details>")


def test_what_breaks_stands_before_compatible_changes_and_open() -> None:
    news = rule("OAS531", "operation-added", "New", Severity.INFO, "It is new.", tags=("changelog",))
    new = replace(FINDINGS[0], code="OAS531", rule=news.name, severity=Severity.INFO)
    warnings = [
        replace(FINDINGS[0], severity=Severity.WARNING, location=Location(f"{n}.yaml", Span(1, 1, 1, 2)))
        for n in range(30)
    ]
    made = report(result((new, *warnings, FINDINGS[1])))
    text = render("markdown", replace(made, rules={**made.rules, "OAS531": news}))
    assert text.startswith("## archlint: 1 error, 30 warnings and 1 compatible change\n")
    assert "\n### Removed or changed since the base (31)\n" in text
    assert text.index("| error") < text.index("| warning") < text.index("<details>") < text.index("| info")
    assert "<details><summary>Compatible changes (1)</summary>" in text


def test_never_longer_than_a_comment_may_be() -> None:
    many = [
        finding(
            "KUBE101" if number % 2 else "KUBE301",
            Location(f"{number:05}.yaml", Span(1, 1, 1, 2)),
            {"container": "x" * 300, "image": "y" * 300},
        )
        for number in range(1000)
    ]
    text = render("markdown", report(result(many)))
    assert len(text) <= LIMIT
    shown = len(re.findall(r"^\| error", text, re.MULTILINE))
    assert shown > 100
    assert f"**Not shown: {500 - shown} errors and 500 warnings.**" in text
    assert text.count("<details>") == text.count("</details>")
