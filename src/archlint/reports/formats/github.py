"""Workflow commands that GitHub Actions turns into annotations on a run and on the changed lines."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding import Finding, Notice, Severity
from archlint.finding.words import number_of
from archlint.reports import Report
from archlint.reports.characters import visible
from archlint.reports.consumers import broken_consumers
from archlint.reports.counts import GRAVEST_FIRST, by_severity, in_words
from archlint.reports.proof import in_a_line

_LIMIT = 10
"""GitHub shows so many annotations of each level for one step and drops the rest without a word."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MESSAGE_LIMIT = 2000


def render(report: Report) -> str:
    """The gravest findings as one command a line, then how many were left out."""
    shown: list[str] = []
    left: list[Finding] = []
    for severity in GRAVEST_FIRST:
        notices = [_notice(notice) for notice in report.result.notices if _weight(notice) is severity]
        findings = [finding for finding in report.result.findings if finding.severity is severity]
        findings.sort(key=Finding.sort_key)
        # The line that tells of the rest is a notice itself and must not be the eleventh.
        limit = _LIMIT - 1 if severity is Severity.INFO else _LIMIT
        room = max(limit - len(notices), 0)
        shown += notices[:limit]
        shown += [_finding(finding) for finding in findings[:room]]
        left += findings[room:]
    return "".join(f"{line}\n" for line in (*shown, *_rest(left)))


def _rest(left: list[Finding]) -> Iterator[str]:
    if left:
        files = number_of(len({finding.location.path for finding in left}), "file")
        text = (
            f"Not shown here: {in_words(by_severity(left))} in {files}, because GitHub shows"
            f" {_LIMIT} annotations of each level for a step. The other report formats list all."
        )
        yield f"::notice title=archlint::{_data(text)}"


def _weight(notice: Notice) -> Severity:
    return Severity.parse(notice.level)


def _notice(notice: Notice) -> str:
    place = f"file={_property(notice.path)}," if notice.path else ""
    return f"::{_COMMANDS[_weight(notice)]} {place}title=archlint::{_data(notice.message)}"


def _finding(finding: Finding) -> str:
    span = finding.location.span
    properties = [f"file={_property(finding.location.path)}", f"line={span.line}"]
    if span.end_line == span.line:
        properties += [f"endLine={span.line}", f"col={span.column}", f"endColumn={span.end_column}"]
    else:  # columns are refused for annotations of several lines
        properties.append(f"endLine={span.end_line}")
    properties.append(f"title={_property(f'{finding.code} {finding.rule}')}")
    return f"::{_COMMANDS[finding.severity]} {','.join(properties)}::{_text(finding)}"


def _text(finding: Finding) -> str:
    """Place, rule and message, as logs and lists of annotations show the text alone; below, the proof."""
    span = finding.location.span
    place = f"{finding.location.path}:{span.line}:{span.column}"
    shown = [in_a_line(finding), *broken_consumers(finding)]
    below = "".join(f"%0A  {_data(line)}" for line in shown if line is not None)
    return f"{_data(f'{place}: {finding.code} {finding.rule}: {finding.message}')}{below}"


def _data(text: str) -> str:
    """A command's message: line ends are already written as escapes, so only the escape itself is left."""
    return visible(text, _MESSAGE_LIMIT).replace("%", "%25")


def _property(text: str) -> str:
    """A command's property, in which the separators are escaped as well."""
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
