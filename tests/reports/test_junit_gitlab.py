"""JUnit totals are right, and GitLab's fingerprints are unique and outlive moves within a file."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

from archlint.finding import Location, Span
from archlint.reports import render
from tests.reports.sample import FINDINGS, finding, report, result


def fingerprints(*lines: int) -> list[str]:
    found = [
        finding("KUBE101", Location("a.yaml", Span(line, 1, line, 2)), {"container": "x"}) for line in lines
    ]
    return [issue["fingerprint"] for issue in json.loads(render("gitlab", report(result(found))))]


def test_gitlab_fingerprints_are_unique_and_stable() -> None:
    first = fingerprints(1, 5)
    assert len(set(first)) == 2
    assert fingerprints(3, 9) == first


def test_gitlab_fields() -> None:
    issues = json.loads(render("gitlab", report()))
    assert [issue["severity"] for issue in issues] == ["critical", "critical", "minor", "critical", "info"]
    assert issues[0]["location"] == {"path": "api/carts v2.yaml", "lines": {"begin": 3, "end": 3}}


def test_junit_counts() -> None:
    root = ET.fromstring(render("junit", report(show_suppressed=True)))
    assert root.attrib == {
        "name": "archlint",
        "tests": "7",
        "failures": "5",
        "errors": "1",
        "skipped": "1",
    }
    assert sum(int(suite.get("tests", "")) for suite in root) == 7


def test_junit_has_a_case_without_findings() -> None:
    root = ET.fromstring(render("junit", report(result(()))))
    assert (root.get("tests"), root.get("failures")) == ("1", "0")


def test_junit_tells_related_places() -> None:
    one = replace(FINDINGS[0], message="It\x00is gone.")
    failure = ET.fromstring(render("junit", report(result((one,))))).find(".//failure")
    assert failure is not None
    assert failure.text == (
        "api/carts v2.yaml:3:1: error OAS502 operation-removed: It\\x00is gone.\n"
        "api/carts v2.yaml:5:5 (base): The operation was here"
    )
