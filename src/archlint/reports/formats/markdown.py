"""Markdown for job summaries and pull-request comments: what was removed comes first.

A pull request shows alerts only on lines that are in its diff, and a removed thing has none left; so findings
about the base stand in a table of their own before all others. Compatible changes ask nobody for anything and
stand folded up after all others.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding import Finding, Location, Severity
from archlint.finding.words import number_of
from archlint.reports import Report
from archlint.reports.consumers import broken_consumers
from archlint.reports.counts import GRAVEST_FIRST, by_severity, in_words, is_news
from archlint.reports.markdown_text import as_code, as_plain
from archlint.reports.proof import proof
from archlint.reports.reading import reading_line

LIMIT = 65_536
"""Characters that GitHub allows in a comment; a longer one is refused as a whole."""
_RESERVE = 400
"""Characters kept free for the sentence about what does not fit and for closing a section."""
_COLLAPSE = 20
"""Rows from which a table is folded up, unless it has errors: they are what a check fails for."""
_NEWS = "Compatible changes"
_NOTICE_LIMIT = 10


def render(report: Report) -> str:
    """Totals, then a table of what was removed or changed, then one for each severity."""
    result = report.result
    asking = [finding for finding in result.findings if not is_news(finding, report.rules)]
    news = len(result.findings) - len(asking)
    totals = in_words(by_severity(asking), news) if result.findings else "nothing found"
    parts = [f"## archlint: {totals}\n\n", _checked(report), *_notices(report)]
    used = sum(map(len, parts))
    left: list[Finding] = []
    for title, findings in _sections(report):
        text, rest = _section(report, title, findings, LIMIT - _RESERVE - used)
        parts.append(text)
        used += len(text)
        left += rest
    if left:
        parts.append(
            f"\n**Not shown: {in_words(by_severity(left))}.** A comment may have {LIMIT:,} characters;"
            " the other report formats list all.\n"
        )
    return "".join(parts)


def _checked(report: Report) -> str:
    result = report.result
    read = result.files if result.read is None else result.read
    words = [f"{number_of(read, 'file')} checked"]
    if result.base is not None:
        words.append(f"compared with {as_code(result.base[:12])}")
    if result.suppressed:
        words.append(f"{len(result.suppressed)} suppressed")
    line = reading_line(result)
    return ", ".join(words) + ".\n" + (f"\n{line}.\n" if line else "")


def _notices(report: Report) -> Iterator[str]:
    notices = report.result.notices
    for notice in notices[:_NOTICE_LIMIT]:
        where = f"{as_code(notice.path)}: " if notice.path else ""
        yield f"\n> **{as_plain(notice.level)}:** {where}{as_plain(notice.message)}\n"
    if len(notices) > _NOTICE_LIMIT:
        yield f"\n> and {number_of(len(notices) - _NOTICE_LIMIT, 'more notice')}.\n"


def _sections(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    findings = report.findings()
    counted = [finding for finding in findings if finding.suppressed is None]
    news = [finding for finding in counted if is_news(finding, report.rules)]
    asking = [finding for finding in counted if not is_news(finding, report.rules)]
    about_base = [finding for finding in asking if _old_place(finding) is not None]
    about_base.sort(key=lambda finding: (-finding.severity, not _is_removal(finding), finding.sort_key()))
    yield "Removed or changed since the base", about_base
    others = [finding for finding in asking if _old_place(finding) is None]
    for severity in GRAVEST_FIRST:
        title = severity.label.capitalize() + "s"
        yield title, [finding for finding in others if finding.severity is severity]
    yield _NEWS, news
    yield "Suppressed", [finding for finding in findings if finding.suppressed is not None]


def _old_place(finding: Finding) -> Location | None:
    """The place at the base revision that a finding is about, if it compares two revisions."""
    places = (finding.location, *finding.related)
    return next((place for place in places if place.revision is not None), None)


def _is_removal(finding: Finding) -> bool:
    return "removed" in finding.rule.split("-")


def _section(report: Report, title: str, findings: list[Finding], room: int) -> tuple[str, list[Finding]]:
    """The section's text, and the findings for which there was no room."""
    if not findings:
        return "", []
    has_errors = any(finding.severity is Severity.ERROR for finding in findings)
    folded = title == _NEWS or (len(findings) > _COLLAPSE and not has_errors)
    head = f"{title} ({len(findings)})"
    start = f"\n<details><summary>{head}</summary>\n" if folded else f"\n### {head}\n"
    start += "\n| Severity | Rule | Place | Finding |\n| --- | --- | --- | --- |\n"
    end = "\n</details>\n" if folded else ""
    rows: list[str] = []
    room -= len(start) + len(end)
    for index, finding in enumerate(findings):
        row = _row(report, finding)
        if len(row) > room:
            return (start + "".join(rows) + end if rows else ""), findings[index:]
        rows.append(row)
        room -= len(row)
    return start + "".join(rows) + end, []


def _row(report: Report, finding: Finding) -> str:
    place = _place(finding.location)
    old = _old_place(finding)
    if old is not None and old is not finding.location:
        place += f", was {_place(old)}"
    text = as_plain(finding.message)
    shown = proof(finding)
    if shown is not None:
        said, value = shown
        text += f"<br>{said}: {as_code(value) if finding.witness is not None else as_plain(value)}"
    text += "".join(f"<br>{as_plain(line)}" for line in broken_consumers(finding))
    if finding.suppressed is not None:
        text += f" ({as_plain(finding.suppressed)})"
    rule = f"{as_plain(finding.code)} {as_plain(finding.rule)}"
    known = report.rules.get(finding.code)
    link = report.url(known) if known is not None else None
    if link is not None:
        rule = f"[{rule}]({link})"
    return f"| {finding.severity.label} | {rule} | {place} | {text} |\n"


def _place(place: Location) -> str:
    side = f" ({as_plain(place.revision)})" if place.revision else ""
    return as_code(f"{place.path}:{place.span.line}") + side
