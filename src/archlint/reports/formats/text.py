"""The report for people: by file, with source lines and a mark under each place, and a summary.

Below the heading of a file stand ``line:column`` alone. Lines are as wide as the terminal, and of any length
where there is none, so that what reads them from a pipe finds each message on one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from archlint.finding import Finding, Severity
from archlint.finding.place import OF_BUILDS
from archlint.reports import Report
from archlint.reports.alike import alike
from archlint.reports.blocks import COLORS, DIM, Blocks, base_of, path_of, where
from archlint.reports.characters import visible
from archlint.reports.counts import by_rule, by_severity, in_words, is_news
from archlint.reports.reading import reading_line
from archlint.reports.screen import Screen, words_of
from archlint.reports.summary import statistics, summary

_WIDEST = 12
"""Columns for ``line:column``; a longer place moves what stands behind it."""
_HEADING = "1;4"


def render(report: Report) -> str:
    """The report as lines for a terminal."""
    findings = report.findings()
    screen = Screen(report.color, report.links, report.columns)
    lines: list[str] = []
    if report.statistics:
        lines += statistics(by_rule(findings), report, screen)
    else:
        changes = [finding for finding in findings if is_news(finding, report.rules)]
        others = [finding for finding in findings if not is_news(finding, report.rules)]
        for path, group in groupby(others, key=lambda finding: finding.location.path):
            lines += _file(path, list(group), report, screen)
        lines += _news(changes, report, screen)
    failures = [notice for notice in report.result.notices if notice.level == "error"]
    for notice in failures:
        where_to = f"{path_of(notice.path, report)}: " if notice.path else ""
        word = screen.paint("failure:", COLORS[Severity.ERROR])
        lines += screen.wrapped([word, *words_of(f"{where_to}{visible(notice.message)}")], "", "  ")
    if failures:
        lines.append("")
    if report.summary:
        lines += summary(report, screen)
        unread = reading_line(report.result)
        lines += [] if unread is None else screen.wrapped(words_of(unread), "", "  ")
    return "\n".join(lines) + "\n" if lines else ""


def _file(path: str, findings: Sequence[Finding], report: Report, screen: Screen) -> Iterator[str]:
    counts = by_severity(finding for finding in findings if finding.suppressed is None)
    counted = in_words(counts) if any(counts.values()) else "suppressed"
    yield f"{screen.paint(path_of(path, report), _HEADING)}  {screen.paint(counted, DIM)}"
    base = base_of(findings)
    if base not in ("", path):
        yield screen.paint(f"  the base is {path_of(base, report)}", DIM)
    blocks: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        blocks.setdefault(_sharing(finding), []).append(finding)
    writer = _blocks(findings, report, screen)
    for block in blocks.values():
        yield from writer.block(block)
    yield ""


def _blocks(findings: Sequence[Finding], report: Report, screen: Screen) -> Blocks:
    """What writes the findings of one file, with the same margin for all."""
    widest = max(len(where(finding.location)) for finding in findings)
    return Blocks(report, screen, min(widest, _WIDEST), base_of(findings))


def _sharing(finding: Finding) -> tuple[object, ...]:
    """What findings have in common that are shown in one block: the place, and if they name others, the rule
    as well, so that nobody has to guess what those belong to. Where a build put the element in belongs to
    all of them."""
    if any(place.message not in OF_BUILDS for place in finding.related):
        return _standing(finding)
    return finding.location.span, finding.object, finding.related


def _standing(finding: Finding) -> tuple[object, ...]:
    """Place and rule."""
    return finding.location.span, finding.code


def _news(findings: Sequence[Finding], report: Report, screen: Screen) -> Iterator[str]:
    """Compatible changes, a line each and after all else, so that they bury nothing."""
    if not findings:
        return
    yield f"{screen.paint('Compatible changes', _HEADING)}  {screen.paint(str(len(findings)), DIM)}"
    for path, of_file in groupby(findings, key=lambda finding: finding.location.path):
        group = list(of_file)
        yield path_of(path, report)
        yield from _news_of_file(group, _blocks(group, report, screen))
    yield ""


def _news_of_file(findings: Sequence[Finding], writer: Blocks) -> Iterator[str]:
    for _, at_one_place in groupby(findings, key=_standing):
        for group in alike(list(at_one_place)):
            word = "suppressed" if group.first.suppressed is not None else ""
            words = writer.head(group.first, word)
            yield from writer.screen.wrapped(words, writer.place(group.first), writer.margin)
            yield from writer.others(group)
