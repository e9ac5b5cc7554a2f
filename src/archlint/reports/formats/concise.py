"""One line for each finding, as compilers print them: for editors, ``grep``, and links to click."""

from __future__ import annotations

from archlint.finding import Finding
from archlint.reports import Report
from archlint.reports.blocks import FIXABLE, is_fixable
from archlint.reports.characters import visible
from archlint.reports.proof import in_a_line

_MESSAGE_LIMIT = 2000


def render(report: Report) -> str:
    """The findings in the order of all reports; nothing if there are none. The totals are no line of it, as
    editors take each line for a finding: they go to standard error."""
    return "".join(f"{_line(finding, report)}\n" for finding in report.findings())


def _line(finding: Finding, report: Report) -> str:
    at = finding.location
    place = f"{visible(report.shown(at.path))}:{at.span.line}:{at.span.column}"
    side = "" if at.revision is None else f" ({at.revision})"
    level = finding.severity.label if finding.suppressed is None else f"{finding.severity.label} (suppressed)"
    message = visible(finding.message, _MESSAGE_LIMIT)
    proof = in_a_line(finding)
    shown = "" if proof is None else f" ({proof})"
    mark = f" {FIXABLE}" if is_fixable(finding) else ""
    return f"{place}{side}: {level} {finding.code} {finding.rule}{mark}: {message}{shown}"
