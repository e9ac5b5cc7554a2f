"""JUnit XML: a suite for each file, a failed case for each finding; every build server can show it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import groupby

from archlint.finding import Finding
from archlint.reports import Report
from archlint.reports.characters import visible
from archlint.reports.proof import in_a_line

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(report: Report) -> str:
    """The suites; one passed case stands for a run without findings, as readers refuse empty reports."""
    suites = ET.Element("testsuites", {"name": "archlint"})
    findings = report.findings()
    for path, group in groupby(findings, key=lambda finding: finding.location.path):
        _file(suites, path, list(group))
    failures = [notice for notice in report.result.notices if notice.level == "error"]
    if failures or not findings:
        suite = ET.SubElement(suites, "testsuite", {"name": "archlint"})
        for notice in failures:
            where = f" {visible(notice.path)}" if notice.path else ""
            case = ET.SubElement(suite, "testcase", {"name": f"run{where}", "classname": "archlint"})
            ET.SubElement(case, "error", {"message": visible(notice.message)})
        if len(suite) == 0:
            ET.SubElement(suite, "testcase", {"name": "no findings", "classname": "archlint"})
    for element in (*suites, suites):
        _count(element)
    ET.indent(suites, " ")
    return _DECLARATION + ET.tostring(suites, encoding="unicode") + "\n"


def _file(suites: ET.Element, path: str, findings: list[Finding]) -> None:
    name = visible(path)
    suite = ET.SubElement(suites, "testsuite", {"name": name})
    for finding in findings:
        at = finding.location.span
        case = ET.SubElement(
            suite,
            "testcase",
            {
                "name": f"{finding.code} {finding.rule} at {at.line}:{at.column}",
                "classname": name,
                "file": name,
                "line": str(at.line),
            },
        )
        message = visible(finding.message)
        if finding.suppressed is not None:
            ET.SubElement(case, "skipped", {"message": f"{message} ({visible(finding.suppressed)})"})
            continue
        proved = in_a_line(finding)
        told = message if proved is None else f"{message} ({proved})"
        failure = ET.SubElement(case, "failure", {"message": told, "type": finding.severity.label})
        failure.text = "\n".join(_details(finding))


def _details(finding: Finding) -> list[str]:
    head = f"{finding.severity.label} {finding.code} {finding.rule}: {visible(finding.message)}"
    lines = []
    shown = in_a_line(finding)
    for place, text in [
        (finding.location, head),
        *((related, visible(related.message)) for related in finding.related),
    ]:
        side = f" ({place.revision})" if place.revision else ""
        lines.append(f"{visible(place.path)}:{place.span.line}:{place.span.column}{side}: {text}")
    return lines if shown is None else [lines[0], shown, *lines[1:]]


def _count(element: ET.Element) -> None:
    """Sets the totals that readers expect on suites and on the whole."""
    for attribute, tag in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        element.set(attribute, str(sum(1 for _ in element.iter(tag))))
