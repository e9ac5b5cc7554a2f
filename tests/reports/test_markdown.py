"""Markdown: what was removed first, nothing of a message is markup, and never too long for a comment."""

from __future__ import annotations

import re
from dataclasses import replace

from archlint.finding import Location, Span
from archlint.reports import render
from archlint.reports.markdown import LIMIT
from tests.reports.sample import FINDINGS, finding, report, result


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


def test_long_tables_are_folded() -> None:
    many = [
        finding("KUBE101", Location(f"{number:02}.yaml", Span(1, 1, 1, 2)), {"container": "x"})
        for number in range(21)
    ]
    text = render("markdown", report(result(many)))
    assert "<details><summary>Errors (21)</summary>\n\n| Severity" in text
    assert text.rstrip().endswith("</details>")


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
